from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.config import ConfiguredSource
from archive.errors import ConfigError
from archive.models import CanonicalUrl, Source, SourceId
from archive.reconciling import reconcile
from archive.store import Database, sources


def want(url: str, name: str | None = None, *, line: int = 1, **more: object) -> ConfiguredSource:
    columns = {"settings": {}} | more
    return ConfiguredSource(where=f"n.toml:{line}", url=CanonicalUrl(url), name=name, **columns)  # type: ignore[arg-type]


def known(number: int, name: str, url: str, **more: object) -> Source:
    return Source(id=SourceId(number), name=name, title="Title", url=url, domain="", **more)  # type: ignore[arg-type]


ONE = known(1, "one", "https://one.example/", every_seconds=21_600, settings={"delay": 2, "exclude": ["a"]})
TWO = known(2, "two", "https://two.example/")


def test_what_is_as_the_file_says_needs_no_change() -> None:
    wanted = want("https://one.example/", every=timedelta(hours=6), settings={"exclude": ["a"], "delay": 2})
    assert not reconcile([ONE], [wanted])


def test_each_difference_is_told() -> None:
    wanted = [
        want("http://www.one.example/", "uno", title="One", every=timedelta(days=1), settings={"feeds": []}),
        want("https://three.example/", line=9),
    ]
    assert list(reconcile([ONE, TWO], wanted).lines()) == [
        "added https://three.example/: https://three.example/",
        "changed one: url from https://one.example/ to http://www.one.example/",
        "changed one: name from one to uno",
        "changed one: title from Title to One",
        "changed one: every from 6h to 1d",
        "changed one: delay from 2 to nothing",
        "changed one: exclude from ['a'] to nothing",
        "changed one: feeds from nothing to []",
        "disabled two: it is not in the file",
    ]


def test_a_source_that_has_moved_is_known_by_its_name() -> None:
    (change,) = reconcile([ONE], [want("https://uno.example/", "one", settings=ONE.settings)]).changed
    assert {difference.key for difference in change.differences} == {"url", "every"}


def test_what_is_not_named_may_stay_as_it_is() -> None:
    assert not reconcile([ONE, TWO], [want(TWO.url)], only=False)
    assert reconcile([TWO], [want("https://three.example/")], only=False).disabled == ()


def test_what_is_disabled_already_is_not_disabled_again() -> None:
    assert not reconcile([known(1, "one", "https://one.example/", enabled=False)], [])


def test_a_name_that_another_source_keeps_is_refused() -> None:
    stays = [want("https://three.example/", "two", line=3), want("https://one.example/", line=7)]
    with pytest.raises(ConfigError, match=r"n.toml:3: name: 'two' is that of https://two.example/"):
        reconcile([ONE, known(3, "three", "https://three.example/"), TWO], stays)
    unnamed = [want("https://one.example/"), want("https://new.example/", "one", line=5)]
    with pytest.raises(ConfigError, match=r"n.toml:5: name: 'one' is that of https://one.example/"):
        reconcile([ONE], unnamed)


def test_nothing_is_applied_where_one_thing_cannot_be(db: Database) -> None:
    sources.add(db, url="https://one.example/")
    before = sources.every(db)
    with pytest.raises(ConfigError):
        sources.bring_in_line(db, [want("https://one.example/"), want("https://new.example/", "one", line=2)])
    assert sources.every(db) == before


def test_two_sources_exchange_their_names(db: Database) -> None:
    one, two = (sources.add(db, url=f"https://{name}.example/") for name in ("one", "two"))
    sources.bring_in_line(db, [want(one.url, "two", line=1), want(two.url, "one", line=2)])
    assert [(source.name, source.id) for source in sources.every(db)] == [("one", two.id), ("two", one.id)]


NAMES = ["a", "b", "c", "d"]
FILES = st.lists(
    st.tuples(
        st.sampled_from([f"https://{name}.example/" for name in NAMES]),
        st.none() | st.sampled_from(NAMES),
        st.booleans(),
        st.sampled_from([{}, {"delay": 3}, {"headers": {"A": "b"}, "feeds": []}]),
        st.none() | st.just(timedelta(hours=6)),
    ),
    max_size=4,
    unique_by=(lambda source: source[0], lambda source: source[1] or object()),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(FILES, min_size=2, max_size=3))
def test_the_table_comes_to_be_what_the_last_file_says(
    db: Database,
    files: list[list[tuple[str, str | None, bool, dict[str, object], timedelta | None]]],
) -> None:
    for source in sources.every(db):
        sources.remove(db, source.id)
    for file in files:
        wanted = [
            want(url, name, line=line, enabled=enabled, settings=kept, every=every)
            for line, (url, name, enabled, kept, every) in enumerate(file)
        ]
        before = sources.every(db)
        try:
            sources.bring_in_line(db, wanted)
        except ConfigError:
            assert sources.every(db) == before
            continue
        assert not reconcile(sources.every(db), wanted)
        assert {source.url for source in sources.every(db) if source.enabled} == {w.url for w in wanted if w.enabled}
        assert len(sources.every(db)) >= len(before)
