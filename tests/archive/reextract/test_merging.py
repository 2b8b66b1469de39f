"""A row follows the new extraction where it has what the old one said; what somebody else said stays."""

import pytest

from archive.models import FieldValue, Method
from archive.reextract.merging import extracted
from archive.store import articles
from archive.store.reextractions import Selection
from archive.store.states import Value
from tests.archive.reextract import presses
from tests.archive.reextract.presses import Press, dump
from tests.archive.reextract.test_running import stored


@pytest.mark.parametrize(
    ("field", "value", "column"),
    [
        ("title", "Ferries stop", "Ferries stop"),
        ("authors", '["Ann Lee", "Bo \\u00d8st"]', '["Ann Lee", "Bo Øst"]'),
        ("published_at", "2026-07-04T14:00:00+02:00", "2026-07-04T12:00:00Z"),
        ("published_at", "2026-07-04", "2026-07-04T00:00:00Z"),
        ("modified_at", "2026-07-04T14:00:00", "2026-07-04T14:00:00Z"),
        ("modified_at", "some day", "some day"),
        ("tags", "no list", "no list"),
        ("tags", "7", "7"),
    ],
)
def test_what_was_chosen_is_known_as_its_column_has_it(field: str, value: str, column: Value) -> None:
    readings = [
        FieldValue(field=field, value="another", method=Method.HTML),
        FieldValue(field=field, value=value, method=Method.META, chosen=True),
    ]
    assert extracted(readings) == {field: column}


def test_what_a_later_visit_said_stays(press: Press) -> None:
    press.db.execute("UPDATE articles SET section = 'Politics', modified_at = '2026-07-05T00:00:00Z' WHERE id = 1")
    press.apply(presses.shouting)
    row = next(press.db.query("SELECT title, section, modified_at FROM articles WHERE id = 1"))
    assert row == {"title": "FERRIES STOP", "section": "Politics", "modified_at": "2026-07-05T00:00:00Z"}
    assert stored(press, "quay").section is None, "what the old extraction said goes with it"


def test_what_was_taken_from_the_revision_before_follows_that(press: Press) -> None:
    for number in (1, 2):
        press.db.execute(
            "UPDATE revisions SET subtitle = 'On the budget' WHERE article_id = 3 AND number = ?", [number]
        )
    press.db.execute("UPDATE articles SET subtitle = 'On the budget' WHERE id = 3")
    press.db.execute(
        "INSERT INTO fields (article_id, revision, field, value, method, chosen) "
        "VALUES (3, 1, 'subtitle', 'On the budget', 'meta', 1)"
    )
    press.apply(presses.as_before)
    assert stored(press, "trams", 1).subtitle is None, "the page of the first does not say it any more"
    assert stored(press, "trams", 2).subtitle is None, "the second only had it from the first"


def test_what_was_put_there_by_somebody_else_stays_in_a_revision(press: Press) -> None:
    press.db.execute("UPDATE revisions SET title = 'Ferries stop for ever' WHERE article_id = 1")
    press.db.execute("UPDATE articles SET title = 'Ferries stop for ever' WHERE id = 1")
    press.apply(presses.shouting)
    assert stored(press, "ferries").title == "Ferries stop for ever"
    assert stored(press, "ferries").subtitle == "All about it"


def test_whether_an_address_is_believed_is_not_for_extraction_to_say(press: Press) -> None:
    press.db.execute("UPDATE fields SET chosen = 0 WHERE article_id = 1 AND field = 'canonical_url'")
    before = dump(press.db)
    press.apply(presses.as_before, extractor="newsarchive 0", selection=Selection(of_any_version=True))
    (claim,) = [f for f in articles.fields(press.db, stored(press, "ferries").id) if f.field == "canonical_url"]
    assert not claim.chosen
    assert [line for line in dump(press.db) if line.startswith('INSERT INTO "fields"')] == [
        line for line in before if line.startswith('INSERT INTO "fields"')
    ]
