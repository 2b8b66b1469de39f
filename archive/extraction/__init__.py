"""From the bytes of a page to an article: metadata by evidence, a body without boilerplate; or why it is none.

Pure: no input or output, no state between pages, the same answer for the same bytes. See docs/extraction.md.
"""

from archive.extraction.choose import article as extract
from archive.extraction.links import links
from archive.extraction.page import Page, may_be_html, read

__all__ = ["Page", "extract", "links", "may_be_html", "read"]
