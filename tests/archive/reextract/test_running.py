"""What a re-extraction would change is told; then written, whole or not at all."""

from collections import Counter

import pytest

from archive import cleaning
from archive.models import Article, ArticleId
from archive.reextract import running
from archive.reextract.reading import Reader
from archive.reextract.report import Report
from archive.reextract.running import Finding, Kind
from archive.search import search
from archive.store import articles, fulltext, reextractions
from archive.store.reextractions import Selection
from tests.archive.reextract import presses
from tests.archive.reextract.conftest import EDITED, FERRIES, QUAY, SECRET
from tests.archive.reextract.presses import TODAY, Press, dump
from tests.archive.stories import later


def kinds(findings: list[Finding]) -> Counter[Kind]:
    return Counter(finding.kind for finding in findings)


def stored(press: Press, path: str, revision: int | None = None) -> articles.StoredArticle:
    found = articles.find(press.db, press.address(path))
    assert found is not None
    return articles.get(press.db, found, revision=revision)


def test_an_extractor_that_agrees_changes_nothing(press: Press) -> None:
    findings = list(press.run(presses.as_before).findings())
    assert kinds(findings) == {Kind.SAME: 4, Kind.NO_ARTICLE: 1}


def test_the_report_is_right_on_a_change_of_the_extractor_and_writes_nothing(press: Press) -> None:
    before = dump(press.db)
    report = Report({press.source_id: "courier"}, examples=2)
    for finding in press.run(presses.shouting).findings():
        report.add(finding)
    told = report.sources["courier"]
    assert told.counts == {"changed": 4, "no article": 1}
    assert {field: dict(found.counts) for field, found in told.fields.items()} == {
        "title": {"changed": 4},
        "subtitle": {"gained": 4},
        "section": {"lost": 4},
        "text": {"changed": 4},
    }
    title = told.fields["title"]
    assert [(e.difference.before, e.difference.after) for e in title.examples] == [
        ("Ferries stop", "FERRIES STOP"),
        ("Quay cracked", "QUAY CRACKED"),
    ]
    assert dump(press.db) == before


def test_what_is_written_is_of_one_piece(press: Press) -> None:
    edits = list(press.db.query("SELECT article_id, number, change FROM edits"))
    press.apply(presses.shouting)
    article = stored(press, "ferries")
    assert (article.title, article.subtitle, article.section, article.authors) == (
        "FERRIES STOP",
        "All about it",
        None,
        ("Ann Lee",),
    )
    assert (article.text, len(article.blocks), article.word_count) == (FERRIES[1], 1, 9)
    row = next(press.db.query("SELECT content_hash, word_count, revisions FROM articles WHERE id = ?", [article.id]))
    assert row == {"content_hash": article.content_hash, "word_count": 9, "revisions": 1}
    assert [f.value for f in articles.fields(press.db, article.id) if f.field == "title"] == ["FERRIES STOP"]
    assert [hit.title for hit in search(press.db, "all about it ferries")] == ["FERRIES STOP"]
    assert search(press.db, "nobody knows") == []
    assert {row["extractor"] for row in press.db.query("SELECT extractor FROM revisions")} == {TODAY}
    assert list(press.db.query("SELECT article_id, number, change FROM edits")) == edits
    fulltext.check(press.db)


def test_all_revisions_are_extracted_anew(press: Press) -> None:
    press.apply(presses.shouting)
    first, second = stored(press, "trams", 1), stored(press, "trams", 2)
    assert (first.title, second.title, second.revisions) == ("TRAMS FOR ALL", "TRAMS FOR SOME", 2)
    assert (second.text, second.seen_at, second.change) == (EDITED[1], later(hours=3), "headline")


def test_what_is_done_is_not_looked_at_again(press: Press) -> None:
    press.apply(presses.shouting)
    assert list(press.run(presses.shouting).findings()) == []
    again = press.run(presses.shouting, selection=Selection(of_any_version=True))
    assert again.total() == 5
    assert kinds(list(again.findings())) == {Kind.SAME: 4, Kind.NO_ARTICLE: 1}


def test_the_selection_is_kept_to(press: Press) -> None:
    other = Press(press.db, press.directory.with_name("other.db"), "lantern.example")
    other.publish("late", "Late news", "It was late when the news came in.", "Nobody was awake.", hours=9)
    of_source = press.run(presses.shouting, selection=Selection(source_id=press.source_id))
    assert of_source.total() == len(list(of_source.findings())) == 5
    since = press.run(presses.shouting, selection=Selection(since=later(hours=8)))
    assert [finding.url for finding in since.findings()] == [other.address("late")]
    assert len(list(press.run(presses.shouting, limit=2).findings())) == 2


def test_a_page_that_would_be_no_article_leaves_its_article_alone(press: Press) -> None:
    findings = press.apply(presses.refusing)
    (rejected,) = [finding for finding in findings if finding.kind is Kind.REJECTED]
    assert (rejected.title, rejected.evidence) == ("Ferries stop", "section or listing: a list of ferries")
    assert stored(press, "ferries").title == "Ferries stop"
    assert stored(press, "quay").title == "QUAY CRACKED"


def test_an_address_is_told_and_not_moved(press: Press) -> None:
    report = Report({}, examples=9)
    for finding in press.apply(presses.moved):
        report.add(finding)
    (source,) = report.sources.values()
    (example,) = [e for e in source.fields["address"].examples if e.finding.title == "Ferries stop"]
    assert (example.difference.before, example.difference.after) == (
        press.address("ferries"),
        "https://courier.example/elsewhere",
    )
    assert stored(press, "ferries").url == press.address("ferries")
    assert articles.find(press.db, press.address("elsewhere")) is None


def test_what_was_rejected_and_is_an_article_now_is_gained(press: Press) -> None:
    told = list(press.run(presses.over_the_wall).findings())
    assert kinds(told) == {Kind.SAME: 4, Kind.GAINED: 1}
    findings = press.apply(presses.over_the_wall)
    assert kinds(findings) == {Kind.SAME: 4, Kind.GAINED: 1}
    article = stored(press, "mayor")
    assert (article.title, article.text, article.first_seen_at) == ("Mayor resigns", "\n\n".join(SECRET[1:]), later())
    capture = next(press.db.query("SELECT error, extractor FROM captures WHERE url = ?", [article.url]))
    assert capture == {"error": None, "extractor": None}
    settled = next(press.db.query("SELECT state, article_id FROM urls WHERE url = ?", [article.url]))
    assert settled == {"state": "fetched", "article_id": article.id}


def test_all_that_was_rejected_of_one_article_becomes_one_article(press: Press) -> None:
    later_one = (SECRET[0], "The mayor has resigned, and will not say why.", "An election is held in June.")
    press.publish("mayor", *later_one, hours=5)
    assert kinds(list(press.run(presses.over_the_wall).findings()))[Kind.GAINED] == 1
    findings = press.apply(presses.over_the_wall)
    assert kinds(findings) == {Kind.SAME: 4, Kind.GAINED: 1, Kind.KNOWN: 1}
    article = stored(press, "mayor")
    assert (article.revisions, article.text) == (2, "\n\n".join(later_one[1:]))


def test_what_is_a_further_state_of_a_known_article_is_no_gain(press: Press) -> None:
    press.publish("quay", f"{presses.WALL} {QUAY[0]}", "Divers are at it again, in the northern quay.", hours=7)
    findings = press.apply(presses.over_the_wall)
    assert kinds(findings) == {Kind.SAME: 4, Kind.GAINED: 1, Kind.KNOWN: 1}
    assert (stored(press, "quay").revisions, stored(press, "quay").text) == (1, "\n\n".join(QUAY[1:]))


def test_what_cannot_be_read_again_is_named_and_stops_nothing(press: Press) -> None:
    press.publish("unkept", "Not kept", "What is not kept can be read once only.", "That is all.", kept=False)
    path, offset, length = press.file_of("pool")
    data = bytearray(path.read_bytes())
    data[offset + length // 2] ^= 0xFF
    path.write_bytes(data)
    run = press.run(presses.shouting, writes=True)
    troubled = {finding.title: finding.kind for finding in run.findings() if finding.kind in running.TROUBLES}
    assert troubled == {"Not kept": Kind.NOT_KEPT, "Pool opens": Kind.UNREADABLE}
    assert run.counts == {"changed": 3, "not kept": 1, "unreadable": 1, "no article": 1}
    assert stored(press, "pool").title == "Pool opens"
    assert stored(press, "quay").title == "QUAY CRACKED"


def test_a_missing_file_and_another_record_are_told(press: Press) -> None:
    ferries, quay = (press.file_of(path)[1:] for path in ("ferries", "quay"))
    press.db.execute("UPDATE captures SET warc_offset = ?, warc_length = ? WHERE warc_offset = ?", [*ferries, quay[0]])
    press.db.execute("UPDATE captures SET warc_file = 'gone.warc.gz' WHERE url LIKE '%/pool'")
    found = {finding.title: finding for finding in press.run(presses.shouting).findings()}
    assert "another record" in found["Quay cracked"].evidence
    assert "gone.warc.gz cannot be read" in found["Pool opens"].evidence
    assert {found[title].kind for title in ("Quay cracked", "Pool opens")} == {Kind.UNREADABLE}


def test_a_page_on_which_a_library_fails_keeps_its_article(press: Press) -> None:
    findings = press.apply(presses.failing)
    assert kinds(findings) == {Kind.CHANGED: 3, Kind.FAILED: 1, Kind.NO_ARTICLE: 1}
    assert stored(press, "ferries").title == "Ferries stop"


def test_a_payload_that_another_record_has_is_read_from_there(press: Press) -> None:
    page = ("Copied", *["It is the same page, word for word, at another address and long enough for a revisit."] * 9)
    press.publish("one", *page)
    press.publish("two", page[0], *page[1:])
    revisits = "SELECT count(*) FROM captures WHERE revisit_of IS NOT NULL"
    assert press.db.execute(revisits).fetchone() == (1,)
    copied = stored(press, "one")
    press.db.execute("UPDATE revisions SET capture_id = (SELECT max(id) FROM captures) WHERE title = 'Copied'")
    reader = Reader(directory=press.directory, extract=presses.as_before)
    (read,) = reader(tuple(reextractions.captures_of(press.db, copied.id)))
    assert isinstance(read.outcome, Article)
    assert (read.capture.final_url, read.outcome.text) == (press.address("two"), copied.text)


def test_an_interrupted_run_leaves_whole_articles_and_goes_on(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    press.publish("stop", "Stop here", "This page stops the run.", "It does.", hours=1)
    press.publish("after", "After it", "This page comes after it.", "It does.", hours=1)
    everything = Selection(of_any_version=True)
    run = press.run(presses.interrupted, writes=True, selection=everything)
    with pytest.raises(KeyboardInterrupt):
        list(run.findings())
    titles = [title for (title,) in press.db.execute("SELECT title FROM articles ORDER BY id").fetchall()]
    assert titles == ["FERRIES STOP", "QUAY CRACKED", "TRAMS FOR SOME", "POOL OPENS", "Stop here", "After it"]
    (first,) = reextractions.every(press.db)
    assert (first.finished_at, first.article_id, first.counts) == (None, ArticleId(4), {"changed": 4})
    again = press.run(presses.shouting, writes=True, selection=everything)
    assert again.total() == 3
    assert [finding.title for finding in again.findings()] == ["Stop here", "After it", ""]
    (whole,) = reextractions.every(press.db)
    assert whole.id == first.id
    assert whole.finished_at is not None
    assert whole.counts == {"changed": 6, "no article": 1}


def test_a_pool_of_processes_gives_the_same(press: Press) -> None:
    assert kinds(list(press.run(presses.shouting, processes=2).findings())) == {Kind.CHANGED: 4, Kind.NO_ARTICLE: 1}


def test_lines_that_are_known_as_boilerplate_are_taken_out_as_at_ingest(press: Press) -> None:
    for number in range(20):
        press.publish(f"n{number}", f"Story {number}", f"This is story number {number} of many.", "Subscribe to us")
    cleaning.learn(press.db, press.source_id, later(hours=1))
    assert stored(press, "n3").text == "This is story number 3 of many."
    removed = list(press.db.query("SELECT line, articles, removed FROM boilerplate"))
    run = press.run(presses.as_before)
    assert kinds(list(run.findings()))[Kind.SAME] == 24
    press.apply(presses.as_before)
    assert list(press.db.query("SELECT line, articles, removed FROM boilerplate")) == removed
