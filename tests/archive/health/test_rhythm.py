from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archive.health.rhythm import pause

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RARE = 1e-3


def _moments(days: range, weekdays: tuple[int, ...], hours: range) -> list[datetime]:
    return [MONDAY + day * DAY + hour * HOUR for day in days if day % 7 in weekdays for hour in hours]


def test_a_weekly_paper_may_be_silent_for_days_and_not_for_weeks() -> None:
    issues = _moments(range(84), (3,), range(6, 7))
    last = issues[-1]
    for days in (1, 3, 6.9):
        found = pause(issues, begin=MONDAY, end=last + days * DAY)
        assert found is not None
        assert found.chance == 1.0
    late = pause(issues, begin=MONDAY, end=last + 22 * DAY)
    assert late is not None
    assert late.chance < 0.02
    assert late.longest == 7 * DAY


def test_an_hourly_paper_may_be_silent_at_night_and_not_for_a_day() -> None:
    news = _moments(range(30), tuple(range(7)), range(6, 22))
    night = pause(news, begin=MONDAY, end=news[-1] + 8 * HOUR)
    day = pause(news, begin=MONDAY, end=news[-1] + 24 * HOUR)
    assert night is not None
    assert night.chance == 1.0
    assert day is not None
    assert day.chance < 1e-6


def test_who_is_often_silent_may_be_again() -> None:
    news = [moment for number, moment in enumerate(_moments(range(84), tuple(range(7)), range(12, 13))) if number % 3]
    found = pause(news, begin=MONDAY, end=news[-1] + 3 * DAY)
    assert found is not None
    assert found.chance > RARE


def test_two_weeks_are_the_least_from_which_a_rhythm_is_known() -> None:
    news = _moments(range(10), tuple(range(7)), range(6, 22))
    assert pause(news, begin=MONDAY, end=news[-1] + 30 * DAY) is None
    assert pause([], begin=MONDAY, end=MONDAY) is None


@given(
    st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2021, 1, 1), timezones=st.just(UTC)), max_size=40),  # noqa: DTZ001 - hypothesis wants it so
    st.datetimes(datetime(2020, 1, 1), datetime(2021, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - likewise
)
def test_any_moments_have_a_rhythm_or_none(moments: list[datetime], end: datetime) -> None:
    found = pause(moments, begin=datetime(2020, 1, 1, tzinfo=UTC), end=end)
    assert found is None or (0 <= found.chance <= 1 and found.a_year > 0 and found.since <= end)
