"""What a page says of itself in schema.org's words: JSON-LD in all shapes, microdata and RDFa, as one kind of item."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive import text
from archive.models import Method
from archive.urls import canonical, site_of

ARTICLE_TYPES = frozenset(
    (
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "askpublicnewsarticle",
        "reviewnewsarticle",
        "blogposting",
        "liveblogposting",
        "socialmediaposting",
        "report",
        "satiricalarticle",
        "advertisercontentarticle",
        "scholarlyarticle",
        "techarticle",
    )
)
"""schema.org/Article and its subtypes, lower case."""

_SECOND_TYPES = frozenset(("claimreview", "review", "webpage", "itempage"))
"""What describes an article on pages that describe no Article."""

_MAX_BLOCKS = 200
"""JSON-LD blocks read of one page; the richest page of our corpus has 22."""
_MAX_BLOCK = 2_000_000
"""Characters of one block; beyond it stands a data dump and no description."""
_MAX_DEPTH = 6
"""Items and lists inside of each other; a name in a list of persons in a list is four."""
_MAX_NODES = 5_000
"""Nodes visited in all blocks of a page together."""

_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>)[\s;]*$"
)
_REPAIRS = (
    (re.compile(r",(?=\s*[}\]])"), ""),
    (re.compile(r'\\(?=[^"\\/bfnrtu])'), ""),
    (re.compile(r"/\*[^*]{0,500}\*/|<!--[^<>]{0,500}-->"), ""),
)
"""What makes JSON of what is nearly JSON: trailing commas, escapes that JavaScript alone knows, comments."""
_TYPE_START = re.compile(r'"@type"\s*:\s*"(\w+)"')
_PAIR = re.compile(
    r'"(?:(?P<key>headline|description|datePublished|dateModified|articleSection)"\s*:|'
    r'(?P<author>author)"\s*:\s*(?:\[\s*)?(?:\{[^{}]{0,300}?"name"\s*:)?)\s*'
    r'"(?P<value>(?:[^"\\\n]|\\.)*)"(?=\s*[,}\]])'
)
"""A property and its whole value: where a quotation mark inside of it was not escaped, no comma or bracket follows."""
_OWN_ADDRESS = ("url", "mainEntityOfPage", "@id")
_LIKE_ADDRESS = re.compile(r"(?:https?:)?//|/(?!/)|[^\s#:]+/|[^\s#:/]+\.\w{2,5}$", re.IGNORECASE)
"""Beginnings of addresses. Others (`true`, `#article`, a name) say nothing about whose article an item is."""
_AGREED = 0.7
"""Share of a headline's words that a title has if both are of one article; the rest is wording and ends cut off."""
_FEWEST_AGREED = 3
"""Words of the shortest headline that may be found inside of a longer title; "Politics" is inside of many."""
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,5000}>")
"""No `<` inside and no longer than data in an address may make it, so that text full of `<` takes no time."""

Properties = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A thing that the page describes: its types (lower case, without vocabulary), its properties as JSON values."""

    types: frozenset[str]
    properties: Properties
    method: Method

    @property
    def is_article(self) -> bool:
        """Whether it is a schema.org Article of any kind."""
        return not ARTICLE_TYPES.isdisjoint(self.types)


def items(root: HtmlElement) -> list[Item]:
    """All things described in a page: JSON-LD first, then microdata and RDFa, each in document order.

    Bounded in number and size whatever the page holds. Raises: nothing.
    """
    found = list(_json_ld(root))
    # Two thirds of the time that XPath takes to find them.
    described = [el for el in root.iter() if el.get("itemscope") is not None or el.get("typeof") is not None]
    found += _embedded(described, Method.MICRODATA, scope="itemscope", kind="itemtype", name="itemprop")
    found += _embedded(described, Method.MICRODATA, scope="typeof", kind="typeof", name="property")
    return found


def plain(value: str) -> str | None:
    """A value as text on one line, without tags and entities (also twice encoded ones); None where nothing is left."""
    if "&" in value:
        value = html.unescape(html.unescape(value))
    if "<" in value:
        value = _TAG.sub(" ", value)
    return text.line(value)


def texts(value: object, *, depth: int = _MAX_DEPTH) -> list[str]:
    """The texts of a property: of a string itself, of an item its name, of a list those of its members.

    Truth values and numbers are what they are written as: `true`, `7`.
    """
    if isinstance(value, str):
        return [cleaned] if (cleaned := plain(value)) else []
    if isinstance(value, bool | int | float):
        return [str(value).lower()]
    if depth and isinstance(value, Mapping):
        named = (texts(value.get(key), depth=depth - 1) for key in ("name", "@value", "url", "@id"))
        return next(filter(None, named), [])
    if depth and isinstance(value, list):
        return [found for member in value[:_MAX_BLOCKS] for found in texts(member, depth=depth - 1)]
    return []


def first(value: object) -> str | None:
    """The first text of a property; None where it has none."""
    return next(iter(texts(value)), None)


def _json_ld(root: HtmlElement) -> Iterator[Item]:
    """The nodes of all JSON-LD blocks, references by `@id` resolved among them."""
    scripts = [s for s in root.iter("script") if "ld+json" in (s.get("type") or "").lower()]
    nodes: list[dict[str, object]] = []
    for script in scripts[:_MAX_BLOCKS]:
        nodes += _nodes(_parsed((script.text or "")[:_MAX_BLOCK]), _MAX_NODES - len(nodes))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    for node in nodes:
        if types := _types(node.get("@type")):
            yield Item(types=types, properties=_resolved(node, by_id), method=Method.JSON_LD)


def _parsed(block: str) -> list[object]:
    """The JSON values of a block, as many as can be read of what is not quite JSON."""
    block = html.unescape(block) if block.lstrip().startswith(("&quot;", "{&quot;", "[{&quot;")) else block
    block = block.strip()
    if block[:1] not in "{[" or block[-1:] not in "}]":
        block = _WRAPPING.sub("", _WRAPPING.sub("", block)).strip().rstrip(";")
    values, unread = _decoded(block)
    if not unread:
        return values
    repaired = unread
    for broken, whole in _REPAIRS:
        repaired = broken.sub(whole, repaired)
    more, unread = _decoded(repaired)
    return [*values, *more, *([_salvaged(unread)] if unread else [])]


def _decoded(block: str) -> tuple[list[object], str]:
    """The JSON values at the beginning of a block, one after the other, and the rest that is none."""
    decoder = json.JSONDecoder(strict=False)
    values: list[object] = []
    position = 0
    while position < len(block) and len(values) < _MAX_BLOCKS:
        try:
            value, position = decoder.raw_decode(block, position)
        except (ValueError, RecursionError):
            return values, block[position:]
        values.append(value)
        while position < len(block) and block[position] in " \t\r\n,;":
            position += 1
    return values, ""


def _salvaged(block: str) -> dict[str, object]:
    """The plain properties of the first article in a block that is broken beyond parsing."""
    start = next((m for m in _TYPE_START.finditer(block) if m[1].lower() in ARTICLE_TYPES), None)
    if start is None:
        return {}
    node: dict[str, object] = {"@type": start[1]}
    # What stands before the type may be another item's.
    for pair in (*_PAIR.finditer(block, start.end()), *_PAIR.finditer(block, 0, start.start())):
        try:
            node.setdefault(pair["key"] or pair["author"], json.loads(f'"{pair["value"]}"', strict=False))
        except ValueError:
            continue
    return node


def _nodes(values: list[object], limit: int) -> list[dict[str, object]]:
    """All typed or identified objects in the values, outer before inner, at most `limit` of them."""
    found: list[dict[str, object]] = []
    waiting = values[::-1]
    visits = 0
    while waiting and len(found) < limit and visits < 4 * _MAX_NODES:
        visits += 1
        value = waiting.pop()
        if isinstance(value, dict):
            if "@type" in value or "@id" in value:
                found.append(value)
            waiting.extend(v for v in reversed(value.values()) if isinstance(v, dict | list))
        elif isinstance(value, list):
            waiting.extend(v for v in reversed(value) if isinstance(v, dict | list))
    return found


def _types(value: object) -> frozenset[str]:
    """Type names in lower case without their vocabulary: `http://schema.org/NewsArticle` is `newsarticle`."""
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(re.split(r"[/#:]", name.strip())[-1].lower() for name in names if isinstance(name, str)) - {""}


def _resolved(node: dict[str, object], by_id: Mapping[object, dict[str, object]]) -> Properties:
    """The node with references to other nodes of the page put in their place, one level deep."""

    def resolve(value: object) -> object:
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
            return by_id.get(value["@id"], value)
        return [resolve(v) for v in value] if isinstance(value, list) and len(value) < _MAX_BLOCKS else value

    return {key: resolve(value) for key, value in node.items()}


def _embedded(elements: Iterable[HtmlElement], method: Method, *, scope: str, kind: str, name: str) -> list[Item]:
    """The outermost items of microdata (HTML standard, 5) or RDFa Lite, which differ in the attributes' names only.

    `elements` are all that may be one, in document order. What an article's item holds is a part of that.
    """
    described: list[Item] = []
    for element in islice(_outermost(elements, scope, kind), _MAX_BLOCKS):
        if types := _types((element.get(kind) or "").split()):
            article = not ARTICLE_TYPES.isdisjoint(types)
            properties = _properties(element, scope=scope, name=name) if article else {}
            described.append(Item(types=types, properties=properties, method=method))
    return described


def _outermost(elements: Iterable[HtmlElement], scope: str, kind: str) -> Iterator[HtmlElement]:
    """The elements with the attribute `scope` that are in no article."""
    articles: set[HtmlElement] = set()
    for element in elements:
        if element.get(scope) is not None and articles.isdisjoint(element.iterancestors()):
            if "Article" in element.get(kind, ""):
                articles.add(element)
            yield element


def _properties(element: HtmlElement, *, scope: str, name: str, depth: int = 3) -> dict[str, object]:
    """The properties below an element, those of nested items as items of their own."""
    properties: dict[str, list[object]] = {}
    waiting = list(reversed(element))
    visits = 0
    while waiting and visits < _MAX_NODES:
        visits += 1
        child = waiting.pop()
        nested = child.get(scope) is not None
        for key in (child.get(name) or "").split()[:5]:
            value: object = _value(child)
            if nested and depth:
                value = {"name": value} | _properties(child, scope=scope, name=name, depth=depth - 1)
            properties.setdefault(key.split(":")[-1], []).append(value)
        if not nested:
            waiting.extend(reversed(child))
    return {key: values[0] if len(values) == 1 else values for key, values in properties.items()}


def _value(element: HtmlElement) -> str:
    """An element's property value (HTML standard, 5.2.3): content, datetime, an address, else its text."""
    for attribute in ("content", "datetime"):
        if value := element.get(attribute):
            return str(value)
    if element.tag in ("link", "img", "meta"):
        return str(element.get("href") or element.get("src") or "")
    return " ".join(element.itertext())


def articles_of(described: Iterable[Item], *, base: str, addresses: Iterable[str], titles: Iterable[str]) -> list[Item]:
    """The items that describe this page's article, best first; empty where the page describes none.

    Pages describe further articles too (related ones, teasers, the entries of a live ticker), and front pages nothing
    but such. An item is this page's if its own address is (`addresses`, canonical forms) or the page shows its headline
    (`titles`, comparable forms of headings and titles). An only item that says neither is taken for the page's:
    nothing speaks against it.
    """
    mine, shown = frozenset(addresses), frozenset(titles)
    places = {place for url in mine if (place := _place(url)) is not None}

    def belongs(item: Item) -> tuple[bool, bool]:
        said = _addresses(item, base)
        here = not mine.isdisjoint(said) or not places.isdisjoint(_place(url) for url in said)
        return here, _headline(item) in shown

    items = list(described)
    articles = [item for item in items if item.is_article]
    if not articles:
        articles = [i for i in items if not _SECOND_TYPES.isdisjoint(i.types) and "datePublished" in i.properties]
    own = [item for item in articles if any(belongs(item))]
    if not own:
        own = [item for item in articles if any(_agrees(_headline(item), title) for title in shown)]
    if not own:
        silent = [item for item in articles if not (shown and _headline(item)) and not _addresses(item, base)]
        own = silent[: len(silent) == 1]
    return sorted(
        own, key=lambda item: ("headline" in item.properties, *belongs(item), len(item.properties)), reverse=True
    )


def _headline(item: Item) -> str:
    """The comparable form of an item's headline; empty where it has none."""
    return text.comparable(first(item.properties.get("headline")) or first(item.properties.get("name")) or "")


def _agrees(headline: str, title: str) -> bool:
    """Whether a title is of the article with this headline, cut off or with the site's name behind it (comparable)."""
    said, shown = text.words(headline), frozenset(text.words(title))
    return len(said) >= _FEWEST_AGREED and sum(word in shown for word in said) >= _AGREED * len(said)


def _place(url: str) -> tuple[str, str] | None:
    """The site and the path of an address: `m.` and `www.` show one article. None for a front page."""
    path = urlsplit(url).path
    return (site_of(url), path) if len(path) > 1 else None


def _addresses(item: Item, base: str) -> list[str]:
    """The addresses that an item gives as its own, canonical."""
    said = (url for key in _OWN_ADDRESS for url in _stated_addresses(item.properties.get(key)))
    return [url for value in said if _LIKE_ADDRESS.match(value) and (url := canonical(value, base)) is not None]


def _stated_addresses(value: object) -> list[str]:
    """The addresses of a property, which may be given as a page with a name of its own."""
    if isinstance(value, Mapping):
        return [url for key in ("@id", "url") for url in texts(value.get(key))]
    if isinstance(value, list):
        return [
            url for member in value[:_MAX_DEPTH] if not isinstance(member, list) for url in _stated_addresses(member)
        ]
    return texts(value)
