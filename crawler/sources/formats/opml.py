"""OPML 2.0 (opml.org): the subscriptions of feed readers; each feed belongs to the source of its site."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from urllib.parse import urljoin

from lxml import etree

from archive import text
from archive.errors import ConfigError
from archive.models import CanonicalUrl, Source, SourceId
from archive.settings import address_of
from crawler.sources.formats.brought import Gathering

MAX_BYTES = 16 * 1024 * 1024


def read(data: bytes, file: str) -> Gathering:
    """The sources of an OPML document, however its outlines are nested.

    What has a feed (`xmlUrl`) is a feed of the source at its `htmlUrl`, or of the site that serves the feed; what has
    only an `htmlUrl` or `url` is a source whose feeds are found by crawling. Entities of the document's own making and
    addresses outside of it are not followed. Raises: ConfigError for what is no OPML at all.
    """
    found = Gathering(file=file)
    if len(data) > MAX_BYTES or b"<!ENTITY" in data:
        raise ConfigError(f"{file}: nothing was imported: it is too large, or defines entities of its own")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        tree = etree.parse(BytesIO(data), parser)
    except etree.XMLSyntaxError as error:
        raise ConfigError(f"{file} is no OPML: {error}") from error
    root = tree.getroot()
    if root is None or _name(root) != "opml":
        raise ConfigError(f"{file} is no OPML: its root is {_name(root) if root is not None else 'missing'}")
    for flaw in parser.error_log:
        found.skip(flaw.line, file, f"malformed: {flaw.message}")
    for outline in root.iter():
        if _name(outline) == "outline":
            _take(outline, found)
    return found


def _take(outline: etree._Element, found: Gathering) -> None:
    # the stubs of lxml leave its type open
    line: int = getattr(outline, "sourceline", None) or 1
    said = {str(key).lower(): str(value).strip() for key, value in outline.attrib.items()}
    title = text.line(said.get("title") or said.get("text"))
    feed, home = said.get("xmlurl"), said.get("htmlurl") or said.get("url")
    if not feed and not home:
        if not len(outline):
            found.skip(line, title or "an outline", "it has no address")
        return
    addresses: list[CanonicalUrl | None] = []
    for written in (feed, home):
        try:
            addresses.append(address_of(written) if written else None)
        except ConfigError as error:
            found.skip(line, title or written or "", str(error))
            return
    url = addresses[1] or CanonicalUrl(address_of(urljoin(addresses[0] or "", "/")))
    if title == url:
        title = None
    if feed:
        found.add_feed(line, url, feed, title)
    else:
        found.add(line, url, title=title)


def _name(element: etree._Element) -> str:
    """Without namespace, in lower case; empty for comments."""
    tag: object = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def written(sources: Sequence[Source], discovered: Mapping[SourceId, Sequence[str]]) -> str:
    """An OPML document of sources with their feeds: those that are set, else those `discovered` by crawls (by id).

    Names and other settings have no place in it. Raises: nothing.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "newsarchive"
    body = etree.SubElement(root, "body")
    for source in sources:
        title = _clean(source.title or source.url)
        named = source.settings.get("feeds")
        feeds = list(named if isinstance(named, list) else discovered.get(source.id, ()))
        if not feeds:
            etree.SubElement(body, "outline", type="link", text=title, title=title, url=source.url)
        for feed in feeds:
            etree.SubElement(
                body, "outline", type="rss", text=title, title=title, xmlUrl=_clean(feed), htmlUrl=source.url
            )
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _clean(value: str) -> str:
    """Without what XML 1.0 cannot have in any spelling."""
    return "".join(
        char for char in value if char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char not in "\ufffe\uffff"
    )
