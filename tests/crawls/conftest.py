"""The command as a user runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.store import Database, open_archive

# loopback may be asked as fast as it answers, and a test that waits for a dead server must not wait long
FAST = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "0",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    # starting a pool takes longer than these small sites; test_newspaper has crawls with one
    "EXTRACTION_PROCESSES": "0",
    "RETRY_TIMES": "1",
}


@dataclass(frozen=True)
class Run:
    """What a finished command said."""

    code: int
    out: str
    err: str

    def rows(self) -> list[dict[str, Any]]:
        """The JSON lines on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


class Archive:
    """An archive in a test's own folder, and the command over it."""

    def __init__(self, path: Path) -> None:
        """Not made until the command makes it."""
        self.path = path

    def run(self, *arguments: str, code: int | None = 0) -> Run:
        """Run `newsarchive`; fail with all that it said unless it exits with `code` (None: any)."""
        command = [sys.executable, "-m", "archive", "--db", str(self.path), *arguments]
        # a minute is for a command that hangs, not a bound on a slow machine
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, env=self.environment())
        result = Run(done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in result.err, result.err
        assert code is None or result.code == code, result
        return result

    def crawl(self, *targets: str, code: int | None = 0, settings: Mapping[str, str] | None = None) -> Run:
        """Run `newsarchive crawl` without the waits that politeness asks for."""
        options = [word for name, value in (FAST | dict(settings or {})).items() for word in ("-s", f"{name}={value}")]
        return self.run("crawl", *targets, *options, code=code)

    def environment(self) -> dict[str, str]:
        """The test's own environment, without what an operator may have set."""
        return {key: value for key, value in os.environ.items() if not key.startswith("NEWSARCHIVE_")}

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        db: Database = open_archive(self.path, readonly=True)
        try:
            return list(db.execute(query, values).fetchall())
        finally:
            db.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "news.db")


@pytest.fixture(scope="session")
def archive_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Archive]:
    """Makes archives that outlive a test, for crawls that many tests look at."""
    return lambda name: Archive(tmp_path_factory.mktemp(name) / "news.db")
