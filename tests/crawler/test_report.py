import re

from archive.models import Source, SourceId, UrlState
from crawler.report import CrawlReport, lines

SOURCE = Source(id=SourceId(1), name="lantern", title=None, url="https://lantern.example/", domain="lantern.example")


def report(**counts: int) -> CrawlReport:
    return CrawlReport(source=SOURCE, outcome="finished", seconds=3.2, counts=counts)


def numbers(shown: list[str]) -> dict[str, int]:
    rows = (re.match(r"  ([a-z ]+?) +([\d,]+)(?:  |$)", line) for line in shown)
    return {row[1]: int(row[2].replace(",", "")) for row in rows if row}


def test_the_first_row_is_the_sum_of_the_others() -> None:
    counts = {
        "announced": 2000,
        "found": 1200,
        "waiting_before": 10,
        "waiting_after": 4,
        "new": 1000,
        "duplicate": 2,
        "fetched": 1002,
        "fetched: redirected to an address known already": 1,
        "refused: section or listing": 3,
        "refused: not found": 198,
        "failed: timed out": 2,
    }
    shown = list(lines(report(**counts)))
    rows = numbers(shown)
    assert rows.pop("addresses") == sum(rows.values()) == 1210
    assert "1,000 new, 0 revised, 0 unchanged, 2 duplicate" in shown[2]
    assert "198 not found, 3 section or listing" in "\n".join(shown)


def test_broken_lists_are_mentioned() -> None:
    assert "read in full: 2;" in list(lines(report(**{"broken lists": 2})))[-1]


def test_states_and_reasons() -> None:
    counted = report(**{"refused: not found": 2, "refused: empty page": 0, "failed: timed out": 1})
    assert counted.settled(UrlState.REFUSED) == {"not found": 2}


def waiting(**counts: int) -> str:
    return next(line for line in lines(report(**counts)) if line.startswith("  waiting"))


def test_what_follows_for_those_that_wait() -> None:
    assert waiting(waiting_after=0).endswith("0")
    assert "the next crawl goes on there" in waiting(waiting_after=4, waiting_before=4)
    older = waiting(waiting_after=4, waiting_older=4)
    assert "a crawl without it" in older
    assert "goes on" not in older
    assert "goes on there; 1 older" in waiting(waiting_after=4, waiting_older=1)


def test_an_address_asked_for_again_is_in_the_sum() -> None:
    shown = list(lines(report(**{"asked again": 1, "fetched": 1, "unchanged": 1})))
    rows = numbers(shown)
    assert rows.pop("addresses") == sum(rows.values()) == 1
    assert "1 asked for again" in shown[1]
