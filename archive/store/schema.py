"""The archive's tables, views and triggers, as migrations that are only ever appended to.

A migration that was released is never edited: the next one alters what it made. `docs/schema.sql` shows the outcome
(`python -m archive.store > docs/schema.sql`), and a test holds it to this file.

The full text index is a room of its own (`archive.store.indexing`).
"""

from sqlite_utils import Database, Migrations

from archive.store import changes, indexing

MIGRATION_SET = "newsarchive"
MIGRATIONS_TABLE = Migrations.migrations_table

READABLE_FROM = "m015_listed"
"""The oldest migration after which everything that we read is there: from it on, an older file may be read as it is.

A migration that adds what reading depends on moves this up to itself.
"""

migrations = Migrations(MIGRATION_SET)

_SOURCES = """
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT,
    url TEXT NOT NULL UNIQUE,
    domain TEXT NOT NULL,
    country TEXT,
    language TEXT,
    every_seconds INTEGER CHECK (every_seconds > 0),
    next_crawl_at TEXT,
    enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings))
) STRICT;
CREATE INDEX sources_domain ON sources (domain);

CREATE TABLE endpoints (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    last_checked_at TEXT,
    last_new_at TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    UNIQUE (source_id, kind, url)
) STRICT;

CREATE TABLE crawls (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT,
    counts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts))
) STRICT;
CREATE INDEX crawls_source ON crawls (source_id, started_at);
"""

_ARTICLES = """
CREATE TABLE clusters (
    id INTEGER PRIMARY KEY,
    first_article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL,
    size INTEGER NOT NULL
) STRICT;
CREATE INDEX clusters_first_article ON clusters (first_article_id);

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    source_id INTEGER NOT NULL REFERENCES sources (id),
    title TEXT NOT NULL,
    subtitle TEXT,
    authors TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(authors)),
    published_at TEXT,
    published_precision TEXT CHECK (published_precision IN ('second', 'minute', 'day')),
    published_offset TEXT,
    modified_at TEXT,
    section TEXT,
    tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
    language TEXT,
    description TEXT,
    image_url TEXT,
    site_name TEXT,
    agency TEXT,
    is_free INTEGER CHECK (is_free IN (0, 1)),
    word_count INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    revisions INTEGER NOT NULL,
    cluster_id INTEGER REFERENCES clusters (id) ON DELETE SET NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    gone_at TEXT,
    gone_status INTEGER
) STRICT;
CREATE INDEX articles_content ON articles (source_id, content_hash);
CREATE INDEX articles_seen ON articles (source_id, first_seen_at);
CREATE INDEX articles_dated ON articles (coalesce(published_at, first_seen_at));
CREATE INDEX articles_cluster ON articles (cluster_id) WHERE cluster_id IS NOT NULL;
CREATE INDEX articles_gone ON articles (gone_at) WHERE gone_at IS NOT NULL;

CREATE TABLE article_urls (
    url TEXT PRIMARY KEY NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    first_seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX article_urls_article ON article_urls (article_id);

CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    crawl_id INTEGER REFERENCES crawls (id) ON DELETE SET NULL,
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT,
    etag TEXT,
    last_modified TEXT,
    payload_sha256 TEXT,
    warc_file TEXT,
    warc_offset INTEGER,
    warc_length INTEGER,
    error TEXT
) STRICT;
CREATE INDEX captures_url ON captures (url, fetched_at);
CREATE INDEX captures_crawl ON captures (crawl_id);

CREATE TABLE revisions (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    seen_at TEXT NOT NULL,
    capture_id INTEGER REFERENCES captures (id) ON DELETE SET NULL,
    title TEXT NOT NULL,
    subtitle TEXT,
    authors TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(authors)),
    published_at TEXT,
    modified_at TEXT,
    text TEXT NOT NULL,
    blocks TEXT NOT NULL CHECK (json_valid(blocks)),
    content_hash TEXT NOT NULL,
    change TEXT CHECK (change IN ('headline', 'correction', 'figures', 'quotes', 'text', 'cosmetic')),
    silent INTEGER NOT NULL DEFAULT 0 CHECK (silent IN (0, 1)),
    extractor TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) STRICT;
CREATE INDEX revisions_capture ON revisions (capture_id);
CREATE INDEX revisions_edits ON revisions (seen_at) WHERE number > 1;

CREATE TABLE fields (
    article_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    method TEXT NOT NULL,
    chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)),
    FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, number) ON DELETE CASCADE
) STRICT;
CREATE INDEX fields_revision ON fields (article_id, revision);

CREATE TABLE boilerplate (
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    line_hash TEXT NOT NULL,
    line TEXT NOT NULL,
    articles INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source_id, line_hash)
) STRICT;
"""

# The rowid of `urls` is the order of discovery, in which candidates without a date are fetched.
_URLS = """
CREATE TABLE urls (
    url TEXT PRIMARY KEY NOT NULL,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    discovered_at TEXT NOT NULL,
    found_in TEXT,
    kind TEXT,
    title TEXT,
    published_at TEXT,
    modified_at TEXT,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'fetched', 'refused', 'failed')),
    reason TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    next_fetch_at TEXT,
    article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL,
    crawl_id INTEGER REFERENCES crawls (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX urls_source ON urls (source_id, state);
CREATE INDEX urls_waiting ON urls (source_id, coalesce(published_at, modified_at) DESC) WHERE state = 'waiting';
CREATE INDEX urls_crawl ON urls (crawl_id, state, reason);
CREATE INDEX urls_article ON urls (article_id) WHERE article_id IS NOT NULL;
"""

_VIEWS = """
CREATE VIEW articles_full AS
SELECT articles.*, sources.name AS source, revisions.text
FROM articles
JOIN sources ON sources.id = articles.source_id
JOIN revisions ON revisions.article_id = articles.id AND revisions.number = articles.revisions;

CREATE VIEW latest AS
SELECT articles.id, sources.name AS source, articles.title, articles.authors, articles.section, articles.language,
    articles.published_at, articles.first_seen_at, articles.word_count, articles.url
FROM articles
JOIN sources ON sources.id = articles.source_id
WHERE articles.gone_at IS NULL
ORDER BY coalesce(articles.published_at, articles.first_seen_at) DESC;

CREATE VIEW stories AS
SELECT clusters.id AS cluster_id, clusters.size, first.title, first.url, first.published_at,
    (SELECT json_group_array(DISTINCT sources.name)
     FROM articles JOIN sources ON sources.id = articles.source_id
     WHERE articles.cluster_id = clusters.id) AS sources
FROM clusters
JOIN articles AS first ON first.id = clusters.first_article_id;

CREATE VIEW gone AS
SELECT articles.id, sources.name AS source, articles.title, articles.published_at, articles.last_seen_at,
    articles.gone_at, articles.gone_status, articles.url
FROM articles
JOIN sources ON sources.id = articles.source_id
WHERE articles.gone_at IS NOT NULL;

CREATE VIEW edits AS
SELECT revisions.article_id, revisions.number, sources.name AS source, revisions.seen_at, revisions.change,
    revisions.silent, revisions.title, before.title AS title_before, articles.url
FROM revisions
JOIN revisions AS before ON before.article_id = revisions.article_id AND before.number = revisions.number - 1
JOIN articles ON articles.id = revisions.article_id
JOIN sources ON sources.id = articles.source_id
WHERE revisions.number > 1;

CREATE VIEW source_health AS
SELECT sources.id AS source_id, sources.name AS source, sources.enabled, crawls.started_at AS last_crawl_at,
    crawls.outcome AS last_outcome, crawls.counts AS last_counts,
    (SELECT count(*) FROM articles WHERE articles.source_id = sources.id) AS articles,
    (SELECT max(first_seen_at) FROM articles WHERE articles.source_id = sources.id) AS last_article_at,
    (SELECT count(*) FROM urls WHERE urls.source_id = sources.id AND urls.state = 'waiting') AS waiting,
    (SELECT count(*) FROM urls WHERE urls.source_id = sources.id AND urls.state = 'failed') AS failed
FROM sources
LEFT JOIN crawls ON crawls.id = (
    SELECT id FROM crawls WHERE crawls.source_id = sources.id ORDER BY started_at DESC, id DESC LIMIT 1
);

CREATE VIEW daily_counts AS
SELECT sources.name AS source, substr(coalesce(articles.published_at, articles.first_seen_at), 1, 10) AS day,
    count(*) AS articles, sum(articles.word_count) AS words
FROM articles
JOIN sources ON sources.id = articles.source_id
GROUP BY articles.source_id, day;
"""


@migrations()
def m001_archive(db: Database) -> None:
    """Everything that the first release stores."""
    for part in (_SOURCES, _ARTICLES, _URLS, _VIEWS, indexing.SCHEMA):
        db.executescript(part)


@migrations()
def m002_removals(db: Database) -> None:
    """What was taken out of each text as boilerplate, so that it can be put back; and which lines must stay."""
    db.executescript(changes.REMOVALS)


@migrations()
def m003_published(db: Database) -> None:
    """The articles in the order in which they were published, at hand."""
    db.executescript(changes.PUBLISHED)


@migrations()
def m004_records(db: Database) -> None:
    """Where each response's WARC record is."""
    db.executescript(changes.RECORDS)


@migrations()
def m005_spelling(db: Database) -> None:
    """The full text in one spelling: before, it had a word as each article wrote it."""
    indexing.rebuild(db)


@migrations()
def m006_fixity(db: Database) -> None:
    """Manifests of what was stored, and tombstones of what was taken down."""
    db.executescript(changes.FIXITY)


@migrations()
def m007_languages(db: Database) -> None:
    """The articles of each language at hand."""
    db.executescript(changes.LANGUAGES)


@migrations()
def m008_reextractions(db: Database) -> None:
    """What a re-extraction has replaced; and what found no article in a response."""
    db.executescript(changes.REEXTRACTIONS)


@migrations()
def m009_imports(db: Database) -> None:
    """Which files were imported, and where redirects lead."""
    db.executescript(changes.IMPORTS)


@migrations()
def m010_revisits(db: Database) -> None:
    """In which response each article was last seen, and the addresses that are due at hand."""
    db.executescript(changes.REVISITS)


@migrations()
def m011_endpoints(db: Database) -> None:
    """How often each feed, sitemap and section is worth asking."""
    db.executescript(changes.ENDPOINTS)


@migrations()
def m012_absences(db: Database) -> None:
    """When articles were missing, gone and back."""
    db.executescript(changes.ABSENCES)


@migrations()
def m013_stories(db: Database) -> None:
    """The same story at several sources: what it takes to find it, and what is still to be looked at."""
    db.executescript(changes.STORIES)


@migrations()
def m014_health(db: Database) -> None:
    """When each address was advertised, and a source's health in numbers."""
    db.executescript(changes.HEALTH)


@migrations()
def m015_listed(db: Database) -> None:
    """Which list has each article."""
    db.executescript(changes.LISTED)


@migrations()
def m016_timetable(db: Database) -> None:
    """How often in a row the crawls of a source have failed, and why."""
    db.executescript(changes.TIMETABLE)


def names() -> list[str]:
    """The names of the migrations that this version knows, oldest first."""
    with Database(memory=True) as nothing_applied:
        return [migration.name for migration in migrations.pending(nothing_applied)]


def dump(db: Database) -> str:
    """The SQL that makes the schema, for a person to read: tables, then views, then triggers, each with a semicolon."""
    rows = db.query(
        """
        SELECT sql FROM sqlite_master
        WHERE sql IS NOT NULL AND tbl_name <> ?
            AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE 'articles!_fts!_%' ESCAPE '!'
        ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid
        """,
        [MIGRATIONS_TABLE],
    )
    return "\n\n".join(f"{row['sql']};" for row in rows) + "\n"
