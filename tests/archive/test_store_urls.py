from datetime import timedelta

from archive.models import CaptureId, Reason, UrlState
from archive.store import Database, revisits, urls
from tests.archive import stories
from tests.archive.stories import NOON, candidate, later, url

A, B, C = url("a"), url("b"), url("c")


def waiting(db: Database, source_id: int, **options: object) -> list[str]:
    found = urls.next_waiting(db, source_id, **({"at": NOON, "limit": 10} | options))  # type: ignore[arg-type]
    return [address for address, _ in found]


def test_what_was_announced_comes_back_with_its_hints(db: Database) -> None:
    source_id, _ = stories.source_and_crawl(db)
    announced = candidate(A, title="A\ud800 title\n", published_at=NOON, modified_at=later(hours=1))
    assert urls.add(db, source_id, [(A, announced)], NOON) == 1
    ((address, found),) = urls.next_waiting(db, source_id, at=NOON, limit=10)
    assert (address, found.title, found.published_at, found.modified_at) == (A, "A title", NOON, later(hours=1))
    assert (found.kind, found.found_in) == (announced.kind, announced.found_in)


def test_a_url_is_new_once_and_gains_only_what_it_lacked(db: Database) -> None:
    source_id, crawl_id = stories.source_and_crawl(db)
    urls.add(db, source_id, [(A, candidate(A)), (B, candidate(B, title="B"))], NOON)
    urls.settle(db, B, state=UrlState.FETCHED, crawl_id=crawl_id, at=NOON)
    again = [(A, candidate(A, title="A", published_at=NOON)), (B, candidate(B, title="Other")), (C, candidate(C))]
    assert urls.add(db, source_id, again, later(days=1)) == 1
    assert urls.add(db, source_id, [], NOON) == 0
    a, b = urls.get(db, A), urls.get(db, B)
    assert a
    assert a.candidate
    assert (a.candidate.title, a.candidate.published_at) == ("A", NOON)
    assert b
    assert b.candidate
    assert (b.candidate.title, b.state) == ("B", UrlState.FETCHED)


def test_a_url_belongs_to_the_source_that_found_it_first(db: Database) -> None:
    first, _ = stories.source_and_crawl(db)
    second, _ = stories.source_and_crawl(db, "herald.example")
    urls.add(db, first, [(A, candidate(A))], NOON)
    assert urls.add(db, second, [(A, candidate(A))], NOON) == 0
    assert waiting(db, second) == []


def test_the_newest_comes_first_then_the_order_of_discovery(db: Database) -> None:
    source_id, _ = stories.source_and_crawl(db)
    names = ["undated1", "old", "new", "modified", "undated2"]
    dates = {
        "old": {"published_at": later(days=-9), "modified_at": later(days=9)},
        "new": {"published_at": NOON},
        "modified": {"modified_at": later(days=-1)},
    }
    urls.add(db, source_id, [(url(n), candidate(url(n), **dates.get(n, {}))) for n in names], NOON)
    expected = [url(n) for n in ("new", "modified", "old", "undated1", "undated2")]
    assert waiting(db, source_id) == expected
    assert waiting(db, source_id, limit=2) == expected[:2]
    assert waiting(db, source_id, limit=2, skip={expected[0], expected[2]}) == [expected[1], expected[3]]
    assert waiting(db, source_id, since=later(days=-2)) == [url(n) for n in ("new", "modified", "undated1", "undated2")]


def test_the_frontier_is_read_without_sorting(db: Database) -> None:
    traced: list[str] = []
    db.conn.set_trace_callback(traced.append)
    waiting(db, 1)
    db.conn.set_trace_callback(None)
    (sql,) = (statement for statement in traced if statement.lstrip().startswith("SELECT"))
    plan = db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    assert [row[3] for row in plan] == ["SEARCH urls USING INDEX urls_waiting (source_id=?)"]


def test_a_url_that_is_put_off_comes_again_when_its_time_has_come(db: Database) -> None:
    source_id, crawl_id = stories.source_and_crawl(db)
    urls.add(db, source_id, [(A, candidate(A))], NOON)
    urls.settle(db, A, state=UrlState.WAITING, crawl_id=crawl_id, at=NOON, retry_at=later(hours=1))
    for hours, expected in ((0, []), (1, [A]), (99, [A])):
        assert waiting(db, source_id, at=later(hours=hours)) == expected
        assert urls.count_waiting(db, source_id, later(hours=hours)) == len(expected)


def test_a_url_that_failed_is_opened_again_in_time_but_not_for_ever(db: Database) -> None:
    source_id, crawl_id = stories.source_and_crawl(db)
    urls.add(db, source_id, [(A, candidate(A)), (B, candidate(B))], NOON)
    urls.settle(db, B, state=UrlState.FAILED, reason=Reason.DNS, crawl_id=crawl_id, at=NOON)
    for tries in range(1, urls.MAX_TRIES + 1):
        urls.settle(
            db, A, state=UrlState.FAILED, reason=Reason.TIMEOUT, crawl_id=crawl_id, at=NOON, retry_at=later(hours=2)
        )
        row = urls.get(db, A)
        assert row
        assert (row.tries, row.reason, row.next_fetch_at) == (tries, Reason.TIMEOUT, later(hours=2))
        assert urls.reopen(db, source_id, later(hours=1)) == 0
        assert urls.reopen(db, source_id, later(hours=2)) == (tries < urls.MAX_TRIES)
    assert waiting(db, source_id, at=later(hours=99)) == []


def test_a_crawl_accounts_for_what_it_settled(db: Database) -> None:
    source_id, crawl_id = stories.source_and_crawl(db)
    urls.add(db, source_id, [(u, candidate(u)) for u in (A, B)], NOON)
    urls.settle(db, A, state=UrlState.FETCHED, crawl_id=crawl_id, at=NOON)
    urls.settle(db, B, state=UrlState.REFUSED, reason=Reason.WALL, crawl_id=crawl_id, at=NOON)
    new = urls.add_refused(db, source_id, C, candidate(C), Reason.OFF_SITE, NOON, crawl_id)
    known = urls.add_refused(db, source_id, A, candidate(A), Reason.OFF_SITE, NOON, crawl_id)
    assert (new, known) == (1, 0)
    assert urls.counts(db, crawl_id) == {
        (UrlState.FETCHED, None): 1,
        (UrlState.REFUSED, Reason.WALL): 1,
        (UrlState.REFUSED, Reason.OFF_SITE): 1,
    }


def test_a_url_met_on_the_way_is_remembered(db: Database) -> None:
    source_id, crawl_id = stories.source_and_crawl(db)
    urls.settle(db, A, state=UrlState.REFUSED, reason=Reason.TOO_LARGE, crawl_id=crawl_id, at=NOON)
    row = urls.get(db, A)
    assert row
    assert (row.source_id, row.candidate, row.state) == (source_id, None, UrlState.REFUSED)
    assert urls.get(db, B) is None


def test_further_addresses_are_settled_only_while_they_wait(db: Database) -> None:
    source_id, crawl_id = stories.source_and_crawl(db)
    urls.add(db, source_id, [(u, candidate(u)) for u in (A, B)], NOON)
    urls.settle(db, B, state=UrlState.REFUSED, reason=Reason.WALL, crawl_id=crawl_id, at=NOON)
    urls.settle_along(
        db,
        source_id,
        [A, B, C],
        state=UrlState.FETCHED,
        reason=Reason.SAME_ARTICLE,
        article_id=None,
        crawl_id=crawl_id,
        at=NOON,
    )
    rows = [urls.get(db, address) for address in (A, B, C)]
    assert [row and (row.state, row.reason, row.crawl_id) for row in rows] == [
        (UrlState.FETCHED, Reason.SAME_ARTICLE, crawl_id),
        (UrlState.REFUSED, Reason.WALL, crawl_id),
        (UrlState.FETCHED, Reason.SAME_ARTICLE, None),
    ]


def test_an_article_that_the_archive_has_is_not_given_up_after_a_bad_weekend(db: Database) -> None:
    paper = stories.Newspaper(db)
    article_id = paper.write(stories.prepared(stories.article(A))).article_id
    assert article_id
    revisits.schedule(db, A, article_id, at=NOON, capture_id=newest_capture(db))
    moment, tries = NOON, 0
    urls.fail(db, A, Reason.HTTP_ERROR, crawl_id=paper.crawl_id, at=moment)
    while (row := urls.get(db, A)) and row.next_fetch_at and urls.reopen(db, paper.source_id, row.next_fetch_at):
        rest = row.next_fetch_at - moment
        assert rest <= urls.LONGEST_REST
        moment, tries = row.next_fetch_at, row.tries
        urls.fail(db, A, Reason.HTTP_ERROR, crawl_id=paper.crawl_id, at=moment)
    assert tries == urls.MAX_TRIES_KNOWN - 1
    assert timedelta(days=21) < moment - NOON < timedelta(days=60)


def newest_capture(db: Database) -> CaptureId:
    return CaptureId(db.execute("SELECT max(id) FROM captures").fetchone()[0])
