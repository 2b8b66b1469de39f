from collections import Counter

from archive.health.gaps import NOT_YET, OTHER_ADDRESS, Count, Fate
from archive.ingest import ingest
from archive.models import Candidate, EndpointKind, Reason, UrlState
from archive.store import Database, adverts, urls
from archive.store.adverts import By
from tests.archive.stories import BUDGET, HARBOUR, NOON, article, later, prepared, source_and_crawl, url

DAY = "2026-07-04"


def _candidate(name: str, kind: EndpointKind = EndpointKind.FEED) -> Candidate:
    return Candidate(url=url(name), found_in=url("feed"), kind=kind, published_at=later(days=-2))


def test_each_address_is_counted_once_by_what_became_of_it(db: Database) -> None:
    source_id, crawl_id = source_and_crawl(db)
    names = ("first", "again", "late", "budget", "gone", "wall", "busy", "waiting")
    urls.add(db, source_id, [(url(name), _candidate(name)) for name in names], NOON)
    urls.add(db, source_id, [(url("link"), _candidate("link", EndpointKind.SECTION))], NOON)
    urls.add_refused(db, source_id, url("tag"), _candidate("tag"), Reason.NOT_ARTICLE_URL, NOON, crawl_id)
    for name, body in (("first", HARBOUR), ("again", HARBOUR), ("budget", BUDGET), ("link", f"{BUDGET} And more.")):
        made = prepared(article(url(name), body=body, title=body[:20]))
        ingest(db, made, source_id=source_id, crawl_id=crawl_id, at=NOON)
    for name, state, reason in (
        ("gone", UrlState.REFUSED, Reason.HTTP_GONE),
        ("wall", UrlState.REFUSED, Reason.WALL),
        ("late", UrlState.FAILED, Reason.TIMEOUT),
        ("busy", UrlState.WAITING, Reason.BUSY),
        # an article that was there before is stored all the same
        ("budget", UrlState.REFUSED, Reason.HTTP_GONE),
    ):
        urls.settle(db, url(name), state=state, reason=reason, crawl_id=crawl_id, at=NOON)
    found = adverts.counts(db, source_id, since=later(days=-1))
    assert Counter(found) == Counter(
        [
            Count(DAY, Fate.STORED, "", 2),
            Count(DAY, Fate.COPY, OTHER_ADDRESS, 1),
            Count(DAY, Fate.NOT_FETCHED, Reason.HTTP_GONE, 1),
            Count(DAY, Fate.NOT_FETCHED, Reason.TIMEOUT, 1),
            Count(DAY, Fate.REJECTED, Reason.WALL, 1),
            Count(DAY, Fate.WAITING, Reason.BUSY, 1),
            Count(DAY, Fate.WAITING, NOT_YET, 1),
            Count(DAY, Fate.NOT_ASKED, Reason.NOT_ARTICLE_URL, 1),
        ]
    )
    assert sum(count.number for count in found) == len(names) + 1
    assert adverts.addresses(db, source_id, Reason.WALL, since=later(days=-1)) == [url("wall")]
    assert adverts.counts(db, source_id, since=later(days=1)) == []


def test_days_are_those_of_the_publication_where_that_is_asked_for(db: Database) -> None:
    source_id, _ = source_and_crawl(db)
    undated = Candidate(url=url("b"), found_in=url("map"), kind=EndpointKind.SITEMAP)
    urls.add(db, source_id, [(url("a"), _candidate("a")), (url("b"), undated)], NOON)
    found = adverts.counts(db, source_id, since=later(days=-9), by=By.PUBLISHED)
    assert [(count.day, count.number) for count in found] == [("2026-07-02", 1), (DAY, 1)]


def test_the_address_of_the_article_stands_for_it(db: Database) -> None:
    source_id, crawl_id = source_and_crawl(db)
    urls.add(db, source_id, [(url("amp/1"), _candidate("amp/1"))], later(days=-3))
    urls.add(db, source_id, [(url("1"), _candidate("1"))], NOON)
    for asked in ("amp/1", "1"):
        ingest(db, prepared(article(url("1")), asked=url(asked)), source_id=source_id, crawl_id=crawl_id, at=NOON)
    (only,) = db.execute("SELECT url FROM articles").fetchall()
    found = {count.day: count.fate for count in adverts.counts(db, source_id, since=later(days=-9))}
    stands = DAY if only[0] == url("1") else "2026-07-01"
    assert found[stands] is Fate.STORED
    assert sorted(found.values()) == [Fate.COPY, Fate.STORED]
    # the same where only the later day is looked at
    assert {count.fate for count in adverts.counts(db, source_id, since=later(days=-1))} == {found[DAY]}
