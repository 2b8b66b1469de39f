"""The full text index: its words, the triggers that keep it up to date, and how it is made anew.

It is fed with `segmented(text)`, a function that `archive.store.connection` registers (`archive.spelling.indexed`):
words of Chinese, Japanese, Korean or Thai become phrases of single characters, and all words have one spelling (straße
is strasse). Only writers need it; every reader gets by with plain SQLite, but has to ask in that spelling. Two things
follow. A migration that changes what `segmented` gives has to call `rebuild`; and FTS5's own 'rebuild' command is not
for this table, because it would index the raw text.
"""

import logging

from sqlite_utils import Database

logger = logging.getLogger(__name__)

REBUILT_AT_ONCE = 20_000
"""Articles between two notices of a rebuild: some ten seconds."""

TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co Mc Mn'"
"""How FTS5 finds words. Marks (Mc, Mn) are parts of them: the vowel signs of Hindi, Tamil or Thai are marks."""

# `articles_text` is what FTS5 reads a row's content from: raw, so that any client may use highlight() and snippet().
# Rank: a word in the title says more than one in the text.
SCHEMA = f"""
CREATE VIEW articles_text AS
SELECT newest.article_id AS rowid, newest.title, newest.subtitle,
    (SELECT group_concat(value, '; ') FROM json_each(newest.authors)) AS authors, newest.text
FROM revisions AS newest
WHERE newest.number = (SELECT max(number) FROM revisions WHERE article_id = newest.article_id);

CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, subtitle, authors, text,
    content = 'articles_text',
    tokenize = "{TOKENIZER}"
);
INSERT INTO articles_fts (articles_fts, rank) VALUES ('rank', 'bm25(10.0, 5.0, 3.0, 1.0)');

CREATE TRIGGER revisions_added AFTER INSERT ON revisions
WHEN new.number = (SELECT max(number) FROM revisions WHERE article_id = new.article_id)
BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, subtitle, authors, text)
    SELECT 'delete', article_id, segmented(title), segmented(subtitle),
        segmented((SELECT group_concat(value, '; ') FROM json_each(authors))), segmented(text)
    FROM revisions WHERE article_id = new.article_id AND number < new.number
    ORDER BY number DESC LIMIT 1;
    INSERT INTO articles_fts (rowid, title, subtitle, authors, text)
    VALUES (new.article_id, segmented(new.title), segmented(new.subtitle),
        segmented((SELECT group_concat(value, '; ') FROM json_each(new.authors))), segmented(new.text));
END;

CREATE TRIGGER revisions_changed AFTER UPDATE OF title, subtitle, authors, text ON revisions
WHEN new.number = (SELECT max(number) FROM revisions WHERE article_id = new.article_id)
BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, subtitle, authors, text)
    VALUES ('delete', old.article_id, segmented(old.title), segmented(old.subtitle),
        segmented((SELECT group_concat(value, '; ') FROM json_each(old.authors))), segmented(old.text));
    INSERT INTO articles_fts (rowid, title, subtitle, authors, text)
    VALUES (new.article_id, segmented(new.title), segmented(new.subtitle),
        segmented((SELECT group_concat(value, '; ') FROM json_each(new.authors))), segmented(new.text));
END;

CREATE TRIGGER revisions_removed AFTER DELETE ON revisions
WHEN old.number > coalesce((SELECT max(number) FROM revisions WHERE article_id = old.article_id), 0)
BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, subtitle, authors, text)
    VALUES ('delete', old.article_id, segmented(old.title), segmented(old.subtitle),
        segmented((SELECT group_concat(value, '; ') FROM json_each(old.authors))), segmented(old.text));
    INSERT INTO articles_fts (rowid, title, subtitle, authors, text)
    SELECT article_id, segmented(title), segmented(subtitle),
        segmented((SELECT group_concat(value, '; ') FROM json_each(authors))), segmented(text)
    FROM revisions WHERE article_id = old.article_id
    ORDER BY number DESC LIMIT 1;
END;

CREATE TRIGGER revisions_keep_their_place BEFORE UPDATE OF article_id, number ON revisions
WHEN new.article_id <> old.article_id OR new.number <> old.number
BEGIN
    SELECT raise(ABORT, 'a revision keeps its article and its number');
END;
"""


def rebuild(db: Database) -> None:
    """Makes the index anew from the newest revisions, as the triggers would have; half a millisecond an article.

    FTS5's own 'rebuild' would not do: it reads the raw text, and no word of an unspaced script would be found.
    """
    (newest,) = db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    for first in range(0, newest, REBUILT_AT_ONCE):
        if newest > REBUILT_AT_ONCE:
            logger.warning("rebuilding the full text index: %s of %s articles", f"{first:,}", f"{newest:,}")
        db.execute(
            """
            INSERT INTO articles_fts (rowid, title, subtitle, authors, text)
            SELECT rowid, segmented(title), segmented(subtitle), segmented(authors), segmented(text)
            FROM articles_text WHERE rowid > ? AND rowid <= ?
            """,
            [first, first + REBUILT_AT_ONCE],
        )
