"""An article cited: in BibTeX, RIS, CSL-JSON and plain text. Pure functions.

Formats: the data model of BibLaTeX, with what classic BibTeX needs; RIS as reference managers read it; CSL-JSON 1.0.2
(citationstyles.org).
"""

import json
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from archive import text
from archive.extraction.agencies import agency
from archive.models import Precision
from archive.record import ExportedArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Who wrote it."""

    whole: str
    family: str | None = None
    """Of a person, with particles such as `von`; None for an organisation, and where nobody can tell."""
    given: str | None = None
    generation: str | None = None
    """`Jr.`, `III`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is cited."""

    key: str
    """Unique in an archive, of `a-z`, `0-9` and hyphens."""
    url: str
    title: str
    authors: tuple[Name, ...] = ()
    publication: str
    published: date | None = None
    """The day, by the clocks of the publication where the page has told them."""
    accessed: date | None = None
    section: str | None = None
    language: str | None = None
    abstract: str | None = None
    keywords: tuple[str, ...] = ()

    @property
    def is_news(self) -> bool:
        """Whether it is in an issue, by its day; else it is a page of the Web."""
        return self.published is not None


def work(article: ExportedArticle) -> Work:
    """What is cited of an article. Raises: nothing."""
    publication = article.site_name or article.source_title or article.source
    houses = {text.comparable(house) for house in (article.site_name, article.source_title, article.source) if house}
    signed = article.authors or ((article.agency,) if article.agency else ())
    return Work(
        key=f"{article.source}-{article.id}",
        url=article.url,
        title=_line(article.title) or article.url,
        authors=tuple(name(author, article.language, houses) for author in signed if _line(author)),
        publication=_line(publication),
        published=day(article.published_at, article.published_precision, article.published_offset),
        accessed=article.last_seen_at.date(),
        section=_line(article.section or "") or None,
        language=_line(article.language or "") or None,
        abstract=_line(article.description or article.subtitle or "") or None,
        keywords=tuple(tag for tag in map(_line, article.tags) if tag),
    )


def _line(said: str) -> str:
    return text.line(said) or ""


_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def day(at: datetime | None, precision: Precision | None, offset: str | None) -> date | None:
    """The day on which something was published where it was published; by UTC where its page names no offset.

    Raises: nothing.
    """
    match = _OFFSET.fullmatch(offset or "")
    if at is None or match is None or precision is Precision.DAY:
        return at.date() if at else None
    ahead = timedelta(hours=int(match[2]), minutes=int(match[3])) * (-1 if match[1] == "-" else 1)
    try:
        return (at + ahead).date()
    except OverflowError:
        return at.date()


_FAMILY_FIRST = frozenset({"hu", "ja", "ko", "vi", "zh"})
"""Languages that write the name of the family first."""
_PARTICLES = frozenset(
    re.findall(
        r"\w+",
        "af al ap av bin da dai dal das de del della den der des di do dos du el ibn la le los ten ter til van vom von "
        "y zu zum zur",
    )
)
_GENERATION = re.compile(r",?\s+((?:jr|sr|jnr|snr|fils|ii|iii|iv)\.?)$", re.IGNORECASE)
_HOUSE = re.compile(
    r"\b(?:agence|agency|agencia|agenzia|agentur|associat\w+|bureau|board|correspondents|desk|editor(?:s|ial)|"
    r"gazette|herald|news\w*|network|press\w*|r[eé]da[ckç]\w+|reda[kç]\w+|service|staff|team|times|tribune|toimitus|"
    r"union)\b|редакция|редакц|编辑部|編集部|편집부|هيئة التحرير",
    re.IGNORECASE,
)


def name(author: str, language: str | None = None, houses: AbstractSet[str] = frozenset()) -> Name:
    """A byline's name, as a person's or an organisation's. `houses` are comparable names of the publication.

    A person has the last word as the name of the family, particles before it; the first in languages that put it there.
    Raises: nothing.
    """
    whole = _line(author)
    generation = _GENERATION.search(whole)
    words = (whole[: generation.start()] if generation else whole).split()
    is_house = agency(whole) is not None or text.comparable(whole) in houses or _HOUSE.search(whole) is not None
    if is_house or len(words) < 2 or not all(any(map(str.isalpha, word)) for word in words):
        return Name(whole=whole)
    if language in _FAMILY_FIRST and not whole.isascii():
        return Name(whole=whole, family=words[0], given=" ".join(words[1:]))
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in _PARTICLES:
        first -= 1
    return Name(
        whole=whole,
        family=" ".join(words[first:]),
        given=" ".join(words[:first]),
        generation=generation[1] if generation else None,
    )


def plain(cited: Work) -> str:
    """The citation as a line of text: authors, title, publication, day, address, and the day of the last look.

    Raises: nothing.
    """
    authors = "; ".join(author.whole for author in cited.authors)
    end = "" if text.ends_with_a_mark(cited.title) else "."
    parts = [f"{authors}:" if authors else "", f"{cited.title}{end}"]
    parts.append(", ".join([cited.publication, *([cited.published.isoformat()] if cited.published else [])]) + ".")
    accessed = f" (seen {cited.accessed.isoformat()})" if cited.accessed else ""
    return " ".join([*(part for part in parts if part), f"{cited.url}{accessed}"])


_TEX = {char: f"\\{char}" for char in "&%$#_"} | {
    # these have braces that balance: BibTeX counts also those behind a backslash
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_TO_TEX = str.maketrans(_TEX)


def bibtex(cited: Work) -> str:
    """An entry: `@article` of a newspaper, `@online` for what has no date; UTF-8, capitals of the title protected.

    Nothing in it is a command of TeX. Raises: nothing.
    """
    fields = {
        "author": " and ".join(map(_tex_name, cited.authors)),
        "title": f"{{{cited.title.translate(_TO_TEX)}}}",
        "journal" if cited.is_news else "organization": cited.publication.translate(_TO_TEX),
        "date": cited.published.isoformat() if cited.published else "",
        "year": f"{cited.published.year:04}" if cited.published else "",
        "url": _bare_url(cited.url),
        "urldate": cited.accessed.isoformat() if cited.accessed else "",
        "language": (cited.language or "").translate(_TO_TEX),
        "keywords": ", ".join(word.replace(",", " ").translate(_TO_TEX) for word in cited.keywords),
        "abstract": (cited.abstract or "").translate(_TO_TEX),
    }
    if cited.is_news:
        fields["entrysubtype"] = "newspaper"
    lines = ",\n".join(f"  {field} = {{{value}}}" for field, value in fields.items() if value)
    return f"@{'article' if cited.is_news else 'online'}{{{cited.key},\n{lines}\n}}\n"


def _tex_name(author: Name) -> str:
    """A name as BibTeX takes names apart: by commas, and by the word `and` unless it is in braces."""
    if author.family is None or "," in f"{author.family}{author.given}" or "and" in author.whole.casefold().split():
        return f"{{{author.whole.translate(_TO_TEX)}}}"
    parts = [author.family, author.generation, author.given]
    return ", ".join(part.translate(_TO_TEX) for part in parts if part)


def _bare_url(url: str) -> str:
    """An address in which nothing is left that TeX would look at twice."""
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")


def ris(cited: Work) -> str:
    """A record: NEWS, or ELEC for what has no date; lines end with CR LF. Raises: nothing."""
    lines = [("TY", "NEWS" if cited.is_news else "ELEC"), ("ID", cited.key), ("TI", cited.title)]
    lines += [("AU", _ris_name(author)) for author in cited.authors]
    lines += [("T2", cited.publication)]
    if cited.published:
        lines += [("PY", f"{cited.published.year:04}"), ("DA", f"{cited.published:%Y/%m/%d}/")]
    lines += [("SE", cited.section or ""), ("UR", cited.url)]
    lines += [("Y2", f"{cited.accessed:%Y/%m/%d}/" if cited.accessed else ""), ("LA", cited.language or "")]
    lines += [("AB", cited.abstract or ""), *(("KW", word) for word in cited.keywords)]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def _ris_name(author: Name) -> str:
    parts = [author.family, author.given, author.generation]
    return ", ".join(part for part in parts if part) if author.family else author.whole


def csl(cited: Work) -> dict[str, Any]:
    """An item of CSL-JSON: `article-newspaper`, or `webpage` for what has no date. Raises: nothing."""
    item = {
        "id": cited.key,
        "type": "article-newspaper" if cited.is_news else "webpage",
        "title": cited.title,
        "container-title": cited.publication,
        "author": [_csl_name(author) for author in cited.authors],
        "issued": _csl_date(cited.published),
        "accessed": _csl_date(cited.accessed),
        "URL": cited.url,
        "section": cited.section,
        "language": cited.language,
        "abstract": cited.abstract,
        "keyword": ", ".join(cited.keywords),
    }
    return {key: value for key, value in item.items() if value}


FORMATS: Mapping[str, Callable[[Work], str]] = MappingProxyType(
    {
        "citation": plain,
        "bibtex": bibtex,
        "ris": ris,
        "csl-json": lambda cited: json.dumps([csl(cited)], ensure_ascii=False),
    }
)
"""How an article is cited, by the name of the format."""


def _csl_name(author: Name) -> dict[str, str]:
    if author.family is None:
        return {"literal": author.whole}
    parts = {"family": author.family, "given": author.given, "suffix": author.generation}
    return {part: value for part, value in parts.items() if value}


def _csl_date(at: date | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[at.year, at.month, at.day]]} if at else None
