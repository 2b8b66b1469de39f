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
, failures INTEGER NOT NULL DEFAULT 0, error TEXT) STRICT;

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
    error TEXT, parent TEXT, modified_at TEXT, depth INTEGER NOT NULL DEFAULT 0, listed INTEGER NOT NULL DEFAULT 0, every_seconds INTEGER, next_check_at TEXT,
    UNIQUE (source_id, kind, url)
) STRICT;

CREATE TABLE crawls (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT,
    counts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts))
, import_id INTEGER REFERENCES imports (id) ON DELETE SET NULL) STRICT;

CREATE TABLE clusters (
    id INTEGER PRIMARY KEY,
    first_article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL,
    size INTEGER NOT NULL
) STRICT;

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
, rewritten REAL) STRICT;

CREATE TABLE article_urls (
    url TEXT PRIMARY KEY NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    first_seen_at TEXT NOT NULL
) STRICT;

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
, record_id TEXT, revisit_of INTEGER REFERENCES captures (id) ON DELETE SET NULL, extractor TEXT, location TEXT) STRICT;

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

CREATE TABLE fields (
    article_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    method TEXT NOT NULL,
    chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)),
    FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, number) ON DELETE CASCADE
) STRICT;

CREATE TABLE boilerplate (
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    line_hash TEXT NOT NULL,
    line TEXT NOT NULL,
    articles INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0, rule TEXT NOT NULL DEFAULT 'line' CHECK (rule IN ('line', 'lead')), learned_at TEXT, spared INTEGER NOT NULL DEFAULT 0 CHECK (spared IN (0, 1)),
    PRIMARY KEY (source_id, line_hash)
) STRICT;

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
, capture_id INTEGER REFERENCES captures (id) ON DELETE SET NULL, advertised_at TEXT, listed_in INTEGER REFERENCES endpoints (id) ON DELETE SET NULL) STRICT;

CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, subtitle, authors, text,
    content = 'articles_text',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mc Mn'"
);

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

CREATE TABLE tombstone_marks (
    kind TEXT NOT NULL CHECK (kind IN ('address', 'content', 'shingle', 'payload')),
    mark TEXT NOT NULL,
    tombstone_id INTEGER NOT NULL REFERENCES tombstones (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, mark, tombstone_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE unsealed (
    table_name TEXT NOT NULL,
    id INTEGER NOT NULL,
    number INTEGER NOT NULL DEFAULT 0,
    why TEXT NOT NULL,
    was TEXT,
    PRIMARY KEY (table_name, id, number)
) STRICT, WITHOUT ROWID;

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

CREATE INDEX sources_domain ON sources (domain);

CREATE INDEX crawls_source ON crawls (source_id, started_at);

CREATE INDEX clusters_first_article ON clusters (first_article_id);

CREATE INDEX articles_content ON articles (source_id, content_hash);

CREATE INDEX articles_seen ON articles (source_id, first_seen_at);

CREATE INDEX articles_dated ON articles (coalesce(published_at, first_seen_at));

CREATE INDEX articles_cluster ON articles (cluster_id) WHERE cluster_id IS NOT NULL;

CREATE INDEX articles_gone ON articles (gone_at) WHERE gone_at IS NOT NULL;

CREATE INDEX article_urls_article ON article_urls (article_id);

CREATE INDEX captures_url ON captures (url, fetched_at);

CREATE INDEX captures_crawl ON captures (crawl_id);

CREATE INDEX revisions_capture ON revisions (capture_id);

CREATE INDEX revisions_edits ON revisions (seen_at) WHERE number > 1;

CREATE INDEX fields_revision ON fields (article_id, revision);

CREATE INDEX urls_source ON urls (source_id, state);

CREATE INDEX urls_waiting ON urls (source_id, coalesce(published_at, modified_at) DESC) WHERE state = 'waiting';

CREATE INDEX urls_crawl ON urls (crawl_id, state, reason);

CREATE INDEX urls_article ON urls (article_id) WHERE article_id IS NOT NULL;

CREATE INDEX removals_line ON removals (line_hash, article_id);

CREATE INDEX articles_published ON articles (published_at);

CREATE INDEX articles_source_published ON articles (source_id, published_at);

CREATE INDEX captures_payload ON captures (payload_sha256) WHERE warc_file IS NOT NULL AND revisit_of IS NULL;

CREATE INDEX captures_place ON captures (warc_file, warc_offset) WHERE warc_file IS NOT NULL;

CREATE UNIQUE INDEX captures_record_id ON captures (record_id) WHERE record_id IS NOT NULL;

CREATE INDEX captures_revisits ON captures (revisit_of) WHERE revisit_of IS NOT NULL;

CREATE INDEX manifests_crawl ON manifests (crawl_id);

CREATE INDEX manifests_place ON manifests (warc_file, warc_offset);

CREATE INDEX tombstones_source ON tombstones (source_id);

CREATE INDEX tombstone_marks_of ON tombstone_marks (tombstone_id);

CREATE INDEX erasures_tombstone ON erasures (tombstone_id);

CREATE INDEX articles_language ON articles (language, source_id, published_at);

CREATE INDEX replaced_values_article ON replaced_values (article_id);

CREATE INDEX reread_captures_article ON reread_captures (article_id) WHERE article_id IS NOT NULL;

CREATE INDEX reread_captures_capture ON reread_captures (capture_id);

CREATE UNIQUE INDEX crawls_import ON crawls (import_id, source_id) WHERE import_id IS NOT NULL;

CREATE INDEX captures_location ON captures (location) WHERE location IS NOT NULL;

CREATE INDEX urls_capture ON urls (capture_id) WHERE capture_id IS NOT NULL;

CREATE INDEX urls_due ON urls (source_id, next_fetch_at) WHERE next_fetch_at IS NOT NULL;

CREATE INDEX absences_article ON absences (article_id);

CREATE UNIQUE INDEX absences_open ON absences (article_id) WHERE back_at IS NULL;

CREATE INDEX urls_advertised ON urls (source_id, advertised_at) WHERE advertised_at IS NOT NULL;

CREATE INDEX urls_listed ON urls (listed_in) WHERE listed_in IS NOT NULL;

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

CREATE VIEW edits AS
SELECT revisions.article_id, revisions.number, sources.name AS source, revisions.seen_at, revisions.change,
    revisions.silent, revisions.title, before.title AS title_before, articles.url
FROM revisions
JOIN revisions AS before ON before.article_id = revisions.article_id AND before.number = revisions.number - 1
JOIN articles ON articles.id = revisions.article_id
JOIN sources ON sources.id = articles.source_id
WHERE revisions.number > 1;

CREATE VIEW daily_counts AS
SELECT sources.name AS source, substr(coalesce(articles.published_at, articles.first_seen_at), 1, 10) AS day,
    count(*) AS articles, sum(articles.word_count) AS words
FROM articles
JOIN sources ON sources.id = articles.source_id
GROUP BY articles.source_id, day;

CREATE VIEW articles_text AS
SELECT newest.article_id AS rowid, newest.title, newest.subtitle,
    (SELECT group_concat(value, '; ') FROM json_each(newest.authors)) AS authors, newest.text
FROM revisions AS newest
WHERE newest.number = (SELECT max(number) FROM revisions WHERE article_id = newest.article_id);

CREATE VIEW gone AS
SELECT articles.id, sources.name AS source, articles.title, articles.published_at, articles.last_seen_at,
    articles.gone_at, articles.gone_status, absences.reason, articles.url
FROM articles
JOIN sources ON sources.id = articles.source_id
LEFT JOIN absences ON absences.article_id = articles.id AND absences.back_at IS NULL
WHERE articles.gone_at IS NOT NULL;

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

CREATE TRIGGER sketches_added AFTER INSERT ON sketches
BEGIN
    INSERT INTO marks (mark, article_id)
    SELECT substr(new.least, column1, 4), new.article_id FROM (VALUES (1), (5), (9), (13), (17), (21), (25), (29), (33), (37), (41), (45), (49), (53), (57), (61), (65), (69), (73), (77))
    WHERE column1 < length(new.least);
END;

CREATE TRIGGER sketches_removed AFTER DELETE ON sketches
BEGIN
    DELETE FROM marks
    WHERE article_id = old.article_id AND mark IN (SELECT substr(old.least, column1, 4) FROM (VALUES (1), (5), (9), (13), (17), (21), (25), (29), (33), (37), (41), (45), (49), (53), (57), (61), (65), (69), (73), (77)));
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
