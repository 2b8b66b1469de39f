from collections.abc import Mapping
from datetime import datetime, timedelta

from archive.ingest import ingest
from archive.models import Candidate, CrawlId, EndpointKind, ImportId, Reason, SourceId, UrlState
from archive.store import Database, crawls, endpoints, health, urls
from archive.store.endpoints import Visit
from tests.archive.stories import BUDGET, HARBOUR, NOON, article, later, prepared, source_and_crawl, url

HEARD = {"announced": 3}


def _crawl(db: Database, source_id: SourceId, at: datetime, counts: Mapping[str, int]) -> CrawlId:
    crawl_id = crawls.start(db, source_id, at)
    crawls.finish(db, crawl_id, at=at, outcome="finished", counts=counts)
    return crawl_id


def _imported(db: Database, source_id: SourceId) -> CrawlId:
    db.execute("INSERT INTO imports (id, file, started_at) VALUES (1, 'a.warc', '2026-07-04T12:00:00Z')")
    crawl_id = crawls.of_import(db, source_id, ImportId(1), later(hours=5))
    crawls.finish(db, crawl_id, at=later(hours=5), outcome="finished", counts={})
    return crawl_id


def test_what_was_imported_is_no_news(db: Database) -> None:
    source_id, _ = source_and_crawl(db)
    crawled, imported = _crawl(db, source_id, NOON, HEARD), _imported(db, source_id)
    mine = prepared(article(url("a"), body=HARBOUR))
    ingest(db, mine, source_id=source_id, crawl_id=crawled, at=NOON)
    theirs = prepared(article(url("b"), body=BUDGET, title="A budget"))
    ingest(db, theirs, source_id=source_id, crawl_id=imported, at=later(hours=4))
    past = health.past(db, source_id)
    assert [arrival.url for arrival in past.arrivals] == [url("a")]
    assert [look.at for look in past.looks] == [NOON]
    row = health.numbers(db)["courier"]
    assert (row["articles"], row["last_success_at"]) == (2, "2026-07-04T12:00:00Z")


def test_the_view_counts_this_week_against_those_before(db: Database) -> None:
    source_id, crawl_id = source_and_crawl(db)
    now = datetime.now(NOON.tzinfo).replace(microsecond=0)
    for number in range(6):
        made = article(url(str(number)), body=f"{HARBOUR} {number}", title=str(number), authors=("A",) * (number > 1))
        at = now - timedelta(days=20) if number < 4 else now
        ingest(db, prepared(made), source_id=source_id, crawl_id=crawl_id, at=at)
    counts = {**HEARD, "pages": 10, "refused: no article text": 2, "refused: empty page": 1}
    crawls.finish(db, crawl_id, at=now, outcome="finished", counts=counts)
    row = health.numbers(db)["courier"]
    assert (row["new_articles"], row["usual_articles"]) == (2, 0.3)
    assert (row["no_authors"], row["usual_no_authors"]) == (0.0, 0.5)
    db.execute("UPDATE crawls SET started_at = ?", [now.isoformat()[:19] + "Z"])
    assert health.numbers(db)["courier"]["empty"] == 0.3


def test_only_crawls_that_asked_for_news_are_looks(db: Database) -> None:
    source_id, _ = source_and_crawl(db)
    _crawl(db, source_id, later(hours=1), HEARD)
    _crawl(db, source_id, later(hours=2), {"unmodified lists": 2})
    _crawl(db, source_id, later(hours=3), {"trouble: timed out": 1})
    _crawl(db, source_id, later(hours=4), {"pages": 1, "fetched": 1})
    crawls.start(db, source_id, later(hours=5))
    looks = health.past(db, source_id).looks
    assert [(look.heard, look.trouble) for look in looks] == [(True, None), (True, None), (False, "timed out")]


def test_it_reaches_back_from_where_all_was_well(db: Database) -> None:
    source_id, _ = source_and_crawl(db)
    for days in (0, 50, 100):
        _crawl(db, source_id, later(days=days), HEARD)
    for days in (101, 300):
        _crawl(db, source_id, later(days=days), {"trouble: host not found": 1})
    assert [look.at for look in health.past(db, source_id).looks] == [later(days=n) for n in (50, 100, 101, 300)]


def test_failing_lists_are_told_with_how_they_did(db: Database) -> None:
    source_id, _ = source_and_crawl(db)
    feed = str(url("feed.xml"))
    endpoints.checked(db, source_id, EndpointKind.FEED, feed, Visit(new=3, listed=3), at=NOON)
    for hours in (1, 2):
        visit = Visit(error="HTTP status 500")
        endpoints.checked(db, source_id, EndpointKind.FEED, feed, visit, at=later(hours=hours))
    endpoints.checked(db, source_id, EndpointKind.FEED, str(url("other.xml")), Visit(error="never was one"), at=NOON)
    (listing,) = health.past(db, source_id).listings
    assert (listing.url, listing.failures, listing.error, listing.good) == (feed, 2, "HTTP status 500", 0)


def test_the_newest_addresses_are_the_examples(db: Database) -> None:
    source_id, crawl_id = source_and_crawl(db)
    for number in range(5):
        urls.settle(db, url(str(number)), state=UrlState.REFUSED, reason=Reason.WALL, crawl_id=crawl_id, at=NOON)
    assert health.past(db, source_id).examples == {Reason.WALL: (url("4"), url("3"), url("2"))}


def test_of_a_source_that_is_not_there_nothing_is_known(db: Database) -> None:
    assert health.past(db, SourceId(99)).looks == ()


def test_an_address_is_advertised_by_lists_and_not_by_links(db: Database) -> None:
    source_id, crawl_id = source_and_crawl(db)

    def advertised() -> list[tuple[str, str | None]]:
        return db.execute("SELECT url, advertised_at FROM urls ORDER BY url").fetchall()

    linked = Candidate(url=url("a"), found_in=url("home"), kind=EndpointKind.SECTION)
    listed = Candidate(url=url("a"), found_in=url("feed"), kind=EndpointKind.FEED)
    urls.add(db, source_id, [(url("a"), linked)], NOON)
    urls.add_refused(db, source_id, url("b"), linked, Reason.OFF_SITE, NOON, crawl_id)
    assert advertised() == [(url("a"), None), (url("b"), None)]
    for hours in (1, 2):
        urls.add(db, source_id, [(url("a"), listed)], later(hours=hours))
        urls.add_refused(db, source_id, url("b"), listed, Reason.OFF_SITE, later(hours=hours), crawl_id)
    assert advertised() == [(url("a"), "2026-07-04T13:00:00Z"), (url("b"), "2026-07-04T13:00:00Z")]
