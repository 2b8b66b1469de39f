from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extraction.calendars import gregorian
from archive.extraction.moments import meanings, parsed
from archive.extraction.zones import offset


@pytest.mark.parametrize(
    ("value", "at", "precision", "offset"),
    [
        ("2026-02-03T07:14:05+02:00", "2026-02-03T05:14:05", "second", "+02:00"),
        ("2026-02-03T07:14:05.123Z", "2026-02-03T07:14:05", "second", "+00:00"),
        ("2026-02-03T07:14+0530", "2026-02-03T01:44:00", "minute", "+05:30"),
        ("2026-02-03 7:14:05 -05", "2026-02-03T12:14:05", "second", "-05:00"),
        ("2026-02-03T07:14:05", "2026-02-03T07:14:05", "second", None),
        ("2026-02-03", "2026-02-03T00:00:00", "day", None),
        ("Tue, 03 Feb 2026 07:14:05 GMT", "2026-02-03T07:14:05", "second", "+00:00"),
        ("Tue Feb 03 2026 07:14:05 CET", "2026-02-03T06:14:05", "second", "+01:00"),
        ("February 3, 2026", "2026-02-03T00:00:00", "day", None),
        ("03.02.2026", "2026-02-03T00:00:00", "day", None),
        ("2026.04.03 15:20", "2026-04-03T15:20:00", "minute", None),
        ("2026. 4. 3. 15:20", "2026-04-03T15:20:00", "minute", None),
        ("2026/4/3 15:20:01", "2026-04-03T15:20:01", "second", None),
        ("2026. 4. 3.", "2026-04-03T00:00:00", "day", None),
        ("2026-11-20 03:00 PM", "2026-11-20T15:00:00", "minute", None),
        ("2026-11-20 12:05 a.m.", "2026-11-20T00:05:00", "minute", None),
        ("2026-11-20 03:00:05 pm +02:00", "2026-11-20T13:00:05", "second", "+02:00"),
        ("13/02/2026", "2026-02-13T00:00:00", "day", None),
        ("1770102845", "2026-02-03T07:14:05", "second", None),
        ("1770102845000", "2026-02-03T07:14:05", "second", None),
    ],
)
def test_machine_readable_dates(value: str, at: str, precision: str, offset: str | None) -> None:
    moment = parsed(value)
    assert moment is not None
    assert (moment.at, moment.precision, moment.offset) == (
        datetime.fromisoformat(at).replace(tzinfo=UTC),
        precision,
        offset,
    )


@pytest.mark.parametrize(
    "value", ["", "yesterday", "02/03/2026", "2026-02-30", "2026-13-01T00:00", "2026", "x" * 100, "٢٠٢٦٠٢٠٣١٢"]
)
def test_what_is_ambiguous_or_no_date_is_none(value: str) -> None:
    assert parsed(value) is None


@given(
    st.text(max_size=70)
    | st.from_regex(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:?\d{2}|Z)?", fullmatch=True)
)
def test_any_text_is_a_moment_or_none(value: str) -> None:
    moment = parsed(value)
    assert moment is None or (moment.at.tzinfo is UTC and parsed(str(moment)) is not None)


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [
        ("de", "3. März 2026, 07:14 Uhr", "2026-03-03T07:14:00"),
        ("fr", "Publié le 3 février 2026 à 7h14", "2026-02-03T07:14:00"),
        ("bg", "3 март 2026, 07:14 ч.", "2026-03-03T07:14:00"),
        ("el", "3 Μαρτίου 2026, 7:14 μ.μ.", "2026-03-03T19:14:00"),
        ("tr", "3 Mart 2026 07:14", "2026-03-03T07:14:00"),
        ("tr", "İstanbul, 3 Mart 2026", "2026-03-03"),
        ("cs", "3. března 2026 v 7:14", "2026-03-03T07:14:00"),
        ("hu", "2026. március 3. 7:14", "2026-03-03T07:14:00"),
        ("hu", "2026. március 3-án", "2026-03-03"),
        ("id", "3 Maret 2026 07.14 WIB", "2026-03-03T07:14:00+07:00"),
        ("vi", "3 tháng 3, 2026 07:14", "2026-03-03T07:14:00"),
        ("vi", "Thứ ba, 3/3/2026, 07:14 (GMT+7)", "2026-03-03T07:14:00+07:00"),
        ("vi", "3 tháng 12, 2026", "2026-12-03"),
        ("th", "3 มีนาคม 2569 07:14 น.", "2026-03-03T07:14:00"),
        ("th", "3 มี.ค. 2569", "2026-03-03"),
        ("fa", "۱۲ اسفند ۱۴۰۴", "2026-03-03"),
        ("fa", "۱۴۰۴/۱۲/۱۲ - ۱۹:۱۴", "2026-03-03T19:14:00"),
        ("ar", "٣ مارس ٢٠٢٦", "2026-03-03"),
        ("ar", "٣ آذار ٢٠٢٦", "2026-03-03"),
        ("zh", "2026年3月3日 下午7:14", "2026-03-03T19:14:00"),
        ("zh", "2026年3月3日 07时14分", "2026-03-03T07:14:00"),
        ("ja", "2026年3月3日 午後7時14分", "2026-03-03T19:14:00"),
        ("ja", "2026年3月3日 19時", "2026-03-03T19:00:00"),
        ("ko", "2026년 3월 3일 오후 7:14", "2026-03-03T19:14:00"),
        ("ko", "2026-03-03 PM 7:14", "2026-03-03T19:14:00"),
        ("ru", "3 марта 2026, 07:14 МСК", "2026-03-03T07:14:00+03:00"),
        ("uk", "3 березня 2026, 07:14", "2026-03-03T07:14:00"),
        ("pl", "3 listopada 2025", "2025-11-03"),
        ("hr", "3. listopada 2025.", "2025-10-03"),
        ("en", "March 3, 2026 at 7:14 p.m. ET", "2026-03-03T19:14:00-05:00"),
        ("en", "July 3, 2025 at 7:14 PM ET", "2025-07-03T19:14:00-04:00"),
        ("he", "3 במרץ 2026", "2026-03-03"),
        ("hi", "3 मार्च 2026 07:14", "2026-03-03T07:14:00"),
        ("hi", "३ मार्च २०२६", "2026-03-03"),
        ("lt", "2026 m. kovo 3 d.", "2026-03-03"),
        ("es", "3 de marzo de 2026, 7:14 p. m.", "2026-03-03T19:14:00"),
        ("fi", "3. maaliskuuta 2026 klo 7.14", "2026-03-03T07:14:00"),
        ("en", "2026-02-03 07:14 UTC+9", "2026-02-03T07:14:00+09:00"),
        ("en", "2026-02-03 07:14:05 EST", "2026-02-03T07:14:05-05:00"),
        ("en", "2026-07-03 07:14 EDT", "2026-07-03T07:14:00-04:00"),
        ("de", "2026-02-03 07:14 CET", "2026-02-03T07:14:00+01:00"),
        ("en", "2026-02-03T07:14:05[Europe/Berlin]", "2026-02-03T07:14:05+01:00"),
        ("en", "2026-02-03T07:14:05 Europe/Berlin", "2026-02-03T07:14:05+01:00"),
        ("en", "Tue Feb 03 2026 07:14:05 GMT+0100 (CET)", "2026-02-03T07:14:05+01:00"),
        ("en", "7 p.m. on February 3, 2026", "2026-02-03T19:00:00"),
        ("en", "20260203T071405Z", "2026-02-03T07:14:05+00:00"),
        ("en", "12 AM, February 3, 2026", "2026-02-03T00:00:00"),
        ("ro", "3 martie 2026", "2026-03-03"),
        ("sr", "3. март 2026.", "2026-03-03"),
        ("xx", "3 février 2026", "2026-02-03"),
        ("en", "3 février 2026", "2026-02-03"),
        ("ka", "3 მარტი, 2026", "2026-03-03"),
        ("en", "2026-02-03T07:14:05 IST", "2026-02-03T07:14:05"),
        ("en-IN", "2026-02-03 07:14 IST", "2026-02-03T07:14:00+05:30"),
        ("pt", "3 de fev. de 2026 às 7h14", "2026-02-03T07:14:00"),
        ("sv", "3 feb. 2026 kl. 07.14", "2026-02-03T07:14:00"),
        ("da", "tirsdag d. 3. februar 2026, 7.14", "2026-02-03T07:14:00"),
        ("nl", "dinsdag 3 februari 2026 om 07:14", "2026-02-03T07:14:00"),
        ("it", "3 febbraio 2026 alle 7.14", "2026-02-03T07:14:00"),
        ("ta", "3 மார்ச் 2026", "2026-03-03"),
        ("en", "2569-03-03", "2026-03-03"),
    ],
)
def test_dates_as_the_readers_of_a_language_write_them(language: str, value: str, expected: str) -> None:
    assert str(parsed(value, language)) == expected


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [
        ("en", "03-04-2026", None),
        ("en-GB", "03-04-2026", "2026-04-03"),
        ("en-US", "03/04/2026 7:14 am", "2026-03-04T07:14:00"),
        ("de", "03-04-2026", "2026-04-03"),
        ("", "03/04/2026", None),
        ("en", "03.04.2026", "2026-04-03"),
        ("de", "03.04.26, 12:14", "2026-04-03T12:14:00"),
        ("en", "12/12/2025", "2025-12-12"),
        ("de", "am 03.04.2026 12:14", "2026-04-03T12:14:00"),
        ("en-CA", "03/04/2026", None),
    ],
)
def test_the_order_of_day_and_month_is_the_languages_or_nobodys(
    language: str, value: str, expected: str | None
) -> None:
    moment = parsed(value, language)
    assert (str(moment) if moment is not None else None) == expected


def test_what_may_be_exchanged_has_two_meanings() -> None:
    assert [str(moment) for moment in meanings("03/04/2026 7:14")] == ["2026-04-03T07:14:00", "2026-03-04T07:14:00"]
    assert [str(moment) for moment in meanings("13/04/2026")] == ["2026-04-13"]


@pytest.mark.parametrize(
    ("language", "value"),
    [
        ("ar", "١٤٤٧/٠٩/١٤"),
        ("en", "3 listopada 2025"),
        ("en", "yesterday at 7:14"),
        ("en", "2 hours ago"),
        ("en", "March 2026"),
        ("en", "3 March 2026, updated 4 March 2026"),
        ("de", "gestern, 7:14 Uhr"),
        ("de", "vor 3 Stunden"),
        ("ar", "منذ ٣ ساعات"),
        ("zh", "3小时前"),
        ("fa", "۱۴۰۴/۱۲/۳۰"),
    ],
)
def test_relative_times_and_half_dates_are_none(language: str, value: str) -> None:
    assert parsed(value, language) is None


def test_the_persian_calendar() -> None:
    assert gregorian(1403, 12, 30, "fa") == date(2025, 3, 20)
    assert gregorian(1404, 1, 1, "fa-IR") == date(2025, 3, 21)
    assert gregorian(1399, 12, 30, "ps") == date(2021, 3, 20)
    assert gregorian(1404, 12, 30, "fa") is None
    assert gregorian(1404, 1, 1, "ar") is None


def test_letters_that_mean_several_clocks() -> None:
    summer = datetime(2026, 7, 3, 12)  # noqa: DTZ001  what a page's clock shows
    assert offset("CST", summer, "en-US") == timedelta(hours=-6)
    assert offset("CST", summer, "zh-CN") == timedelta(hours=8)
    assert offset("PT", summer, "en") == timedelta(hours=-7)
    assert offset("IST", summer, "en") is None
    assert offset("Nowhere/Land", summer, "en") is None
