"""Measure how what the archive does grows with the number of articles that it holds.

    python benchmarks/growth.py [--sizes 1000,10000] [--cpu] [--directory DIR]

One file grows through the sizes (100000 takes some minutes and 2 GB, 1000000 an hour and 20 GB): synthetic articles of
about 4 KB, their words distributed as Zipf and Mandelbrot say, stored as a crawl stores them, in a transaction each. At
each size the same is then measured: a median over many calls for other words and articles each time, in milliseconds.
"""

# ruff: noqa: S311 - what is drawn here is no secret

import argparse
import os
import platform
import random
import sqlite3
import statistics as numbers
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from archive import text
from archive.ingest import Outcome, ingest
from archive.models import (
    Article,
    ArticleId,
    BlockKind,
    Candidate,
    CanonicalUrl,
    Capture,
    CrawlId,
    EndpointKind,
    FieldValue,
    Method,
    Precision,
    Prepared,
    SourceId,
)
from archive.search import search
from archive.store import Database, articles, crawls, identity, open_archive, sources, statistics, urls

R = TypeVar("R")
T = TypeVar("T")

SEED = 20_261_124
SOURCES = 10
CALLS = 100
"""How often what is fast is measured; what may be slow, a tenth as often."""
BATCH = 1_000
"""How many candidates a sitemap announces at once."""
START = datetime(2016, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 1, tzinfo=UTC)

VOCABULARY = 150_000
WORDS = 750
"""An article's; 4 KB."""
SYLLABLES = [
    onset + vowel + coda for onset in "bcdfghjklmnprstvwxyz" for vowel in "aeiou" for coda in ("", "n", "r", "s")
]
WEIGHTS = list(accumulate(1 / (rank + 2.7) for rank in range(1, VOCABULARY + 1)))

# Ranks of words, and so how many of the articles have them: one in 700, one in 6, nine in ten.
RARE, COMMON, FREQUENT = 50_000, 400, 20

Costs = dict[str, float]
"""What was measured, by its name: milliseconds, but for the size in the file."""


def word(rank: int) -> str:
    """The word of that rank, from 0; frequent words are short."""
    rest, syllable = divmod(rank, len(SYLLABLES))
    return (word(rest) if rest else "") + SYLLABLES[syllable]


LEXICON = [word(rank) for rank in range(VOCABULARY)]


def sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(LEXICON, cum_weights=WEIGHTS, k=length)).capitalize()


def url_of(number: int, *, section: str = "news") -> CanonicalUrl:
    """An address as papers form them: neither in the order of time nor of the alphabet."""
    chance = random.Random(f"{section}{number}")
    slug = "-".join(chance.choices(LEXICON, k=6))
    return CanonicalUrl(f"https://www.paper{number % SOURCES}.example/{section}/{slug}-{number}")


def published(number: int) -> datetime:
    return START + timedelta(minutes=5 * number, seconds=random.Random(number).randrange(3_600))


def article_of(number: int) -> Article:
    """The article of that number, always the same."""
    chance = random.Random(SEED + number)
    paragraphs = [sentence(chance, 50) + "." for _ in range(WORDS // 50)]
    title, subtitle, section = sentence(chance, 8), sentence(chance, 14), word(chance.randrange(20))
    authors = (sentence(chance, 2).title(),)
    url, at = url_of(number), published(number)
    said = {"title": title, "published_at": at.isoformat(), "modified_at": at.isoformat(), "section": section}
    said |= {"description": subtitle, "image_url": f"{url}.jpg", "language": "en", "canonical_url": url}
    readings = [(field, value, Method.JSON_LD) for field, value in said.items()]
    readings += [(field, said[field], Method.OPENGRAPH) for field in ("title", "description", "image_url", "section")]
    return Article(
        url=url,
        title=title,
        subtitle=subtitle,
        text=text.PARAGRAPH_BREAK.join(paragraphs),
        blocks=(BlockKind.PARAGRAPH,) * len(paragraphs),
        authors=authors,
        published_at=at,
        published_precision=Precision.SECOND,
        published_offset="+00:00",
        modified_at=at,
        section=section,
        tags=(section, word(chance.randrange(2_000))),
        language="en",
        description=subtitle,
        image_url=said["image_url"],
        site_name=f"Paper {number % SOURCES}",
        fields=tuple(
            FieldValue(field=field, value=value, method=method, chosen=method is Method.JSON_LD)
            for field, value, method in readings
        ),
    )


def prepared(article: Article, at: CanonicalUrl | None = None) -> Prepared:
    """The article as extraction hands it on, answered at its own or at another address."""
    url = at or article.url
    capture = Capture(
        url=url, final_url=url, fetched_at=NOW, status=200, content_type="text/html; charset=utf-8", body=b"", etag=url
    )
    digest = text.content_hash(article.text)
    return Prepared(
        capture=capture,
        outcome=article,
        content_hash=digest,
        word_count=text.word_count(article.text),
    )


class Stopwatch:
    """Milliseconds: those that pass or, on a machine that others use as well, those that this process works."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock

    def time(self, call: Callable[[T], R], argument: T) -> tuple[float, R]:
        """How long the call takes, and what it gives."""
        started = self.clock()
        result = call(argument)
        return (self.clock() - started) * 1000, result

    def median(self, call: Callable[[T], object], arguments: Iterable[T]) -> float:
        """How long a call takes, in the median over these arguments."""
        return numbers.median(self.time(call, argument)[0] for argument in arguments)


class Growing:
    """An archive that grows, and what is measured in it."""

    def __init__(self, path: Path, watch: Stopwatch) -> None:
        self.path = path
        self.watch = watch
        self.db: Database = open_archive(path)
        self.size = 0
        self.announced = 0
        self.chance = random.Random(SEED)
        self.sources: list[SourceId] = []
        self.crawls: list[CrawlId] = []
        for number in range(SOURCES):
            self.sources.append(sources.add(self.db, url=f"https://www.paper{number}.example/").id)
            self.crawls.append(crawls.start(self.db, self.sources[-1], at=NOW))

    def store(self, number: int, page: Prepared, outcome: Outcome) -> float:
        """Ingests a page of the article of that number; how long that took. It must have come out as it should."""
        source, crawl = self.sources[number % SOURCES], self.crawls[number % SOURCES]
        took, ingested = self.watch.time(
            lambda page: ingest(self.db, page, source_id=source, crawl_id=crawl, at=NOW), page
        )
        if ingested.outcome is not outcome:
            raise RuntimeError(f"article {number} came out as {ingested.outcome}, not {outcome}")
        return took

    def candidates(self, wanted: Sequence[int], section: str) -> list[tuple[CanonicalUrl, Candidate]]:
        """What a sitemap says of the articles of these numbers."""
        return [
            (
                url := url_of(number, section=section),
                Candidate(
                    url=url,
                    found_in="https://www.paper0.example/sitemap.xml",
                    kind=EndpointKind.SITEMAP,
                    published_at=published(number),
                ),
            )
            for number in wanted
        ]

    def grow(self, size: int) -> Costs:
        """Stores articles until there are so many, each announced before; the costs of the last ones."""
        took: list[float] = []
        while self.size < size:
            batch = range(self.size, min(size, self.size + BATCH))
            for part, source in enumerate(self.sources):
                urls.add(self.db, source, self.candidates(batch[part::SOURCES], "news"), NOW)
            took += [self.store(number, prepared(article_of(number)), Outcome.NEW) for number in batch]
            self.size = batch.stop
        last = took[-max(BATCH // 2, size // 10) :]
        return {"insert, median": numbers.median(last), "insert, mean": numbers.fmean(last)}

    def some(self, calls: int) -> list[int]:
        """Numbers of stored articles."""
        return [self.chance.randrange(self.size) for _ in range(calls)]

    def duplicates(self) -> Costs:
        """What it costs to find out that an article is known."""
        hashes = [(self.sources[n % SOURCES], text.content_hash(article_of(n).text)) for n in self.some(CALLS)]
        copies = [
            (n, prepared(article_of(n), url_of(self.size * SOURCES + n, section="copies")))
            for n in self.chance.sample(range(self.size), CALLS)
        ]
        known = [(n, prepared(article_of(n))) for n in self.some(CALLS)]
        return {
            "look-up by hash": self.watch.median(lambda known: identity.find_by_hash(self.db, *known), hashes),
            "a copy at a new address": numbers.median(self.store(n, page, Outcome.DUPLICATE) for n, page in copies),
            "unchanged at its address": numbers.median(self.store(n, page, Outcome.UNCHANGED) for n, page in known),
        }

    def frontier(self) -> Costs:
        """What it costs to announce articles, and to ask for those that wait."""
        began, self.announced = self.announced, self.announced + 5 * BATCH
        announced = [self.candidates(range(n, n + BATCH), "later") for n in range(began, self.announced, BATCH)]
        source = self.sources[0]
        return {
            "1,000 new candidates": self.watch.median(lambda some: urls.add(self.db, source, some, NOW), announced),
            "1,000 known candidates": self.watch.median(lambda some: urls.add(self.db, source, some, NOW), announced),
            "the next 100 to fetch": self.watch.median(
                lambda source: urls.next_waiting(self.db, source, at=NOW, limit=100), [source] * CALLS
            ),
        }

    def searches(self) -> Costs:
        """What it costs to find the best 20 articles, with snippets."""
        few = range(CALLS // 10)
        queries = {
            "a rare word": [LEXICON[RARE + n] for n in few],
            "a common word": [LEXICON[COMMON + n] for n in few],
            "two common words": [f"{LEXICON[COMMON + n]} {LEXICON[COMMON + 20 + n]}" for n in few],
            "a word that nearly all have": [LEXICON[FREQUENT + n] for n in few],
            "a phrase of two such words": [f'"{LEXICON[FREQUENT + n]} {LEXICON[FREQUENT + 20 + n]}"' for n in few],
        }
        return {
            f"search for {what}": self.watch.median(lambda query: search(self.db, query, limit=20), wanted)
            for what, wanted in queries.items()
        }

    def pages(self) -> Costs:
        """What it costs to show an article, the numbers of the archive, and what datasette asks for."""
        few = range(CALLS // 10)
        newest = "SELECT * FROM articles_full {} ORDER BY published_at DESC LIMIT 101"
        queries = {
            "the newest of all": [newest.format("")] * len(few),
            "the newest of a source": [newest.format(f"WHERE source = 'paper{n % SOURCES}'") for n in few],
            "how many there are": ["SELECT count(*) FROM articles_full"] * len(few),
            "the view latest": ["SELECT * FROM latest LIMIT 101"] * len(few),
        }
        return {
            "an article": self.watch.median(lambda n: articles.get(self.db, ArticleId(n + 1)), self.some(CALLS)),
            "statistics": self.watch.median(lambda _: statistics.of(self.db), few),
        } | {f"page: {what}": self.watch.median(self.rows, wanted) for what, wanted in queries.items()}

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What a query of datasette gives."""
        return self.db.execute(sql).fetchall()

    def size_in_file(self) -> Costs:
        """How much room an article takes with all that belongs to it."""
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return {"file, KB an article": self.path.stat().st_size / self.size / 1024}

    def measured(self, size: int) -> Costs:
        """Everything, at that size."""
        costs = self.grow(size) | self.size_in_file()
        return costs | self.duplicates() | self.frontier() | self.searches() | self.pages()


def table(measured: Mapping[int, Costs], unit: str) -> Iterator[str]:
    """The costs, and how many times those of the first size they are, as Markdown."""
    first, *others = measured.values()
    yield f"| {unit} | " + " | ".join(f"{size:,} | ×" for size in measured).replace(" | ×", "", 1) + " |"
    yield "|---|---" + "|---|---" * len(others) + "|"
    for name, cost in first.items():
        cells = [f"{cost:.3g}"] + [
            cell for more in others for cell in (f"{more[name]:.3g}", f"{more[name] / cost:.2f}")
        ]
        yield f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", default="1000,10000", help="numbers of articles, rising (default: %(default)s)")
    parser.add_argument("--directory", type=Path, help="where to put the file, which is removed at the end")
    parser.add_argument("--cpu", action="store_true", help="measure CPU time: where others use the machine as well")
    arguments = parser.parse_args()
    watch = Stopwatch(time.process_time if arguments.cpu else time.perf_counter)
    sizes = sorted({int(size) for size in arguments.sizes.split(",")})
    if sizes[0] < CALLS:
        parser.error(f"the smallest size that can be measured is {CALLS}")
    with tempfile.TemporaryDirectory(dir=arguments.directory) as directory:
        archive = Growing(Path(directory) / "growth.db", watch)
        measured = {size: archive.measured(size) for size in sizes}
        archive.db.close()
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    print(f"{SOURCES} sources, {os.cpu_count()} cores, {versions}, sqlite-utils {version('sqlite-utils')}\n")
    print("\n".join(table(measured, "CPU ms" if arguments.cpu else "ms")))


if __name__ == "__main__":
    main()
