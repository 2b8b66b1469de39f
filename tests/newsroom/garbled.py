"""Small sites whose words are not what they say: charsets, characters, feeds, sitemaps, JSON-LD, links."""

import gzip
import html
import json
from collections.abc import Mapping
from typing import ClassVar

from archive.models import Reason
from crawler.demo.serving import Reply
from tests.newsroom.server import HTML, PARAGRAPH, XML, SmallSite, article, as_html, page, sitemap


class WrongCharsets(SmallSite):
    """Articles whose bytes and declarations disagree; the titles show whether they were read rightly."""

    TITLE = "Möwen über der Bäckerei: süße Brötchen für den Hafenmeister"
    TEXT = "Die Möwen flogen über die Bäckerei, während der Hafenmeister süße Brötchen aß und auf die Fähre wartete."
    PAGES: ClassVar[Mapping[str, tuple[str, str, str | None]]] = {
        # address: (encoding of the bytes, Content-Type, charset of the meta element)
        "/news/2026/11/09/bytes-are-latin-but-header-says-utf/": ("windows-1252", HTML, "utf-8"),
        "/news/2026/11/09/bytes-are-utf-but-header-says-latin/": ("utf-8", "text/html; charset=iso-8859-1", "utf-8"),
        "/news/2026/11/09/charset-that-nobody-has-heard-of/": ("utf-8", "text/html; charset=klingon-8", None),
        "/news/2026/11/09/no-charset-is-declared-anywhere/": ("utf-8", "text/html", None),
        "/news/2026/11/09/utf-sixteen-with-a-byte-order-mark/": ("utf-16", "text/html", None),
        "/news/2026/11/09/no-content-type-header-at-all/": ("utf-8", "", "utf-8"),
    }
    bad: ClassVar[Mapping[str, frozenset[Reason]]] = dict.fromkeys(PAGES, frozenset())

    def answer(self, path: str) -> Reply:
        """The same German article in each guise, each with a number of its own in the text."""
        if path not in self.PAGES:
            return super().answer(path)
        encoding, content_type, meta = self.PAGES[path]
        number = list(self.PAGES).index(path)
        text = article(f"{self.TITLE} {number}", text=f"{self.TEXT} Es war der {number}. Versuch.")
        declared = f'<meta charset="{meta}">' if meta else ""
        text = text.replace('<meta charset="utf-8">', declared).replace('lang="en"', 'lang="de"')
        headers = {"Content-Type": content_type} if content_type else {}
        return Reply(headers=headers, body=text.encode(encoding))


class HostileCharacters(SmallSite):
    """NUL bytes, lone surrogates and bidirectional overrides, in pages, JSON-LD, titles and feed."""

    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {
        "/news/2026/11/09/null-bytes-in-the-title/": frozenset(),
        "/news/2026/11/09/surrogates-as-character-references/": frozenset(),
        "/news/2026/11/09/surrogates-as-bytes-in-the-text/": frozenset(),
        "/news/2026/11/09/surrogates-escaped-in-json-ld/": frozenset(),
    }

    def answer(self, path: str) -> Reply:
        """An article with something in it that no database wants."""
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": "Broken \ud83d pair",
            "author": "A\udc00da",
        }
        script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        pages = dict(
            zip(
                self.bad,
                (
                    article("Null\x00 in the\x00 title").encode(),
                    article("Reference &#xD800; and &#56320; and &#0; end").encode(),
                    article("Bytes \ud800 astray \u202etxet").encode("utf-8", "surrogatepass"),
                    article("Pairs that are none", head=script).encode(),
                ),
                strict=True,
            )
        )
        return as_html(pages[path]) if path in pages else super().answer(path)

    def headline(self, path: str) -> str:
        """A title with a NUL in it, which XML does not allow."""
        return super().headline(path) + "\x00\x0b"


class MalformedFeed(SmallSite):
    """An RSS feed with unknown entities, an unclosed element and a date in words; there is no sitemap."""

    def answer(self, path: str) -> Reply:
        """A feed that strict parsers refuse."""
        if path == "/robots.txt":
            return Reply(headers={"Content-Type": "text/plain"}, body=b"User-agent: *\nDisallow:\n")
        if path == "/sitemap.xml":
            return as_html("<h1>no such file</h1>", status=404)
        return super().answer(path)

    def feed(self) -> bytes:
        """Items without order."""
        items = "".join(
            f"<item><title>Fish & chips &nbsp; {p[-9:]}<link>{self.base}{p}</link><pubDate>soon</pubDate></item>"
            for p in self.good
        )
        return f"\n\n<?xml version='1.0'?><rss><channel><title>Broken &copy;</title>{items}<item><li".encode()


class MalformedSitemap(SmallSite):
    """A sitemap index whose parts are cut off, are HTML, are not the gzip they claim, and contain the index itself."""

    def answer(self, path: str) -> Reply:
        """Broken sitemaps; the cut one still names the good articles."""
        if path == "/sitemap.xml":
            names = (
                "sitemap-cut.xml",
                "sitemap-page.xml",
                "sitemap-plain.xml.gz",
                "sitemap-torn.xml.gz",
                "sitemap.xml",
            )
            rows = "".join(f"<sitemap><loc>{self.base}/{name}</loc></sitemap>" for name in names)
            return Reply(headers={"Content-Type": XML}, body=f"<sitemapindex>{rows}</sitemapindex>".encode())
        whole = sitemap(self.base + path for path in self.good)
        parts = {
            "/sitemap-cut.xml": whole.removesuffix(b"</urlset>") + b"<url><loc>" + self.base.encode(),
            "/sitemap-page.xml": page("Oops", "<p>Something went wrong").encode(),
            "/sitemap-plain.xml.gz": whole,
            "/sitemap-torn.xml.gz": gzip.compress(whole * 50, mtime=0)[:-40],
        }
        return Reply(headers={"Content-Type": XML}, body=parts[path]) if path in parts else super().answer(path)


class MalformedJsonLd(SmallSite):
    """Articles whose JSON-LD is cut off, has comments, is a list of nothing, or nests a thousand deep."""

    SCRIPTS = (
        '{"@type": "NewsArticle", "headline": "Cut o',
        '/* ours */ {"@type": "NewsArticle", "headline": "With a comment",}',
        '[null, 7, "text", [], {"@type": 3, "author": {"author": [null]}}]',
        "[" * 1000 + "]" * 1000,
        '{"@type": "NewsArticle", "headline": {"a": 1}, "datePublished": 20261109, "author": [[]], "keywords": false}',
    )
    bad: ClassVar[Mapping[str, frozenset[Reason]]] = {
        f"/news/2026/11/09/json-ld-that-is-broken-no-{n}/": frozenset() for n in range(len(SCRIPTS))
    }

    def answer(self, path: str) -> Reply:
        """The same article with one broken script after the other."""
        if path not in self.bad:
            return super().answer(path)
        number = list(self.bad).index(path)
        script = f'<script type="application/ld+json">{self.SCRIPTS[number]}</script>'
        text = f"{PARAGRAPH} Script number {number} was of no use."
        return as_html(article(f"Title in the page, case {number}", text=text, head=script))


class HostileLinks(SmallSite):
    """A home page full of addresses that are none, too long, or of other kinds than http."""

    LINKS = (
        "javascript:alert(1)",
        "mailto:desk@small.example",
        "data:text/html,<p>x",
        "ftp://small.example/news/story",
        "file:///etc/passwd",
        "http://[::1/news/2026/11/09/bracket",
        "http://exa mple/news/2026/11/09/blank-in-host/",
        "http://user:pass@10.0.0.1/news/2026/11/09/private-story-here/",
        "http://",
        "//",
        "/news/" + "very-" * 600 + "long/",
        "\x00",
    )

    def home(self) -> str:
        """The good links among the others."""
        links = "".join(
            f'<p><a href="{html.escape(link)}">A story that is well worth your while</a></p>' for link in self.LINKS
        )
        return super().home().replace("</main>", links + "</main>")
