import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import ArchiveLockedError
from archive.lock import crawl_lock, holder

HOLD = """
import sys
from pathlib import Path
from archive.lock import crawl_lock

with crawl_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_who_finds_it_taken_learns_by_whom_and_a_kill_gives_it_up(archive_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    command = [sys.executable, "-c", HOLD, str(archive_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(ArchiveLockedError, match=rf"process {other.pid}, since \d{{4}}-\d\d-\d\dT"),
            crawl_lock(archive_path),
        ):
            pass
        by = holder(archive_path)
        assert by is not None
        assert by.pid == other.pid
        assert before <= by.since <= datetime.now(UTC) + timedelta(seconds=1)
        other.kill()
    with crawl_lock(archive_path):
        by = holder(archive_path)
        assert by is not None
        assert by.pid == os.getpid()


@pytest.mark.parametrize("left", ["", "4711\n", "x 2026-11-25T00:00:00Z\n", "1 yesterday\n"])
def test_a_lock_that_says_nothing_readable_has_no_known_holder(archive_path: Path, left: str) -> None:
    archive_path.with_name(f"{archive_path.name}.lock").write_text(left)
    assert holder(archive_path) is None


def test_no_lock_has_no_holder(archive_path: Path) -> None:
    assert holder(archive_path) is None
