from typing import Any

import pytest

from archive import extraction
from archive.models import AddressKind, Article, CanonicalUrl
from tests.archive.extraction.captures import capture
from tests.archive.extraction.test_judge import LONG

HERE = "https://www.courier.com/harbour/last-boat"


def _article(head: str = "", **more: Any) -> Article:
    page = capture(
        f"<html><head><title>Boat</title>{head}</head><body><article><p>{LONG}</p></article></body></html>",
        url=HERE,
        **more,
    )
    parsed = extraction.read(page)
    assert isinstance(parsed, extraction.Page)
    article = extraction.extract(parsed, capture=page)
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", HERE),
        ('<link rel="canonical" href="/boats/1?utm_source=x#top">', "https://www.courier.com/boats/1"),
        ('<link rel="canonical" href="https://courier.com/boats/1">', "https://courier.com/boats/1"),
        ('<meta property="og:url" content="https://www.courier.com/boats/2">', "https://www.courier.com/boats/2"),
        ('<link rel="canonical" href="https://www.elsewhere.com/boats/1">', HERE),
        ('<link rel="canonical" href="/">', HERE),
        ('<link rel="canonical" href="http://[broken"><link rel="canonical" href="">', HERE),
        (
            '<link rel="canonical" href="/"><meta property="og:url" content="/boats/2">',
            "https://www.courier.com/boats/2",
        ),
    ],
)
def test_a_page_may_speak_for_its_own_site_only(head: str, expected: str) -> None:
    assert _article(head).url == expected


def test_a_foreign_canonical_address_is_recorded_and_not_believed() -> None:
    article = _article('<link rel="canonical" href="https://www.elsewhere.com/boats/1">')
    assert [(f.value, f.chosen) for f in article.fields if f.field == "canonical_url"] == [
        ("https://www.elsewhere.com/boats/1", False)
    ]
    assert article.addresses == ()


def test_further_addresses_are_those_of_the_same_site() -> None:
    article = _article(
        '<link rel="canonical" href="/boats/1"><link rel="amphtml" href="/amp/boats/1"><link rel="amphtml" href="https://amp.net/1">'
        '<link rel="alternate" hreflang="sv" href="/sv/boats/1">',
        final_url=HERE,
        redirects=("https://courier.com/s/1", "https://short.link/1"),
    )
    assert article.addresses == (
        (AddressKind.FETCHED, CanonicalUrl(HERE)),
        (AddressKind.REDIRECT, CanonicalUrl("https://courier.com/s/1")),
        (AddressKind.AMP, CanonicalUrl("https://www.courier.com/amp/boats/1")),
    )
