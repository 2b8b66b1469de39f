"""Pure rules: whether a source is crawled as well as it used to be, and how far what it advertised has come."""
