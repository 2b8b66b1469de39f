"""Captures on disk: WARC 1.1 files (ISO 28500:2017), written as responses come and read back as they came."""
