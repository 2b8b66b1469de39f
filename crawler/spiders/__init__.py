"""The one spider: a source in, captures out."""
