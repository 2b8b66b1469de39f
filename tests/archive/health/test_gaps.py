from hypothesis import given
from hypothesis import strategies as st

from archive.health import gaps
from archive.health.gaps import Count, Fate
from archive.models import Reason, UrlState

counts = st.builds(
    Count,
    st.sampled_from(["2026-11-24", "2026-11-25"]),
    st.sampled_from(list(Fate)),
    st.sampled_from([*Reason, gaps.NOT_YET, gaps.OTHER_ADDRESS, "a reason of a newer version"]),
    st.integers(1, 1000),
)


@given(st.lists(counts))
def test_all_numbers_add_up(found: list[Count]) -> None:
    days = gaps.days(found, source="a", since="7d")
    whole = gaps.total(days, source="a", since="7d")
    assert sum(day.advertised for day in days) == whole.advertised == sum(count.number for count in found)
    for day in (*days, whole):
        assert day.advertised == day.stored + sum(gap.number for gap in day.gaps)
        assert day.fetched == day.extracted + day.fates.get(Fate.REJECTED, 0)
        assert day.extracted == day.stored + day.fates.get(Fate.COPY, 0)
        assert all(gap.help and "{" not in gap.help for gap in day.gaps)
        row = day.as_row()
        assert row["advertised"] == sum(row["fates"].values())


@given(st.sampled_from(list(UrlState)), st.one_of(st.none(), st.text(), st.sampled_from(list(Reason))))
def test_every_address_has_a_fate(state: UrlState, reason: str | None) -> None:
    fate, why = gaps.fate_of(state, reason)
    assert why
    assert fate not in (Fate.STORED, Fate.COPY)


def test_every_reason_is_at_its_stage() -> None:
    assert gaps.fate_of(UrlState.REFUSED, Reason.ROBOTS)[0] is Fate.NOT_ASKED
    assert gaps.fate_of(UrlState.FAILED, Reason.TIMEOUT)[0] is Fate.NOT_FETCHED
    assert gaps.fate_of(UrlState.REFUSED, Reason.NO_TEXT)[0] is Fate.REJECTED
    assert gaps.fate_of(UrlState.WAITING, None) == (Fate.WAITING, gaps.NOT_YET)
    assert gaps.fate_of(UrlState.FETCHED, None) == (Fate.REJECTED, gaps.REMOVED)
