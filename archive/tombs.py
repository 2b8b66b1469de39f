"""Whether a page is what was taken down, come again: at its address, by its text, or by what it says of itself."""

from collections.abc import Iterable

from archive import text
from archive.decision import Page
from archive.dedupe import has_telling_words, sketch
from archive.store import Database, tombstones

NEARLY_SAME = 0.5
"""The share of a sketch that two versions of one text have in common at least."""

CLAIMED = 0.125
"""The same where the page itself says that it belongs at the address of what was taken down."""


def taken_down(db: Database, page: Page) -> int | None:
    """The tombstone of the article that a page is, or was; None for none.

    Its address and those that led there speak for themselves; a canonical or AMP link is a claim, and counts where
    title or text bear it out. Raises: StoreError.
    """
    if not tombstones.exist(db):
        return None
    return _at_its_address(db, (page.asked, page.answered, *page.passed)) or _by_its_text(db, page)


def _at_its_address(db: Database, addresses: Iterable[str]) -> int | None:
    return max(tombstones.with_address(db, addresses).values(), default=None)


def _by_its_text(db: Database, page: Page) -> int | None:
    body, title = page.article.text, tombstones.TITLE + text.content_hash(page.article.title)
    same_title = tombstones.with_content(db, title)
    same_text = tombstones.with_content(db, page.content_hash)
    if found := same_text if has_telling_words(body) else same_text & same_title:
        return max(found)
    hashes = sketch(body)
    shares = {known: count / len(hashes) for known, count in tombstones.in_common(db, hashes).items()}
    claimed = set(tombstones.with_address(db, page.addresses).values())
    near = {known for known, share in shares.items() if share >= (CLAIMED if known in claimed else NEARLY_SAME)}
    return max(near | (claimed & same_title), default=None)
