"""Measure how what the archive does grows with the number of articles that it holds.

    python benchmarks/growth.py [--sizes 1000,10000] [--cpu] [--directory DIR | --archive FILE] [--results]

One file grows through the sizes (100000 takes some minutes and 2 GB, 1000000 an hour and 15 GB): synthetic articles of
about 4 KB, their words distributed as Zipf and Mandelbrot say, stored as a crawl stores them, in a transaction each. At
each size the same is then measured: a median over many calls for other words and articles each time, in milliseconds.

A named archive is kept, with what was measured beside it (FILE.json): a later run goes on from there. At the size that
it has, everything but the inserts is measured again. `--results` writes the table into RESULTS.md.
"""

# ruff: noqa: S311 - what is drawn here is no secret

import argparse
import json
import multiprocessing
import os
import platform
import random
import re
import sqlite3
import statistics as numbers
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from synthetic import LEXICON, NOW, SEED, SOURCES, START, article_of, pages_of, prepared, published, url_of

from archive import sketches, text
from archive.ingest import Outcome, ingest
from archive.models import (
    ArticleId,
    Candidate,
    CanonicalUrl,
    CrawlId,
    EndpointKind,
    Prepared,
    Sketch,
    SourceId,
)
from archive.search import search
from archive.store import (
    Database,
    articles,
    clusters,
    crawls,
    identity,
    open_archive,
    sources,
    statistics,
    transaction,
    urls,
)

R = TypeVar("R")
T = TypeVar("T")

CALLS = 100
"""How often what is fast is measured; what may be slow, a tenth as often."""
REWORDED = 0.1
"""Which share of its words another paper replaces in a story."""
BATCH = 1_000
"""How many candidates a sitemap announces at once."""
RESULTS = Path(__file__).with_name("RESULTS.md")
PREFACE = """
Synthetic articles of 4 KB with 12 field values, a transaction each; × says how many times the cost at the first size it
is. An insert is the whole of `ingest`, its mean holds the merges of the full text index and the checkpoints. The words
are in one article of 700 (rare), one in 6 (common) and nine in ten; 20 hits with snippets each.
"""

# Ranks of words, and so how many of the articles have them: one in 700, one in 6, nine in ten.
RARE, COMMON, FREQUENT = 50_000, 400, 20

Costs = dict[str, float]
"""What was measured, by its name: milliseconds, but for the size in the file."""


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
        (self.size,) = self.db.execute("SELECT count(*) FROM articles").fetchone()
        self.announced = 0
        self.chance = random.Random(SEED)
        self.sources: list[SourceId] = []
        self.crawls: list[CrawlId] = []
        for number in range(SOURCES):
            known = sources.find(self.db, f"paper{number}")
            source = known or sources.add(self.db, url=f"https://www.paper{number}.example/")
            self.sources.append(source.id)
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
        batches = [range(first, min(size, first + BATCH)) for first in range(self.size, size, BATCH)]
        took: list[float] = []
        with multiprocessing.get_context("fork").Pool(1) as beside:
            coming = beside.apply_async(pages_of, [batches[0] if batches else range(0)])
            for batch, after in zip(batches, [*batches[1:], range(0)], strict=True):
                pages, coming = coming.get(), beside.apply_async(pages_of, [after])
                for part, source in enumerate(self.sources):
                    urls.add(self.db, source, self.candidates(batch[part::SOURCES], "news"), NOW)
                took += [self.store(number, page, Outcome.NEW) for number, page in zip(batch, pages, strict=True)]
        self.size = size
        last = took[-max(BATCH // 2, size // 10) :]
        return {"insert, median": numbers.median(last), "insert, mean": numbers.fmean(last)} if took else {}

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

    def stories(self) -> Costs:
        """What it costs to find who tells the same story: of one that another source has, and of one that none has.

        Articles are placed as copies, and back as what they are; both takes out what was noted of them before.
        """
        told = [
            (self.sketch_of(chance.choice(LEXICON) if chance.random() < REWORDED else word for word in words), source)
            for chance, words, source in self.texts(self.some(CALLS))
        ]
        new = [(self.sketch_of(words), source) for _, words, source in self.texts(range(self.size, self.size + CALLS))]
        found = [clusters.look_alikes(self.db, *known) for known in told]
        if not all(len(alike) == 1 for alike in found):
            raise RuntimeError("not every story was found, or others were")
        placed = [number - number % SOURCES for number in self.some(CALLS)]
        own = [self.sketch_of(words) for _, words, _ in self.texts(placed)]
        copies = [sketch for sketch, other in told if other != self.sources[1]]
        ids = [ArticleId(number + 1) for number in placed]
        return {
            "look-alikes of a copy": self.watch.median(lambda known: clusters.look_alikes(self.db, *known), told),
            "look-alikes of a new story": self.watch.median(lambda known: clusters.look_alikes(self.db, *known), new),
            "a copy placed, and committed": self.watch.median(self.place, zip(ids, copies, strict=False)),
            "a new story placed, and committed": self.watch.median(self.place, zip(ids, own, strict=True)),
        }

    def place(self, article: tuple[ArticleId, Sketch]) -> None:
        """Finds an article its place among the stories."""
        with transaction(self.db):
            clusters.place(self.db, *article)

    def texts(self, wanted: Iterable[int]) -> Iterator[tuple[random.Random, list[str], SourceId]]:
        """The words of these articles, and another source than that which has them."""
        for number in wanted:
            words = text.words(article_of(number).text)
            yield random.Random(number), words, self.sources[(number + 1) % SOURCES]

    @staticmethod
    def sketch_of(words: Iterable[str]) -> Sketch:
        """The sketch of a text of many words."""
        found = sketches.sketch(list(words))
        if found is None:
            raise RuntimeError("too short a text")
        return found

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
        rare, common, frequent = ([LEXICON[rank + n] for n in few] for rank in (RARE, COMMON, FREQUENT))
        queries = {
            "a rare word": rare,
            "a common word": common,
            "two common words": [f"{LEXICON[COMMON + n]} {LEXICON[COMMON + 20 + n]}" for n in few],
            "a word that nearly all have": frequent,
            "such a word and a rare one": [f"{frequent[n]} {rare[n]}" for n in few],
            "four such words": [" ".join(LEXICON[FREQUENT + n + 20 * part] for part in range(4)) for n in few],
            "a phrase of two such words": [f'"{LEXICON[FREQUENT + n]} {LEXICON[FREQUENT + 20 + n]}"' for n in few],
            "the beginning of a word (4 letters)": [f"{LEXICON[COMMON + n][:4]}*" for n in few],
        }
        filters: dict[str, dict[str, Any]] = {
            "at one source of ten": {"source": "paper3"},
            "in the language of all": {"language": "en"},
            "in a language that none has": {"language": "fi"},
            "of the first week": {"since": START, "until": START + timedelta(days=7)},
            "of the first half": {"since": START, "until": published(self.size // 2)},
        }
        costs = {
            f"search for {what}": self.watch.median(lambda query: search(self.db, query), wanted)
            for what, wanted in queries.items()
        }
        for where, narrowed in filters.items():
            for what, wanted in (("rare", rare), ("common", common), ("frequent", frequent)):
                costs[f"a {what} word {where}"] = self.watch.median(partial(self.narrowed, narrowed), wanted)
        return costs

    def narrowed(self, filters: dict[str, Any], query: str) -> object:
        """A search with filters."""
        return search(self.db, query, **filters)

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
        return costs | self.duplicates() | self.stories() | self.frontier() | self.searches() | self.pages()


def table(measured: Mapping[int, Costs], unit: str) -> Iterator[str]:
    """The costs, and how many times those of the first size they are, as Markdown."""
    first, *others = measured.values()
    yield f"| {unit} | " + " | ".join(f"{size:,} | ×" for size in measured).replace(" | ×", "", 1) + " |"
    yield "|---|---" + "|---|---" * len(others) + "|"
    for name, cost in first.items():
        cells = [f"{cost:.3g}"] + [
            cell
            for more in others
            for cell in ((f"{more[name]:.3g}", f"{more[name] / cost:.2f}") if name in more else ("–", "–"))
        ]
        yield f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", default="1000,10000", help="numbers of articles, rising (default: %(default)s)")
    parser.add_argument("--directory", type=Path, help="where to put the file, which is removed at the end")
    parser.add_argument("--archive", type=Path, help="an archive of this script to go on with, which is kept")
    parser.add_argument("--results", action="store_true", help="write the table into RESULTS.md")
    parser.add_argument("--cpu", action="store_true", help="measure CPU time: where others use the machine as well")
    arguments = parser.parse_args()
    watch = Stopwatch(time.process_time if arguments.cpu else time.perf_counter)
    sizes = sorted({int(size) for size in arguments.sizes.split(",")})
    if sizes[0] < CALLS:
        parser.error(f"the smallest size that can be measured is {CALLS}")
    with tempfile.TemporaryDirectory(dir=arguments.directory) as directory:
        path = arguments.archive or Path(directory) / "growth.db"
        measured = through(path, sizes, watch)
    report = "\n".join([machine(), "", *table(measured, "CPU ms" if arguments.cpu else "ms")])
    print(report)
    if arguments.results:
        write(report, " ".join(["--cpu"] * arguments.cpu + ["--sizes", ",".join(map(str, measured))]))


def through(path: Path, sizes: Sequence[int], watch: Stopwatch) -> dict[int, Costs]:
    """The costs at each size, those of earlier runs over the same file as well; kept beside it as they come."""
    beside = path.with_name(f"{path.name}.json")
    before = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    measured: dict[int, Costs] = {int(size): costs for size, costs in before.items()}
    archive = Growing(path, watch)
    for size in sizes:
        if size >= archive.size:
            measured[size] = measured.get(size, {}) | archive.measured(size)
            beside.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    archive.db.close()
    return measured


def machine() -> str:
    """What it ran on."""
    processor = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores of an {processor[1] if processor else 'unknown'}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, sqlite-utils {version('sqlite-utils')}, "
        f"{SOURCES} sources"
    )


def write(report: str, options: str) -> None:
    """Puts the report into RESULTS.md, in place of the last one; what is said about it below the table stays."""
    section = f"## Growth (`benchmarks/growth.py {options}`)\n{PREFACE}\n{report}\n"
    text = RESULTS.read_text(encoding="utf-8")
    RESULTS.write_text(
        re.sub(r"## Growth .*?^\|[^\n]*\n(?!\|)", lambda _: section, text, flags=re.DOTALL | re.MULTILINE),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
