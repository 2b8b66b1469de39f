"""What later versions changed in the schema: the SQL of each migration after the first, in their order."""

# A position is that of the paragraph in the text before anything was taken out of it.
REMOVALS = """
ALTER TABLE boilerplate ADD COLUMN rule TEXT NOT NULL DEFAULT 'line' CHECK (rule IN ('line', 'lead'));
ALTER TABLE boilerplate ADD COLUMN learned_at TEXT;
ALTER TABLE boilerplate ADD COLUMN spared INTEGER NOT NULL DEFAULT 0 CHECK (spared IN (0, 1));

CREATE TABLE removals (
    article_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0),
    line TEXT NOT NULL,
    kind TEXT NOT NULL,
    line_hash TEXT NOT NULL,
    PRIMARY KEY (article_id, revision, position),
    FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, number) ON DELETE CASCADE
) STRICT;
CREATE INDEX removals_line ON removals (line_hash, article_id);
"""

# Without them datasette's page of the newest articles, of all or of one source, reads every text that there is to sort
# it: 70 ms with ten thousand articles, ten times that with ten times as many.
PUBLISHED = """
CREATE INDEX articles_published ON articles (published_at);
CREATE INDEX articles_source_published ON articles (source_id, published_at);
"""

# A response is looked for by its payload, so that this is written once, and by its file, to know where that ends.
RECORDS = """
ALTER TABLE captures ADD COLUMN record_id TEXT;
ALTER TABLE captures ADD COLUMN revisit_of INTEGER REFERENCES captures (id) ON DELETE SET NULL;
CREATE INDEX captures_payload ON captures (payload_sha256) WHERE warc_file IS NOT NULL AND revisit_of IS NULL;
CREATE INDEX captures_place ON captures (warc_file, warc_offset) WHERE warc_file IS NOT NULL;
CREATE UNIQUE INDEX captures_record_id ON captures (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX captures_revisits ON captures (revisit_of) WHERE revisit_of IS NOT NULL;
"""

# What was stored is sealed in manifests. Everything that is there already is still to be: the next one has it all.
FIXITY = """
CREATE TABLE manifests (
    number INTEGER PRIMARY KEY,
    crawl_id INTEGER REFERENCES crawls (id) ON DELETE SET NULL,
    made_at TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    lines INTEGER NOT NULL,
    warc_file TEXT,
    warc_offset INTEGER,
    warc_length INTEGER,
    record_id TEXT,
    block BLOB,
    CHECK ((warc_file IS NULL) <> (block IS NULL))
) STRICT;
CREATE INDEX manifests_crawl ON manifests (crawl_id);
CREATE INDEX manifests_place ON manifests (warc_file, warc_offset);

CREATE TABLE segments (
    id INTEGER PRIMARY KEY,
    warc_file TEXT NOT NULL,
    begins INTEGER NOT NULL,
    ends INTEGER NOT NULL CHECK (ends > begins),
    sha256 TEXT NOT NULL,
    UNIQUE (warc_file, begins)
) STRICT;

CREATE TABLE tombstones (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL UNIQUE,
    source_id INTEGER NOT NULL REFERENCES sources (id),
    url TEXT NOT NULL,
    reason TEXT NOT NULL,
    taken_by TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    addresses TEXT NOT NULL CHECK (json_valid(addresses)),
    content_hashes TEXT NOT NULL CHECK (json_valid(content_hashes)),
    title_hashes TEXT NOT NULL CHECK (json_valid(title_hashes)),
    sketches TEXT NOT NULL CHECK (json_valid(sketches)),
    finished_at TEXT
) STRICT;
CREATE INDEX tombstones_source ON tombstones (source_id);

CREATE TABLE tombstone_marks (
    kind TEXT NOT NULL CHECK (kind IN ('address', 'content', 'shingle', 'payload')),
    mark TEXT NOT NULL,
    tombstone_id INTEGER NOT NULL REFERENCES tombstones (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, mark, tombstone_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_marks_of ON tombstone_marks (tombstone_id);

CREATE TABLE erasures (
    capture_id INTEGER PRIMARY KEY REFERENCES captures (id),
    tombstone_id INTEGER NOT NULL REFERENCES tombstones (id),
    warc_file TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL,
    record_id TEXT,
    payload_sha256 TEXT,
    erased_at TEXT,
    UNIQUE (warc_file, warc_offset)
) STRICT;
CREATE INDEX erasures_tombstone ON erasures (tombstone_id);

CREATE TABLE unsealed (
    table_name TEXT NOT NULL,
    id INTEGER NOT NULL,
    number INTEGER NOT NULL DEFAULT 0,
    why TEXT NOT NULL,
    was TEXT,
    PRIMARY KEY (table_name, id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO unsealed (table_name, id, why) SELECT 'captures', id, 'made' FROM captures;
INSERT INTO unsealed (table_name, id, why) SELECT 'articles', id, 'made' FROM articles;
INSERT INTO unsealed (table_name, id, number, why) SELECT 'revisions', article_id, number, 'made' FROM revisions;
"""

# For searches in one language, also of one source or period: it says by itself which articles they are.
LANGUAGES = """
CREATE INDEX articles_language ON articles (language, source_id, published_at);
"""

# What a re-extraction has put in the place of older values, so that it can be undone. A `revision` of 0 is the
# article's own row. `before` is NULL where there was nothing; `after` is kept of short values only.
REEXTRACTIONS = """
ALTER TABLE captures ADD COLUMN extractor TEXT;

CREATE TABLE reextractions (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    rolled_back_at TEXT,
    extractor TEXT NOT NULL,
    selection TEXT NOT NULL CHECK (json_valid(selection)),
    article_id INTEGER NOT NULL DEFAULT 0,
    capture_id INTEGER NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts))
) STRICT;

CREATE TABLE replaced_values (
    reextraction_id INTEGER NOT NULL REFERENCES reextractions (id) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    field TEXT NOT NULL,
    before ANY,
    after ANY,
    PRIMARY KEY (reextraction_id, article_id, revision, field)
) STRICT;
CREATE INDEX replaced_values_article ON replaced_values (article_id);

CREATE TABLE reread_captures (
    reextraction_id INTEGER NOT NULL REFERENCES reextractions (id) ON DELETE CASCADE,
    capture_id INTEGER NOT NULL REFERENCES captures (id) ON DELETE CASCADE,
    error TEXT,
    extractor TEXT,
    article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL,
    seen_at TEXT,
    urls TEXT CHECK (urls IS NULL OR json_valid(urls)),
    PRIMARY KEY (reextraction_id, capture_id)
) STRICT;
CREATE INDEX reread_captures_article ON reread_captures (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX reread_captures_capture ON reread_captures (capture_id);
"""

# A file that is imported: how far that has come, and what became of its records. Its articles belong to crawls of
# their sources, one for each source of the file. Where a redirect leads is looked for when its target comes.
IMPORTS = """
CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    only_source TEXT NOT NULL DEFAULT '',
    size INTEGER,
    changed_at INTEGER,
    member INTEGER NOT NULL DEFAULT 0,
    within INTEGER NOT NULL DEFAULT 0,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    counts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts)),
    UNIQUE (file, only_source)
) STRICT;
ALTER TABLE crawls ADD COLUMN import_id INTEGER REFERENCES imports (id) ON DELETE SET NULL;
CREATE UNIQUE INDEX crawls_import ON crawls (import_id, source_id) WHERE import_id IS NOT NULL;
ALTER TABLE captures ADD COLUMN location TEXT;
CREATE INDEX captures_location ON captures (location) WHERE location IS NOT NULL;
"""

# The response in which an article was last seen at its address: what a conditional request for it goes by.
REVISITS = """
ALTER TABLE urls ADD COLUMN capture_id INTEGER REFERENCES captures (id) ON DELETE SET NULL;
CREATE INDEX urls_capture ON urls (capture_id) WHERE capture_id IS NOT NULL;
CREATE INDEX urls_due ON urls (source_id, next_fetch_at) WHERE next_fetch_at IS NOT NULL;
"""

# How often each endpoint is worth asking, and what an index said of its parts.
ENDPOINTS = """
ALTER TABLE endpoints ADD COLUMN parent TEXT;
ALTER TABLE endpoints ADD COLUMN modified_at TEXT;
ALTER TABLE endpoints ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;
ALTER TABLE endpoints ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE endpoints ADD COLUMN every_seconds INTEGER;
ALTER TABLE endpoints ADD COLUMN next_check_at TEXT;
"""

# The times in which articles were not at their addresses: one row each, open until the article is back.
ABSENCES = """
CREATE TABLE absences (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    first_missed_at TEXT NOT NULL,
    last_missed_at TEXT NOT NULL,
    probes INTEGER NOT NULL,
    reason TEXT NOT NULL,
    status INTEGER,
    confirmed_at TEXT,
    back_at TEXT
) STRICT;
CREATE INDEX absences_article ON absences (article_id);
CREATE UNIQUE INDEX absences_open ON absences (article_id) WHERE back_at IS NULL;

DROP VIEW gone;
CREATE VIEW gone AS
SELECT articles.id, sources.name AS source, articles.title, articles.published_at, articles.last_seen_at,
    articles.gone_at, articles.gone_status, absences.reason, articles.url
FROM articles
JOIN sources ON sources.id = articles.source_id
LEFT JOIN absences ON absences.article_id = articles.id AND absences.back_at IS NULL
WHERE articles.gone_at IS NOT NULL;
"""

# The same story at several sources. What has to be placed among the others is queued by triggers, whoever stored it: a
# text that is new or changed, an article that was published at another time than was thought, what an article that is
# deleted leaves behind. The marks are the first bytes of a sketch, and go with it.
_MARK_PLACES = ", ".join(f"({1 + 4 * number})" for number in range(20))
STORIES = f"""
ALTER TABLE articles ADD COLUMN rewritten REAL;

CREATE TABLE sketches (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    shingles INTEGER NOT NULL,
    least BLOB NOT NULL
) STRICT;

CREATE TABLE marks (
    mark BLOB NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (mark, article_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE copies (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    copy_id INTEGER NOT NULL,
    likeness REAL NOT NULL,
    PRIMARY KEY (article_id, copy_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE unplaced (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE
) STRICT;
INSERT INTO unplaced (article_id) SELECT id FROM articles;

CREATE TRIGGER sketches_added AFTER INSERT ON sketches
BEGIN
    INSERT INTO marks (mark, article_id)
    SELECT substr(new.least, column1, 4), new.article_id FROM (VALUES {_MARK_PLACES})
    WHERE column1 < length(new.least);
END;

CREATE TRIGGER sketches_removed AFTER DELETE ON sketches
BEGIN
    DELETE FROM marks
    WHERE article_id = old.article_id AND mark IN (SELECT substr(old.least, column1, 4) FROM (VALUES {_MARK_PLACES}));
END;

CREATE TRIGGER copies_removed AFTER DELETE ON copies
BEGIN
    DELETE FROM copies WHERE article_id = old.copy_id AND copy_id = old.article_id;
END;

CREATE TRIGGER revisions_to_place AFTER INSERT ON revisions
BEGIN
    INSERT INTO unplaced (article_id) VALUES (new.article_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER revisions_to_place_again AFTER UPDATE OF text ON revisions
WHEN new.text <> old.text
BEGIN
    INSERT INTO unplaced (article_id) VALUES (new.article_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER articles_to_place_again AFTER UPDATE OF published_at, published_precision, first_seen_at ON articles
WHEN new.cluster_id IS NOT NULL
    AND (new.published_at IS NOT old.published_at OR new.published_precision IS NOT old.published_precision
        OR new.first_seen_at <> old.first_seen_at)
BEGIN
    INSERT INTO unplaced (article_id) VALUES (new.id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER articles_left_behind BEFORE DELETE ON articles
WHEN old.cluster_id IS NOT NULL
BEGIN
    INSERT INTO unplaced (article_id) SELECT id FROM articles WHERE cluster_id = old.cluster_id AND id <> old.id
    ON CONFLICT DO NOTHING;
END;

DROP VIEW stories;
CREATE VIEW stories AS
SELECT clusters.id AS cluster_id, first.published_at, first.title, sources.name AS source,
    (SELECT count(DISTINCT source_id) FROM articles WHERE cluster_id = clusters.id) AS outlets,
    clusters.size,
    (SELECT round(avg(rewritten), 3) FROM articles WHERE cluster_id = clusters.id) AS rewritten,
    (SELECT agency FROM articles WHERE cluster_id = clusters.id AND agency IS NOT NULL
     GROUP BY agency ORDER BY count(*) DESC, agency LIMIT 1) AS agency,
    (SELECT json_group_array(DISTINCT sources.name)
     FROM articles JOIN sources ON sources.id = articles.source_id
     WHERE articles.cluster_id = clusters.id) AS sources,
    first.url
FROM clusters
JOIN articles AS first ON first.id = clusters.first_article_id
JOIN sources ON sources.id = first.source_id;
"""

# When a feed or sitemap first named an address, whoever had found it before; what is known of it from before is that
# it was found in one. And a source's health in numbers: what came by import is no news.
HEALTH = """
ALTER TABLE urls ADD COLUMN advertised_at TEXT;
UPDATE urls SET advertised_at = discovered_at WHERE kind IN ('feed', 'sitemap', 'news_sitemap');
CREATE INDEX urls_advertised ON urls (source_id, advertised_at) WHERE advertised_at IS NOT NULL;

DROP VIEW source_health;
CREATE VIEW source_health AS
WITH fresh AS (
    SELECT articles.*, first_seen_at >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-7 days') AS is_new
    FROM sources JOIN articles ON articles.source_id = sources.id
    WHERE first_seen_at >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-91 days') AND NOT EXISTS (
        SELECT 1 FROM revisions JOIN captures ON captures.id = capture_id JOIN crawls ON crawls.id = crawl_id
        WHERE article_id = articles.id AND number = 1 AND import_id IS NOT NULL
    )
), brought AS (
    SELECT source_id, sum(is_new) AS new_articles, round(sum(NOT is_new) / 12.0, 1) AS usual_articles,
        round(avg(authors = '[]') FILTER (WHERE is_new), 3) AS no_authors,
        round(avg(authors = '[]') FILTER (WHERE NOT is_new), 3) AS usual_no_authors,
        round(avg(published_at IS NULL) FILTER (WHERE is_new), 3) AS no_date,
        round(avg(published_at IS NULL) FILTER (WHERE NOT is_new), 3) AS usual_no_date,
        round(avg(word_count) FILTER (WHERE is_new)) AS words,
        round(avg(word_count) FILTER (WHERE NOT is_new)) AS usual_words,
        max(first_seen_at) AS last_article_at
    FROM fresh GROUP BY source_id
), read AS (
    SELECT source_id, started_at >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-7 days') AS is_new,
        json_extract(counts, '$.pages') AS pages,
        coalesce(json_extract(counts, '$."refused: no article text"'), 0)
            + coalesce(json_extract(counts, '$."refused: empty page"'), 0) AS empty
    FROM crawls
    WHERE import_id IS NULL AND started_at >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-91 days')
), bodies AS (
    SELECT source_id,
        round(1.0 * sum(empty) FILTER (WHERE is_new) / sum(pages) FILTER (WHERE is_new), 3) AS empty,
        round(1.0 * sum(empty) FILTER (WHERE NOT is_new) / sum(pages) FILTER (WHERE NOT is_new), 3) AS usual_empty
    FROM read GROUP BY source_id
)
SELECT sources.id AS source_id, sources.name AS source, sources.enabled, crawls.started_at AS last_crawl_at,
    crawls.outcome AS last_outcome, crawls.counts AS last_counts,
    (SELECT finished_at FROM crawls
     WHERE crawls.source_id = sources.id AND import_id IS NULL
        AND (coalesce(json_extract(counts, '$.announced'), 0) > 0
            OR coalesce(json_extract(counts, '$."unmodified lists"'), 0) > 0)
     ORDER BY started_at DESC, id DESC LIMIT 1) AS last_success_at,
    (SELECT count(*) FROM articles WHERE articles.source_id = sources.id) AS articles,
    brought.last_article_at, coalesce(new_articles, 0) AS new_articles, coalesce(usual_articles, 0.0) AS usual_articles,
    empty, usual_empty, no_authors, usual_no_authors, no_date, usual_no_date, words, usual_words,
    (SELECT count(*) FROM urls WHERE urls.source_id = sources.id AND urls.state = 'waiting') AS waiting,
    (SELECT count(*) FROM urls WHERE urls.source_id = sources.id AND urls.state = 'failed') AS failed,
    (SELECT count(*) FROM endpoints WHERE endpoints.source_id = sources.id AND failures > 0
        AND (listed > 0 OR last_new_at IS NOT NULL)) AS failing_lists,
    (SELECT count(*) FROM absences JOIN articles ON articles.id = article_id
     WHERE articles.source_id = sources.id AND back_at IS NULL) AS missing
FROM sources
LEFT JOIN crawls ON crawls.id = (
    SELECT id FROM crawls WHERE crawls.source_id = sources.id AND import_id IS NULL
    ORDER BY started_at DESC, id DESC LIMIT 1
)
LEFT JOIN brought ON brought.source_id = sources.id
LEFT JOIN bodies ON bodies.source_id = sources.id;
"""

# The sitemap that has an article, else the feed: one that has it no longer may have lost it.
LISTED = """
ALTER TABLE urls ADD COLUMN listed_in INTEGER REFERENCES endpoints (id) ON DELETE SET NULL;
CREATE INDEX urls_listed ON urls (listed_in) WHERE listed_in IS NOT NULL;
"""

TIMETABLE = """
ALTER TABLE sources ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN error TEXT;
"""
