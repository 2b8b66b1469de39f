"""`run` as cron starts it: twelve newspapers, of which some are ill, over several rounds, killed and told to end."""

import json
import os
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.lock import holder
from archive.store import open_archive
from crawler.demo.serving import Reply
from tests.crawls.conftest import Archive, Run
from tests.newsroom import server
from tests.newsroom.living import Living
from tests.newsroom.wire import Diary, watched

DELAY_S = 0.1
SETTINGS = (f"DOWNLOAD_DELAY={DELAY_S}", "AUTOTHROTTLE_ENABLED=0", "EXTRACTION_PROCESSES=0", "CONCURRENT_CRAWLS=12")
OPTIONS = " ".join(f"-s {setting}" for setting in SETTINGS)
# all that cron gives
ENVIRONMENT = {"HOME": "/", "LOGNAME": "nobody", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}


class Slow(Living):
    """Thinks about everything, and about its stories for as long as it is kept from telling them."""

    def __init__(self, stories: int) -> None:
        """Tell nothing yet."""
        super().__init__(stories)
        self.tells = threading.Event()

    def answer(self, path: str) -> Reply:
        """As ever, but later."""
        if path in self.paths():
            self.tells.wait()
        time.sleep(0.2)
        return super().answer(path)


class Shell(Living):
    """Comes back from a redesign that builds its pages in the browser."""

    is_redesigned = False

    def answer(self, path: str) -> Reply:
        """A page without its text."""
        if self.is_redesigned and path in self.paths():
            return server.as_html(server.page("The Shell", '<div id="app"></div><script src="/app.js"></script>'))
        return super().answer(path)


class BusyAtFirst(Living):
    """Asks to be left alone for a second, twice."""

    busy = 2

    def answer(self, path: str) -> Reply:
        """503 for the first stories."""
        if path in self.paths() and self.busy:
            self.busy -= 1
            return Reply(status=503, headers={"Content-Type": "text/plain", "Retry-After": "1"}, body=b"busy")
        return super().answer(path)


@dataclass
class Press:
    """The newspapers, on 127.0.0.1 to 127.0.0.12."""

    healthy: dict[str, Living]
    sites: dict[str, server.SmallSite]
    bases: dict[str, str] = field(default_factory=dict)
    diaries: dict[str, Diary] = field(default_factory=dict)
    stop: dict[str, Callable[[], None]] = field(default_factory=dict)

    def asked(self) -> int:
        return sum(len(diary.visits) for diary in self.diaries.values())


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    healthy: dict[str, Living] = {f"paper-{number}": Living(8) for number in range(1, 9)}
    healthy |= {"slow": Slow(6), "busy": BusyAtFirst(6)}
    ill: dict[str, server.SmallSite] = {"forbidden": server.RobotsForbidsAll(), "shell": Shell(5)}
    found = Press(healthy, healthy | ill)
    with ExitStack() as stack:
        for number, (name, site) in enumerate(found.sites.items(), 1):
            own = stack.enter_context(ExitStack())
            found.bases[name], found.diaries[name] = own.enter_context(watched(site, f"127.0.0.{number}"))
            found.stop[name] = own.close
        yield found


@pytest.fixture(scope="module")
def archive(archive_in: Callable[[str], Archive]) -> Archive:
    return archive_in("run")


@pytest.fixture(scope="module")
def line(archive: Archive, press: Press) -> str:
    """What cron hands to /bin/sh, at our pace."""
    config = archive.path.with_name("newsarchive.toml")
    config.write_text("".join(f'[[source]]\nname = "{name}"\nurl = "{url}/"\n' for name, url in press.bases.items()))
    printed = archive.run("schedule", "--print", "cron", "--config", str(config)).out.splitlines()[-1]
    command = printed.split(maxsplit=5)[5].replace(r"\%", "%")
    assert shlex.split(command)[-3:] == ["--max-time", "50m", "--quiet"]
    return f"{command} {OPTIONS}"


def started(line: str) -> subprocess.Popen[str]:
    """A run under cron's conditions: no terminal, next to no environment, a session of its own."""
    return subprocess.Popen(
        ["/bin/sh", "-c", f"exec {line}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env=ENVIRONMENT,
        start_new_session=True,
    )


def finished(process: subprocess.Popen[str]) -> Run:
    out, err = process.communicate(timeout=240)
    assert "Traceback" not in err, err
    return Run(process.returncode, out, err)


def articles(archive: Archive) -> set[str]:
    try:
        return {row[0] for row in archive.sql("SELECT url FROM articles")}
    except StoreError:  # there is none before the first run
        return set()


def until(process: subprocess.Popen[str], archive: Archive, number: int) -> None:
    while len(articles(archive)) < number:
        assert process.poll() is None, finished(process)
        time.sleep(0.05)


def all_due(archive: Archive) -> None:
    """As if so much time had passed."""
    db = open_archive(archive.path)
    db.execute("UPDATE sources SET next_crawl_at = NULL")
    db.conn.commit()
    db.close()


@pytest.fixture(scope="module")
def rounds(archive: Archive, press: Press, line: str) -> dict[str, Run]:
    """What each of the rounds said."""
    said: dict[str, Run] = {}
    slow = press.sites["slow"]
    assert isinstance(slow, Slow)
    process = started(line)
    until(process, archive, 10)
    process.kill()
    process.communicate()
    kept = articles(archive)
    all_due(archive)
    process = started(line)
    until(process, archive, sum(len(paper.paths()) for paper in press.healthy.values()) - len(slow.paths()))
    said["another"] = archive.run("run", code=4)
    said["another, quiet"] = archive.run("run", "--quiet", code=4)
    by = holder(archive.path)
    assert by is not None
    assert by.pid == process.pid
    process.terminate()
    time.sleep(1)  # what is under way may end only when the run knows that it is to end
    slow.tells.set()
    said["told to end"] = finished(process)
    assert kept <= articles(archive)
    said["first"] = finished(started(line))
    asked = press.asked()
    said["at once again"] = finished(started(line))
    assert press.asked() == asked, "nothing was due"
    # the second day
    for paper in press.healthy.values():
        paper.publish(2)
    shell = press.sites["shell"]
    assert isinstance(shell, Shell)
    shell.is_redesigned = True
    shell.publish(2)
    press.stop["paper-8"]()
    all_due(archive)
    said["second"] = finished(started(line))
    return said


def test_healthy_newspapers_are_complete_and_nothing_is_there_twice(
    archive: Archive, press: Press, rounds: dict[str, Run]
) -> None:
    expected = {press.bases[name] + path for name, paper in press.healthy.items() for path in paper.paths()}
    expected -= {press.bases["paper-8"] + path for path in press.healthy["paper-8"].paths()[:2]}
    shell = press.sites["shell"]
    assert isinstance(shell, Shell)
    expected |= {press.bases["shell"] + path for path in shell.paths()[2:]}
    assert articles(archive) == expected
    assert archive.sql("SELECT count(*) FROM articles WHERE revisions > 1") == [(0,)]
    assert archive.sql("SELECT count(*) FROM urls WHERE state = 'waiting'") == [(0,)]
    assert archive.sql("PRAGMA integrity_check") == [("ok",)]
    archive.run("verify")


def test_cron_has_something_to_mail_only_where_sources_fail(rounds: dict[str, Run]) -> None:
    assert rounds["at once again"] == Run(0, "", "")
    for name in ("told to end", "second"):
        assert (rounds[name].code, rounds[name].out) == (3, ""), rounds[name]
        assert len(rounds[name].err.splitlines()) == 1, rounds[name].err
    assert "1 of 12 sources failed: forbidden: no articles found at" in rounds["told to end"].err
    assert "forbidden by robots.txt" in rounds["second"].err
    # what has failed rests; what was told to end goes on
    assert rounds["first"] == Run(0, "", "")
    assert "2 of 12 sources failed" in rounds["second"].err
    assert "paper-8: no articles found at" in rounds["second"].err


def test_who_comes_second_is_told_by_whom_the_archive_is_held(rounds: dict[str, Run]) -> None:
    assert "another crawl is running" in rounds["another"].err
    assert "(process " in rounds["another"].err
    assert rounds["another, quiet"].err == ""


def test_each_host_is_asked_at_its_pace_and_no_more_than_it_allows(press: Press, rounds: dict[str, Run]) -> None:
    for name, diary in press.diaries.items():
        # ten in a row: what the network or a busy machine shifts by a little evens out
        for first, tenth in zip(diary.visits, diary.visits[10:], strict=False):
            assert tenth.at - first.at > 10 * DELAY_S * 0.8, name
    assert {visit.path for visit in press.diaries["forbidden"].visits} == {"/robots.txt"}
    busy = press.diaries["busy"].visits
    stories = [visit.at for visit in busy if visit.path.startswith("/news/")]
    assert min(later - stories[0] for later in stories[1:]) > 0.9
    assert stories[2] - stories[1] > 0.9


def test_what_fails_rests_and_what_is_put_right_does_not(archive: Archive, rounds: dict[str, Run]) -> None:
    rows = {name: of for name, *of in archive.sql("SELECT name, failures, error FROM sources")}
    assert rows.pop("forbidden")[0] >= 2
    failures, error = rows.pop("paper-8")
    assert failures == 1
    assert "connection failed" in error
    assert [name for name, of in rows.items() if of != [0, None]] == []
    early = "SELECT count(*) FROM sources WHERE next_crawl_at < strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+1 minute')"
    assert archive.sql(early) == [(0,)]


def test_a_run_ends_within_its_time_and_the_next_goes_on(archive_in: Callable[[str], Archive]) -> None:
    archive = archive_in("brief")
    with watched(Living(30)) as (base, _):
        archive.run("sources", "add", base)
        options = [word for setting in ("DOWNLOAD_DELAY=0.5", *SETTINGS[1:]) for word in ("-s", setting)]
        began = time.monotonic()
        run = archive.run("run", "--max-time", "6s", "--json", *options)
        assert run.rows()[-1]["outcome"] == "time is up"
        assert run.err == ""
        assert time.monotonic() - began < 60
        kept = len(articles(archive))
        assert kept < 30
        run = archive.run("run", "-s", "DOWNLOAD_DELAY=0", *options[2:])
    assert len(articles(archive)) == 30
    assert archive.sql("SELECT outcome FROM crawls") == [("time is up",), ("finished",)]


def test_whoever_is_to_be_told_of_a_run_is_told(archive_in: Callable[[str], Archive], tmp_path: Path) -> None:
    archive, note, metrics = archive_in("told"), tmp_path / "note.json", tmp_path / "newsarchive.prom"
    with watched(Living(2)) as (base, _):
        archive.run("sources", "add", base, "--no-probe")
        tell = ("--notify", f"tee {note}", "--metrics", str(metrics), *shlex.split(OPTIONS))
        archive.run("run", *tell)
        assert not note.exists(), "all was well"
        assert "newsarchive_source_articles" in metrics.read_text()
    all_due(archive)
    assert archive.run("run", *tell, code=3).err.count("\n") == 1
    said = json.loads(note.read_text())
    assert list(said["failed"]) == [source["source"] for source in archive.run("sources", "list", "--json").rows()]
    assert "connection failed" in next(iter(said["failed"].values()))
    all_due(archive)
    run = archive.run("run", "--notify", "false", *shlex.split(OPTIONS), code=3)
    assert "--notify false: ended with 1" in run.err


def test_units_that_cannot_be_written_are_told_of_in_one_line(archive: Archive, tmp_path: Path) -> None:
    run = archive.run("schedule", "--print", "systemd", "-o", str(tmp_path / "none"), code=2)
    assert "newsarchive.service cannot be written there: No such file" in run.err
    assert "Traceback" not in run.err


def test_for_ever_until_it_is_told_to_end(tmp_path: Path) -> None:
    archive, config = Archive(tmp_path / "news.db"), tmp_path / "newsarchive.toml"
    options = shlex.join(["run", "--forever", "--config", str(config), "--log-format", "json"])
    with ExitStack() as stack:
        bases = [stack.enter_context(watched(Living(4), f"127.0.0.{number}"))[0] for number in (1, 2, 3)]
        tables = [f'[[source]]\nurl = "{base}/"\n' for base in bases]
        config.write_text(tables[0])
        program = shlex.join(archive_command(archive))
        process = started(f"{program} {options} {OPTIONS}")
        stack.callback(process.terminate)  # whatever comes between: it would stay for ever
        until(process, archive, 4)
        config.write_text("nonsense = 1\n" + tables[0])
        assert process.stderr is not None
        assert any('"config_wrong"' in line for line in process.stderr)
        # a run that is killed does not end those that follow
        config.write_text("".join(tables))
        until(process, archive, 5)
        by = holder(archive.path)
        assert by is not None
        assert by.pid != process.pid
        os.kill(by.pid, signal.SIGKILL)
        until(process, archive, 12)
        process.terminate()
        ended = finished(process)
    assert ended.code == 0, ended
    assert archive.sql("SELECT count(*) FROM articles WHERE revisions > 1") == [(0,)]
    archive.run("sources", "add", "https://courier.example/")  # nobody holds the lock, or writes


def archive_command(archive: Archive) -> list[str]:
    printed = archive.run("schedule", "--print", "cron").out.splitlines()[-1].split(maxsplit=5)[5]
    words = shlex.split(printed)
    return words[: words.index("run")]
