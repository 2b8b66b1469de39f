"""How an article looks in a terminal and in a file: text, Markdown, HTML, JSON; pure functions of stored records.

What comes from the web is data: it is escaped for the form it goes into, and control characters never reach a terminal.
"""

import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from html import escape
from typing import Any

from archive import markup
from archive.boilerplate import Rule
from archive.models import BlockKind, FieldValue, Precision
from archive.search import Hit
from archive.store.articles import StoredArticle
from archive.store.boilerplate import StoredLine, Taken
from archive.when import stamp

WIDTH = 100
"""Columns; longer lines are tiring to read, and most terminals are at least as wide."""

MATCH_BEGINS, MATCH_ENDS = "\ue000", "\ue001"
"""What a snippet marks its matches with: private use characters, which no cleaned text of ours is made to contain."""


def as_text(article: StoredArticle, width: int = WIDTH) -> str:
    """For reading in a terminal: heading, what is known about the article, and its paragraphs, wrapped at `width`."""
    rows = [article.title, article.subtitle, " · ".join(_facts(article)), article.url]
    head = "\n".join(plain(row) for row in rows if row)
    wrapped = (_wrapped(kind, paragraph, width) for kind, paragraph in markup.blocks(article.text, article.blocks))
    return "\n\n".join((head, *wrapped))


def as_markdown(article: StoredArticle) -> str:
    """CommonMark with tables, after a front matter block (YAML, of which JSON strings are a part)."""
    row = {key: value for key, value in as_row(article).items() if key not in ("text", "blocks", "id") and value}
    matter = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in row.items())
    parts = [f"---\n{matter}\n---", f"# {markup.markdown_text(article.title)}"]
    if article.subtitle:
        parts.append(f"*{markup.markdown_text(article.subtitle)}*")
    parts.append(markup.markdown(article.text, article.blocks))
    return "\n\n".join(parts)


def as_html(article: StoredArticle) -> str:
    """A page of its own, without scripts, styles or anything fetched: schema.org NewsArticle in microdata."""
    body = markup.xhtml(article.text, article.blocks)
    moment = escape(published(article.published_at, article.published_precision))
    if article.published_at:
        moment = f'<time itemprop="datePublished" datetime="{stamp(article.published_at)}">{moment}</time>'
    byline = ", ".join(f'<span itemprop="author">{escape(author)}</span>' for author in article.authors)
    return f"""<!doctype html>
<html lang="{escape(article.language or "")}" dir="auto">
<head><meta charset="utf-8"><title>{escape(article.title)}</title>
<link rel="canonical" href="{escape(article.url)}"></head>
<body>
<article itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">{escape(article.title)}</h1>
{f"<p>{escape(article.subtitle)}</p>" if article.subtitle else ""}
<p>{byline} {moment} {escape(article.source)}</p>
<div itemprop="articleBody">
{body}
</div>
</article>
</body>
</html>"""


def as_json(article: StoredArticle) -> str:
    """All of the record as one JSON object."""
    return json.dumps(as_row(article), ensure_ascii=False, indent=2)


FORMATS: Mapping[str, Callable[[StoredArticle], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "html": as_html,
    "json": as_json,
}


def hit(found: Hit, *, colour: bool) -> str:
    """A search result: number, date, source, title; then the snippet, with what matched bold or between asterisks."""
    opening, closing = ("\x1b[1m", "\x1b[0m") if colour else ("*", "*")
    marked = plain(found.snippet).replace(MATCH_BEGINS, opening).replace(MATCH_ENDS, closing)
    date = stamp(found.published_at)[:10] if found.published_at else "no date   "
    return f"{found.article_id:>6}  {date}  {plain(found.source)}  {plain(found.title)}\n        {marked}"


def _facts(article: StoredArticle) -> Iterator[str]:
    if article.authors:
        yield ", ".join(article.authors)
    yield published(article.published_at, article.published_precision)
    yield article.source
    if article.section:
        yield article.section
    yield f"{article.word_count:,} words"
    if article.revisions > 1:
        yield f"revision {article.revision} of {article.revisions}"
    if article.gone_at:
        status = f" (HTTP {article.gone_status})" if article.gone_status else ""
        yield f"gone since {stamp(article.gone_at)}{status}"


def published(at: datetime | None, precision: Precision | None) -> str:
    """A time of publication as exactly as it is known, never more."""
    if at is None:
        return "no date"
    moment = stamp(at)
    return {"day": moment[:10], "minute": f"{moment[:16]}Z"}.get(precision or "", moment)


def plain(line: str) -> str:
    """Safe for a terminal: no control characters, hence no escape sequences."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", line)


def _wrapped(kind: BlockKind, paragraph: str, width: int) -> str:
    prefix = markup.MARKDOWN_PREFIX.get(kind, "")
    lines = (plain(line) for line in paragraph.split("\n"))
    return "\n".join(
        textwrap.fill(line, width, initial_indent=prefix, subsequent_indent=" " * len(prefix), break_long_words=False)
        for line in lines
    )


def as_row(article: StoredArticle) -> dict[str, Any]:
    """The record with JSON's types: times as the archive writes them, lists for what there may be several of."""
    row = asdict(article)
    row["addresses"] = [{"kind": kind, "url": url} for kind, url in article.addresses]
    return {key: stamp(value) if isinstance(value, datetime) else value for key, value in row.items()}


def hit_row(found: Hit) -> dict[str, Any]:
    """A search result with JSON's types; what matched stands between asterisks in `snippet`."""
    row = asdict(found)
    row["snippet"] = found.snippet.replace(MATCH_BEGINS, "*").replace(MATCH_ENDS, "*")
    return {key: stamp(value) if isinstance(value, datetime) else value for key, value in row.items()}


def explanation(article: StoredArticle, values: Sequence[FieldValue], taken: Sequence[Taken] = ()) -> str:
    """Each field with all that the page offered for it, an asterisk before what was chosen; then what was taken out."""
    lines = [plain(f"{article.title}\n{article.url}")]
    width = max((len(value.field) for value in values), default=0)
    for value in values:
        shown = textwrap.shorten(plain(value.value), WIDTH - width - 18, placeholder=" …")
        lines.append(f"{'*' if value.chosen else ' '} {value.field:<{width}}  {value.method:<12} {shown}")
    lines.extend(f"  {'address':<{width}}  {kind:<12} {plain(url)}" for kind, url in article.addresses)
    for row in taken:
        shown = textwrap.shorten(plain(row.line), WIDTH - width - 18, placeholder=" …")
        lines.append(
            f"- {'text':<{width}}  {'boilerplate':<12} {shown} (in {row.articles:,} articles: {row.line_hash})"
        )
    return "\n".join(lines)


def learned_line(row: StoredLine) -> str:
    """A line of boilerplate: its hash, out of how many articles it was taken, and how it reads."""
    count = "restored" if row.spared else f"{row.articles:,} articles"
    follows = " …" if row.rule is Rule.LEAD else ""
    return f"{row.line_hash}  {count:>14}  {plain(row.line)}{follows}"


def statistics(numbers: Mapping[str, Any]) -> str:
    """What the archive holds, for a terminal."""
    lines = [f"{name.replace('_', ' '):<22} {_number(value)}" for name, value in numbers.items() if name != "sources"]
    lines.extend(
        f"  {plain(row['source'])}: {row['articles']:,} articles, last crawl {_last_crawl(row)}"
        for row in numbers["sources"]
    )
    return "\n".join(lines)


def _last_crawl(row: Mapping[str, Any]) -> str:
    return row["last_outcome"] or ("did not end" if row["last_crawl_at"] else "never")


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value or "-")
