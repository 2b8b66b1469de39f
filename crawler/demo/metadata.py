"""What a page of the demo newspaper says of itself in its head: JSON-LD (schema.org), OpenGraph, plain meta."""

import html
import json
from typing import TypeAlias

from crawler.demo.edition import TITLE, Edition, slugged
from crawler.demo.stories import Story

Json: TypeAlias = dict[str, object]


def head_of(story: Story, edition: Edition, canonical: str) -> str:
    """The head of an article's page; which of the three languages it speaks depends on the section."""
    link = f'<link rel="canonical" href="{canonical}">'
    match story.section.template:
        case "full":
            amp = f'<link rel="amphtml" href="{edition.url(story.path.rstrip("/") + "/amp/")}">'
            parts = [link, amp, _opengraph(story, edition, canonical), script(news_article(story, edition, canonical))]
        case "jsonld":
            parts = [link, script(_graph(story, edition, canonical))]
        case "microdata":
            parts = [link]
        case "opengraph":
            parts = [link, _opengraph(story, edition, canonical), _plain_meta(story)]
        case _:
            parts = [f'<link rel="canonical" href="{story.path}">'] if canonical == edition.url(story.path) else [link]
    return "\n".join(parts)


def news_article(story: Story, edition: Edition, canonical: str) -> Json:
    """The story as a schema.org NewsArticle."""
    article: Json = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": canonical},
        "url": canonical,
        "headline": story.title,
        "description": story.lead,
        "image": [edition.image(story)],
        "datePublished": story.published.isoformat(),
        "dateModified": story.modified.isoformat(),
        "author": [_author(name, edition) for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": TITLE, "url": edition.url("/")},
        "articleSection": story.section.title,
        "keywords": list(story.tags),
        "inLanguage": story.language,
        "isAccessibleForFree": True,
    }
    if story.subtitle:
        article["alternativeHeadline"] = story.subtitle
    if story.agency:
        article["sourceOrganization"] = {"@type": "NewsMediaOrganization", "name": story.agency}
    return article


def script(data: Json) -> str:
    """The data as a JSON-LD script element, which no text inside can close."""
    return f'<script type="application/ld+json">{json_ld(data)}</script>'


def json_ld(data: Json) -> str:
    """The data as JSON that may stand in a script element."""
    return json.dumps(data, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _author(name: str, edition: Edition) -> Json:
    if name.startswith("Lantern"):
        return {"@type": "Organization", "name": name}
    return {"@type": "Person", "name": name, "url": edition.url(f"/author/{slugged(name)}/")}


def _graph(story: Story, edition: Edition, canonical: str) -> Json:
    """The same as a graph, in which the article is one node among those of the site and the breadcrumbs."""
    site: Json = {"@type": "WebSite", "@id": edition.url("/#site"), "name": TITLE, "url": edition.url("/")}
    crumbs: Json = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Home", "item": edition.url("/")},
            {"@type": "ListItem", "position": 2, "name": story.section.title},
        ],
    }
    article = news_article(story, edition, canonical) | {"isPartOf": {"@id": site["@id"]}}
    del article["@context"]
    return {"@context": "https://schema.org", "@graph": [site, crumbs, article]}


def _opengraph(story: Story, edition: Edition, canonical: str) -> str:
    properties = [
        ("og:type", "article"),
        ("og:site_name", TITLE),
        ("og:title", story.title),
        ("og:description", story.lead),
        ("og:url", canonical),
        ("og:image", edition.image(story)),
        ("og:locale", story.language),
        ("article:published_time", story.published.isoformat()),
        ("article:modified_time", story.modified.isoformat()),
        ("article:section", story.section.title),
        *(("article:tag", tag) for tag in story.tags),
        *(("article:author", name) for name in story.authors),
    ]
    return "\n".join(f'<meta property="{name}" content="{html.escape(value)}">' for name, value in properties)


def _plain_meta(story: Story) -> str:
    named = [
        ("author", ", ".join(story.authors)),
        ("description", story.lead),
        ("keywords", ", ".join(story.tags)),
        ("twitter:card", "summary_large_image"),
        ("twitter:title", f"{story.title} | {TITLE}"),
    ]
    return "\n".join(f'<meta name="{name}" content="{html.escape(value)}">' for name, value in named)
