"""Measure a whole crawl beside a naive one and bare extraction, alternating in one run, on ../shared/newsroom.

Ours: discovery, robots.txt, fetch, extraction with all fields, dedupe, full text, provenance; from the start of the
command to its end. Naive: `naive_spider.py`, likewise. Bare: a pool of two processes that does nothing but
`trafilatura.bare_extraction(with_metadata=True)` on pages that lie in memory, without the start of the pool.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import trafilatura

NEWSROOM = Path(__file__).parent.parent.parent / "shared" / "newsroom" / "newsroom.py"
FAST = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "CONCURRENT_REQUESTS_PER_DOMAIN=8")


@dataclass(frozen=True)
class Measured:
    """One run of one contender."""

    seconds: float
    crawler_cpu_s: float = 0.0
    """Of the crawling process alone, its workers not included."""
    crawler_rss_mb: float = 0.0


@contextmanager
def served(newsroom: Path, articles: int, port: int) -> Iterator[str]:
    """The newspaper, every page made ready; gives its address."""
    command = [sys.executable, str(newsroom), "--articles", str(articles), "--warm", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout is None or not server.stdout.readline():
                sys.exit(f"{newsroom} did not start")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def run(directory: str, *command: str) -> Measured:
    """Run a crawl to its end, outside of our own Scrapy project."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=directory)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    if status:
        sys.exit(f"{' '.join(command)} ended with {status}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def ours(base: str, directory: str) -> Measured:
    settings = [word for setting in FAST for word in ("-s", setting)]
    return run(
        directory, sys.executable, "-m", "archive", "--db", f"{directory}/ours.db", "crawl", f"{base}/", *settings
    )


def naive(base: str, directory: str) -> Measured:
    spider = str(Path(__file__).with_name("naive_spider.py"))
    arguments = ("-a", f"base={base}", "-a", f"db={directory}/naive.db")
    return run(directory, sys.executable, "-m", "scrapy", "runspider", spider, *arguments)


def text_length(body: bytes) -> int:
    return len(str(trafilatura.bare_extraction(body, with_metadata=True)))


def bare(pages: list[bytes]) -> Measured:
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(text_length, pages[:8]))
        started = time.monotonic()
        list(pool.map(text_length, pages, chunksize=4))
        return Measured(time.monotonic() - started)


def fetched(base: str) -> list[bytes]:
    """All articles of the newspaper."""
    with urllib.request.urlopen(f"{base}/_manifest.json") as answer:  # noqa: S310  # loopback
        paths = [row["path"] for row in json.load(answer)]
    pages = []
    for path in paths:
        with urllib.request.urlopen(base + path) as answer:  # noqa: S310  # loopback
            pages.append(answer.read())
    return pages


def table(runs: dict[str, list[Measured]], articles: int) -> Iterator[str]:
    """The medians, as Markdown."""
    yield "| | pages/s | to bare pool | crawler CPU ms/page | crawler peak MB |"
    yield "|---|---|---|---|---|"
    bare_s = statistics.median(measured.seconds for measured in runs["bare pool"])
    for name, measured in runs.items():
        seconds = statistics.median(one.seconds for one in measured)
        cpu = statistics.median(one.crawler_cpu_s for one in measured) * 1000 / articles
        rss = max(one.crawler_rss_mb for one in measured)
        own = f"{cpu:.1f} | {rss:.0f}" if cpu else "– | –"
        yield f"| {name} | {articles / seconds:.1f} | {bare_s / seconds:.2f} | {own} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--newsroom", type=Path, default=NEWSROOM, help="newsroom.py, with its corpus beside it")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--port", type=int, default=8790)
    arguments = parser.parse_args()
    if not arguments.newsroom.exists():
        print(f"no newsroom at {arguments.newsroom}: this benchmark needs the shared newspaper (--newsroom)")
        return
    runs: dict[str, list[Measured]] = {"newsarchive": [], "naive spider": [], "bare pool": []}
    with served(arguments.newsroom, arguments.articles, arguments.port) as base:
        pages = fetched(base)
        for _ in range(arguments.rounds):
            with tempfile.TemporaryDirectory() as directory:
                runs["newsarchive"].append(ours(base, directory))
                runs["naive spider"].append(naive(base, directory))
            runs["bare pool"].append(bare(pages))
    versions = ", ".join(f"{name} {version(name)}" for name in ("scrapy", "trafilatura", "lxml"))
    print(f"{arguments.articles} articles, median of {arguments.rounds} alternating rounds, {os.cpu_count()} cores,")
    print(f"Python {platform.python_version()}, {versions}\n")
    print("\n".join(table(runs, arguments.articles)))


if __name__ == "__main__":
    main()
