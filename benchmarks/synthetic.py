"""Articles made up for measuring: 4 KB each, their words distributed as Zipf and Mandelbrot say, the same each time."""

# ruff: noqa: S311 - what is drawn here is no secret

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from archive import sketches, text
from archive.models import Article, BlockKind, CanonicalUrl, Capture, FieldValue, Method, Precision, Prepared

SEED = 20_261_124
SOURCES = 10
START = datetime(2016, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 1, tzinfo=UTC)

VOCABULARY = 150_000
WORDS = 750
"""An article's; 4 KB."""
SYLLABLES = [
    onset + vowel + coda for onset in "bcdfghjklmnprstvwxyz" for vowel in "aeiou" for coda in ("", "n", "r", "s")
]
WEIGHTS = list(accumulate(1 / (rank + 2.7) for rank in range(1, VOCABULARY + 1)))


def word(rank: int) -> str:
    """The word of that rank, from 0; frequent words are short."""
    rest, syllable = divmod(rank, len(SYLLABLES))
    return (word(rest) if rest else "") + SYLLABLES[syllable]


LEXICON = [word(rank) for rank in range(VOCABULARY)]


def sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(LEXICON, cum_weights=WEIGHTS, k=length)).capitalize()


def url_of(number: int, *, section: str = "news") -> CanonicalUrl:
    """An address as papers form them: neither in the order of time nor of the alphabet."""
    chance = random.Random(f"{section}{number}")
    slug = "-".join(chance.choices(LEXICON, k=6))
    return CanonicalUrl(f"https://www.paper{number % SOURCES}.example/{section}/{slug}-{number}")


def published(number: int) -> datetime:
    return START + timedelta(minutes=5 * number, seconds=random.Random(number).randrange(3_600))


def article_of(number: int) -> Article:
    """The article of that number, always the same."""
    chance = random.Random(SEED + number)
    paragraphs = [sentence(chance, 50) + "." for _ in range(WORDS // 50)]
    title, subtitle, section = sentence(chance, 8), sentence(chance, 14), word(chance.randrange(20))
    authors = (sentence(chance, 2).title(),)
    url, at = url_of(number), published(number)
    said = {"title": title, "published_at": at.isoformat(), "modified_at": at.isoformat(), "section": section}
    said |= {"description": subtitle, "image_url": f"{url}.jpg", "language": "en", "canonical_url": url}
    readings = [(field, value, Method.JSON_LD) for field, value in said.items()]
    readings += [(field, said[field], Method.OPENGRAPH) for field in ("title", "description", "image_url", "section")]
    return Article(
        url=url,
        title=title,
        subtitle=subtitle,
        text=text.PARAGRAPH_BREAK.join(paragraphs),
        blocks=(BlockKind.PARAGRAPH,) * len(paragraphs),
        authors=authors,
        published_at=at,
        published_precision=Precision.SECOND,
        published_offset="+00:00",
        modified_at=at,
        section=section,
        tags=(section, word(chance.randrange(2_000))),
        language="en",
        description=subtitle,
        image_url=said["image_url"],
        site_name=f"Paper {number % SOURCES}",
        fields=tuple(
            FieldValue(field=field, value=value, method=method, chosen=method is Method.JSON_LD)
            for field, value, method in readings
        ),
    )


def prepared(article: Article, at: CanonicalUrl | None = None) -> Prepared:
    """The article as extraction hands it on, answered at its own or at another address."""
    url = at or article.url
    capture = Capture(
        url=url, final_url=url, fetched_at=NOW, status=200, content_type="text/html; charset=utf-8", body=b"", etag=url
    )
    digest = text.content_hash(article.text)
    words = text.words(article.text)
    return Prepared(
        capture=capture,
        outcome=article,
        content_hash=digest,
        word_count=len(words),
        sketch=sketches.sketch(words),
    )


def pages_of(numbers: range) -> list[Prepared]:
    """The pages of the articles of these numbers: made in a process beside the one that stores, as in a crawl."""
    return [prepared(article_of(number)) for number in numbers]
