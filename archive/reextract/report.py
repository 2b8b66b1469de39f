"""What a run changes, counted by source and field, with a few examples of each; as small for any archive."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.reextract.merging import Rewriting
from archive.reextract.running import Finding, Kind
from archive.store.states import Value

LISTED_MAX = 20
"""Articles of a kind that are named in a report for a person; as JSON, all are."""

LISTED = (Kind.REJECTED, Kind.GAINED, Kind.KNOWN, Kind.NOT_KEPT, Kind.UNREADABLE, Kind.FAILED)
"""What is told one by one."""

READINGS = "readings"
"""Stands for what a page says beside the values that are chosen."""
ADDRESS = "address"
"""Stands for the article's address, which a re-extraction does not move."""

_UNSEEN = frozenset({"extractor", "content_hash", "word_count", "published_offset"})
_EMPTY = (None, "", "[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that another value would stand in, or does now."""

    field: str
    before: Value
    after: Value

    @property
    def kind(self) -> str:
        """`gained` where nothing stood, `lost` where nothing stands now, else `changed`."""
        if self.before in _EMPTY:
            return "gained"
        return "lost" if self.after in _EMPTY else "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A difference, and where it is."""

    finding: Finding
    difference: Difference


@dataclass(slots=True)
class FieldReport:
    """Articles of a source in which a field differs."""

    counts: Counter[str] = field(default_factory=Counter)
    """By `Difference.kind`."""
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class SourceReport:
    """What was found in one source."""

    counts: Counter[str] = field(default_factory=Counter)
    """By kind of finding."""
    fields: dict[str, FieldReport] = field(default_factory=dict)
    listed: dict[Kind, list[Finding]] = field(default_factory=dict)


class Report:
    """What was found, by the source's name."""

    def __init__(self, names: Mapping[int, str], *, examples: int) -> None:
        """`names` of the sources by their ids; at most so many examples of each kind of difference of each field."""
        self._names, self._examples = names, examples
        self.sources: dict[str, SourceReport] = {}

    def name(self, finding: Finding) -> str:
        """The name of the source in which something was found."""
        return self._names.get(finding.source_id, str(finding.source_id))

    def add(self, finding: Finding) -> None:
        """Counts a finding, and keeps it if it is one of the first of its kind."""
        source = self.sources.setdefault(self.name(finding), SourceReport())
        source.counts[finding.kind.value] += 1
        if finding.kind in LISTED:
            listed = source.listed.setdefault(finding.kind, [])
            if len(listed) < LISTED_MAX:
                listed.append(finding)
        for difference in differences(finding.change) if finding.change else ():
            told = source.fields.setdefault(difference.field, FieldReport())
            told.counts[difference.kind] += 1
            if told.counts[difference.kind] <= self._examples:
                told.examples.append(Example(finding=finding, difference=difference))


def differences(change: Rewriting) -> list[Difference]:
    """The fields of an article that differ: in its newest revision, else in an older one. Raises: nothing."""
    found: dict[str, Difference] = {}
    for value in sorted(change.values, key=lambda value: -value.revision):
        if value.field not in _UNSEEN and value.field not in found:
            found[value.field] = Difference(field=value.field, before=value.before, after=value.after)
    if "text" in found:
        # which kinds its paragraphs are of says nothing more
        found.pop("blocks", None)
    if "published_at" in found:
        found.pop("published_precision", None)
    if change.named is not None:
        found[ADDRESS] = Difference(field=ADDRESS, before=change.state.url, after=change.named)
    if not found and change:
        found[READINGS] = Difference(field=READINGS, before="as stored", after="as read now")
    return list(found.values())
