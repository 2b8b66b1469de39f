"""What a line of the log says, in both forms."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from archive.errors import ConfigError
from archive.models import CrawlId
from crawler import logs

logger = logging.getLogger("crawler.testing")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield tmp_path / "log"
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def install(log: Path, lines: str, level: str = "INFO") -> None:
    values = {"LOG_FILE": str(log), "LOG_LINES": lines, "LOG_LEVEL": level}
    logs.install(Settings(values))


def rows(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_each_line_says_of_which_run_source_and_crawl_it_tells(log: Path) -> None:
    install(log, "json")

    async def crawl(name: str, number: int) -> None:
        logs.of_crawl(name, lambda: CrawlId(number))
        await asyncio.sleep(0)
        await asyncio.create_task(step(name))

    async def step(name: str) -> None:
        await asyncio.sleep(0)
        logger.info("event=step of=%s", name)

    async def both() -> None:
        await asyncio.gather(crawl("courier", 1), crawl("herald", 2))

    asyncio.run(both())
    logger.warning("event=alone")
    found = rows(log)
    assert [(row["of"], row["source"], row["crawl"]) for row in found[:2]] == [
        ("courier", "courier", 1),
        ("herald", "herald", 2),
    ]
    assert (found[2]["event"], found[2]["source"], found[2]["level"]) == ("alone", None, "warning")
    assert {row["run"] for row in found} == {logs.run_id()}
    assert all(str(row["time"]).endswith("Z") for row in found)


def test_what_a_template_names_comes_as_it_was_given(log: Path) -> None:
    install(log, "json")
    logger.info("event=robots host=%s delay=%g %d%% left_s=%.0f url=%r", "a.example", 1.5, 40, float("nan"), Path("/x"))
    logger.info("Crawled (%(status)d)", {"status": 200})
    first, second = rows(log)
    assert (first["event"], first["host"], first["delay"], first["left_s"]) == ("robots", "a.example", 1.5, None)
    assert first["url"] == "/x"
    assert "40% left_s=nan" in str(first["message"])
    assert (second["event"], second["message"]) == (None, "Crawled (200)")


def test_a_traceback_stays_on_its_line(log: Path) -> None:
    install(log, "json")
    try:
        int("of no use")
    except ValueError:
        logger.exception("event=failed level=%s", "mine")
    (row,) = rows(log)
    assert "ValueError: invalid literal" in str(row["exception"])
    assert row["level"] == "error", "what every line has is not taken by what one names"


def test_text_says_the_same(log: Path) -> None:
    install(log, "text")
    logger.info("event=step")
    line = log.read_text()
    assert f"INFO crawler.testing run={logs.run_id()} source=- crawl=- event=step\n" in line


def test_what_is_below_the_level_is_not_written_and_nothing_twice(log: Path) -> None:
    install(log, "text", "INFO")
    install(log, "json", "ERROR")
    logging.getLogger("scrapy").setLevel("DEBUG")
    logging.getLogger("scrapy.core").debug("Crawled")
    logger.warning("event=no")
    logger.error("event=yes")
    assert [row["event"] for row in rows(log)] == ["yes"]


def test_another_form_is_refused(log: Path) -> None:
    with pytest.raises(ConfigError, match="LOG_LINES=xml: write text or json"):
        install(log, "xml")


@given(st.text(), st.lists(st.text() | st.integers() | st.floats() | st.none()))
def test_whatever_is_logged_has_its_fields(template: str, arguments: list[object]) -> None:
    record = logging.makeLogRecord({"msg": f"event=x {template.replace('%', '')}", "args": (), "levelname": "INFO"})
    row = logs.fields(record)
    assert row["event"] == "x"
    record = logging.makeLogRecord({"msg": "event=y " + "a=%s " * len(arguments), "args": tuple(arguments)})
    assert logs.fields(record)["event"] == "y"
