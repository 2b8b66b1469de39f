"""How an article's history looks: two revisions beside each other, and what became of it, for terminals and browsers.

What comes from the web is data: it is escaped for the form it goes into, and control characters never reach a terminal.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape
from typing import Any

from archive import text, worddiff
from archive.absence import Episode
from archive.display import WIDTH, plain
from archive.history.comparing import Comparison
from archive.store.histories import Edition
from archive.when import stamp
from archive.worddiff import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What became of an article since the archive first had it."""

    editions: Sequence[Edition]
    absences: Sequence[tuple[Episode, datetime | None]]
    """The times in which it was missing, each with when it was back."""


def past(told: Past) -> str:
    """The revisions and absences, a line each, for a terminal; empty where there is but one revision and no absence."""
    lines = []
    if len(told.editions) > 1:
        lines += ["Revisions:", *(f"    {_edition(edition)}" for edition in told.editions)]
    if told.absences:
        lines += ["Missing:", *(f"    {_absence(episode, back_at)}" for episode, back_at in told.absences)]
    return "\n".join(lines)


def past_row(told: Past) -> dict[str, Any]:
    """The same with JSON's types: `history` and `absences`."""
    return {
        "history": [_row(asdict(edition)) for edition in told.editions],
        "absences": [_row(asdict(episode) | {"back_at": back_at}) for episode, back_at in told.absences],
    }


def as_text(found: Comparison, *, colour: bool, width: int = WIDTH) -> str:
    """For a terminal: which revisions, what kind of edit, and the places that differ, `[-old-]{+new+}` or coloured."""
    head = [plain(found.after.title), plain(found.after.url), _span(found), *map(_edition, found.edits)]
    fields = [
        f"{name:<12} {worddiff.marked(list(pieces), colour=colour)}"
        for name, pieces in found.fields.items()
        if any(piece.removed or piece.added for piece in pieces)
    ]
    places = [worddiff.marked(place, colour=colour) for place in worddiff.passages(found.text)]
    blocks = ["\n".join(head), "\n".join(fields), *(textwrap.fill(place, width, **_WHOLE_WORDS) for place in places)]
    if found.is_same:
        blocks.append("Nothing differs but how the paragraphs are set.")
    return "\n\n".join(filter(None, blocks))


_WHOLE_WORDS: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}
"""A mark is not to be torn where its hyphen is."""


def as_row(found: Comparison) -> dict[str, Any]:
    """With JSON's types: `fields` and `text` as lists of pieces: what is `kept`, or `removed` and `added`."""
    return {
        "article_id": found.after.id,
        "url": found.after.url,
        "source": found.after.source,
        "language": found.after.language,
        "before": {"revision": found.before.revision, "seen_at": stamp(found.before.seen_at)},
        "after": {"revision": found.after.revision, "seen_at": stamp(found.after.seen_at)},
        "edits": [_row(asdict(edition)) for edition in found.edits],
        "fields": {name: _piece_rows(pieces) for name, pieces in found.fields.items()},
        "text": _piece_rows(found.text),
    }


def as_html(found: Comparison) -> str:
    """A page of its own, without scripts or anything fetched: the whole article, with `<del>` and `<ins>`."""
    language = escape(found.after.language or "")
    title = _html_run(found.fields.get("title", ()))
    subtitle = _html_run(found.fields.get("subtitle", ()))
    facts = "\n".join(
        f'<dt>{name}</dt><dd dir="auto">{_html_run(pieces)}</dd>'
        for name, pieces in found.fields.items()
        if name not in ("title", "subtitle")
    )
    edits = "\n".join(f'<li dir="auto">{escape(_edition(edition))}</li>' for edition in found.edits)
    # the head is English, whatever the article is
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{escape(_span(found))}: {escape(found.after.title)}</title>
<meta name="viewport" content="width=device-width">
<style>
body {{ max-width: 45em; margin: auto; padding: 1em; line-height: 1.5 }}
ins {{ background: #dfd }}
del {{ background: #fdd }}
p {{ white-space: pre-line }}
</style></head>
<body>
<p><a href="{escape(_link(found.after.url))}">{escape(found.after.url)}</a><br>{escape(_span(found))}</p>
<ul>
{edits}
</ul>
<article lang="{language}" dir="auto">
<h1 dir="auto">{title}</h1>
{f'<p dir="auto"><em>{subtitle}</em></p>' if subtitle else ""}
<dl>
{facts}
</dl>
{_html_paragraphs(found.text)}
</article>
</body>
</html>"""


def _span(found: Comparison) -> str:
    sides = (f"revision {side.revision} ({stamp(side.seen_at)})" for side in (found.before, found.after))
    return f"article {found.after.id}, {' to '.join(sides)}"


def _edition(edition: Edition) -> str:
    """Its number, when it was seen, and what kind of edit it is."""
    kind = "as first seen" if edition.change is None else edition.change.value
    told = ", silent" if edition.silent else ""
    return f"{edition.number:>4}  {stamp(edition.seen_at)}  {kind}{told}"


def _absence(episode: Episode, back_at: datetime | None) -> str:
    status = f" (HTTP {episode.status})" if episode.status else ""
    looks = "1 look" if episode.probes == 1 else f"{episode.probes} looks"
    counted = f"gone, by {looks}" if episode.confirmed_at else f"not yet certain, by {looks}"
    if back_at and not episode.confirmed_at:
        counted = looks
    until = f"back at {stamp(back_at)}" if back_at else f"until now; last looked for at {stamp(episode.last_missed_at)}"
    return f"since {stamp(episode.first_missed_at)}: {episode.reason.value}{status}, {counted}; {until}"


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {key: stamp(value) if isinstance(value, datetime) else value for key, value in row.items()}


def _piece_rows(pieces: Sequence[Piece]) -> list[dict[str, str]]:
    return [{kind: said for kind, said in asdict(piece).items() if said} for piece in pieces]


def _html_run(pieces: Sequence[Piece]) -> str:
    return "".join(_marked(said, element) for piece in pieces for said, element in _sides(piece))


def _html_paragraphs(pieces: Sequence[Piece]) -> str:
    """Paragraphs, each with its own direction; what differs is marked within each."""
    lines = [""]
    for piece in pieces:
        for said, element in _sides(piece):
            first, *others = said.split(text.PARAGRAPH_BREAK)
            lines[-1] += _marked(first, element)
            if others and element:
                lines[-1] += _marked("¶", element)
            lines.extend(_marked(other, element) for other in others)
    return "\n".join(f'<p dir="auto">{line}</p>' for line in lines if line)


def _sides(piece: Piece) -> Iterator[tuple[str, str]]:
    """What of a piece is to be read, each with its element."""
    if piece.kept or piece.is_space:
        yield piece.kept or piece.added, ""
        return
    yield piece.removed, "del"
    yield piece.added, "ins"


def _marked(said: str, element: str) -> str:
    safe = escape(re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", "", said))
    return f"<{element}>{safe}</{element}>" if element and safe else safe


def _link(url: str) -> str:
    return url if re.match(r"https?://", url) else ""
