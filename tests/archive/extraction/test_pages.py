"""Whole pages of our own making, and what each of their fields must be: a failure names the page and the field."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archive import extraction
from archive.models import Article, Rejection
from tests.archive.extraction.captures import FETCHED, capture

PAGES = Path(__file__).parent / "pages"


def _expected() -> list[tuple[str, str, Any]]:
    return [
        (file.stem, field, value)
        for file in sorted(PAGES.glob("*.json"))
        for field, value in json.loads(file.read_text())["expected"].items()
    ]


@cache
def _outcome(name: str) -> Article | Rejection:
    told = json.loads((PAGES / f"{name}.json").read_text())
    page = capture(
        (PAGES / f"{name}.html").read_bytes(),
        url=told["url"],
        fetched_at=datetime.fromisoformat(told["fetched_at"]) if "fetched_at" in told else FETCHED,
    )
    parsed = extraction.read(page)
    return parsed if isinstance(parsed, Rejection) else extraction.extract(parsed, capture=page)


@pytest.mark.parametrize(("name", "field", "value"), _expected(), ids=lambda v: v if isinstance(v, str) else "")
def test_field(name: str, field: str, value: Any) -> None:
    outcome = _outcome(name)
    if isinstance(outcome, Rejection):
        assert field == "rejected", f"rejected: {outcome.reason}, {outcome.evidence}"
        assert outcome.reason == value
        return
    match field:
        case "paragraphs":
            assert outcome.text.split("\n\n") == value
        case "blocks":
            assert [str(kind) for kind in outcome.blocks] == value
        case "absent":
            assert [line for line in value if line in outcome.text] == []
        case "candidates":
            assert set(value) <= {f.value for f in outcome.fields if f.field == "title"}
        case "published_at" | "modified_at":
            found = getattr(outcome, field)
            assert (found.isoformat() if found else None) == value
        case _:
            found = getattr(outcome, field)
            assert json.loads(json.dumps(found)) == value


def test_every_page_has_expectations() -> None:
    assert {file.stem for file in PAGES.glob("*.html")} == {file.stem for file in PAGES.glob("*.json")}
    assert len(list(PAGES.glob("*.html"))) >= 3
