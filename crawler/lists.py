"""Lists of addresses that a user brings: read, refused as a whole if a line is none, and put into the frontier."""

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urljoin

from archive.errors import ConfigError
from archive.models import Candidate, CanonicalUrl, EndpointKind, SourceId
from archive.store import Database, sources, transaction, urls
from archive.urls import canonical

WRONG_SHOWN = 20
_HEADINGS = frozenset({"url", "urls", "link", "address", "loc"})


def addresses(lines: Iterable[str], name: str) -> list[CanonicalUrl]:
    """The addresses of a list, each once: one a line, or the first column of CSV or TSV, or "url" of JSON lines.

    Empty lines, comments (#) and a heading count for nothing. Raises: ConfigError for lines that are none of it, with
    their numbers.
    """
    found: dict[CanonicalUrl, None] = {}
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        word = _word(line.strip().removeprefix("\ufeff"))
        if not word or (number == 1 and word.replace(",", " ").lower().split()[0] in _HEADINGS):
            continue
        url = canonical(word)
        if url is None:
            wrong.append(f"line {number}: {word[:100]!r} is no http or https address")
        else:
            found[url] = None
    if wrong:
        more = f"\nand {len(wrong) - WRONG_SHOWN:,} more" if len(wrong) > WRONG_SHOWN else ""
        raise ConfigError(f"{name}: nothing was imported\n" + "\n".join(wrong[:WRONG_SHOWN]) + more)
    return list(found)


def _word(line: str) -> str:
    """What should be the address in a line; empty where there is to be none."""
    if not line or line.startswith("#"):
        return ""
    if line.startswith("{"):
        try:
            return str(json.loads(line).get("url") or line)
        except ValueError:
            return line
    if "\t" in line:
        return line.partition("\t")[0].strip()
    # a comma may be part of an address: it divides columns only where quotes or a further address do not say otherwise
    if line.startswith('"'):
        return next(csv.reader([line]))[0].strip()
    first, comma, rest = line.partition(",")
    return first.strip() if comma and (not rest or " " in rest or "," in rest or "://" in rest) else line


def take_in(db: Database, found: Iterable[CanonicalUrl], *, found_in: str, at: datetime) -> tuple[dict[str, int], int]:
    """Puts addresses into the frontiers of their sources; how many are new at each, by its name, and how many in all.

    A site without a source becomes one. All or nothing. Raises: StoreError.
    """
    new: dict[str, int] = {}
    by_source: dict[SourceId, list[tuple[CanonicalUrl, Candidate]]] = {}
    with transaction(db):
        for url in found:
            source = sources.find(db, url) or sources.add(db, url=urljoin(url, "/"))
            candidate = Candidate(url=url, found_in=found_in, kind=EndpointKind.SECTION)
            by_source.setdefault(source.id, []).append((url, candidate))
        for source_id, candidates in by_source.items():
            known = sources.get(db, source_id)
            if known is not None:
                new[known.name] = urls.add(db, source_id, candidates, at)
    return new, sum(map(len, by_source.values()))
