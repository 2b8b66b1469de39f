"""A small newspaper of our own: what `newsarchive demo` crawls, and what the tests crawl."""
