"""Removal of an article for good: from the database, the full text and the WARC files; a tombstone stays."""
