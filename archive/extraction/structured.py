"""What a page says of itself in schema.org's words: JSON-LD in all shapes, microdata and RDFa, as one kind of item."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from archive import text
from archive.models import Method
from archive.urls import canonical

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
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_TYPE_START = re.compile(r'"@type"\s*:\s*"(\w+)"')
_PAIR = re.compile(
    r'"(headline|name|description|datePublished|dateModified|articleSection)"\s*:\s*"((?:[^"\\\n]|\\.)*)"'
)
_OWN_ADDRESS = ("url", "mainEntityOfPage", "@id")
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
    found += _embedded(root, Method.MICRODATA, scope="itemscope", kind="itemtype", name="itemprop")
    found += _embedded(root, Method.MICRODATA, scope="typeof", kind="typeof", name="property")
    return found


def plain(value: str) -> str | None:
    """A value as text on one line, without tags and entities (also twice encoded ones); None where nothing is left."""
    if "&" in value:
        value = html.unescape(html.unescape(value))
    if "<" in value:
        value = _TAG.sub(" ", value)
    return text.line(value)


def texts(value: object, *, depth: int = _MAX_DEPTH) -> list[str]:
    """The texts of a property: of a string itself, of an item its name, of a list those of its members."""
    if isinstance(value, str):
        return [cleaned] if (cleaned := plain(value)) else []
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
    block = _WRAPPING.sub("", _WRAPPING.sub("", block)).strip().rstrip(";")
    decoder = json.JSONDecoder(strict=False)
    for attempt in (block, _TRAILING_COMMA.sub(r"\1", block)):
        values: list[object] = []
        position = 0
        try:
            while position < len(attempt) and len(values) < _MAX_BLOCKS:
                value, position = decoder.raw_decode(attempt, position)
                values.append(value)
                while position < len(attempt) and attempt[position] in " \t\r\n,;":
                    position += 1
        except (ValueError, RecursionError):
            continue
        return values
    return [_salvaged(block)]


def _salvaged(block: str) -> dict[str, object]:
    """The plain properties of the first article in a block that is broken beyond parsing."""
    start = next((m for m in _TYPE_START.finditer(block) if m[1].lower() in ARTICLE_TYPES), None)
    if start is None:
        return {}
    node: dict[str, object] = {"@type": start[1]}
    for pair in _PAIR.finditer(block):
        try:
            node.setdefault(pair[1], json.loads(f'"{pair[2]}"', strict=False))
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


def _embedded(root: HtmlElement, method: Method, *, scope: str, kind: str, name: str) -> list[Item]:
    """The outermost items of microdata (HTML standard, 5) or RDFa Lite, which differ in the attributes' names only."""
    outer = root.xpath(f"//*[@{scope}][not(ancestor::*[@{scope}][contains(@{kind}, 'Article')])]")
    described: list[Item] = []
    for element in outer[:_MAX_BLOCKS]:
        if types := _types((element.get(kind) or "").split()):
            article = not ARTICLE_TYPES.isdisjoint(types)
            properties = _properties(element, scope=scope, name=name) if article else {}
            described.append(Item(types=types, properties=properties, method=method))
    return described


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

    Pages describe further articles too (related ones, lists, the entries of a live ticker). An item is this page's if
    its own address is (`addresses`, canonical forms) or the page shows its headline (`titles`, comparable forms); where
    none is so, one without an address, or the only one.
    """
    mine, shown = frozenset(addresses), frozenset(titles)

    def belongs(item: Item) -> tuple[bool, bool]:
        headline = text.comparable(first(item.properties.get("headline")) or first(item.properties.get("name")) or "")
        return not mine.isdisjoint(_addresses(item, base)), headline in shown

    items = list(described)
    articles = [item for item in items if item.is_article]
    if not articles:
        articles = [i for i in items if not _SECOND_TYPES.isdisjoint(i.types) and "datePublished" in i.properties]
    own = [item for item in articles if any(belongs(item))]
    if not own:
        own = [item for item in articles if not any(_addresses(item, base))] or articles[: len(articles) == 1]
    return sorted(
        own, key=lambda item: ("headline" in item.properties, *belongs(item), len(item.properties)), reverse=True
    )


def _addresses(item: Item, base: str) -> list[str]:
    """The addresses that an item gives as its own, canonical."""
    said = (url for key in _OWN_ADDRESS for url in texts(item.properties.get(key)))
    return [url for value in said if (url := canonical(value, base)) is not None]
