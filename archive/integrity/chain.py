"""The chain of manifests, and whether the rows are what it says."""

from collections.abc import Iterator, Mapping, Sequence

from archive import text
from archive.errors import CaptureError
from archive.integrity.finding import Finding, Scope
from archive.manifest import GENESIS, Entry, Header, Key, Manifest, differing, prints, read
from archive.models import WarcPlace
from archive.store import seals, soundness
from archive.store.ledger import Ledger, Said
from archive.warc import reading
from archive.when import stamp

SEALED = "somebody changed it past newsarchive: restore it from a backup, or make it anew: newsarchive rebuild"
CHAIN = "somebody changed the chain: restore the file or the database from a backup"


class Chain:
    """The manifests in their order, read into a ledger; then the rows held against it."""

    def __init__(self, scope: Scope, ledger: Ledger) -> None:
        self._scope = scope
        self._ledger = ledger
        self._columns: dict[int, Mapping[str, Sequence[str]]] = {}
        self.head = (0, GENESIS)
        """The number and the digest of the newest manifest."""
        self.digests: set[str] = set()
        """Of all manifests."""
        self._is_whole = True

    def check_links(self) -> Iterator[Finding]:
        """Whether each manifest follows on the one before, and says what it said when made. Raises StoreError."""
        total = seals.count(self._scope.db, "manifests")
        for done, row in enumerate(seals.manifests(self._scope.db)):
            self._scope.progress("manifests", done, total)
            where = f"manifests {row.number}"
            if row.number != self.head[0] + 1:
                what = f"follows on manifest {self.head[0]}: what is between is gone"
                yield Finding(where=where, what=what, todo=CHAIN)
            elif row.previous != self.head[1]:
                yield Finding(where=where, what=f"does not follow on manifest {self.head[0]}", todo=CHAIN)
            self.head = (row.number, row.digest)
            self.digests.add(row.digest)
            if self._scope.since is None or row.made_at >= self._scope.since:
                yield from self._check_lines(row)

    def _check_lines(self, row: seals.ManifestRow) -> Iterator[Finding]:
        where = f"manifests {row.number}" + (f" ({_place(row.place)})" if row.place else "")
        try:
            manifest = self._manifest(row)
        except CaptureError as error:
            yield Finding(where=where, what=f"cannot be read: {error}", todo=CHAIN)
            self._is_whole = False
            return
        for fault in manifest.faults:
            yield Finding(where=where, what=fault, todo=CHAIN)
        header = manifest.header
        if header is None:
            self._is_whole = False
            return
        told = (header.number, header.previous, header.made_at, header.lines, manifest.digest)
        if told != (row.number, row.previous, stamp(row.made_at), row.lines, row.digest):
            yield Finding(where=where, what="is not the manifest that its row in the database describes", todo=CHAIN)
        yield from self._take(header, manifest.entries)

    def _manifest(self, row: seals.ManifestRow) -> Manifest:
        if row.place is None:
            return read(row.block or b"")
        record = reading.read(self._scope.directory, row.place)
        if record.sound is False:
            raise CaptureError("its record's digest is wrong")
        return read(record.payload)

    def _take(self, header: Header, entries: Sequence[Entry]) -> Iterator[Finding]:
        self._columns[header.number] = header.columns
        if header.anew:
            self._ledger.clear()
        for entry in entries:
            before = self._ledger.put(entry, header.number)
            if entry.was and before and before.now and before.now.row != entry.was:
                what = (
                    f"was not what manifest {before.manifest} says when newsarchive changed it "
                    f"({entry.why}, manifest {header.number})"
                )
                yield Finding(where=_row_name(entry.table, entry.key), what=what, todo=SEALED)

    # --- rows --------------------------------------------------------------------------------------------------------

    def check_rows(self) -> Iterator[Finding]:
        """Rows that are not what was sealed, that are gone, and those that nobody sealed. Raises StoreError."""
        total, done = self._ledger.count(), 0
        for table in seals.COVERED:
            for said in self._ledger.of(table):
                done += 1
                self._scope.progress("rows", done, total)
                yield from self._check_row(table, said)
            for key in self._to_be_known(table):
                if self._ledger.get(table, key) is None and not seals.waiting(self._scope.db, table, key):
                    what = "is in no manifest"
                    todo = "somebody stored it past newsarchive: delete it, or ask who did"
                    yield Finding(where=_row_name(table, key), what=what, todo=todo)
        if waiting := seals.count_pending(self._scope.db):
            what = f"{waiting:,} rows wait for the next manifest"
            yield Finding(where="unsealed", what=what, todo="nothing: the next crawl makes it", is_note=True)

    def _to_be_known(self, table: str) -> Iterator[Key]:
        """The rows that a manifest which was read must have."""
        dated = self._scope.since is None or seals.COVERED[table].since
        return seals.keys(self._scope.db, table, self._scope.since) if dated and self._is_whole else iter(())

    def _check_row(self, table: str, said: Said) -> Iterator[Finding]:
        where = _row_name(table, said.key)
        row = seals.row(self._scope.db, table, said.key)
        waiting = seals.waiting(self._scope.db, table, said.key)
        if waiting:
            if waiting.was and said.now and waiting.was != said.now.row:
                what = f"was not what manifest {said.manifest} says when newsarchive changed it ({waiting.why})"
                yield Finding(where=where, what=what, todo=SEALED)
        elif row is None:
            if said.now is not None:
                about = f" ({said.about})" if said.about else ""
                yield Finding(where=where, what=f"is gone{about}; manifest {said.manifest} has it", todo=SEALED)
        elif said.now is None:
            yield Finding(where=where, what=f"is there, but manifest {said.manifest} took it away", todo=SEALED)
        else:
            yield from self._compare(table, said, row)
        if row is not None and table == "revisions":
            yield from self._check_text(where, row)

    def _compare(self, table: str, said: Said, row: Mapping[str, object]) -> Iterator[Finding]:
        columns = self._columns[said.manifest].get(table, ())
        now = prints(row.get(column) for column in columns)
        if said.now is None or now.row == said.now.row:
            return
        changed = differing(columns, now.cells, said.now.cells)
        where = f"{_row_name(table, said.key)}, {', '.join(changed) or 'some column'}"
        yield Finding(where=where, what=f"is not what manifest {said.manifest} has", todo=SEALED)

    def _check_text(self, where: str, row: Mapping[str, object]) -> Iterator[Finding]:
        """Whether what was worked out of a text is what it gives now."""
        body = str(row["text"])
        if text.content_hash(body) != row["content_hash"]:
            yield Finding(where=f"{where}, content_hash", what="is not that of its text", todo=SEALED)
        words = soundness.word_count_of(self._scope.db, int(str(row["article_id"])), int(str(row["number"])))
        if words is not None and words != text.word_count(body):
            where = f"articles {row['article_id']}, word_count"
            yield Finding(where=where, what="is not that of its text", todo=SEALED)


def _row_name(table: str, key: Key) -> str:
    return f"{table} {'/'.join(map(str, key))}"


def _place(place: WarcPlace) -> str:
    return f"{place.file}, byte {place.offset}"
