from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.revisions import Change, Content, change_of, is_silent
from tests.archive.stories import BUDGET, HARBOUR, NOON, later

ANYTHING = st.text(alphabet=st.characters(codec=None, categories=None))
CONTENTS = st.builds(Content, title=ANYTHING, text=ANYTHING)
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
