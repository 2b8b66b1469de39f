"""The frontier over a real archive: what is new, what is unfit, what comes next, and who may follow a redirect."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.models import Candidate, CanonicalUrl, EndpointKind, Reason, UrlState
from archive.store import Database, crawls, open_archive, sources, urls
from crawler.frontier import Frontier, now

HOME = "https://lantern.example/"
A, B, C = (CanonicalUrl(f"{HOME}2026/11/0{n}/a-story-of-the-harbour-{n}/") for n in (1, 2, 3))


def candidate(url: str, published_at: datetime | None = None) -> Candidate:
    return Candidate(url=url, found_in=f"{HOME}feed", kind=EndpointKind.FEED, published_at=published_at)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    archive = open_archive(tmp_path / "news.db")
    yield archive
    archive.close()


def frontier(db: Database, **options: object) -> Frontier:
    source = sources.find(db, HOME) or sources.add(db, url=HOME)
    return Frontier(db, source, crawls.start(db, source.id, now()), **options)  # type: ignore[arg-type]  # a test's own


def taken(front: Frontier) -> list[CanonicalUrl]:
    found = []
    while entry := front.take():
        found.append(entry[0])
    return found


def test_gives_each_address_once_the_newest_first(db: Database) -> None:
    front = frontier(db)
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    front.add([candidate(A, old), candidate(C), candidate(B, new), candidate(f"{A}?utm_source=feed#top")])
    assert taken(front) == [B, A, C]
    assert not front.has_waiting()


def test_what_comes_later_is_given_too(db: Database) -> None:
    front = frontier(db)
    front.add([candidate(A)])
    assert taken(front) == [A]
    front.add([candidate(A), candidate(B)])
    assert taken(front) == [B]


@pytest.mark.parametrize(
    ("url", "reason"),
    [("https://other.example/2026/11/01/a-story-of-the-harbour/", Reason.OFF_SITE), (HOME, Reason.NOT_ARTICLE_URL)],
)
def test_unfit_candidates_are_recorded_with_the_reason(db: Database, url: str, reason: Reason) -> None:
    front = frontier(db)
    front.add([candidate(url)])
    assert taken(front) == []
    row = urls.get(db, CanonicalUrl(url))
    assert row is not None
    assert (row.state, row.reason) == (UrlState.REFUSED, reason)


def test_an_interrupted_crawl_leaves_its_addresses_to_the_next(db: Database) -> None:
    first = frontier(db)
    first.add([candidate(A), candidate(B)])
    first.take()
    assert sorted(taken(frontier(db))) == [A, B]


def test_limit(db: Database) -> None:
    front = frontier(db, limit=1)
    front.add([candidate(A), candidate(B)])
    assert taken(front) == [A]


def test_a_failed_address_rests_and_is_tried_again(db: Database) -> None:
    front = frontier(db)
    front.add([candidate(A)])
    front.take()
    front.fail(A, Reason.TIMEOUT)
    assert taken(frontier(db)) == []
    db.execute("UPDATE urls SET next_fetch_at = '2026-01-01T00:00:00Z'")
    assert taken(frontier(db)) == [A]


def test_a_redirect_to_a_waiting_address_takes_its_place(db: Database) -> None:
    front = frontier(db)
    front.add([candidate(A), candidate(B)])
    assert front.take() is not None
    assert front.claim(A, B)
    assert taken(front) == []


def test_a_redirect_to_an_address_in_flight_is_settled_when_that_is(db: Database) -> None:
    front = frontier(db)
    front.add([candidate(A), candidate(B)])
    assert len(taken(front)) == 2
    assert not front.claim(A, B)
    front.settle(B, UrlState.REFUSED, Reason.NO_TEXT)
    row = urls.get(db, A)
    assert row is not None
    assert (row.state, row.reason) == (UrlState.REFUSED, Reason.REDIRECT_KNOWN)


def test_addresses_in_flight_that_redirect_to_each_other_do_not_wait_for_ever(db: Database) -> None:
    front = frontier(db)
    front.add([candidate(A), candidate(B), candidate(C)])
    assert len(taken(front)) == 3
    assert not front.claim(A, B)
    assert not front.claim(B, C)
    assert not front.claim(C, A)
    assert urls.counts(db, crawls.of(db, sources.every(db)[0].id)[0].id) == {
        (UrlState.REFUSED, Reason.REDIRECT_LOOP): 3
    }


def test_what_waits_for_an_address_that_fails_has_failed_with_it(db: Database) -> None:
    front = frontier(db)
    front.add([candidate(A), candidate(B)])
    assert len(taken(front)) == 2
    assert front.claim(A, C)
    assert not front.claim(B, C)
    front.fail(A, Reason.CONNECTION, C)
    states = {url: row.state for url in (A, B) if (row := urls.get(db, url))}
    assert states == {A: UrlState.FAILED, B: UrlState.FAILED}
    assert urls.get(db, C) is None, "of the target nothing is known"


def test_sections_and_the_imprint_do_not_make_a_list_of_articles(db: Database) -> None:
    front = frontier(db)
    added = front.add(
        [candidate(f"{HOME}{path}") for path in ("politics/", "about/", "2026/11/01/a-story-of-the-harbour/")]
    )
    assert added.likely == 1


def test_a_shut_frontier_leaves_everything_waiting(db: Database) -> None:
    front = frontier(db)
    front.add([candidate(A)])
    front.shut()
    assert taken(front) == []
    assert taken(frontier(db)) == [A]


def test_the_account_is_complete(db: Database) -> None:
    front = frontier(db)
    front.add([candidate(A), candidate(B), candidate(C), candidate(HOME)])
    front.take()
    front.fail(A, Reason.TIMEOUT)
    counts = front.close("finished").counts
    settled = sum(n for key, n in counts.items() if key.startswith(("refused", "failed", "fetched:")))
    assert counts["waiting_before"] + counts["found"] == settled + counts["waiting_after"]


def account(front: Frontier) -> tuple[int, int]:
    """What came in, and what became of it."""
    counts = front.close("finished").counts
    settled = sum(
        n for key, n in counts.items() if key.partition(":")[0] in {"refused", "failed", "fetched", "waiting"}
    )
    coming = sum(counts.get(key, 0) for key in ("waiting_before", "found", "asked again"))
    return coming, settled + counts["waiting_after"]


@pytest.mark.parametrize("state", [UrlState.FETCHED, UrlState.REFUSED, UrlState.FAILED])
def test_the_account_of_an_address_asked_for_again_is_complete(db: Database, state: UrlState) -> None:
    first = frontier(db)
    first.add([candidate(A), candidate(B)])
    first.take()
    first.settle(A, state, Reason.TIMEOUT)
    again = frontier(db, only=A)
    assert taken(again) == [A]
    again.settle(A, UrlState.REFUSED, Reason.NO_TEXT)
    assert account(again) == (2, 2)


def test_what_is_put_off_is_counted_once(db: Database) -> None:
    front = frontier(db)
    front.add([candidate(A), candidate(B)])
    front.take()
    front.settle(A, UrlState.WAITING, Reason.BUSY)
    assert account(front) == (2, 2)


def test_what_robots_txt_has_forbidden_waits_again_when_it_allows_it(db: Database) -> None:
    first = frontier(db)
    first.add([candidate(A), candidate(B)])
    taken(first)
    for url in (A, B):
        first.fail(url, Reason.ROBOTS)
    front = frontier(db)
    assert taken(front) == []
    front.reconsider("https://elsewhere.example", lambda _: True)
    assert taken(front) == []
    front.reconsider(HOME.rstrip("/"), lambda url: url == A)
    assert taken(front) == [A]
    front.settle(A, UrlState.REFUSED, Reason.NO_TEXT)
    assert account(front) == (1, 1)


@pytest.mark.parametrize("page", [HOME, f"{HOME}politics/"])
def test_a_redirect_to_a_page_that_is_read_for_its_links_is_not_followed(db: Database, page: str) -> None:
    front = frontier(db)
    front.pages.add(CanonicalUrl(f"{HOME}politics/"))
    front.add([candidate(A)])
    front.take()
    assert not front.claim(A, CanonicalUrl(page))
    row = urls.get(db, A)
    assert row is not None
    assert (row.state, row.reason) == (UrlState.REFUSED, Reason.REDIRECT_KNOWN)


def test_what_is_older_than_asked_for_is_told_apart(db: Database) -> None:
    front = frontier(db, since=datetime(2026, 11, 1, tzinfo=UTC), limit=0)
    front.add([candidate(A, datetime(2026, 10, 1, tzinfo=UTC)), candidate(B, datetime(2026, 11, 2, tzinfo=UTC))])
    counts = front.close("finished").counts
    assert (counts["waiting_after"], counts["waiting_older"]) == (2, 1)
