import json
from datetime import UTC, date, datetime

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from archive.citation import Name, Work, bibtex, csl, day, name, plain, ris
from archive.models import Precision

ANYTHING = st.text(alphabet=st.characters(codec=None, categories=None))
WORK = Work(
    key="courier-7",
    url="https://courier.example/harbour?a=1&b=50%25_#x",
    title="Harbour closed: 100% of $ & ~ {quays} \\ need repair",
    authors=(Name(whole="Ursula von der Lemme", family="von der Lemme", given="Ursula"), Name(whole="Reuters")),
    publication="Courier & Sons",
    published=date(2026, 7, 4),
    accessed=date(2026, 7, 5),
    section="Politics",
    language="en",
    abstract="What happened.",
    keywords=("harbour", "ferries"),
)
PAGE = Work(key="courier-8", url="https://courier.example/x", title="Undated", publication="Courier")


@pytest.mark.parametrize(
    ("author", "language", "family", "given"),
    [
        ("Ann Lee", "en", "Lee", "Ann"),
        ("Ursula von der Lemme", "de", "von der Lemme", "Ursula"),
        ("Vincent van Goos", "nl", "van Goos", "Vincent"),
        ("Jean-Luc d’Arc", "fr", "d’Arc", "Jean-Luc"),
        ("Gabriel Márquez Jr.", "es", "Márquez", "Gabriel"),
        ("Nguyễn Văn An", "vi", "Nguyễn", "Văn An"),
        ("Kovács Péter", "hu", "Kovács", "Péter"),
        ("أحمد بن علي", "ar", "علي", "أحمد بن"),
        ("李明", "zh", None, None),
        ("Madonna", "en", None, None),
        ("dpa", "de", None, None),
        ("Associated Press", "en", None, None),
        ("The Courier & Sons", "en", None, None),
        ("Guardian staff", "en", None, None),
        ("Rédaction du Monde", "fr", None, None),
        ("редакция Известий", "ru", None, None),
        ("Team 3", "en", None, None),
        ("", None, None, None),
    ],
)
def test_persons_and_organisations(author: str, language: str | None, family: str | None, given: str | None) -> None:
    found = name(author, language, {"the courier sons"})
    assert (found.family, found.given) == (family, given)
    assert found.generation == ("Jr." if "Jr." in author else None)


@pytest.mark.parametrize(
    ("at", "precision", "offset", "found"),
    [
        (datetime(2026, 7, 4, 23, 30, tzinfo=UTC), Precision.MINUTE, "+02:00", date(2026, 7, 5)),
        (datetime(2026, 7, 5, 2, 0, tzinfo=UTC), Precision.SECOND, "-05:00", date(2026, 7, 4)),
        (datetime(2026, 7, 5, tzinfo=UTC), Precision.DAY, "-05:00", date(2026, 7, 5)),
        (datetime(2026, 7, 5, 23, 0, tzinfo=UTC), Precision.MINUTE, None, date(2026, 7, 5)),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), Precision.MINUTE, "+05:00", date(9999, 12, 31)),
        (None, None, None, None),
    ],
)
def test_the_day_is_the_publications_own(
    at: datetime | None, precision: Precision | None, offset: str | None, found: date | None
) -> None:
    assert day(at, precision, offset) == found


def test_plain_text() -> None:
    assert plain(WORK) == (
        "Ursula von der Lemme; Reuters: Harbour closed: 100% of $ & ~ {quays} \\ need repair. "
        "Courier & Sons, 2026-07-04. https://courier.example/harbour?a=1&b=50%25_#x (seen 2026-07-05)"
    )
    assert plain(PAGE) == "Undated. Courier. https://courier.example/x"


def test_bibtex() -> None:
    library = parse_string(bibtex(WORK) + "\n" + bibtex(PAGE))
    assert library.failed_blocks == []
    first, second = library.entries
    fields = {key: field.value for key, field in first.fields_dict.items()}
    assert (first.entry_type, first.key) == ("article", "courier-7")
    assert fields["author"] == "von der Lemme, Ursula and {Reuters}"
    assert fields["title"] == (
        r"{Harbour closed: 100\% of \$ \& \textasciitilde{} \textbraceleft{}quays\textbraceright{} "
        r"\textbackslash{} need repair}"
    )
    assert fields["journal"] == r"Courier \& Sons"
    assert (fields["date"], fields["year"], fields["urldate"]) == ("2026-07-04", "2026", "2026-07-05")
    assert fields["url"] == WORK.url
    assert (second.entry_type, "date" in second.fields_dict) == ("online", False)


def test_ris() -> None:
    first, second = rispy.loads(ris(WORK) + ris(PAGE))
    assert first["type_of_reference"] == "NEWS"
    assert first["authors"] == ["von der Lemme, Ursula", "Reuters"]
    assert first["title"] == WORK.title
    assert first["secondary_title"] == "Courier & Sons"
    assert (first["year"], first["date"], first["access_date"]) == ("2026", "2026/07/04/", "2026/07/05/")
    assert first["urls"] == [WORK.url]
    assert first["keywords"] == ["harbour", "ferries"]
    assert (second["type_of_reference"], "year" in second) == ("ELEC", False)


def test_csl() -> None:
    item = csl(WORK)
    assert item["type"] == "article-newspaper"
    assert item["author"] == [{"family": "von der Lemme", "given": "Ursula"}, {"literal": "Reuters"}]
    assert item["issued"] == {"date-parts": [[2026, 7, 4]]}
    assert item["accessed"] == {"date-parts": [[2026, 7, 5]]}
    assert csl(PAGE) == {
        "id": "courier-8",
        "type": "webpage",
        "title": "Undated",
        "container-title": "Courier",
        "URL": "https://courier.example/x",
    }


@given(ANYTHING, ANYTHING)
def test_any_name_is_taken_apart_without_loss(author: str, house: str) -> None:
    found = name(author, "en", {house})
    if found.family is not None:
        words = [part for part in (found.given, found.family, found.generation) if part]
        assert " ".join(words).replace(",", "").split() == found.whole.replace(",", "").split()


@given(ANYTHING.map(lambda said: " ".join(said.split()).encode("utf-8", "ignore").decode()))
def test_any_text_stays_one_entry(said: str) -> None:
    cited = Work(
        key="k-1",
        url="https://courier.example/",
        title=said or "-",
        authors=(name(said), Name(whole="Reuters")),
        publication=said or "-",
        published=date(2026, 7, 4),
        keywords=(said,) if said else (),
    )
    library = parse_string(bibtex(cited))
    assert (len(library.entries), library.failed_blocks) == (1, [])
    json.dumps(csl(cited))
    plain(cited)
