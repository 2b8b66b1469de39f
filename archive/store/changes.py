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
