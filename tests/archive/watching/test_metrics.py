import stat
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from archive.errors import NotificationError
from archive.health.alarms import alarm
from archive.health.causes import Ailment
from archive.health.past import Past
from archive.models import Source, SourceId
from archive.store import Database, crawls, sources
from archive.watching import metrics
from archive.watching.judging import Health, judge
from tests.archive.stories import NOON, later

NUMBERS = {
    "last_crawl_at": "2026-07-04T12:00:00Z",
    "last_success_at": None,
    "last_article_at": None,
    "articles": 7,
    "new_articles": 2,
    "waiting": 1,
    "failed": 0,
    "failing_lists": 0,
    "missing": 0,
    "crawls": 3,
}


def _health(name: str, *ailments: Ailment) -> Health:
    source = Source(id=SourceId(1), name=name, title=None, url="https://a.example/", domain="a.example")
    past = Past(source=name, url=source.url)
    found = tuple(alarm(past, ailment, now="", then="", since=None, chance=0.0) for ailment in ailments)
    return Health(source=source, numbers=NUMBERS, alarms=found)


def _samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_reads_what_we_write() -> None:
    text = metrics.exposition([_health("courier", Ailment.NO_TEXT), _health('a"b\\c\nd')], NOON)
    samples = _samples(text)
    for name in ("courier", 'a"b\\c\nd'):
        assert samples["newsarchive_source_articles", (("source", name),)] == 7
        assert samples["newsarchive_source_crawls_total", (("source", name),)] == 3
    rings = {labels: value for (name, labels), value in samples.items() if name == "newsarchive_source_alarm"}
    assert len(rings) == 2 * len(Ailment)
    assert [labels for labels, value in rings.items() if value] == [
        (("source", "courier"), ("alarm", "pages_without_text"))
    ]
    assert samples["newsarchive_health_timestamp_seconds", ()] == NOON.timestamp()
    assert "newsarchive_source_last_success_timestamp_seconds" not in {name for name, _ in samples}


def test_names_and_units_are_prometheus_own() -> None:
    families = list(text_string_to_metric_families(metrics.exposition([_health("courier")], NOON)))
    assert len(families) == len({family.name for family in families}) > 10
    for family in families:
        assert family.documentation.endswith(".")
        assert family.name.startswith("newsarchive_")
        assert (family.type == "counter") == any(sample.name.endswith("_total") for sample in family.samples)


def test_an_archive_is_measured(db: Database) -> None:
    source = sources.add(db, url="https://courier.example/")
    crawl_id = crawls.start(db, source.id, NOON)
    crawls.finish(db, crawl_id, at=later(hours=1), outcome="finished", counts={"announced": 1})
    samples = _samples(metrics.exposition(judge(db, later(hours=2)), later(hours=2)))
    label = (("source", source.name),)
    assert samples["newsarchive_source_last_success_timestamp_seconds", label] == later(hours=1).timestamp()
    assert samples["newsarchive_source_crawls_total", label] == 1


def test_the_file_is_whole_and_may_be_read_by_all(tmp_path: Path) -> None:
    path = tmp_path / "newsarchive.prom"
    for text in ("first\n", "second\n"):
        metrics.write(path, text)
        assert path.read_text(encoding="utf-8") == text
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_where_it_cannot_be_written_that_is_told_and_nothing_left(tmp_path: Path) -> None:
    with pytest.raises(NotificationError, match="cannot be written"):
        metrics.write(tmp_path / "nowhere" / "a.prom", "text\n")
    (tmp_path / "a.prom").mkdir()
    with pytest.raises(NotificationError, match="cannot be written"):
        metrics.write(tmp_path / "a.prom", "text\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.prom"]
