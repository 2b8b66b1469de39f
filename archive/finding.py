"""Which article a user's word means."""

from archive.errors import StoreError
from archive.models import ArticleId
from archive.store import Database, articles, tombstones
from archive.takedown.command import told
from archive.urls import canonical


def article_id(db: Database, word: str) -> ArticleId:
    """The article of a number or an address. Raises StoreError for neither, and for one that was taken down."""
    if word.isdecimal() and len(word) < len(str(2**63)):
        number = ArticleId(int(word))
        if tombstone := tombstones.of_article(db, number):
            raise StoreError(told(tombstone))
        return number
    url = canonical(word)
    if url and (tombstone := tombstones.of_address(db, url)):
        raise StoreError(told(tombstone))
    found = articles.find(db, url) if url else None
    if found is None:
        raise StoreError(f"no article {word!r} in the archive; `newsarchive search` shows numbers and addresses")
    return found
