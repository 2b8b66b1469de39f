from pathlib import Path

from archive.config import Config


def test_defaults() -> None:
    assert Config.from_environment({}) == Config(db=Path("news.db"), contact=None)


def test_environment() -> None:
    environ = {"NEWSARCHIVE_DB": "/srv/a.db", "NEWSARCHIVE_CONTACT": "desk@example.org"}
    assert Config.from_environment(environ) == Config(db=Path("/srv/a.db"), contact="desk@example.org")


def test_an_empty_variable_is_not_set() -> None:
    assert Config.from_environment({"NEWSARCHIVE_DB": " "}).db == Path("news.db")
