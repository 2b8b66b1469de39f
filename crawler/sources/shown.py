"""How a source looks in a terminal; what comes from the web is made harmless there."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from archive.display import plain
from archive.when import stamp, written
from crawler.forecast import BEYOND_LIMIT, Forecast
from crawler.sources.probing import FIRST, Probe


def source(row: Mapping[str, Any]) -> Iterator[str]:
    """Everything about one source, from what `sources.details` gives."""
    yield f"{row['name']}  {row['url']}"
    for key in ("title", "country", "language"):
        if row[key]:
            yield _row(key, row[key])
    every = (
        f"every {written(timedelta(seconds=row['every_seconds']))}"
        if row["every_seconds"]
        else "as often as it brings something"
    )
    yield _row("crawled", every if row["enabled"] else "no: disabled")
    if row["enabled"] and row["next_crawl_at"]:
        yield _row("next due", row["next_crawl_at"])
    for key, value in row["settings"].items():
        yield _row(key, value)
    yield ""
    yield from _health(row)
    yield from _endpoints(row["endpoints"])
    yield from _crawls(row["crawls"])


def _health(row: Mapping[str, Any]) -> Iterator[str]:
    newest = f", the newest seen {row['last_article_at']}" if row["last_article_at"] else ""
    yield _row("articles", f"{row['articles']:,}{newest}")
    yield _row("addresses", f"{row['waiting']:,} waiting, {row['failed']:,} failed")
    if row["last_crawl_at"]:
        yield _row("last crawl", f"{row['last_crawl_at']}, {row['last_outcome'] or 'has not come to its end'}")
    else:
        yield _row("last crawl", f"never: newsarchive crawl {row['name']}")
    if row["failures"]:
        yield _row("failing", f"{_times(row['failures'])} in a row: {row['error']}")
    for alarm in row["alarms"]:
        before = f", before {alarm['then']}" if alarm["then"] else ""
        yield _row("alarm", f"{alarm['alarm']}: {alarm['now']}{before}; {alarm['cause']}: {alarm['help']}")


def _endpoints(endpoints: list[Mapping[str, Any]]) -> Iterator[str]:
    if endpoints:
        yield "\nwhere articles are announced"
    for endpoint in endpoints:
        checked = endpoint["last_checked_at"] or "not asked yet"
        due = f", next {endpoint['next_check_at']}" if endpoint["next_check_at"] else ""
        yield f"  {endpoint['kind']:<12} {endpoint['url']}"
        yield f"  {'':<12} asked {checked}, {endpoint['listed']:,} articles listed{due}"
        if endpoint["error"]:
            yield f"  {'':<12} failed {_times(endpoint['failures'])}: {plain(endpoint['error'])}"


def _crawls(crawls: list[Mapping[str, Any]]) -> Iterator[str]:
    if crawls:
        yield "\nlast crawls"
    for crawl in crawls:
        counts = crawl["counts"]
        outcome = crawl["outcome"] or "has not come to its end"
        told = ", ".join(
            f"{counts[key]:,} {key}" for key in ("new", "revised", "unchanged", "errors") if counts.get(key)
        )
        yield f"  {crawl['started_at']}  {outcome}{f': {told}' if told else ''}"


def _times(number: int) -> str:
    return "1 time" if number == 1 else f"{number:,} times"


def _row(name: str, value: object) -> str:
    return f"  {name:<12} {plain(str(value))}"


def probe(found: Probe) -> Iterator[str]:
    """What was found at a site."""
    yield found.url
    for key, value in (("title", found.title), ("language", found.language)):
        yield _row(key, value or "not said")
    yield _row("robots.txt", _robots(found))
    for place in found.lists:
        told = f"failed: {place.error}" if place.error else f"{place.listed:,} articles"
        yield _row(place.kind.replace("_", " "), f"{place.url}  ({told})")
    if not found.lists:
        yield _row("feeds", "none, and no sitemap")
    if found.error:
        yield _row("a crawl", f"would bring nothing: {found.error}")
        return
    waiting = sum(told.refused == BEYOND_LIMIT for told in found.articles)
    yield _row("articles", f"{len(found.fetched) + waiting:,} would be fetched, of these first")
    for one in found.fetched[:FIRST]:
        yield f"    {_date(one) or 'without date':<20}  {plain(one.candidate.title or '')}  {one.url}"
    refused = Counter(told.refused for told in found.articles if told.refused not in (None, BEYOND_LIMIT))
    if refused:
        yield _row("not fetched", ", ".join(f"{number:,} {reason}" for reason, number in refused.most_common()))


def probe_row(found: Probe) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "url": found.url,
        "name": found.name,
        "title": found.title,
        "language": found.language,
        "robots": found.has_robots,
        "crawl_delay": found.crawl_delay_s,
        "lists": [{"kind": one.kind, "url": one.url, "listed": one.listed, "error": one.error} for one in found.lists],
        "articles": [
            {"url": told.url, "title": told.candidate.title, "date": _date(told), "refused": told.refused}
            for told in found.articles
        ],
        "error": found.error,
    }


def _robots(found: Probe) -> str:
    if not found.has_robots:
        return "none that could be read"
    delay = f", and asks for {found.crawl_delay_s:g} s between two requests" if found.crawl_delay_s else ""
    return f"there is one{delay}"


def _date(told: Forecast) -> str | None:
    date = told.candidate.published_at or told.candidate.modified_at
    return stamp(date) if date else None
