"""The name of an archive's state: so that who has a sample, an export or a figure can say of what it was taken."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace

from archive.manifest import prints
from archive.store import Database, seals


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What an archive holds, in a few numbers."""

    id: str
    """`newsarchive-` and the first 32 hexadecimal digits of the SHA-256 of the rest: another one for other content."""
    manifest: int
    """The number of the newest manifest, 0 for none (docs/fixity.md)."""
    digest: str
    """Its digest, in which every sealed row counts: `newsarchive verify --anchor` says whether it is in the chain."""
    unsealed: str | None
    """SHA-256 over the rows that no manifest has yet; None where there are none."""
    articles: int
    revisions: int
    captures: int


def dataset(db: Database) -> Dataset:
    """The state of an archive, the same for its copies, until an article, revision or capture is stored or changed.

    When articles were last seen, whether they are gone and which story they tell does not matter. Raises: StoreError.
    """
    number, digest = seals.head(db)
    nameless = Dataset(
        id="",
        manifest=number,
        digest=digest,
        unsealed=_unsealed(db),
        articles=seals.count(db, "articles"),
        revisions=seals.count(db, "revisions"),
        captures=seals.count(db, "captures"),
    )
    said = json.dumps(asdict(nameless), sort_keys=True, separators=(",", ":"))
    return replace(nameless, id=f"newsarchive-{hashlib.sha256(said.encode()).hexdigest()[:32]}")


def _unsealed(db: Database) -> str | None:
    """The digest of what no manifest has yet, row by row as it is now."""
    total = hashlib.sha256()
    any_found = False
    for table, key in seals.unsealed(db):
        any_found = True
        row = seals.row(db, table, key)
        now = prints(row.values()).row if row is not None else "gone"
        total.update(f"{table} {' '.join(map(str, key))} {now}\n".encode())
    return total.hexdigest() if any_found else None
