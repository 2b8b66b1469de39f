"""Measure what an export takes as the archive grows: articles a second of CPU time, and peak memory.

    python benchmarks/exporting.py [--sizes 1000,10000,100000] [--formats jsonl,csv]

Synthetic articles of 4 KB, of which a thousand are stored and the rest are copies of their rows under other addresses.
"""

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from synthetic import START, article_of, prepared

from archive.exporting.formats import FORMATS
from archive.ingest import ingest
from archive.store import Database, crawls, open_archive, sources, transaction

STORED = 1_000
"""Articles that are made one by one."""
TABLES = {"articles": "id", "revisions": "article_id", "article_urls": "article_id"}
"""What is copied: table -> the column that has an article's number."""


def grow(path: Path, size: int) -> None:
    """Brings an archive to so many articles."""
    with closing(open_archive(path)) as db:
        (stored,) = db.execute("SELECT count(*) FROM articles").fetchone()
        if not stored:
            source = sources.add(db, url="https://paper-0.example/")
            crawl_id = crawls.start(db, source.id, START)
            for number in range(STORED):
                ingest(db, prepared(article_of(number)), source_id=source.id, crawl_id=crawl_id, at=START)
        for moved in range(max(stored, STORED), size, STORED):
            with transaction(db):
                copy(db, moved)


def copy(db: Database, moved: int) -> None:
    """Stores the first articles again, under numbers that are higher by so many."""
    for table, key in TABLES.items():
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall()]
        new = {key: f"{key} + {moved}", "url": f"url || '/{moved}'"}
        values = ", ".join(new.get(column, column) for column in columns)
        selected = f"SELECT {values} FROM {table} WHERE {key} <= {STORED}"  # noqa: S608 - names of our own
        db.execute(f"INSERT INTO {table} ({', '.join(columns)}) {selected}")


def measured(path: Path, form: str, out: Path) -> tuple[float, float]:
    """The CPU seconds and the peak memory in MB of an export; what was exported is removed again."""
    command = [sys.executable, "-m", "archive", "--db", str(path), "export", "--format", form, "-o", str(out)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: {process.returncode}")
    for made in (out, out.with_name(f"{out.name}.manifest.json")):
        shutil.rmtree(made) if made.is_dir() else made.unlink(missing_ok=True)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000", help="how many articles, in rising order")
    parser.add_argument("--formats", default=",".join(form for form in FORMATS if form != "warc"))
    wish = parser.parse_args()
    sizes, formats = [int(size) for size in wish.sizes.split(",")], wish.formats.split(",")
    print("| format | " + " | ".join(f"{size:,}: s CPU, MB" for size in sizes) + " |")
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "news.db"
        found: dict[str, list[str]] = {form: [] for form in formats}
        for size in sizes:
            # in a process of its own: Linux counts what a parent has at the start of a child as the child's peak
            growing = multiprocessing.get_context("spawn").Process(target=grow, args=(path, size))
            growing.start()
            growing.join()
            for form in formats:
                seconds, peak = measured(path, form, Path(directory) / "out")
                found[form].append(f"{seconds:.1f}, {peak:.0f}")
        for form, row in found.items():
            print(f"| {form} | " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
