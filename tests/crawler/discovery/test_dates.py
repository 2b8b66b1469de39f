from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.dates import instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-06T10:30:00+02:00",
        "2026-05-06T10:30+02:00",
        "2026-05-06T10:30:00.1234567+0200",
        "2026-05-06 10:30:00 +0200",
        "2026-05-06T08:30:00Z",
        "2026-05-06T08:30:00 Z",
        "  2026-05-06T08:30:00Z\n",
        "Wed, 06 May 2026 10:30:00 +0200",
        "Wed, 6 May 2026 08:30:00 GMT",
        "06 May 26 08:30 UT",
        "Wed, 06 May 2026 04:30:00 EDT",
    ],
)
def test_moments_are_read_and_turned_to_utc(text: str) -> None:
    assert instant(text) == datetime(2026, 5, 6, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-06",
        "20260506",
        "2026-05-06T23:30:00",
        "2026-05-06 23:30",
        "Wed, 06 May 2026 23:30:00",
        "Wed, 06 May 2026 23:30:00 CEST",
        "Wed, 06 May 2026 23:30:00 -0000",
        "Wed, 06 May 2026",
    ],
)
def test_without_a_time_or_a_known_zone_only_the_day_is_believed(text: str) -> None:
    assert instant(text) == datetime(2026, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        None,
        17,
        "",
        "yesterday",
        "10",
        "2026",
        "2026-13-40",
        "Wed, 31 Feb 2026 10:00:00 GMT",
        "Wed, 06 May 2026 10:00:00 +9999",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "1970-01-01T00:00:00Z",
        "2026-05-06 " + "x" * 100,
    ],
)
def test_nonsense_and_empty_values_of_software_are_no_dates(text: object) -> None:
    assert instant(text) is None


def test_old_newspapers_keep_their_dates() -> None:
    assert instant("1851-09-18") == datetime(1851, 9, 18, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1971, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001 — hypothesis' form
def test_every_moment_is_read_back(naive: datetime, offset: int) -> None:
    written = naive.replace(microsecond=0, tzinfo=UTC)
    try:
        local = (written + timedelta(minutes=offset)).replace(tzinfo=None)
    except OverflowError:
        return
    sign, minutes = ("-", -offset) if offset < 0 else ("+", offset)
    assert instant(f"{local.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}") == written


@given(st.text(max_size=100))
def test_any_text_gives_a_time_in_utc_or_none(text: str) -> None:
    moment = instant(text)
    assert moment is None or moment.tzinfo is UTC
