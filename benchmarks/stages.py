"""Run newsarchive and tell in which of its rooms the process spends its CPU time: stages.py OUT.json ARGUMENT...

A timer interrupts the process after each few milliseconds of CPU time; what the main thread has used since the last
time counts for the room that it is in. Other threads are only seen together: they are the pool's.
"""

import json
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

INTERVAL_S = 0.001

ROOMS = {
    "/archive/store/": "database",
    "/sqlite_utils/": "database",
    "/archive/warc/": "WARC records",
    "/archive/capturing.py": "WARC records",
    "/archive/pool.py": "pool",
    "/pebble/": "pool",
    "/multiprocessing/": "pool",
    "/crawler/discovery/": "discovery",
    "/archive/": "decision, addresses, text",
    "/crawler/": "frontier, spider, middlewares",
    "/scrapy/": "Scrapy",
    "/twisted/": "Twisted",
}
"""What is in the path of a source file -> the room; of several the first counts, and of all frames the innermost."""


def room(frame: FrameType | None) -> str:
    """The room that a stack of frames is in."""
    found = ""
    while frame is not None:
        path, name = frame.f_code.co_filename, frame.f_code.co_name
        if "importlib" in path and name == "_find_and_load":
            return "start: imports"
        if name == "closed" and path.endswith("/spiders/news.py"):
            return "end: learning, sealing"
        found = found or next((name for part, name in ROOMS.items() if part in path), "")
        frame = frame.f_back
    return found or "event loop"


def main() -> None:
    """Runs the command, and writes CPU seconds by room."""
    out = Path(sys.argv.pop(1))
    rooms: Counter[str] = Counter()
    last = time.thread_time()

    def tick(_: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.thread_time()
        rooms[room(frame)] += now - last  # type: ignore[assignment]  # a Counter counts seconds as well
        last = now

    signal.signal(signal.SIGPROF, tick)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL_S, INTERVAL_S)
    from archive.cli import main as newsarchive  # noqa: PLC0415  # its imports are to be measured

    try:
        newsarchive()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        rooms["pool: its threads"] = time.process_time() - time.thread_time()  # type: ignore[assignment]
        out.write_text(json.dumps(rooms))


if __name__ == "__main__":
    main()
