from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Precision
from archive.revisions import Change, Content, Dated, change_of, is_same_time, is_silent
from tests.archive.stories import BUDGET, HARBOUR, NOON, later

ANYTHING = st.text(alphabet=st.characters(codec=None, categories=None))
DATED = st.builds(
    Dated,
    at=st.datetimes(timezones=st.just(UTC)),
    precision=st.none() | st.sampled_from(Precision),
    offset=st.sampled_from([None, "+00:00", "+02:00"]),
)
CONTENTS = st.builds(
    Content,
    title=ANYTHING,
    subtitle=st.none() | ANYTHING,
    authors=st.lists(ANYTHING, max_size=3).map(tuple),
    published=st.none() | DATED,
    text=ANYTHING,
)
QUOTED = 'The mayor said “we will wait” and 12 boats left. "It is 1,000 kronor", he said. The quay is old.'


def content(body: str = HARBOUR, title: str = "Harbour closed", modified_at: datetime | None = None) -> Content:
    return Content(title=title, text=body, modified_at=modified_at)


@given(CONTENTS, CONTENTS)
def test_any_edit_has_a_kind(old: Content, new: Content) -> None:
    assert change_of(old, new) in Change
    assert change_of(old, old) is Change.COSMETIC
    assert not is_silent(old, old)


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (content(), content(), Change.COSMETIC),
        (content(), content(HARBOUR.replace("\n\n", "\n").upper()), Change.COSMETIC),
        (content("“No” – he said"), content('"No" - he said'), Change.COSMETIC),
        (content(), content(title="Harbour open"), Change.HEADLINE),
        (content(), content(BUDGET, title="Harbour open"), Change.HEADLINE),
        (content(), content(title="HARBOUR CLOSED!"), Change.COSMETIC),
        (content(QUOTED), content(QUOTED.replace("12", "14").replace("1,000", "2.500")), Change.FIGURES),
        (content(QUOTED), content(QUOTED.replace("wait", "not wait")), Change.QUOTES),
        (content(QUOTED), content(QUOTED.replace("wait", "stay").replace("12", "13")), Change.TEXT),
        (content(QUOTED), content(QUOTED.replace("old", "new")), Change.TEXT),
        (content(), content(BUDGET), Change.TEXT),
        (content(), content(f"{HARBOUR}\n\nThis article was amended on 4 July."), Change.CORRECTION),
        (content(), content(f"Correction: it is the northern quay.\n\n{HARBOUR}"), Change.CORRECTION),
        (content(), content(f"{HARBOUR}\n\nAn earlier version of this article misnamed the quay."), Change.CORRECTION),
        (content(), content(f"{HARBOUR}\n\nBerichtigung: Es ist der Nordkai."), Change.CORRECTION),
        (content(), content(f"{HARBOUR}\n\n訂正：北の岸壁です。"), Change.CORRECTION),
        (content(), content(f"{HARBOUR}\n\nCorrection: x", title="Harbour open"), Change.CORRECTION),
        (content(), content(f"{HARBOUR}\n\nCorrectional officers protested."), Change.TEXT),
        (content(), content(f"{HARBOUR}\n\nCorrection facilities are full."), Change.TEXT),
        (content(f"{HARBOUR}\n\nCorrection: a"), content(f"{BUDGET}\n\nCorrection: a"), Change.TEXT),
    ],
)
def test_kinds_of_edits(old: Content, new: Content, change: Change) -> None:
    assert change_of(old, new) is change


@pytest.mark.parametrize(
    ("new", "change"),
    [
        ({"subtitle": "No ferries from Monday"}, Change.HEADLINE),
        ({"subtitle": "CRACKS in the “quay”"}, Change.COSMETIC),
        ({"subtitle": None}, Change.HEADLINE),
        ({"authors": ("Ann Lee",)}, Change.TEXT),
        ({"authors": ("bo øst", "Ann LEE")}, Change.COSMETIC),
        ({"published": Dated(at=later(hours=1), precision=Precision.MINUTE)}, Change.TEXT),
        ({"published": Dated(at=later(hours=1), precision=Precision.MINUTE), "text": f"{HARBOUR} 7"}, Change.TEXT),
        ({"authors": ("Cy Ek",), "text": f"{HARBOUR}\n\nCorrection: x"}, Change.CORRECTION),
        ({"authors": ("Cy Ek",), "text": HARBOUR.replace("three", "3")}, Change.TEXT),
    ],
)
def test_kinds_of_edits_around_the_text(new: dict[str, object], change: Change) -> None:
    old = Content(
        title="Harbour closed",
        subtitle="Cracks in the quay",
        authors=("Ann Lee", "Bo Øst"),
        published=Dated(at=NOON, precision=Precision.MINUTE),
        text=HARBOUR,
    )
    assert change_of(old, replace(old, **new)) is change  # type: ignore[arg-type]


def test_figures_tell_more_than_a_new_date_beside_them() -> None:
    old = Content(title="t", text="12 boats left.", published=Dated(at=NOON, precision=Precision.MINUTE))
    new = replace(old, text="13 boats left.", published=Dated(at=later(hours=1), precision=Precision.MINUTE))
    assert change_of(old, new) is Change.FIGURES


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Dated(at=NOON), Dated(at=NOON), True),
        (Dated(at=NOON), None, False),
        (Dated(at=NOON, precision=Precision.DAY), Dated(at=later(hours=36), precision=Precision.MINUTE), True),
        (Dated(at=NOON, precision=Precision.DAY), Dated(at=later(hours=37), precision=Precision.MINUTE), False),
        (Dated(at=NOON, precision=Precision.DAY), Dated(at=later(days=1), precision=Precision.DAY), False),
        (Dated(at=NOON, precision=Precision.MINUTE), Dated(at=later(seconds=59), precision=Precision.SECOND), True),
        (Dated(at=NOON, precision=Precision.MINUTE), Dated(at=later(seconds=60), precision=Precision.SECOND), False),
        (Dated(at=NOON, offset="+02:00"), Dated(at=later(hours=2)), True),
        (Dated(at=NOON, offset="+02:00"), Dated(at=later(hours=2), offset="+00:00"), False),
    ],
)
def test_what_can_be_the_same_time(one: Dated, other: Dated | None, same: bool) -> None:
    assert is_same_time(one, other) is same
    assert is_same_time(other, one) is same


@pytest.mark.parametrize(
    ("before", "after", "silent"),
    [
        (NOON, NOON, True),
        (NOON, later(minutes=5), False),
        (NOON, None, True),
        (None, None, True),
        (None, NOON, False),
        (NOON, later(minutes=-5), True),
    ],
)
def test_an_edit_is_silent_when_the_time_of_modification_did_not_move(
    before: datetime | None, after: datetime | None, silent: bool
) -> None:
    assert is_silent(content(modified_at=before), content(BUDGET, modified_at=after)) is silent


def test_a_correction_is_never_silent() -> None:
    assert not is_silent(content(), content(f"{HARBOUR}\n\nCorrection: it is the northern quay."))
