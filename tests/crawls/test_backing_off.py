"""Failures of the moment, soft ones and hard ones count differently, of articles and of lists; all of them back off."""

from archive.models import Reason
from crawler.demo.serving import Reply
from tests.crawls.conftest import Archive
from tests.crawls.passing import later
from tests.newsroom.living import Living
from tests.newsroom.server import as_html, page
from tests.newsroom.wire import Wire, watched

PASSING = {
    1: Reply(status=503, body=b"busy"),
    2: Reply(status=500, body=b"broken"),
    3: Reply(status=429, body=b"slow down"),
    4: as_html(page("Forbidden", "<h1>Forbidden</h1>"), status=403),
    5: Wire(pieces=(), reset=True),
}
SOFT = {
    6: as_html(page("404 Not found", "<h1>Page not found</h1>")),
    7: as_html(page("Log in", "<h1>Log in to read on</h1><form><input type=password></form><p>Please log in.</p>")),
}
HARD = {
    8: as_html(page("Not found", "<h1>Not found</h1>"), status=404),
    9: as_html(page("Gone", "<h1>Gone</h1>"), status=410),
}


def _rest(archive: Archive, kind: str) -> tuple[int, int]:
    """How often in a row a list has failed, and the minutes until it is asked again."""
    query = """
        SELECT failures, round((julianday(next_check_at) - julianday(last_checked_at)) * 1440) FROM endpoints
        WHERE kind = ?
    """
    ((failures, minutes),) = archive.sql(query, kind)
    return failures, int(minutes)


def _tries(archive: Archive) -> list[tuple[int, str]]:
    rows = archive.sql("SELECT tries, reason FROM urls WHERE state = 'failed'")
    return sorted((tries, reason) for tries, reason in rows)


def test_only_what_is_really_missing_counts_as_gone(archive: Archive) -> None:
    site = Living(10)
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        good = {number: site.pieces[number].path for number in site.pieces}
        site.instead = {good[number]: reply for number, reply in (PASSING | SOFT | HARD).items()}
        site.instead |= {"/feed.xml": Reply(status=503), "/sitemap.xml": Reply(body=b"<urlset><url><lo")}
        later(archive, hours=1)
        archive.crawl(f"{base}/", code=None)
        reasons = [Reason.CONNECTION, Reason.HTTP_ERROR, Reason.HTTP_ERROR, Reason.HTTP_ERROR, Reason.HTTP_REFUSED]
        assert _tries(archive) == sorted((2, reason.value) for reason in reasons)
        assert (_rest(archive, "feed"), _rest(archive, "sitemap")) == ((1, 5), (1, 60))
        assert archive.sql("SELECT count(*) FROM absences") == [(4,)]
        assert archive.sql("SELECT gone_status FROM gone") == [(410,)]

        site.instead["/feed.xml"] = Reply(status=404)
        diary.visits.clear()
        later(archive, hours=1)
        archive.crawl(f"{base}/", code=None)
        # they rest for two hours by now, and were asked for one hour ago
        assert not {visit.path for visit in diary.visits} & {good[number] for number in PASSING}
        assert (_rest(archive, "feed"), _rest(archive, "sitemap")) == ((2, 2880), (2, 120))
        assert archive.sql("SELECT gone_status FROM gone ORDER BY gone_status") == [(404,), (410,)]

        later(archive, hours=6)
        archive.crawl(f"{base}/", code=None)
        assert {tries for tries, _ in _tries(archive)} == {3}
        assert archive.sql("SELECT gone_status FROM gone ORDER BY gone_status") == [(200,), (200,), (404,), (410,)]
        assert archive.sql("SELECT count(*) FROM absences") == [(4,)]

        site.instead = {}
        later(archive, hours=24 * 8)
        said = archive.crawl(f"{base}/").out
        assert "4 back" in said
        assert _rest(archive, "feed")[0] == _rest(archive, "sitemap")[0] == 0
    assert archive.sql("SELECT count(*) FROM gone") == [(0,)]
    assert archive.sql("SELECT count(*), sum(revisions) FROM articles") == [(10, 10)]
    assert archive.sql("SELECT DISTINCT state FROM urls") == [("fetched",)]
