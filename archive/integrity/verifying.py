"""One verification: all that is looked at, in its order, of one moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.errors import StoreError
from archive.integrity import database, files
from archive.integrity.chain import Chain
from archive.integrity.finding import Finding, Scope
from archive.store import soundness
from archive.store.ledger import Ledger

ANCHOR = "the chain was made anew, or cut off: compare it with a backup of the time when this digest was noted"


@dataclass(slots=True, kw_only=True)
class Verified:
    """A verification; `findings` carries it out, and what else is here is known when that has ended."""

    scope: Scope
    anchor: str | None = None
    """The digest of a manifest that was noted elsewhere, and must still be in the chain."""
    manifest: int = 0
    """The number of the newest manifest."""
    head: str = ""
    """Its digest: to be noted where nobody who can write to the archive can write."""
    wrong: int = 0
    """How many findings there were, notes not counted."""

    def findings(self) -> Iterator[Finding]:
        """All that is found, as it is found."""
        with soundness.snapshot(self.scope.db):
            for check in (database.check_file, self._check_chain, database.check_articles, database.check_fulltext):
                yield from self._counted(check)
            yield from self._counted(files.check_files)

    def _counted(self, check: Callable[[Scope], Iterator[Finding]]) -> Iterator[Finding]:
        """The findings of a check; that the database is too damaged for it is one of them."""
        try:
            for finding in check(self.scope):
                self.wrong += not finding.is_note
                yield finding
        except StoreError as error:
            self.wrong += 1
            yield Finding(where="database", what=str(error), todo=database.RESTORE)

    def _check_chain(self, scope: Scope) -> Iterator[Finding]:
        if not soundness.has_manifests(scope.db):
            what = "the archive is of a version that had no manifests"
            yield Finding(where="manifests", what=what, todo="nothing: the next crawl makes the first", is_note=True)
            return
        with Ledger() as ledger:
            chain = Chain(scope, ledger)
            yield from chain.check_links()
            self.manifest, self.head = chain.head
            if self.anchor and self.anchor not in chain.digests:
                yield Finding(where="manifests", what=f"{self.anchor} is not in the chain", todo=ANCHOR)
            yield from chain.check_rows()
