from datetime import UTC, datetime, timedelta

import pytest

from archive.models import CaptureId, EndpointKind, Reason, Source
from archive.pacing import DAILY, LOOKS_APART, SHORTEST
from archive.store import Database, endpoints, revisits, sources, timetable, urls
from tests.archive import stories

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
BEGAN = AT - timedelta(minutes=1)


@pytest.fixture
def source(db: Database) -> Source:
    return sources.add(db, url="https://courier.example/", name="courier")


def ended(db: Database, source: Source, *, error: str | None = None, is_cut_short: bool = False) -> datetime:
    """When the source is due after a crawl that ended so."""
    timetable.ended(db, source.id, started_at=BEGAN, at=AT, error=error, is_cut_short=is_cut_short)
    due = timetable.next_due(db)
    assert due is not None
    return due


def names(db: Database, at: datetime) -> list[str]:
    return [found.name for found in timetable.due(db, at)]


def test_a_new_source_is_due_and_without_any_nothing_is(db: Database) -> None:
    assert timetable.next_due(db) is None
    assert timetable.due(db, AT) == []
    sources.add(db, url="https://courier.example/", name="courier")
    assert names(db, AT) == ["courier"]
    due = timetable.next_due(db)
    assert due is not None
    assert due < AT


def test_what_waits_the_longest_comes_first_and_what_is_disabled_does_not(db: Database, source: Source) -> None:
    ended(db, source, is_cut_short=True)
    others = [sources.add(db, url=f"https://{name}.example/", name=name) for name in ("asleep", "herald")]
    sources.update(db, others[0].id, enabled=False)
    for other in others:
        timetable.ended(db, other.id, started_at=BEGAN, at=AT - SHORTEST, error=None, is_cut_short=True)
    sources.add(db, url="https://new.example/", name="new")
    assert names(db, AT) == ["new", "herald", "courier"]
    assert names(db, AT - timedelta(seconds=1)) == ["new", "herald"]


def test_an_interval_that_is_set_is_kept(db: Database, source: Source) -> None:
    sources.update(db, source.id, every_seconds=3_600)
    assert ended(db, source) == BEGAN + timedelta(hours=1)


def test_without_one_the_lists_and_articles_say_when(db: Database, source: Source) -> None:
    assert ended(db, source) == AT + DAILY
    endpoints.checked(db, source.id, EndpointKind.FEED, "https://courier.example/feed", at=AT)
    feed = endpoints.of(db, source.id)[0].next_check_at
    assert feed is not None
    assert ended(db, source) == feed
    # sections are read only where nothing else announces articles, and a part of an index only when it has changed
    endpoints.checked(db, source.id, EndpointKind.SECTION, "https://courier.example/sport/", at=AT - timedelta(hours=5))
    assert ended(db, source) == feed
    columns = "url, source_id, discovered_at, state, tries, next_fetch_at"
    values = ["https://courier.example/a", source.id, "2026-11-25T11:00:00Z", "failed", 1, "2026-11-25T12:05:00Z"]
    db.execute(f"INSERT INTO urls ({columns}) VALUES (?, ?, ?, ?, ?, ?)", values)
    assert ended(db, source) == AT + LOOKS_APART
    # nobody will ask for it again
    db.execute("UPDATE urls SET tries = 99")
    assert ended(db, source) == feed


def test_a_known_article_that_fails_is_waited_for_as_long_as_a_crawl_opens_it_again(db: Database) -> None:
    paper = stories.Newspaper(db)
    address = stories.url("story")
    article_id = paper.write(stories.prepared(stories.article(address))).article_id
    assert article_id
    (capture_id,) = db.execute("SELECT max(id) FROM captures").fetchone()
    revisits.schedule(db, address, article_id, at=None, capture_id=CaptureId(capture_id))
    for _ in range(urls.MAX_TRIES_KNOWN):
        urls.fail(db, address, Reason.TIMEOUT, crawl_id=paper.crawl_id, at=AT)
        row = urls.get(db, address)
        assert row
        assert row.next_fetch_at
        at = row.next_fetch_at - LOOKS_APART
        timetable.ended(db, paper.source_id, started_at=at, at=at, error=None, is_cut_short=False)
        assert timetable.next_due(db) == (row.next_fetch_at if row.tries < urls.MAX_TRIES_KNOWN else at + DAILY)


def test_what_fails_rests_longer_each_time_until_it_is_well(db: Database, source: Source) -> None:
    rests = [ended(db, source, error="connection failed") - AT for _ in range(12)]
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (SHORTEST, DAILY)
    assert ended(db, source, is_cut_short=True) == AT
    assert ended(db, source, error="connection failed") - AT == DAILY
    assert db.execute("SELECT failures, error FROM sources").fetchall() == [(13, "connection failed")]
    ended(db, source)
    assert db.execute("SELECT failures, error FROM sources").fetchall() == [(0, None)]


def test_a_source_that_is_put_right_is_due_at_once(db: Database, source: Source) -> None:
    ended(db, source, error="host not found")
    sources.update(db, source.id, title="The Courier")
    assert names(db, AT) == []
    sources.update(db, source.id, url="https://www.courier.example/")
    assert names(db, AT) == ["courier"]
    assert db.execute("SELECT failures, error FROM sources").fetchall() == [(0, None)]


def test_a_site_that_asks_for_it_is_left_alone_with_all_its_sources(db: Database, source: Source) -> None:
    for url in ("https://courier.example/sport/", "https://other.example/"):
        sources.add(db, url=url)
    ended(db, source)
    timetable.put_off(db, source.domain, AT + timedelta(days=3))
    assert names(db, AT + timedelta(days=2)) == ["other"]
    assert len(names(db, AT + timedelta(days=3))) == 3
    # what is later anyway stays later
    timetable.put_off(db, source.domain, AT)
    assert names(db, AT + timedelta(days=2)) == ["other"]


def test_a_source_that_is_gone_is_not_missed(db: Database, source: Source) -> None:
    sources.remove(db, source.id)
    timetable.ended(db, source.id, started_at=BEGAN, at=AT, error=None, is_cut_short=False)
    assert timetable.next_due(db) is None
