"""Articles extracted anew from the captures on disk: what would change, told first; then written, and undone if wished.

A re-extraction is no edit by the publisher: it makes no revision, and moves no address. See docs/reextract.md.
"""
