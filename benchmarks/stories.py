"""Measure how well the same story is found: two newspapers crawled whole, and copies of real texts.

    python benchmarks/stories.py [--each 5] [--own 100] [--corpus DIR]

The newspapers (tests/newsroom/printing.py, on 127.0.0.1 and 127.0.0.2) have, in each of nine languages and for each way
to copy, so many stories in common, and each so many of its own. Of the corpus, which is no part of the project, each
text is copied in the same ways five times, and every text is compared with every other.
"""

# ruff: noqa: S311 - what is drawn here is no secret

import argparse
import gzip
import logging
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain, combinations
from pathlib import Path
from random import Random

from archive import sketches, text
from archive.models import Article, CanonicalUrl, Capture, Sketch
from archive.prepare import prepare
from archive.store import open_archive
from tests.archive.copying import COPIES, LANGUAGES
from tests.newsroom.printing import PrintingSite, newspapers
from tests.newsroom.wire import watched

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
FAST = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
TIMES = 5
"""How often each real text is copied in each way."""
SENTENCE = 15
"""Words that are left out or put in together."""

Words = Sequence[str]
Found = Mapping[str, tuple[int, int]]
"""Way to copy -> copies that were found, and all."""


def crawled(each: int, own: int) -> tuple[Found, int, int]:
    """What a crawl finds that two newspapers have in common; and pairs told as one story that are, and that are not."""
    first, second = newspapers(each, own)
    sites = PrintingSite(first, seed=1), PrintingSite(second, seed=2)
    settings = [word for setting in FAST for word in ("-s", setting)]
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "news.db"
        command = [sys.executable, "-m", "archive", "--db", str(path), "crawl", *settings]
        with watched(sites[0]) as (one, _), watched(sites[1], "127.0.0.2") as (two, _):
            # the copies come partly before and partly after what they copy
            for target in ([f"{two}/", "--limit", str(len(second) // 2)], [f"{one}/"], [f"{two}/"]):
                subprocess.run([*command, *target], check=True, stdout=subprocess.DEVNULL)
        with closing(open_archive(path, readonly=True)) as db:
            rows = db.execute("SELECT cluster_id, title FROM articles WHERE cluster_id IS NOT NULL").fetchall()
            (stored,) = db.execute("SELECT count(*) FROM articles").fetchone()
    if stored != len(first) + len(second):
        raise RuntimeError(f"{stored} articles of {len(first) + len(second)}")
    stories: dict[int, list[str]] = {}
    for cluster_id, title in rows:
        stories.setdefault(cluster_id, []).append(title)
    pairs = [tuple(sorted(pair)) for titles in stories.values() for pair in combinations(titles, 2)]
    right = [copy for story, copy in pairs if copy.startswith(f"{story}, ")]
    ways = Counter(copy.partition(", ")[2] for copy in right)
    return {way: (ways[way], each * len(LANGUAGES)) for way in COPIES}, len(right), len(pairs) - len(right)


def copied(corpus: Path) -> tuple[Found, int, int]:
    """Copies of real texts that are found, and pairs of different ones that are taken for one story, and all."""
    texts = [words for words in real_texts(corpus) if len(words) >= sketches.WORDS_MIN]
    known = [sketches.sketch(words) for words in texts]
    chance = Random(5)
    found = {}
    for way, copy in WAYS.items():
        pairs = [
            (sketch, sketches.sketch(copy(words, strangers(texts, words, chance), chance)))
            for sketch, words in zip(known, texts, strict=True)
            for _ in range(TIMES)
        ]
        found[way] = (sum(map(are_one_story, *zip(*pairs, strict=True))), len(pairs))
    different = list(combinations(known, 2))
    return found, sum(map(are_one_story, *zip(*different, strict=True))), len(different)


def real_texts(corpus: Path) -> Iterator[list[str]]:
    """The words of the corpus' articles."""
    for file in sorted((corpus / "pages").glob("*.html.gz")):
        url = CanonicalUrl(f"https://{file.stem.partition('.')[0]}.example/news/story")
        body = gzip.decompress(file.read_bytes())
        now = datetime.now(UTC)
        capture = Capture(url=url, final_url=url, fetched_at=now, status=200, content_type="text/html", body=body)
        if isinstance(outcome := prepare(capture).outcome, Article):
            yield text.words(outcome.text)


def are_one_story(one: Sketch | None, other: Sketch | None) -> bool:
    """As the store finds out: by marks in common, then by likeness."""
    if one is None or other is None:
        return False
    shared = set(sketches.marks(one)) & set(sketches.marks(other))
    return len(shared) >= sketches.MARKS_SHARED and sketches.likeness(one, other) >= sketches.SAME_STORY


def strangers(texts: Sequence[Words], words: Words, chance: Random) -> Words:
    """Words of another text, one without spaces if this one is."""
    unspaced = text.has_unspaced(words[len(words) // 2])
    others = [other for other in texts if other is not words and text.has_unspaced(other[len(other) // 2]) == unspaced]
    return chance.choice(others)


def reworded(share: float) -> Callable[[Words, Words, Random], Words]:
    """Replaces that share of the words; in scripts without spaces two characters at a time."""

    def copy(words: Words, others: Words, chance: Random) -> Words:
        size = 2 if text.has_unspaced(words[len(words) // 2]) else 1
        parts = [words[at : at + size] for at in range(0, len(words), size)]
        for at in chance.sample(range(len(parts)), round(len(parts) * share)):
            parts[at] = chance.choices(others, k=size)
        return list(chain(*parts))

    return copy


def shortened(words: Words, others: Words, chance: Random) -> Words:  # noqa: ARG001 - one of the ways
    """Leaves a third of the sentences out."""
    parts = [words[at : at + SENTENCE] for at in range(0, len(words), SENTENCE)]
    kept = sorted(chance.sample(range(len(parts)), round(len(parts) * 2 / 3)))
    return list(chain(*(parts[at] for at in kept)))


def longer(words: Words, others: Words, chance: Random) -> Words:
    """Puts a third more sentences in, anywhere."""
    parts = [words[at : at + SENTENCE] for at in range(0, len(words), SENTENCE)]
    for _ in range(round(len(parts) / 3)):
        parts.insert(chance.randint(0, len(parts)), chance.choices(others, k=SENTENCE))
    return list(chain(*parts))


WAYS: Mapping[str, Callable[[Words, Words, Random], Words]] = dict(
    zip(COPIES, (reworded(0.05), reworded(0.1), reworded(0.2), shortened, longer), strict=True)
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--each", type=int, default=5, help="stories for each language and way (default: %(default)s)")
    parser.add_argument("--own", type=int, default=100, help="stories that one paper alone has (default: %(default)s)")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="real pages (default: %(default)s)")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    found, right, wrong = crawled(arguments.each, arguments.own)
    print(f"Two newspapers, crawled; {2 * arguments.own} articles that only one of them has\n")
    print_table(found, f"{right} of {right + wrong} pairs told as one story are one", right / max(1, right + wrong))
    if not arguments.corpus.is_dir():
        print(f"The corpus is not there: {arguments.corpus}. Real texts were not measured.", file=sys.stderr)
        return
    of_real, taken, different = copied(arguments.corpus)
    print("\nReal texts\n")
    print_table(of_real, f"{taken} of {different:,} pairs of different texts taken for one story", None)


def print_table(found: Found, verdict: str, precision: float | None) -> None:
    """How many copies of each kind were found, as Markdown."""
    print("| copies | | found | recall |\n|---|---|---|---|")
    for way, (hits, every) in found.items():
        print(f"| {way} | {every} | {hits} | {hits / every:.3f} |")
    print(f"\n{verdict}" + (f": precision {precision:.3f}" if precision is not None else ""))


if __name__ == "__main__":
    main()
