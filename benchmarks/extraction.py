"""Measure extraction on pages with known answers: trafilatura alone and ours, side by side, in one run.

    python benchmarks/extraction.py [--corpus DIR] [--fold a|b] [--ours-only] [--misses FIELD]

The corpus is no part of the project: by default it is looked for in ../shared/corpus. It brings `gold.json`, the pages,
and `score.py`, which counts the scores here exactly as it does for everyone. `--fold` scores on one half of the pages
(by a hash of their ids), so that what was tuned on the one half can be checked on the other.
"""

import argparse
import gzip
import hashlib
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser as dateutil_parser
from trafilatura import bare_extraction
from trafilatura.settings import Document

from archive import text
from archive.extraction import extract, read
from archive.models import CanonicalUrl, Capture, Rejection

Prediction = dict[str, object]
Gold = Mapping[str, object]

DEFAULT_CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
FETCHED = datetime(2026, 11, 1, tzinfo=UTC)
"""When pages count as fetched for which the corpus does not say it."""
COLUMNS = ("aeb F1", "fundus F1", "title", "among", "authors", "day", "minute", "ms/page")


def main() -> int:
    """Run the benchmark; where the corpus is not there, say so and measure nothing."""
    arguments = _arguments()
    logging.disable(logging.CRITICAL)
    gold_file = arguments.corpus / "gold.json"
    if not gold_file.is_file() or not (arguments.corpus / "score.py").is_file():
        print(
            f"The corpus is not there: {arguments.corpus} has no gold.json and score.py. It is no part of the project; "
            "name its directory with --corpus. Nothing was measured.",
            file=sys.stderr,
        )
        return 0
    gold = [page for page in json.loads(gold_file.read_text()) if arguments.fold in (None, _fold(page["id"]))]
    extractors: dict[str, Callable[[Capture], Prediction]] = {"newsarchive": ours}
    if not arguments.ours_only:
        extractors = {
            "trafilatura": lambda capture: trafilatura(capture, fast=False),
            "trafilatura fast=True": lambda capture: trafilatura(capture, fast=True),
            **extractors,
        }
    rows = {}
    for name, extractor in extractors.items():
        predictions, milliseconds = _run(extractor, gold, arguments.corpus)
        rows[name] = _row(arguments.corpus / "score.py", gold, predictions, milliseconds)
        if arguments.misses and name == "newsarchive":
            _print_misses(arguments.misses, gold, predictions)
    _print_table(rows, len(gold))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS, help="directory with gold.json and score.py")
    parser.add_argument("--fold", choices=("a", "b"), help="score on one half of the pages only")
    parser.add_argument("--ours-only", action="store_true", help="leave trafilatura alone out")
    parser.add_argument("--misses", choices=("title", "authors", "published"), help="list what we got wrong in a field")
    return parser.parse_args()


def ours(capture: Capture) -> Prediction:
    """What newsarchive makes of a page; a rejected page counts as one without anything."""
    page = read(capture)
    outcome = page if isinstance(page, Rejection) else extract(page, capture=capture)
    if isinstance(outcome, Rejection):
        return {"rejected": f"{outcome.reason}: {outcome.evidence}"}
    return {
        "text": outcome.text,
        "title": outcome.title,
        "authors": list(outcome.authors),
        "published": next((f.value for f in outcome.fields if f.field == "published_at" and f.chosen), None),
        "titles": [value.value for value in outcome.fields if value.field == "title"],
    }


def trafilatura(capture: Capture, *, fast: bool) -> Prediction:
    """What trafilatura alone makes of a page, its authors taken apart as it joins them."""
    document = bare_extraction(capture.body, url=capture.url, fast=fast, include_comments=False, with_metadata=True)
    if not isinstance(document, Document):
        return {}
    return {
        "text": document.text,
        "title": document.title,
        "authors": document.author.split("; ") if document.author else [],
        "published": document.date,
        "titles": [document.title],
    }


def _run(
    extractor: Callable[[Capture], Prediction], gold: list[Gold], corpus: Path
) -> tuple[dict[str, Prediction], float]:
    """The predictions for all pages, and the CPU time a page in milliseconds."""
    captures = {str(page["id"]): _capture(page, corpus) for page in gold}
    for capture in list(captures.values())[:3]:
        extractor(capture)
    started = time.process_time()
    predictions = {name: extractor(capture) for name, capture in captures.items()}
    return predictions, (time.process_time() - started) * 1000 / max(1, len(gold))


def _capture(page: Gold, corpus: Path) -> Capture:
    """The page as the crawl would hand it over."""
    fetched = FETCHED
    if page.get("crawled"):
        fetched = dateutil_parser.parse(str(page["crawled"]))
        fetched = fetched if fetched.tzinfo is not None else fetched.replace(tzinfo=UTC)
    url = str(page["url"])
    return Capture(
        url=CanonicalUrl(url),
        final_url=url,
        fetched_at=fetched.astimezone(UTC),
        status=200,
        content_type="text/html",
        body=gzip.decompress((corpus / str(page["page"])).read_bytes()),
    )


def _row(score: Path, gold: list[Gold], predictions: Mapping[str, Prediction], milliseconds: float) -> list[float]:
    """The scores of one extractor, by the corpus' own counting."""
    with tempfile.TemporaryDirectory() as directory:
        predicted, expected = Path(directory) / "predicted.json", Path(directory) / "gold.json"
        predicted.write_text(json.dumps(predictions))
        expected.write_text(json.dumps(gold))
        command = [sys.executable, str(score), str(predicted), "--gold", str(expected), "--json"]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        counted = json.loads(run.stdout)
    fundus = counted.get("fundus", {})
    titled = [page for page in gold if page.get("title")]
    among = sum(
        _letters(page["title"]) in {_letters(title) for title in _listed(predictions[str(page["id"])], "titles")}
        for page in titled
    )
    rejected = [f"{name}: {p['rejected']}" for name, p in predictions.items() if "rejected" in p]
    for line in rejected:
        print(f"rejected  {line}", file=sys.stderr)
    return [
        counted.get("aeb", {}).get("F1", 0.0),
        fundus.get("F1", 0.0),
        fundus.get("title", 0.0),
        among / max(1, len(titled)),
        fundus.get("authors", 0.0),
        fundus.get("day", 0.0),
        fundus.get("minute", 0.0),
        milliseconds,
    ]


def _letters(title: object) -> str:
    return text.comparable(str(title)).replace(" ", "")


def _listed(prediction: Prediction, key: str) -> list[object]:
    value = prediction.get(key)
    return value if isinstance(value, list) else []


def _fold(name: str) -> str:
    """The half to which a page belongs, for good: `a` or `b`."""
    return "ab"[hashlib.sha256(name.encode()).digest()[0] % 2]


def _print_table(rows: Mapping[str, list[float]], pages: int) -> None:
    print(f"{pages} pages")
    print("| extractor | " + " | ".join(COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for name, values in rows.items():
        print(f"| {name} | " + " | ".join(f"{v:.3f}" for v in values[:-1]) + f" | {values[-1]:.1f} |")


def _print_misses(field: str, gold: list[Gold], predictions: Mapping[str, Prediction]) -> None:
    """Each page whose title, authors or time differ from what they should be."""
    for page in gold:
        expected, given = page.get(field), predictions[str(page["id"])].get(field)
        if expected and _same_form(field, expected) != _same_form(field, given):
            print(f"{page['id']}\n    expected {expected!r}\n    given    {given!r}")


def _same_form(field: str, value: object) -> object:
    """A value in the form in which the score compares it."""
    if field == "authors":
        return {str(name).strip().lower() for name in value} if isinstance(value, list) else set()
    if field == "title":
        return _letters(value)
    if value is None:
        return None
    moment = dateutil_parser.parse(str(value))
    return (
        (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
        .astimezone(UTC)
        .replace(second=0, microsecond=0)
    )


if __name__ == "__main__":
    raise SystemExit(main())
