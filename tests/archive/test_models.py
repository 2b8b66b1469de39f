import dataclasses
import inspect
import pickle

import pytest

from archive import models
from archive.models import Article, Candidate, Capture, Prepared
from tests.archive import stories

RECORDS = [kind for _, kind in inspect.getmembers(models, inspect.isclass) if dataclasses.is_dataclass(kind)]


@pytest.mark.parametrize("kind", RECORDS)
def test_every_record_is_frozen_slotted_and_by_keyword(kind: type) -> None:
    parameters = kind.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert "__slots__" in vars(kind)
    assert all(field.kw_only for field in dataclasses.fields(kind))


def test_a_prepared_page_survives_the_way_between_processes() -> None:
    page = stories.prepared(stories.article())
    assert pickle.loads(pickle.dumps(page)) == page  # noqa: S301 - our own
    assert {type(page), type(page.capture), type(page.outcome)} == {Prepared, Capture, Article}


def test_bodies_stay_out_of_logs() -> None:
    assert "Lindqvist" not in repr(stories.prepared(stories.article()))


def test_a_candidate_of_a_feed() -> None:
    assert isinstance(stories.candidate(stories.url("a"), title="A"), Candidate)
