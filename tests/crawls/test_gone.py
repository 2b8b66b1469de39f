"""Articles that are taken away: noticed, confirmed, remembered; and back."""

from collections import Counter
from collections.abc import Callable

import pytest

from archive.models import Reason
from crawler.demo.serving import Reply
from tests.crawls.conftest import Archive
from tests.crawls.passing import later
from tests.newsroom.living import Living, Piece
from tests.newsroom.server import as_html, page, to
from tests.newsroom.wire import watched


def _gone(archive: Archive) -> list[tuple[str, int | None]]:
    return [(url, status) for url, status in archive.sql("SELECT url, gone_status FROM gone ORDER BY url")]


def _crawls(archive: Archive, base: str, *hours: float) -> str:
    said = ""
    for wait in hours:
        later(archive, hours=wait)
        # a crawl whose only due article fails says so by its exit code
        said = archive.crawl(f"{base}/", code=None).out
    return said


@pytest.mark.parametrize("is_late", [False, True])
def test_edits_removals_and_additions_are_told_apart(archive: Archive, is_late: bool) -> None:
    site = Living(30, is_late=is_late)
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        site.furniture = 20
        assert "30 unchanged" in _crawls(archive, base, 1)
        for number in range(1, 11):
            site.edit(number)
        removed = [site.remove(number) for number in range(11, 16)]
        added = site.publish(7)
        diary.visits.clear()
        said = _crawls(archive, base, 1)
        assert "7 new, 10 revised, 0 unchanged" in said
        assert "5 gone" in said
        assert _gone(archive) == [(f"{base}{path}", 410) for path in sorted(piece.path for piece in removed)]
        asked = Counter(visit.path for visit in diary.visits if visit.path.startswith("/news/"))
        edited = [site.pieces[number].path for number in range(1, 11)]
        # a second look confirms what the first has missed
        assert asked == Counter([*edited, *(piece.path for piece in [*added, *removed, *removed])])
        assert archive.sql("SELECT count(*) FROM revisions WHERE number > 1") == [(10,)]
        assert archive.sql("SELECT count(*), max(probes) FROM absences") == [(5, 2)]
        texts = archive.sql("SELECT count(*) FROM articles_full WHERE gone_at IS NOT NULL AND length(text) > 200")
        assert texts == [(5,)]
        assert archive.sql("SELECT count(*) FROM articles") == [(37,)]
        gone = archive.sql("SELECT id FROM gone LIMIT 1")[0][0]
        assert "gone since" in archive.run("show", str(gone)).out
        assert "HTTP 410" in archive.run("show", str(gone)).out


def test_what_a_server_may_say_by_mistake_takes_another_crawl(archive: Archive) -> None:
    site = Living(30)
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        piece = site.remove(15, as_html(page("404", "<h1>Not found</h1>"), status=404))
        diary.visits.clear()
        assert "gone" not in _crawls(archive, base, 1)
        assert diary.count(piece.path) == 1
        assert "1 gone" in _crawls(archive, base, 1)


def test_a_list_that_was_cut_off_has_lost_nothing(archive: Archive) -> None:
    site = Living(30, is_late=True)
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        _crawls(archive, base, 1)
        site.unlisted = set(range(2, 20))
        diary.visits.clear()
        archive.crawl(f"{base}/")
        assert not [visit for visit in diary.visits if visit.path.startswith("/news/")]
        site.unlisted = {7}
        for _ in range(3):
            archive.crawl(f"{base}/")
            site.publish(1)
        assert diary.count(site.pieces[7].path) == 1


def test_that_an_article_is_gone_is_no_tampering(archive: Archive) -> None:
    site = Living(3)
    with watched(site) as (base, _):
        archive.crawl(f"{base}/")
        piece = site.remove(2)
        for _ in range(2):
            archive.crawl(base + piece.path, code=1, settings={"GONE_CONFIRM_SECONDS": "0"})
        assert _gone(archive) == [(base + piece.path, 410)]
        archive.run("verify")
        site.restore(piece)
        archive.crawl(base + piece.path)
    assert _gone(archive) == []
    archive.run("verify")


def test_an_article_that_comes_back_is_gone_no_more(archive: Archive) -> None:
    site = Living(3)
    with watched(site) as (base, _):
        archive.crawl(f"{base}/")
        piece = site.remove(2)
        _crawls(archive, base, 1, 1)
        assert len(_gone(archive)) == 1
        site.restore(piece)
        assert "1 back" in _crawls(archive, base, 24 * 7)
        assert _gone(archive) == []
    ((confirmed, back),) = archive.sql("SELECT confirmed_at IS NOT NULL, back_at IS NOT NULL FROM absences")
    assert (confirmed, back) == (1, 1)
    assert archive.sql("SELECT revisions FROM articles") == [(1,)] * 3


def test_a_stumble_is_no_absence(archive: Archive) -> None:
    site = Living(3)
    with watched(site) as (base, _):
        archive.crawl(f"{base}/")
        piece = site.remove(2, as_html(page("404", "<h1>Not found</h1>"), status=404))
        _crawls(archive, base, 1)
        site.restore(piece)
        said = _crawls(archive, base, 1)
        assert "gone" not in said
        site.remove(1, Reply(status=503, body=b"busy"))
        _crawls(archive, base, 6, 2, 5)
    assert _gone(archive) == []
    assert archive.sql("SELECT count(*) FROM absences") == [(1,)]


def _wall(_: Piece) -> Reply:
    wall = "<h1>Log in to read on</h1><form action='/login'><input type='email'><input type='password'></form>"
    return as_html(page("Log in", wall + "<p>Please log in or subscribe to continue reading this article.</p>"))


@pytest.mark.parametrize(
    ("replace", "reason", "status"),
    [
        (lambda _: to("/"), Reason.REDIRECT_KNOWN, 302),
        (lambda _: to("http://127.0.0.9:9/", 301), Reason.REDIRECTED_AWAY, 301),
        (lambda _: as_html(page("404 Not found", "<h1>Page not found</h1>")), Reason.ERROR_PAGE, 200),
        (_wall, Reason.WALL, 200),
        (lambda _: as_html("<p>withheld", status=451), Reason.HTTP_GONE, 451),
    ],
)
def test_what_stands_in_its_place_is_told(
    archive: Archive, replace: Callable[[Piece], Reply], reason: Reason, status: int
) -> None:
    site = Living(3)
    with watched(site) as (base, _):
        archive.crawl(f"{base}/")
        site.remove(2, replace(site.pieces[2]))
        _crawls(archive, base, 1, 1, 6)
    assert archive.sql("SELECT reason, gone_status FROM gone") == [(reason.value, status)]
    assert archive.sql("SELECT count(*) FROM revisions") == [(3,)]


def test_a_print_view_that_is_missing_is_no_loss(archive: Archive) -> None:
    site = Living(3)
    printed = f"{site.pieces[2].path}print/"
    with watched(site) as (base, _):
        site.instead[printed] = as_html(site.pieces[2].html(base + site.pieces[2].path, 0))
        archive.crawl(f"{base}/")
        archive.crawl(base + printed)
        del site.instead[printed]
        later(archive, hours=2)
        archive.crawl(base + printed, code=None)
        later(archive, hours=2)
        archive.crawl(base + printed, code=None)
    assert archive.sql("SELECT count(*) FROM articles") == [(3,)]
    assert archive.sql("SELECT count(*) FROM absences") == [(0,)]
