import json

import pytest

from archive.errors import SourceError
from archive.ingest import ingest
from archive.models import EndpointKind, SourceId
from archive.store import Database, crawls, endpoints, sources, urls
from tests.archive import stories
from tests.archive.stories import NOON, later


def test_a_source_comes_back_as_it_was_added(db: Database) -> None:
    added = sources.add(
        db,
        url="HTTPS://www.Courier.co.uk",
        name="the-courier",
        title="Courier",
        language="en",
        country="SE",
        settings={"feeds": ["https://courier.example/rss"]},
    )
    assert added.url == "https://www.courier.co.uk/"
    assert (added.name, added.domain, added.enabled) == ("the-courier", "courier.co.uk", True)
    assert added.settings == {"feeds": ["https://courier.example/rss"]}
    assert sources.every(db) == [added]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.courier.co.uk/", "courier"),
        ("https://news.courier.co.uk/", "news-courier"),
        ("https://ann.github.io/", "ann"),
        ("https://www.courier.example/", "courier"),
        ("http://localhost:8000/", "localhost-8000"),
        ("http://127.0.0.1:8000/", "127-0-0-1-8000"),
        ("https://münchen.example/", "xn-mnchen-3ya"),
    ],
)
def test_a_name_is_made_of_the_host(db: Database, url: str, name: str) -> None:
    assert sources.add(db, url=url).name == name


def test_names_stay_apart(db: Database) -> None:
    urls_ = ["https://courier.com/", "https://courier.org/", "https://courier.net/"]
    assert [sources.add(db, url=url).name for url in urls_] == ["courier", "courier-2", "courier-3"]


@pytest.mark.parametrize("name", ["Courier", "a b", "-a", "a--b", "https://a.example/", "ä", ""])
def test_a_name_is_a_slug_or_none(db: Database, name: str) -> None:
    if name:
        with pytest.raises(SourceError, match="lower case letters"):
            sources.add(db, url="https://courier.example/", name=name)
    else:
        assert sources.add(db, url="https://courier.example/", name=name).name == "courier"


def test_nothing_is_added_twice(db: Database) -> None:
    sources.add(db, url="https://courier.example/")
    with pytest.raises(SourceError, match="is a source already: courier"):
        sources.add(db, url="https://courier.example/#top")
    with pytest.raises(SourceError, match="named courier already"):
        sources.add(db, url="https://other.example/", name="courier")
    with pytest.raises(SourceError, match="no address of a site"):
        sources.add(db, url="ftp://courier.example/")


def test_a_source_is_found_by_name_address_and_site(db: Database) -> None:
    main = sources.add(db, url="https://www.courier.com/")
    sport = sources.add(db, url="https://www.courier.com/sport/", name="sport")
    english = sources.add(db, url="https://en.courier.com/")
    found = {
        "courier": main,
        "sport": sport,
        "https://www.courier.com/": main,
        "https://www.courier.com/sport/1": sport,
        "https://courier.com/a": main,
        "https://en.courier.com/a": english,
        "https://amp.courier.com/a": main,
        "https://elsewhere.example/": None,
        "nonsense": None,
    }
    assert {query: sources.find(db, query) for query in found} == found


def test_columns_change(db: Database) -> None:
    source = sources.add(db, url="https://courier.example/")
    changed = sources.update(
        db, source.id, name="herald", url="https://herald.example/x", enabled=False, settings={"a": 1}, title="H"
    )
    assert (changed.name, changed.url, changed.domain) == ("herald", "https://herald.example/x", "herald.example")
    assert (changed.enabled, changed.settings, changed.title) == (False, {"a": 1}, "H")
    assert sources.update(db, source.id) == changed
    sources.add(db, url="https://courier.example/")
    with pytest.raises(SourceError, match="source already"):
        sources.update(db, source.id, url="https://courier.example/")
    with pytest.raises(SourceError, match="named courier already"):
        sources.update(db, source.id, name="courier")


def test_a_source_with_articles_goes_only_when_told(db: Database) -> None:
    source_id, crawl_id = stories.source_and_crawl(db)
    endpoints.note(db, source_id, EndpointKind.FEED, "https://courier.example/rss")
    ingest(db, stories.prepared(stories.article()), source_id=source_id, crawl_id=crawl_id, at=NOON)
    with pytest.raises(SourceError, match="courier has 1 articles"):
        sources.remove(db, source_id)
    assert len(sources.every(db)) == 1
    sources.remove(db, source_id, with_articles=True)
    for table in ("sources", "articles", "revisions", "fields", "article_urls", "urls", "crawls"):
        assert db.table(table).count == 0, table
    assert db.table("captures").count == 1, "what was seen stays, as the WARC files do"
    assert db.execute("SELECT count(*) FROM articles_fts('ferries')").fetchone() == (0,)
    with pytest.raises(SourceError, match="no such source"):
        sources.remove(db, source_id)


def test_the_overview_and_details_are_ready_for_json(db: Database) -> None:
    source_id, crawl_id = stories.source_and_crawl(db)
    endpoints.note(db, source_id, EndpointKind.FEED, "https://courier.example/rss")
    crawls.finish(db, crawl_id, at=later(minutes=1), outcome="finished", counts={"new": 3})
    (row,) = sources.overview(db)
    assert (row["name"], row["articles"], row["last_crawl_at"]) == ("courier", 0, "2026-07-04T12:00:00Z")
    details = json.loads(json.dumps(sources.details(db, source_id)))
    assert [endpoint["kind"] for endpoint in details["endpoints"]] == ["feed"]
    assert details["crawls"][0]["counts"] == {"new": 3}
    with pytest.raises(SourceError):
        sources.details(db, SourceId(99))


def test_an_endpoint_remembers_its_visits(db: Database) -> None:
    source_id, _ = stories.source_and_crawl(db)
    feed = stories.url("rss")
    endpoints.note(db, source_id, EndpointKind.FEED, feed)
    endpoints.note(db, source_id, EndpointKind.FEED, feed)
    endpoints.checked(
        db, source_id, EndpointKind.FEED, feed, endpoints.Visit(etag='"1"', last_modified="Sat", new=2), at=NOON
    )
    endpoints.checked(db, source_id, EndpointKind.FEED, feed, endpoints.Visit(etag='"2"'), at=later(hours=1))
    endpoints.checked(db, source_id, EndpointKind.FEED, feed, endpoints.Visit(error="timed out"), at=later(hours=2))
    endpoints.checked(db, source_id, EndpointKind.FEED, feed, endpoints.Visit(error="timed out"), at=later(hours=3))
    endpoints.checked(db, source_id, EndpointKind.SECTION, feed, at=NOON)
    found, section = endpoints.of(db, source_id)
    assert (found.etag, found.last_modified, found.last_new_at) == ('"2"', "Sat", NOON)
    assert (found.failures, found.error, found.last_checked_at) == (2, "timed out", later(hours=3))
    assert section.kind is EndpointKind.SECTION
    endpoints.checked(db, source_id, EndpointKind.FEED, feed, at=later(hours=4))
    assert endpoints.of(db, source_id)[0].failures == 0


def test_crawls_come_newest_first(db: Database) -> None:
    source_id, first = stories.source_and_crawl(db)
    second = crawls.start(db, source_id, later(hours=1))
    crawls.finish(db, first, at=later(minutes=9), outcome="finished", counts={"new": 3, "duplicate": 1})
    newest, oldest = crawls.of(db, source_id)
    assert (newest.id, newest.finished_at, newest.outcome) == (second, None, None)
    assert (oldest.id, oldest.finished_at, oldest.counts) == (first, later(minutes=9), {"new": 3, "duplicate": 1})
    assert urls.counts(db, first) == {}
