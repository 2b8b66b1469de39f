import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ConfigError
from archive.when import length_of_time, point_in_time, stamp, written

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("90m", NOW - timedelta(minutes=90)),
        ("12h", NOW - timedelta(hours=12)),
        ("2d", NOW - timedelta(days=2)),
        ("3 W", NOW - timedelta(weeks=3)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T08:00+01:00", datetime(2026, 11, 1, 7, tzinfo=UTC)),
    ],
)
def test_ages_and_dates(text: str, meant: datetime) -> None:
    assert point_in_time(text, NOW) == meant


@pytest.mark.parametrize("text", ["", "yesterday", "2x", "-3d", "99999999999w", "2026-13-01", "٣d٣"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError):
        point_in_time(text, NOW)


@given(st.text(max_size=30))
def test_only_config_errors_leave(text: str) -> None:
    with contextlib.suppress(ConfigError):
        assert point_in_time(text, NOW).tzinfo is not None


def test_stamp_is_utc() -> None:
    assert stamp(datetime(2026, 1, 1, 1, 30, 5, tzinfo=timezone(timedelta(hours=2)))) == "2025-12-31T23:30:05Z"


@pytest.mark.parametrize("text", ["1w", "2d", "36h", "90m", "61s", "0s"])
def test_lengths_are_written_as_they_are_read(text: str) -> None:
    assert written(length_of_time(text)) == text


@given(st.integers(0, 10**9))
def test_every_length_can_be_read_again(seconds: int) -> None:
    assert length_of_time(written(timedelta(seconds=seconds))) == timedelta(seconds=seconds)
