"""How a report looks: lines for a person, rows for a program. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from archive import text, worddiff
from archive.reextract.report import ADDRESS, READINGS, Difference, Example, FieldReport, Report, SourceReport
from archive.reextract.running import Finding, Kind
from archive.reextract.undoing import MET, Undone
from archive.store.reextractions import Reextraction
from archive.store.replaced import Restored
from archive.when import stamp

VALUE_MAX = 100
"""Characters of a value that are shown on a line."""

_LONG = frozenset({"text", "description"})
"""Fields whose values are shown as differences word by word."""

_HEADINGS = {
    Kind.REJECTED: "would be no article today, and {stay} as stored",
    Kind.GAINED: "rejected before, {are} an article now",
    Kind.KNOWN: "rejected before, read as an article that the archive has already",
    Kind.NOT_KEPT: "cannot be read again: their responses were not kept (--no-warc)",
    Kind.UNREADABLE: "cannot be read again: their records are missing or damaged",
    Kind.FAILED: "could not be extracted",
}


_LEFT: Mapping[str, str] = {
    Restored.EDITED: "the newest revision, and the article's row, are a crawl's, and stay",
    Restored.CLEANED: "the old text is back without the lines that were learned as boilerplate since",
    MET: "it was gained by the re-extraction, and a crawl has met it since: it stays",
}


def lines(report: Report, *, writes: bool, colour: bool) -> Iterator[str]:
    """The report for a person; `writes` says whether it tells what was done, or what would be."""
    for name, source in report.sources.items():
        yield from _source_lines(name, source, writes=writes, colour=colour)


def _source_lines(name: str, source: SourceReport, *, writes: bool, colour: bool) -> Iterator[str]:
    counts = source.counts
    verb = "changed" if writes else "would change"
    yield f"{name}: {counts.total():,} read again, {counts[Kind.CHANGED]:,} {verb}, {counts[Kind.SAME]:,} same"
    if source.fields:
        yield f"  {'field':<20} {'changed':>8} {'gained':>8} {'lost':>8}"
    for field, told in sorted(source.fields.items(), key=lambda row: -row[1].counts.total()):
        yield f"  {field:<20} " + " ".join(f"{told.counts[kind]:>8,}" for kind in ("changed", "gained", "lost"))
        yield from (f"      {_example(example, colour=colour)}" for example in told.examples if field != READINGS)
        if field == ADDRESS:
            yield "      (told only: a re-extraction moves no address)"
    for kind, findings in source.listed.items():
        heading = _HEADINGS[kind].format(stay="stay", are="are" if writes else "would be")
        yield f"  {counts[kind]:,} {heading}:"
        yield from (f"      {_listed(finding)}" for finding in findings)
        if counts[kind] > len(findings):
            yield f"      … and {counts[kind] - len(findings):,} more: --json names all"


def _example(example: Example, *, colour: bool) -> str:
    difference = example.difference
    number = f"{example.finding.article_id:>6}  "
    if difference.field in _LONG and difference.kind == "changed":
        return number + _diff(difference, colour=colour)
    return f"{number}{_value(difference.before)} → {_value(difference.after)}"


def _diff(difference: Difference, *, colour: bool) -> str:
    pieces = worddiff.pieces(str(difference.before or ""), str(difference.after or ""))
    return worddiff.marked(pieces, colour=colour)


def _value(value: object) -> str:
    shown = text.line(str(value)) if value not in (None, "", "[]") else None
    if shown is None:
        return "nothing"
    return shown if len(shown) <= VALUE_MAX else shown[: VALUE_MAX - 1] + "…"


def _listed(finding: Finding) -> str:
    which = f"{finding.article_id:>6}" if finding.article_id else f"capture {finding.capture_id}"
    told = " · ".join(_value(part) for part in (finding.url, finding.title, finding.evidence) if part)
    return f"{which}  {told}"


def finding_row(name: str, finding: Finding) -> dict[str, Any]:
    """What is told one by one, with JSON's types."""
    row = {
        "source": name,
        "kind": finding.kind.value,
        "article": finding.article_id,
        "capture": finding.capture_id,
        "url": finding.url,
        "title": finding.title,
        "evidence": finding.evidence,
    }
    return {key: value for key, value in row.items() if value}


def rows(report: Report) -> Iterator[dict[str, Any]]:
    """The counts of each source, and of each of its fields with the examples, with JSON's types."""
    for name, source in report.sources.items():
        yield {"source": name, "counts": dict(source.counts)}
        for field, told in source.fields.items():
            yield {"source": name, "field": field} | _field_row(told)


def _field_row(told: FieldReport) -> dict[str, Any]:
    counts = {kind: told.counts[kind] for kind in ("changed", "gained", "lost")}
    return counts | {"examples": [_example_row(example) for example in told.examples]}


def _example_row(example: Example) -> dict[str, Any]:
    difference = example.difference
    row = {"article": example.finding.article_id, "url": example.finding.url, "kind": difference.kind}
    if difference.field in _LONG and difference.kind == "changed":
        return row | {"diff": _diff(difference, colour=False)}
    return row | {"before": difference.before, "after": difference.after}


def undone_line(undone: Undone) -> str:
    """What a rollback has left, in one line."""
    return f"{undone.article_id:>8}  {undone.outcome}: {_LEFT[undone.outcome]}"


def undone_row(undone: Undone) -> dict[str, Any]:
    """What a rollback has left, with JSON's types."""
    return {"article": undone.article_id, "outcome": undone.outcome}


def rollback_line(run: Reextraction, counts: Mapping[str, int]) -> str:
    """What a rollback has done, in one line."""
    told = ", ".join(f"{number:,} {outcome}" for outcome, number in counts.items())
    return f"re-extraction {run.id} is undone: {told or 'it had changed nothing'}"


def run_line(run: Reextraction) -> str:
    """A run in one line: number, when, how it stands, by which versions, and its counts."""
    state = "interrupted"
    if run.rolled_back_at:
        state = f"rolled back {stamp(run.rolled_back_at)}"
    elif run.finished_at:
        state = "done"
    counts = " ".join(f"{name.replace(' ', '_')}={number:,}" for name, number in run.counts.items())
    return f"{run.id:>4}  {stamp(run.started_at)}  {state}  {run.extractor}  {counts}"


def run_row(run: Reextraction) -> dict[str, Any]:
    """A run with JSON's types."""
    return {
        "id": run.id,
        "started_at": stamp(run.started_at),
        "finished_at": stamp(run.finished_at) if run.finished_at else None,
        "rolled_back_at": stamp(run.rolled_back_at) if run.rolled_back_at else None,
        "extractor": run.extractor,
        "selection": run.selection,
        "counts": dict(run.counts),
    }
