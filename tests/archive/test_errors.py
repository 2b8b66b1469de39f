import inspect
import pickle

import pytest

from archive import errors
from archive.errors import ArchiveError, Disposition

TREE = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ArchiveError)]


@pytest.mark.parametrize("kind", TREE)
@pytest.mark.parametrize("url", [None, "https://news.example/a"])
def test_every_error_survives_the_way_between_processes(kind: type[ArchiveError], url: str | None) -> None:
    error = pickle.loads(pickle.dumps(kind("It broke.", url)))  # noqa: S301 - our own
    assert type(error) is kind
    assert (error.message, error.url) == ("It broke.", url)
    assert isinstance(error.disposition, Disposition)
    assert error.exit_code in {1, 2, 4}


def test_an_error_names_its_page_once() -> None:
    assert str(ArchiveError("It broke.")) == "It broke."
    assert str(ArchiveError("It broke.", "https://x.example/")) == "It broke. (https://x.example/)"
    assert str(ArchiveError("https://x.example/ broke.", "https://x.example/")) == "https://x.example/ broke."


def test_what_becomes_of_an_item() -> None:
    assert errors.CaptureError.disposition is Disposition.RETRY
    assert errors.ExtractionError.disposition is Disposition.QUARANTINE
    assert errors.SourceError.disposition is Disposition.DROP
    assert all(k.disposition is Disposition.RETRY for k in TREE if issubclass(k, errors.StoreError))
