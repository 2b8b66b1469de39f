"""A writer that is killed, again and again, loses no record that it has reported, and leaves no unreadable file."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from warcio.checker import Checker

from archive.errors import CaptureError
from archive.models import WarcPlace
from archive.warc.reading import read
from archive.warc.writing import WarcWriter
from tests.archive.warc.test_writing import AUTHOR, end, exchange

WRITER = """
import os, sys
from pathlib import Path
from archive.warc.writing import WarcWriter
from tests.archive.warc.test_writing import AUTHOR, exchange
ends = {}
for line in open(sys.argv[2]):
    file, offset, length = line.split()
    ends[file] = int(offset) + int(length)
warc = WarcWriter(Path(sys.argv[1]), end_of=ends.get, max_bytes=3_000_000)
with open(sys.argv[2], "a", buffering=1) as log:
    while True:
        place = warc.exchange(AUTHOR, exchange(payload=os.urandom(40_000))).place
        log.write(f"{place.file} {place.offset} {place.length}\\n")
"""


NOTHING_KNOWN: dict[str, int] = {}


class Named:
    """What warcio's checker wants of a command line."""

    verbose = False

    def __init__(self, directory: Path) -> None:
        self.inputs = sorted(map(str, directory.iterdir()))


def test_a_writer_killed_twenty_times(tmp_path: Path) -> None:
    directory, log = tmp_path / "news.warc", tmp_path / "log"
    directory.mkdir()
    log.touch()
    for _ in range(20):
        before = log.stat().st_size
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(directory), str(log)])
        while writer.poll() is None and log.stat().st_size == before:
            time.sleep(0.005)
        time.sleep(random.uniform(0, 0.05))  # noqa: S311  # any moment will do
        writer.kill()
        assert writer.wait() == -signal.SIGKILL
    reported = [line.split() for line in log.read_text().splitlines()]
    ends: dict[str, int] = {}
    for file, offset, length in reported:
        record = read(directory, WarcPlace(file=file, offset=int(offset), length=int(length)))
        assert (record.kind, len(record.payload), record.sound) == ("response", 40_000, True)
        ends[file] = int(offset) + int(length)
    WarcWriter(directory, end_of=ends.get).close()
    assert len(reported) >= 20
    assert Checker(Named(directory)).process_all() == 0


def test_a_disk_that_is_full_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    # a limit on the size of files is refused by write(2) just like a full disk
    script = f"""
import resource
from pathlib import Path
from archive.errors import CaptureError
from archive.warc.writing import WarcWriter
from tests.archive.warc.test_writing import AUTHOR, exchange, PAGE
import os
warc = WarcWriter(Path({str(tmp_path)!r}), end_of={{}}.get)
written = warc.exchange(AUTHOR, exchange())
print(written.place.file, written.place.offset, written.place.length)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    warc.exchange(AUTHOR, exchange(payload=os.urandom(200_000)))
except CaptureError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(warc.exchange(AUTHOR, exchange()).place.offset)
warc.close()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    place, error, after = done.stdout.splitlines()
    file, offset, length = place.split()
    assert f"{file} cannot be written: File too large" in error
    # the request comes first, and the warcinfo record is there already
    assert int(after) > int(offset) + int(length)
    assert Checker(Named(tmp_path)).process_all() == 0
    assert (tmp_path / file).stat().st_size < 100_000


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "news.warc").write_text("a file where the folder should be")
    with pytest.raises(CaptureError, match=r"news\.warc cannot be written"):
        WarcWriter(tmp_path / "news.warc", end_of=NOTHING_KNOWN.get)


def test_what_was_written_before_the_kill_and_is_unknown_is_told(tmp_path: Path) -> None:
    warc = WarcWriter(tmp_path, end_of=NOTHING_KNOWN.get)
    known = warc.exchange(AUTHOR, exchange())
    warc.exchange(AUTHOR, exchange())
    warc.close()
    again = WarcWriter(tmp_path, end_of={known.place.file: end(known)}.get)
    (tail,) = again.tails
    again.close()
    assert (tail.start, tail.cut) == (end(known), 0)
