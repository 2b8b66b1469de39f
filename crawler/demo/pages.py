"""The demo newspaper's pages: articles, their print and AMP views, and the lists that lead to them."""

import html
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from string import Template

from archive.models import BlockKind
from crawler.demo.edition import TITLE, Edition, slugged
from crawler.demo.metadata import head_of, json_ld, news_article
from crawler.demo.stories import SECTIONS, Block, Story

_FEED_LINKS = """<link rel="alternate" type="application/rss+xml" title="The Harbour Lantern" href="/feed.xml">
<link rel="alternate" type="application/atom+xml" title="The Harbour Lantern" href="/atom.xml">
<link rel="alternate" type="application/feed+json" title="The Harbour Lantern" href="/feed.json">"""
_NEWSLETTER = """<div class="embed-signup"><p>Sign up: the harbour pilot, our letter on trade and tide.</p>
<a href="/newsletter">Sign me up</a></div>"""


def article_page(story: Story, edition: Edition, canonical: str | None = None) -> str:
    """The full page of a story; `canonical` is where it claims to be, by default its own address."""
    canonical = canonical or story.canonical or edition.url(story.path)
    values = _values(story, edition)
    main = _template(story.section.template).substitute(values)
    body_class = f"single single-{story.section.slug}"
    return shell(
        edition, story.title, main, head=head_of(story, edition, canonical), body_class=body_class, story=story
    )


def print_view(story: Story, edition: Edition) -> str:
    """The story without furniture, as `?print=1` gives it; its canonical link leads to the page itself."""
    return _template("print").substitute(_values(story, edition), body=body_html(story.blocks))


def amp_page(story: Story, edition: Edition) -> str:
    """The story's AMP copy; its canonical link leads to the page itself."""
    metadata = json_ld(news_article(story, edition, edition.url(story.path)))
    return _template("amp").substitute(_values(story, edition), body=body_html(story.blocks), json_ld=metadata)


def shell(
    edition: Edition, title: str, main: str, *, head: str = "", body_class: str = "page", story: Story | None = None
) -> str:
    """A whole page around `main`: head, navigation, cookie notice, footer."""
    feeds = _FEED_LINKS if "feeds" in edition.ways else ""
    declared = story is None or story.encoding == "utf-8"
    return _template("shell").substitute(
        language=story.language if story else "en",
        direction=' dir="rtl"' if story and story.right_to_left else "",
        charset='<meta charset="utf-8">\n' if declared else "",
        page_title=html.escape(f"{title} | {TITLE}" if title != TITLE else title),
        head="\n".join(part for part in (head, feeds) if part),
        body_class=body_class,
        navigation="".join(f'<li><a href="/{section.slug}/">{section.title}</a></li>' for section in SECTIONS),
        main=main,
    )


def listing(
    edition: Edition, title: str, stories: Iterable[Story], *, intro: str, paging: str = "", extra: str = ""
) -> str:
    """A page that lists stories: home, section, tag or author."""
    cards = "\n".join(_card(story, edition) for story in stories)
    heading = html.escape(title)
    main = _template("listing").substitute(title=heading, intro=intro, cards=cards, paging=paging, extra=extra)
    return shell(edition, title, main, body_class="listing")


def body_html(blocks: Sequence[Block], inserted: str = "", after: int = 0) -> str:
    """The elements of a body, list items in their list, with something `inserted` behind the `after`-th element."""
    elements: list[str] = []
    for number, block in enumerate(blocks):
        is_item = block.kind is BlockKind.ITEM
        if is_item and (number == 0 or blocks[number - 1].kind is not BlockKind.ITEM):
            elements.append("<ul>")
        elements.append(block.html)
        if is_item and (number + 1 == len(blocks) or blocks[number + 1].kind is not BlockKind.ITEM):
            elements.append("</ul>")
    position = next((i for i, e in enumerate(elements) if i >= after and e.startswith("<p>")), len(elements))
    return "\n".join([*elements[:position], *([inserted] if inserted else []), *elements[position:]])


def image(name: str) -> str:
    """The picture behind an address: a lamp over water, its colour drawn from the name."""
    hue = sum(name.encode()) % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 540"><rect width="960" height="540" '
        f'fill="hsl({hue},40%,22%)"/><rect y="360" width="960" height="180" fill="hsl({hue},45%,14%)"/>'
        '<circle cx="480" cy="250" r="70" fill="#ffd98a"/></svg>'
    )


@cache
def _template(name: str) -> Template:
    source = files("crawler.demo").joinpath("templates", f"{name}.html").read_text(encoding="utf-8")
    return Template(source)


def _values(story: Story, edition: Edition) -> dict[str, str]:
    """What the templates say, as HTML."""
    read_also = edition.anchor(edition.older(story, 1, same_section=False)[0])
    related = [edition.anchor(other) for other in edition.older(story, 4, same_section=True)]
    subtitle = html.escape(story.subtitle or "")
    number = int(story.published.timestamp()) // 60
    return {
        "title": html.escape(story.title),
        "subtitle_block": f'<p class="standfirst">{subtitle}</p>' if subtitle else "",
        "subtitle_heading": f"<h2>{subtitle}</h2>" if subtitle else "",
        "subtitle_microdata": f'<p class="deck" itemprop="alternativeHeadline">{subtitle}</p>' if subtitle else "",
        "section": story.section.title,
        "section_slug": story.section.slug,
        "language": story.language,
        "direction": ' dir="rtl"' if story.right_to_left else "",
        "url": edition.url(story.path),
        "image": edition.image(story),
        "slug_id": str(number),
        "published": story.published.isoformat(),
        "modified": story.modified.isoformat(),
        "published_words": _words(story),
        "modified_block": _modified(story),
        "minutes": str(1 + sum(len(block.text.split()) for block in story.blocks) // 200),
        "byline": _byline(story),
        "authors_microdata": _microdata_authors(story),
        "author_box": _author_box(story),
        "comments": str(number % 7),
        "shares": str(number % 400 + 12),
        "tags": " ".join(f'<a rel="tag" href="/tag/{slugged(tag)}/">{html.escape(tag)}</a>' for tag in story.tags),
        "related": "".join(f"<li>{anchor}</li>" for anchor in related),
        "read_also": read_also,
        "body": _body(story, read_also),
    }


def _body(story: Story, read_also: str) -> str:
    """The body with what the section's page lays between the paragraphs."""
    match story.section.template:
        case "full":
            inserted = f'<p class="read-also"><strong>Read also:</strong> {read_also}</p>'
        case "jsonld":
            inserted = f'{_NEWSLETTER}<div class="teaser"><span>Read also</span> {read_also}</div>'
        case "opengraph":
            inserted = '<div class="ad-slot" aria-label="Advertisement"><small>Advertisement</small></div>'
        case _:
            inserted = ""
    return body_html(story.blocks, inserted, after=3)


def _words(story: Story) -> str:
    at = story.published
    return f"{at:%b} {at.day}, {at.year} at {at:%H:%M}"


def _modified(story: Story) -> str:
    if story.modified == story.published:
        return ""
    return (
        f'<time class="modified" datetime="{story.modified.isoformat()}">Updated {story.modified:%d.%m.%Y %H:%M}</time>'
    )


def _byline(story: Story) -> str:
    names = [
        html.escape(name)
        if name.startswith("Lantern")
        else f'<a class="author" rel="author" href="/author/{slugged(name)}/">{html.escape(name)}</a>'
        for name in story.authors
    ]
    agency = f' <span class="agency">({html.escape(story.agency)})</span>' if story.agency else ""
    return f"By {' and '.join(names)}{agency}"


def _microdata_authors(story: Story) -> str:
    person = (
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person">by <b itemprop="name">{}</b></span>'
    )
    return " ".join(person.format(html.escape(name)) for name in story.authors)


def _author_box(story: Story) -> str:
    line = f"{html.escape(story.authors[0])} writes for our {story.section.title} desk."
    return f'<div class="about-author"><h4>About the author</h4><p>{line}</p></div>'


def _card(story: Story, edition: Edition) -> str:
    teaser = story.lead if len(story.lead) < 140 else story.lead[:137].rsplit(" ", 1)[0] + "…"
    when = f'<time datetime="{story.published.isoformat()}">{_words(story)}</time>'
    return (
        f'<article class="card"><h2>{edition.anchor(story)}</h2><p>{html.escape(teaser)}</p>'
        f'<p class="card-meta">{story.section.title} {when}</p></article>'
    )
