"""Articles of several sources that tell one story: joined, divided, and right in whatever order they come."""

from collections.abc import Iterable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import cleaning, clustering, sketches, text
from archive.boilerplate import Line, Rule
from archive.models import ArticleId, Precision, Sketch, SourceId
from archive.store import Database, boilerplate, clusters, open_archive, tombstones
from archive.store import stories as telling
from tests.archive import stories
from tests.archive.copying import LANGUAGES, Newsroom
from tests.archive.stories import Newspaper

WRITER = Newsroom(LANGUAGES["English"], seed=8)
STORY = WRITER.story()
OTHER = WRITER.story()


def body(story: Sequence[Sequence[str]]) -> str:
    return WRITER.printed(story)


class Papers:
    """An archive with several newspapers."""

    def __init__(self, db: Database, count: int = 4) -> None:
        self.db = db
        self.papers = [Newspaper(db, f"paper{number}.example") for number in range(count)]

    def print(self, paper: int, story: Sequence[Sequence[str]], slug: str = "story", *, hours: float = 0) -> ArticleId:
        """An article of a newspaper, published and seen so many hours after noon; an edit, where the slug is known."""
        host = f"paper{paper}.example"
        article = stories.article(
            stories.url(slug, host),
            title=f"{slug} of {paper}",
            body=body(story),
            published_at=stories.later(hours=hours),
        )
        ingested = self.papers[paper].write(stories.prepared(article), hours=hours)
        assert ingested.article_id is not None
        return ingested.article_id

    def clusters(self) -> set[frozenset[ArticleId]]:
        return partition(self.db)


def partition(db: Database) -> set[frozenset[ArticleId]]:
    """The clusters, each as its articles; what `clusters` says of them must be so."""
    members: dict[int, set[ArticleId]] = {}
    for article_id, cluster_id in db.execute(
        "SELECT id, cluster_id FROM articles WHERE cluster_id IS NOT NULL"
    ).fetchall():
        members.setdefault(cluster_id, set()).add(article_id)
    sizes = dict(db.execute("SELECT id, size FROM clusters").fetchall())
    assert sizes == {cluster_id: len(ids) for cluster_id, ids in members.items()}
    firsts = dict(db.execute("SELECT id, first_article_id FROM clusters").fetchall())
    assert all(first in members[cluster_id] for cluster_id, first in firsts.items())
    told = dict(db.execute("SELECT id, rewritten FROM articles").fetchall())
    assert {one for one, share in told.items() if share is not None} == set().union(*members.values()) - {
        *firsts.values()
    }
    return {frozenset(ids) for ids in members.values()}


@pytest.fixture
def papers(db: Database) -> Papers:
    return Papers(db)


def test_the_same_story_in_two_papers_is_a_cluster(papers: Papers) -> None:
    first = papers.print(0, STORY)
    assert papers.clusters() == set()
    second = papers.print(1, WRITER.reworded(STORY, 0.1))
    papers.print(1, OTHER, "other")
    assert papers.clusters() == {frozenset({first, second})}


def test_nothing_is_merged(papers: Papers) -> None:
    first = papers.print(0, STORY)
    second = papers.print(1, STORY)
    assert first != second
    assert papers.clusters() == {frozenset({first, second})}


def test_versions_in_one_paper_are_no_cluster(papers: Papers) -> None:
    one = papers.print(0, STORY)
    other = papers.print(0, WRITER.reworded(STORY, 0.1), "again")
    assert one != other
    assert papers.clusters() == set()
    copy = papers.print(1, STORY)
    assert papers.clusters() == {frozenset({one, other, copy})}


def test_an_article_between_two_clusters_joins_them(papers: Papers) -> None:
    ids = [
        papers.print(0, STORY),
        papers.print(1, STORY),
        papers.print(0, OTHER, "other"),
        papers.print(1, OTHER, "other"),
    ]
    assert len(papers.clusters()) == 2
    both = papers.print(2, [*STORY, *OTHER])
    assert papers.clusters() == {frozenset({*ids, both})}
    # and divides them, when it drops one of the stories
    papers.print(2, STORY)
    assert papers.clusters() == {frozenset({ids[0], ids[1], both}), frozenset(ids[2:])}
    papers.print(2, WRITER.story())
    assert papers.clusters() == {frozenset(ids[:2]), frozenset(ids[2:])}


def test_an_edit_takes_an_article_into_a_cluster_and_out_of_it(papers: Papers) -> None:
    first, second = papers.print(0, STORY), papers.print(1, OTHER)
    assert papers.clusters() == set()
    papers.print(1, STORY, hours=1)
    assert papers.clusters() == {frozenset({first, second})}
    papers.print(1, OTHER, hours=2)
    assert papers.clusters() == set()
    assert papers.db.execute("SELECT count(*) FROM copies").fetchone() == (0,)
    assert papers.db.execute("SELECT count(*) FROM marks").fetchone() == (2 * sketches.MARKS,)


def test_an_edit_that_leaves_the_text_alone_changes_nothing(papers: Papers) -> None:
    papers.print(0, STORY)
    papers.print(1, STORY, hours=1)
    before = papers.clusters()
    assert papers.db.execute("SELECT * FROM unplaced").fetchall() == []
    papers.print(1, STORY, hours=1)
    assert papers.clusters() == before
    assert papers.db.execute("SELECT * FROM unplaced").fetchall() == []


def test_short_texts_are_never_linked(papers: Papers) -> None:
    short = [["Harbour", "closed", "until", "spring", str(number)] for number in range(8)]
    papers.print(0, short)
    papers.print(1, short)
    assert papers.clusters() == set()


def test_the_first_is_who_published_first_not_who_was_met_first(papers: Papers) -> None:
    late = papers.print(0, STORY, hours=5)
    early = papers.print(1, WRITER.reworded(STORY, 0.1), hours=2)
    middle = papers.print(2, STORY, hours=3)
    story = telling.of(papers.db, late)
    assert story is not None
    assert [one.article_id for one in story.tellings] == [early, middle, late]
    assert story.outlets == ("paper1", "paper2", "paper0")
    assert [one.rewritten is None for one in story.tellings] == [True, False, False]
    assert all(0.06 < one.rewritten < 0.14 for one in story.tellings if one.rewritten is not None)
    assert 0.06 < story.rewritten < 0.14


def test_an_edit_of_the_first_article_is_seen_in_what_the_others_have_rewritten(papers: Papers) -> None:
    papers.print(0, WRITER.reworded(STORY, 0.15))
    copy = papers.print(1, STORY, hours=1)
    (before,) = papers.db.execute("SELECT rewritten FROM articles WHERE id = ?", [copy]).fetchone()
    papers.print(0, STORY)
    (after,) = papers.db.execute("SELECT rewritten FROM articles WHERE id = ?", [copy]).fetchone()
    assert before > 0.1
    assert after == 0


@pytest.mark.parametrize(
    ("by_day", "seen", "exact", "first"),
    [
        ("2026-07-04", "2026-07-05T09:00", "2026-07-04T12:00", "exact"),  # later on that day, or before: nobody knows
        ("2026-07-04", "2026-07-04T12:30", "2026-07-04T12:00", "exact"),
        ("2026-07-04", "2026-07-04T11:30", "2026-07-04T12:00", "by_day"),  # it was there before the other came out
        ("2026-07-04", "2026-07-09T09:00", "2026-07-05T00:10", "by_day"),
        ("2026-07-04", "2026-07-04T11:30", None, "by_day"),
        (None, "2026-07-04T11:30", "2026-07-04T12:00", "by_day"),
        (None, "2026-07-04T12:30", "2026-07-04T12:00", "exact"),
    ],
)
def test_the_first_is_who_was_out_before_for_certain(
    papers: Papers, by_day: str | None, seen: str, exact: str | None, first: str
) -> None:
    ids = {"by_day": papers.print(0, STORY, hours=99), "exact": papers.print(1, STORY, hours=99)}
    for which, published, precision, at in (
        ("by_day", by_day and f"{by_day}T00:00:00Z", Precision.DAY, seen),
        ("exact", exact and f"{exact}:00Z", Precision.MINUTE, "2026-07-08T12:00"),
    ):
        papers.db.execute(
            "UPDATE articles SET published_at = ?, published_precision = ?, first_seen_at = ? WHERE id = ?",
            [published, precision if published else None, f"{at}:00Z", ids[which]],
        )
    assert clustering.catch_up(papers.db) == 2
    story = telling.of(papers.db, ids["exact"])
    assert story is not None
    assert [telling.article_id for telling in story.tellings] == sorted(ids.values(), key=lambda one: one != ids[first])


def test_another_time_of_publication_makes_another_first(papers: Papers) -> None:
    first, second = papers.print(0, STORY), papers.print(1, STORY, hours=1)
    papers.db.execute("UPDATE articles SET published_at = '2026-07-01T00:00:00Z' WHERE id = ?", [second])
    clustering.catch_up(papers.db)
    story = telling.of(papers.db, first)
    assert story is not None
    assert story.tellings[0].article_id == second
    papers.clusters()


def test_a_deleted_article_leaves_a_cluster_that_is_right(papers: Papers) -> None:
    ids = [
        papers.print(0, STORY),
        papers.print(1, STORY),
        papers.print(0, OTHER, "other"),
        papers.print(1, OTHER, "other"),
    ]
    both = papers.print(2, [*STORY, *OTHER])
    tombstones.bury(papers.db, both, [], [])
    assert clustering.catch_up(papers.db) == 4
    assert papers.clusters() == {frozenset(ids[:2]), frozenset(ids[2:])}
    tombstones.bury(papers.db, ids[0], [], [])
    clustering.catch_up(papers.db)
    assert papers.clusters() == {frozenset(ids[2:])}
    assert papers.db.execute("SELECT count(*) FROM marks").fetchone() == (3 * sketches.MARKS,)
    assert papers.db.execute("SELECT count(*) FROM copies").fetchone() == (2,)


def test_what_cleaning_takes_out_is_taken_out_of_the_comparison(papers: Papers) -> None:
    plea = WRITER.story(8)
    ids = [papers.print(paper, [*plea, *story]) for paper, story in enumerate((STORY[:8], OTHER[:8]))]
    assert papers.clusters() == {frozenset(ids)}
    for paper, newspaper in enumerate(papers.papers[:2]):
        lines = [Line(rule=Rule.LINE, text=line) for line in text.paragraphs(body(plea))]
        boilerplate.add(papers.db, newspaper.source_id, lines, stories.NOON)
        cleaning._clean(papers.db, newspaper.source_id, [ids[paper]])
    assert clustering.catch_up(papers.db) == 2
    assert papers.clusters() == set()
    # and what comes later is compared without it from the beginning
    later = papers.print(2, OTHER[:8])
    assert papers.clusters() == {frozenset({ids[1], later})}


def test_an_older_archive_is_made_up_for_in_parts(papers: Papers) -> None:
    ids = [papers.print(paper, STORY) for paper in range(3)]
    for table in ("copies", "sketches"):
        papers.db.execute(f"DELETE FROM {table}")
    papers.db.execute("UPDATE articles SET cluster_id = NULL, rewritten = NULL")
    papers.db.execute("DELETE FROM clusters")
    papers.db.execute("INSERT INTO unplaced SELECT id FROM articles")
    assert clustering.catch_up(papers.db, limit=2) == 2
    assert papers.clusters() == {frozenset(ids[1:])}
    assert clustering.catch_up(papers.db, limit=None) == 1
    assert papers.clusters() == {frozenset(ids)}
    assert clustering.catch_up(papers.db) == 0


def test_what_very_many_papers_print_is_one_cluster(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "COMPARED_MAX", 3)
    papers = Papers(db, 9)
    ids = [papers.print(paper, STORY) for paper in range(9)]
    assert papers.clusters() == {frozenset(ids)}
    assert db.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM copies GROUP BY article_id)").fetchone() <= (8,)


def test_the_view_has_a_row_for_each_story(papers: Papers) -> None:
    first = papers.print(0, STORY)
    papers.print(1, WRITER.reworded(STORY, 0.1), hours=1)
    papers.print(1, STORY, "again", hours=2)
    papers.db.execute("UPDATE articles SET agency = 'dpa' WHERE id > ?", [first])
    (row,) = papers.db.query("SELECT * FROM stories")
    assert (row["source"], row["outlets"], row["size"], row["agency"]) == ("paper0", 2, 3, "dpa")
    assert row["published_at"] == "2026-07-04T12:00:00Z"
    assert 0.02 < row["rewritten"] < 0.08


def test_stories_are_found_by_time_and_source(papers: Papers) -> None:
    papers.print(0, STORY)
    papers.print(1, STORY, hours=1)
    papers.print(1, OTHER, "other", hours=30)
    papers.print(2, OTHER, "other", hours=31)
    db, source = papers.db, papers.papers[0].source_id
    assert [story.tellings[0].title for story in telling.find(db, limit=9)] == ["other of 1", "story of 0"]
    assert [story.tellings[0].title for story in telling.find(db, limit=1)] == ["other of 1"]
    assert [story.tellings[0].title for story in telling.find(db, since=stories.later(hours=9), limit=9)] == [
        "other of 1"
    ]
    assert [story.tellings[0].title for story in telling.find(db, source_id=source, limit=9)] == ["story of 0"]


# --- any order ---


def _versions() -> list[list[list[str]]]:
    """Stories each of which is like its neighbours only, and one that is like none."""
    found = [STORY]
    for _ in range(4):
        found.append(WRITER.reworded(found[-1], 0.22))
    return [*found, OTHER]


VERSIONS = [sketches.sketch(text.words(body(story))) for story in _versions()]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, list[tuple[ArticleId, SourceId]]]]:
    """Eight articles of three sources, and none of them placed anywhere."""
    db = open_archive(tmp_path_factory.mktemp("orders") / "news.db")
    papers = Papers(db, 3)
    ids = [papers.print(number % 3, WRITER.story(1), f"story-{number}", hours=number) for number in range(8)]
    yield db, [(article_id, papers.papers[number % 3].source_id) for number, article_id in enumerate(ids)]
    db.close()


def expected(texts: Iterable[tuple[ArticleId, SourceId, Sketch | None]]) -> set[frozenset[ArticleId]]:
    """The clusters, found by comparing every article with every other."""
    groups: list[set[ArticleId]] = []
    known: list[tuple[ArticleId, SourceId, Sketch | None]] = []
    for article_id, source_id, sketch in texts:
        like = {
            other
            for other, source, its in known
            if source != source_id and sketch and its and sketches.likeness(sketch, its) >= sketches.SAME_STORY
        }
        joined = [group for group in groups if group & like]
        groups = [group for group in groups if not group & like] + [{article_id}.union(*joined)]
        known.append((article_id, source_id, sketch))
    return {frozenset(group) for group in groups if len(group) > 1}


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(-1, len(VERSIONS) - 1)), max_size=24))
def test_whatever_the_order_of_articles_and_edits_the_clusters_are_the_same(
    many: tuple[Database, list[tuple[ArticleId, SourceId]]], writes: list[tuple[int, int]]
) -> None:
    db, articles = many
    for article_id, _ in articles:
        clusters.place(db, article_id, None)
    assert partition(db) == set()
    texts: list[Sketch | None] = [None] * len(articles)
    for number, version in writes:
        texts[number] = VERSIONS[version] if version >= 0 else None
        clusters.place(db, articles[number][0], texts[number])
        placed = [(*article, sketch) for article, sketch in zip(articles, texts, strict=True)]
        assert partition(db) == expected(placed)
