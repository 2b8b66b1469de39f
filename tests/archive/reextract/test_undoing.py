"""What a re-extraction has written is taken back to the letter, as far as nobody has written since."""

import pytest

from archive import cleaning
from archive.errors import ConfigError
from archive.models import ArticleId
from archive.reextract import running, undoing
from archive.reextract.undoing import run_to_undo, undo
from archive.store import articles, boilerplate, fulltext, reextractions, replaced
from archive.store.reextractions import Selection
from archive.store.replaced import Restored
from tests.archive.reextract import presses
from tests.archive.reextract.conftest import SECRET
from tests.archive.reextract.presses import Press, dump
from tests.archive.stories import later

LINE = "Subscribe to our letter"


def roll_back(press: Press, number: int | None = None) -> list[tuple[str, str]]:
    """The title of each article, and what became of it."""
    undone = list(undo(press.db, run_to_undo(press.db, number)))
    return [(title(press, one.article_id), one.outcome) for one in undone]


def title(press: Press, article_id: ArticleId | None) -> str:
    row = press.db.execute("SELECT title FROM articles WHERE id = ?", [article_id]).fetchone()
    return str(row[0]) if row else ""


def stored(press: Press, path: str, revision: int | None = None) -> articles.StoredArticle:
    found = articles.find(press.db, press.address(path))
    assert found is not None
    return articles.get(press.db, found, revision=revision)


def furnished(press: Press) -> None:
    """Twenty articles with a line in common that is known and taken out."""
    for number in range(20):
        press.publish(f"n{number}", f"Story {number}", f"This is story number {number} of many.", LINE)
    assert cleaning.learn(press.db, press.source_id, later(hours=1)).cleaned == 20


@pytest.mark.parametrize("batch", [1, 50])
def test_all_tables_are_as_they_were(press: Press, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", batch)
    monkeypatch.setattr(undoing, "BATCH", batch)
    furnished(press)
    before = dump(press.db)
    press.apply(presses.shouting)
    assert dump(press.db) != before
    assert {outcome for _, outcome in roll_back(press)} == {Restored.WHOLLY, undoing.AS_BEFORE}
    assert dump(press.db) == before
    fulltext.check(press.db)
    (run,) = reextractions.every(press.db)
    assert run.rolled_back_at is not None


def test_lines_that_come_and_go_are_counted_back(press: Press) -> None:
    furnished(press)
    before = dump(press.db)
    # the last paragraph, which is lost, is the known line
    press.apply(presses.shouting)
    assert press.db.execute("SELECT articles, removed FROM boilerplate").fetchall() == [(0, 0)]
    roll_back(press)
    assert dump(press.db) == before


def test_what_was_gained_is_taken_out(press: Press) -> None:
    press.publish("mayor", SECRET[0], "The mayor has resigned, and will not say why.", "She may in June.", hours=5)
    furnished(press)
    before = dump(press.db)
    press.apply(presses.over_the_wall)
    assert stored(press, "mayor").revisions == 2
    assert ("", undoing.GONE) in roll_back(press)
    assert dump(press.db) == before
    fulltext.check(press.db)


def test_what_was_gained_stays_if_a_crawl_has_met_it_since(press: Press) -> None:
    press.apply(presses.over_the_wall)
    press.publish("mayor", "Mayor resigns", *SECRET[1:], hours=9)
    assert ("Mayor resigns", undoing.MET) in roll_back(press)
    assert stored(press, "mayor").last_seen_at == later(hours=9)


def test_an_article_edited_since_keeps_what_the_crawl_wrote(press: Press) -> None:
    before = stored(press, "ferries")
    press.apply(presses.shouting)
    press.publish("ferries", "Ferries sail again", "The ferries sail again from Monday, it was said.", hours=9)
    outcomes = dict(roll_back(press))
    assert outcomes["Ferries sail again"] == Restored.EDITED
    first, second = stored(press, "ferries", 1), stored(press, "ferries")
    assert (first.title, first.text, first.subtitle) == (before.title, before.text, before.subtitle)
    assert (second.revisions, second.title) == (2, "Ferries sail again")
    assert outcomes["Quay cracked"] == Restored.WHOLLY
    fulltext.check(press.db)


def test_an_article_seen_since_keeps_when(press: Press) -> None:
    press.apply(presses.as_before)
    press.publish("ferries", *("Ferries stop", "The ferries stop on Monday, the port authority said."), hours=9)
    roll_back(press)
    assert stored(press, "ferries").last_seen_at == later(hours=9)


def test_a_text_cleaned_since_comes_back_without_the_lines(press: Press) -> None:
    for number in range(20):
        press.publish(f"n{number}", f"Story {number}", LINE, f"This is story number {number} of many.", "The end.")
    press.apply(presses.shouting)
    assert cleaning.learn(press.db, press.source_id, later(hours=1)).cleaned == 20
    assert stored(press, "n3").text == "This is story number 3 of many."
    outcomes = dict(roll_back(press))
    assert outcomes["Story 3"] == Restored.CLEANED
    article = stored(press, "n3")
    assert (article.title, article.text) == ("Story 3", "This is story number 3 of many.\n\nThe end.")
    row = next(press.db.query("SELECT content_hash, word_count FROM articles WHERE id = ?", [article.id]))
    assert row == {"content_hash": article.content_hash, "word_count": 9}
    (line,) = boilerplate.every(press.db, press.source_id)
    assert (line.articles, line.removed) == (20, 20)
    fulltext.check(press.db)


def test_a_rollback_that_is_interrupted_goes_on(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "BATCH", 1)
    before = dump(press.db)
    press.apply(presses.shouting)
    half = undo(press.db, run_to_undo(press.db, None))
    next(half)
    next(half)
    half.close()
    assert dump(press.db) != before
    roll_back(press)
    assert dump(press.db) == before


def test_an_interrupted_run_can_be_undone(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    before = dump(press.db)
    findings = press.run(presses.shouting, writes=True).findings()
    next(findings)
    findings.close()
    roll_back(press)
    assert dump(press.db) == before
    assert press.run(presses.shouting, writes=True).total() == 5, "and is then begun anew"
    assert len(reextractions.every(press.db)) == 2


def test_a_run_that_changed_nothing_is_not_the_last_to_be_undone(press: Press) -> None:
    press.apply(presses.shouting)
    assert press.apply(presses.shouting) == []
    assert len(reextractions.every(press.db)) == 1, "there was nothing to look at"
    press.apply(presses.shouting, selection=Selection(of_any_version=True), extractor=presses.TODAY)
    assert [run.id for run in reextractions.every(press.db)] == [2, 1]
    assert run_to_undo(press.db, None).id == 1


def test_the_later_of_two_runs_goes_first(press: Press) -> None:
    before = dump(press.db)
    press.apply(presses.shouting)
    between = dump(press.db)
    press.apply(presses.as_before, extractor="newsarchive 3")
    with pytest.raises(ConfigError, match="re-extraction 2 has changed the same"):
        run_to_undo(press.db, 1)
    roll_back(press)
    assert dump(press.db) == between
    roll_back(press, 1)
    assert dump(press.db) == before
    with pytest.raises(ConfigError, match="no re-extraction to roll back"):
        run_to_undo(press.db, None)
    with pytest.raises(ConfigError, match="no re-extraction 7"):
        run_to_undo(press.db, 7)


def test_runs_over_different_sources_do_not_wait_for_each_other(press: Press) -> None:
    before = dump(press.db)
    other = Press(press.db, press.directory.with_name("other.db"), "lantern.example")
    mark = dump(press.db)
    press.apply(presses.shouting, selection=Selection(source_id=press.source_id))
    press.apply(presses.shouting, selection=Selection(source_id=other.source_id))
    roll_back(press, 1)
    assert dump(press.db) == mark != before


def test_what_is_forgotten_cannot_come_back(press: Press) -> None:
    press.apply(presses.shouting)
    replaced.forget(press.db, stored(press, "ferries").id)
    left = "SELECT count(*) FROM replaced_values WHERE before LIKE '%ferries%' OR before LIKE '%Ferries%'"
    assert press.db.execute(left).fetchone() == (0,)
    roll_back(press)
    assert stored(press, "ferries").title == "FERRIES STOP"
    assert stored(press, "quay").title == "Quay cracked"
