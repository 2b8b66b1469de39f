"""What a source's articles have in common and is nobody's news: learned from them, taken out, put back. Pure.

A line is a whole paragraph. Two lines are the same if they read the same (`archive.text.comparable`); the numbers of a
counter ("0 39", "12 comments") count as equal. docs/boilerplate.md tells the rules and their reasons.
"""

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from archive import text
from archive.models import BlockKind

HANDFUL = 5
"""Never on fewer articles: what a few have in common may be their subject."""

SHARE = 3 / 20
"""So large a part of the articles, beyond the handful, has to have a line: 8 of 20, 20 of 100, 305 of 2,000.

An agency repeats the background of a running story word for word in each report on it, and that is content. No story
fills so much of a newspaper, whereas its furniture stands in every page of a template.
"""

FIRST, LAST = 2, 5
"""How many paragraphs at the beginning and the end are near the edge."""

LINE_MAX = 600
"""Characters of the longest line: a comment policy has that many; of a paragraph, nobody repeats more."""

COUNTER_WORDS = 4
"""A line with more words than these beside its numbers is a sentence, in which another number is another statement."""

LEAD_WORDS = 5
TITLE_WORDS = 4
"""The fewest words of a title that no paragraph ends with by accident."""
LINK_MAX = 200
"""Characters of the longest paragraph that leads to another article: a lead and a headline."""

_HEADINGS = frozenset({BlockKind.HEADING2, BlockKind.HEADING3})
_SPARED = frozenset({BlockKind.QUOTE, BlockKind.TABLE, BlockKind.CODE})
"""Kinds of paragraph that are never taken: another's words, and what is compared badly without its numbers."""

_NUMBERS = re.compile(r"\d+(?: \d+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"[\"“”„«»「『].*[\"“”«»」』]\W?", re.DOTALL)
_SENTENCE = re.compile(rf"[{re.escape(text.FULL_STOPS)}]\W?$")


class Rule(StrEnum):
    """How a line was recognised."""

    LINE = "line"
    """It recurs as it stands."""
    LEAD = "lead"
    """It recurs before the titles of other articles, as "Read also" does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A text and the kind of each of its paragraphs."""

    text: str = field(repr=False)
    blocks: tuple[BlockKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article to learn from, as its page had it."""

    title: str
    subtitle: str | None
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that is boilerplate."""

    rule: Rule
    text: str
    """As it stands most often; of a lead its words alone, made comparable."""

    @property
    def hash(self) -> str:
        """The same for all lines that count as this one."""
        return _hash(self.rule, _key(text.comparable(self.text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A paragraph that was taken out of a text."""

    position: int
    """Which paragraph it was, from 0, before anything was taken."""
    line: str
    kind: BlockKind
    line_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a source's articles teach."""

    lines: tuple[Line, ...]
    protected: frozenset[str]
    """The hashes of lines that are a headline or a quotation in one of the articles, and must stay."""


class Lines:
    """The known lines of a source, ready to be looked for."""

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        """Of no lines, nothing is ever taken."""
        self._keys: dict[str, str] = {}
        self._leads: dict[str, str] = {}
        self._beginnings: set[str] = set()
        for line in lines:
            known = self._leads if line.rule is Rule.LEAD else self._keys
            key = text.comparable(line.text)
            known[key if line.rule is Rule.LEAD else _key(key)] = line.hash
            self._beginnings.add(_beginning(line.text))

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._keys or self._leads)

    def find(self, kind: BlockKind, paragraph: str, comparable: str | None = None) -> str | None:
        """The hash of the known line that a paragraph is, or None. Raises: nothing."""
        if kind in _SPARED or len(paragraph) > LINE_MAX or _beginning(paragraph) not in self._beginnings:
            return None
        if _QUOTED.fullmatch(paragraph):
            return None
        comparable = text.comparable(paragraph) if comparable is None else comparable
        if found := self._keys.get(_key(comparable)):
            return found
        if self._leads and _may_lead(kind, paragraph):
            return next((self._leads[lead] for lead, _ in _splits(comparable) if lead in self._leads), None)
        return None


NO_LINES = Lines()


def strip(body: Body, lines: Lines) -> tuple[Body, tuple[Removal, ...]]:
    """The body without known lines, and what was taken; a body of nothing else stays as it is.

    A heading goes only together with what follows it. Raises: nothing, for as many blocks as paragraphs.
    """
    if not lines:
        return body, ()
    paragraphs = text.paragraphs(body.text)
    found = _going(body.blocks, [lines.find(*pair) for pair in zip(body.blocks, paragraphs, strict=True)])
    if None not in found or not any(found):
        return body, ()
    taken = tuple(
        Removal(position=position, line=paragraphs[position], kind=body.blocks[position], line_hash=line_hash)
        for position, line_hash in enumerate(found)
        if line_hash is not None
    )
    rows = zip(paragraphs, body.blocks, found, strict=True)
    return _body([(paragraph, kind) for paragraph, kind, line_hash in rows if line_hash is None]), taken


def restore(body: Body, taken: Sequence[Removal]) -> Body:
    """The body with all that `strip` took out of it put back. Raises: nothing."""
    pairs = list(zip(text.paragraphs(body.text), body.blocks, strict=True))
    for removal in sorted(taken, key=lambda removal: removal.position):
        pairs.insert(removal.position, (removal.line, removal.kind))
    return _body(pairs)


def learn(examples: Iterable[Example]) -> Findings:
    """The lines that are boilerplate in a source's distinct articles.

    Memory and time grow with the text of the examples. Raises: nothing.
    """
    pages = [_Page.of(example) for example in examples]
    protected = {_key(headline) for page in pages for headline in page.headlines}
    protected.update(key for page in pages for key in page.quotations)
    leads = _leads(pages)
    keys = _recurring(pages, protected)
    while headings := _headings_with_a_text(pages, keys, leads):
        keys = {key: line for key, line in keys.items() if key not in headings}
    return Findings(lines=(*leads, *keys.values()), protected=frozenset(_hash(Rule.LINE, key) for key in protected))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """An example with its paragraphs made comparable."""

    headlines: tuple[str, ...]
    blocks: tuple[BlockKind, ...]
    paragraphs: tuple[str, ...]
    comparables: tuple[str, ...]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, example: Example) -> "_Page":
        paragraphs = tuple(text.paragraphs(example.body.text))
        comparables = tuple(map(text.comparable, paragraphs))
        return cls(
            headlines=tuple(text.comparable(headline) for headline in (example.title, example.subtitle) if headline),
            blocks=example.body.blocks,
            paragraphs=paragraphs,
            comparables=comparables,
            keys=tuple(map(_key, comparables)),
        )

    @property
    def quotations(self) -> list[str]:
        rows = zip(self.blocks, self.paragraphs, self.keys, strict=True)
        return [key for kind, paragraph, key in rows if kind is BlockKind.QUOTE or _QUOTED.fullmatch(paragraph)]


def _distinct(pages: Iterable[_Page]) -> list[_Page]:
    """The pages most of whose text is in none before: what the others share may be their text, in another version."""
    seen: set[str] = set()
    distinct = []
    for page in pages:
        if 2 * sum(len(key) for key in page.keys if key in seen) <= sum(map(len, page.keys)):
            distinct.append(page)
        seen.update(page.keys)
    return distinct


def _recurring(pages: Sequence[_Page], protected: set[str]) -> dict[str, Line]:
    """The lines, by key, that enough distinct articles have, most often at the edges or always as the same text."""
    distinct = _distinct(pages)
    support = Counter(key for page in distinct for key in set(page.keys))
    least = math.ceil(HANDFUL + SHARE * len(distinct))
    usual = {key for key, count in support.items() if count >= least and key and key not in protected}
    texts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    inside: Counter[str] = Counter()
    for page in pages:
        end = len(page.keys) - LAST
        for number, (kind, paragraph, key) in enumerate(zip(page.blocks, page.paragraphs, page.keys, strict=True)):
            if key in usual and kind not in _SPARED and len(paragraph) <= LINE_MAX:
                texts[key][paragraph] += 1
                inside[key] += FIRST <= number < end
    return {
        key: Line(rule=Rule.LINE, text=seen.most_common(1)[0][0])
        for key, seen in texts.items()
        if len(seen) == 1 or 2 * inside[key] <= seen.total()
    }


def _leads(pages: Sequence[_Page]) -> list[Line]:
    """What stands before the titles of other articles in a handful of them, and mostly before such titles."""
    titles = {page.headlines[0] for page in pages if page.headlines}
    titles = {title for title in titles if len(text.words(title)) >= TITLE_WORDS}
    before_titles: defaultdict[str, set[int]] = defaultdict(set)
    uses: defaultdict[str, set[int]] = defaultdict(set)
    for number, page in enumerate(pages):
        for kind, paragraph, comparable in zip(page.blocks, page.paragraphs, page.comparables, strict=True):
            if _may_lead(kind, paragraph):
                for lead, rest in _splits(comparable):
                    uses[lead].add(number)
                    if rest in titles and rest not in page.headlines:
                        before_titles[lead].add(number)
    return [
        Line(rule=Rule.LEAD, text=lead)
        for lead, found in before_titles.items()
        if len(found) >= HANDFUL and 2 * len(found) >= len(uses[lead])
    ]


def _headings_with_a_text(pages: Sequence[_Page], keys: Mapping[str, Line], leads: Sequence[Line]) -> set[str]:
    """The keys of headings that in some article head a text of its own."""
    lines = Lines((*keys.values(), *leads))
    kept: set[str] = set()
    for page in pages:
        rows = zip(page.blocks, page.paragraphs, page.comparables, strict=True)
        found = [lines.find(*row) for row in rows]
        going = _going(page.blocks, found)
        kept.update(key for key, was, now in zip(page.keys, found, going, strict=True) if was and not now)
    return kept


def _going(blocks: Sequence[BlockKind], found: Sequence[str | None]) -> list[str | None]:
    """Which of the paragraphs found go: a heading stays where what follows it does."""
    going = list(found)
    for number in range(len(going) - 2, -1, -1):
        if blocks[number] in _HEADINGS and going[number + 1] is None:
            going[number] = None
    return going


def _body(pairs: Sequence[tuple[str, BlockKind]]) -> Body:
    return Body(
        text=text.PARAGRAPH_BREAK.join(paragraph for paragraph, _ in pairs), blocks=tuple(kind for _, kind in pairs)
    )


def _beginning(line: str) -> str:
    """The first letters of a line: at a tenth of the cost of the key they rule out most of the paragraphs of a text."""
    found = _LETTERS.search(line)
    return text.comparable(found[0]) if found else ""


def _key(comparable: str) -> str:
    """What tells a line from others: its comparable text, in which the numbers of a counter are all 0."""
    folded = _NUMBERS.sub("0", comparable)
    words = sum(word != "0" for word in folded.split(" "))
    return folded if words <= COUNTER_WORDS else comparable


def _may_lead(kind: BlockKind, paragraph: str) -> bool:
    """Whether a paragraph may be a link to another article: short, and no sentence."""
    return (
        kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and len(paragraph) <= LINK_MAX and not _SENTENCE.search(paragraph)
    )


def _splits(comparable: str) -> list[tuple[str, str]]:
    """The ways to divide a paragraph into a lead and a title, the shortest lead first."""
    words = comparable.split(" ")
    counts = range(1, min(LEAD_WORDS, len(words) - 1) + 1)
    return [(" ".join(words[:count]), " ".join(words[count:])) for count in counts]


def _hash(rule: Rule, key: str) -> str:
    return hashlib.sha256(f"{rule} {key}".encode("utf-8", "replace")).hexdigest()[:16]
