"""Measure a whole crawl beside a naive one and bare extraction, alternating in one run, on ../shared/newsroom.

Ours: discovery, robots.txt, fetch, WARC, extraction with all fields, dedupe, full text, provenance, manifest; from the
start of the command to its end. Naive: `naive_spider.py`, likewise. Bare: a pool of two processes that does nothing but
`trafilatura.bare_extraction(with_metadata=True)` on pages that lie in memory, without the start of the pool. Then one
more crawl of ours, sampled, tells where the crawling process spends its time; and with `--memory 1000,10000` crawls of
so many articles tell whether its memory grows.

Python's bytecode is kept, as after any installation by pip, whatever the environment says.
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
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import trafilatura

NEWSROOM = Path(__file__).parent.parent.parent / "shared" / "newsroom" / "newsroom.py"
TICKS = os.sysconf("SC_CLK_TCK")
LOOK_S = 0.1
"""How often the CPU times of workers are read: what they use after the last time is not counted."""
FAST = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "CONCURRENT_REQUESTS_PER_DOMAIN=8")


@dataclass(frozen=True)
class Measured:
    """One run of one contender."""

    seconds: float
    crawler_cpu_s: float = 0.0
    """Of the crawling process alone, its workers not included."""
    crawler_rss_mb: float = 0.0
    workers_cpu_s: float = 0.0
    """Of the processes that extract."""


def environment(bytecode: str) -> dict[str, str]:
    """Where Python keeps bytecode; a first run of ours fills it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": bytecode}


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


def run(directory: str, *command: str, bytecode: str) -> Measured:
    """Run a crawl to its end, outside of our own Scrapy project."""
    started = time.monotonic()
    process = subprocess.Popen(
        (sys.executable, *command),
        stdout=subprocess.DEVNULL,
        cwd=directory,
        env=environment(bytecode),
        start_new_session=True,
    )
    cpu_s: dict[int, float] = {}
    peak_mb = 0.0
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        cpu_s.update(cpu_of_group(process.pid))
        peak_mb = max(peak_mb, peak_of(process.pid))
        time.sleep(LOOK_S)
    seconds = time.monotonic() - started
    cpu_s.update(cpu_of_group(process.pid))
    if process.wait():
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Measured(seconds, cpu_s.pop(process.pid), peak_mb, sum(cpu_s.values()))


def peak_of(pid: int) -> float:
    """A process's own peak of memory in MB, where `ru_maxrss` begins with what its parent had."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has just ended
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def cpu_of_group(leader: int) -> Iterator[tuple[int, float]]:
    """The CPU seconds of each process in a group, by its number."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(values[2]) == leader:
            yield int(stat.parent.name), (int(values[11]) + int(values[12])) / TICKS


def ours(base: str, directory: str, *more: str, bytecode: str, runner: Sequence[str] = ("-m", "archive")) -> Measured:
    settings = [word for setting in FAST for word in ("-s", setting)]
    command = (*runner, "--db", f"{directory}/ours.db", "crawl", f"{base}/", *settings, *more)
    return run(directory, *command, bytecode=bytecode)


def naive(base: str, directory: str, *, bytecode: str) -> Measured:
    spider = str(Path(__file__).with_name("naive_spider.py"))
    arguments = ("-a", f"base={base}", "-a", f"db={directory}/naive.db")
    return run(directory, "-m", "scrapy", "runspider", spider, *arguments, bytecode=bytecode)


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
    """The medians, as Markdown; of the ratios to the bare pool of the same round all."""
    yield "| | pages/s | to bare pool | each round | crawler CPU ms/page | workers CPU ms/page | crawler peak MB |"
    yield "|---|---|---|---|---|---|---|"
    for name, measured in runs.items():
        seconds = statistics.median(one.seconds for one in measured)
        ratios = [bare.seconds / one.seconds for bare, one in zip(runs["bare pool"], measured, strict=True)]
        each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        cpu, workers = (
            statistics.median(values) * 1000 / articles
            for values in ([one.crawler_cpu_s for one in measured], [one.workers_cpu_s for one in measured])
        )
        rss = max(one.crawler_rss_mb for one in measured)
        own = f"{cpu:.1f} | {workers:.1f} | {rss:.0f}" if cpu else "– | – | –"
        yield f"| {name} | {articles / seconds:.1f} | {statistics.median(ratios):.2f} | {each} | {own} |"


def stages(base: str, articles: int, bytecode: str) -> Iterator[str]:
    """Where the crawling process spends its CPU time, as Markdown; with what the sampling itself costs."""
    with tempfile.TemporaryDirectory() as directory:
        found = Path(directory) / "stages.json"
        ours(base, directory, bytecode=bytecode, runner=(str(Path(__file__).with_name("stages.py")), str(found)))
        rooms: dict[str, float] = json.loads(found.read_text())
    yield "| of the crawling process | CPU ms/page |"
    yield "|---|---|"
    for name, seconds in sorted(rooms.items(), key=lambda pair: -pair[1]):
        yield f"| {name} | {seconds * 1000 / articles:.2f} |"
    yield f"| all | {sum(rooms.values()) * 1000 / articles:.2f} |"


def memory(newsroom: Path, sizes: Sequence[int], port: int, bytecode: str) -> Iterator[str]:
    """The peak of the crawling process for so many articles, as Markdown."""
    yield "| articles | crawler peak MB | pages/s |"
    yield "|---|---|---|"
    for articles in sizes:
        with served(newsroom, articles, port) as base, tempfile.TemporaryDirectory() as directory:
            measured = ours(base, directory, bytecode=bytecode)
        yield f"| {articles:,} | {measured.crawler_rss_mb:.0f} | {articles / measured.seconds:.1f} |"


def machine() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--newsroom", type=Path, default=NEWSROOM, help="newsroom.py, with its corpus beside it")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--memory", default="", help="numbers of articles for which memory is measured: 1000,10000")
    parser.add_argument("--without-naive", action="store_true", help="leave the naive spider out")
    arguments = parser.parse_args()
    if not arguments.newsroom.exists():
        print(f"no newsroom at {arguments.newsroom}: this benchmark needs the shared newspaper (--newsroom)")
        return
    with tempfile.TemporaryDirectory() as bytecode:
        measure(arguments, bytecode)


def measure(arguments: argparse.Namespace, bytecode: str) -> None:
    """All that is asked for, printed as it comes."""
    runs: dict[str, list[Measured]] = {"newsarchive": [], "naive spider": [], "bare pool": []}
    with served(arguments.newsroom, arguments.articles, arguments.port) as base:
        pages = fetched(base)
        with tempfile.TemporaryDirectory() as directory:
            ours(base, directory, "--limit", "1", bytecode=bytecode)
        for _ in range(arguments.rounds):
            with tempfile.TemporaryDirectory() as directory:
                runs["newsarchive"].append(ours(base, directory, bytecode=bytecode))
                if not arguments.without_naive:
                    runs["naive spider"].append(naive(base, directory, bytecode=bytecode))
            runs["bare pool"].append(bare(pages))
        versions = ", ".join(f"{name} {version(name)}" for name in ("scrapy", "trafilatura", "lxml"))
        print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {machine()},")
        print(f"Python {platform.python_version()}, {versions}.")
        print(f"{arguments.articles} articles, median of {arguments.rounds} alternating rounds.\n")
        print("\n".join(table({name: found for name, found in runs.items() if found}, arguments.articles)), flush=True)
        print("\n" + "\n".join(stages(base, arguments.articles, bytecode)), flush=True)
    if sizes := [int(size) for size in arguments.memory.split(",") if size]:
        print("\n" + "\n".join(memory(arguments.newsroom, sizes, arguments.port, bytecode)))


if __name__ == "__main__":
    main()
