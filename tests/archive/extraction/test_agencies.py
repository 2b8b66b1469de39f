"""Agencies are recognised where a text says that it is theirs, in any script, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extraction.agencies import agency, readings
from archive.extraction.readings import Reading
from archive.models import Method

OWN = "The harbour will be closed to all ferries from Monday, the port authority said."


def found(*paragraphs: str, authors: tuple[str, ...] = ()) -> list[str]:
    return [reading.value for reading in readings([Reading(authors, Method.META)], paragraphs)]


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        ("WASHINGTON (Reuters) - Ferries will not", "Reuters"),
        ("WASHINGTON, Nov 24 (Reuters) - Ferries will not", "Reuters"),
        ("SAN FRANCISCO (AP) — Ferries will not", "AP"),
        ("(AP) — Ferries will not", "AP"),
        ("NEW DELHI/MUMBAI, Nov. 24 (PTI) Ferries will not", "PTI"),
        ("BEIJING, Nov. 24 (Xinhua) -- Ferries will not", "Xinhua"),
        ("Berlin (dpa) - Fähren fahren nicht", "dpa"),
        ("Hamburg (dapd). Fähren fahren nicht", "dapd"),
        ("Berlin (dpa/lno) – Fähren fahren nicht", "dpa"),
        ("BERLIN dpa | Fähren fahren nicht", "dpa"),
        ("Wien (APA) Fähren fahren nicht", "APA"),
        ("MADRID, 24 nov. (EFE).- Los barcos no salen", "EFE"),
        ("MADRID, 24 Nov. (EUROPA PRESS) - Los barcos no salen", "Europa Press"),
        ("(ANSA) - ROMA, 24 NOV - I traghetti restano fermi", "ANSA"),
        ("Lisboa, 24 nov 2026 (Lusa) – Os barcos não saem", "Lusa"),
        ("Paris (AFP) - Les bateaux ne partent pas", "AFP"),
        ("МОСКВА, 24 ноября. /ТАСС/. Паромы не ходят", "TASS"),
        ("МОСКВА, 24 ноя — РИА Новости. Паромы не ходят", "RIA Novosti"),
        ("Москва. 24 ноября. INTERFAX.RU - Паромы не ходят", "Interfax"),
        ("القاهرة (رويترز) - لن تبحر العبارات", "Reuters"),
        ("باريس (أ ف ب) - لن تبحر العبارات", "AFP"),
        ("नयी दिल्ली, 24 नवंबर (भाषा) नौकाएं नहीं चलेंगी", "PTI"),
        ("新华社北京11月24日电（记者张三）渡轮停航", "Xinhua"),
        ("中新社北京11月24日电 渡轮停航", "CNS"),
        ("（中央社記者張三台北24日電）渡輪停航", "CNA"),
        ("【ワシントン共同】フェリーは欠航", "Kyodo"),
        ("【パリ時事】フェリーは欠航", "Jiji"),
        ("[東京 24日 ロイター] - フェリーは欠航", "Reuters"),
        ("(서울=연합뉴스) 김철수 기자 = 여객선", "Yonhap"),
        ("[서울=뉴시스] 김철수 기자 = 여객선", "Newsis"),
        ("ANKARA (AA) - Feribotlar çalışmayacak", None),
    ],
)
def test_the_line_of_place_names_it(opening: str, name: str | None) -> None:
    assert found(f"{opening} {OWN}", OWN) == ([name] if name else [])


@pytest.mark.parametrize(
    ("ending", "names"),
    [
        ("the port authority said. (Reuters)", ["Reuters"]),
        ("sagte der Sprecher. (APA/dpa)", ["APA", "dpa"]),
        ("into the harbour. PTI", ["PTI"]),
        ("said the mayor. — Bernama", ["Bernama"]),
        ("dijo el alcalde. EFE", ["EFE"]),
        ("dpa", ["dpa"]),
        ("dpa-infocom, dpa:261124-99-123456/4", ["dpa"]),
        ("said the mayor. (With inputs from ANI)", ["ANI"]),
        ("dit le maire. (avec AFP)", ["AFP"]),
        ("© 2026 AFP", ["AFP"]),
        ("フェリーは欠航となる。(共同)", ["Kyodo"]),
        ("渡轮停航。（来源：新华社）", ["Xinhua"]),
    ],
)
def test_it_stands_behind_the_last_sentence(ending: str, names: list[str]) -> None:
    assert found(OWN, ending) == names


@pytest.mark.parametrize(
    "paragraph",
    [
        "The Associated Press (AP) has opened an office in the harbour.",
        "Die Deutsche Presse-Agentur (dpa) hat ein Büro im Hafen eröffnet.",
        "Agence France-Presse (AFP) - die älteste der Welt - hat ein Büro im Hafen.",
        "As the mayor of the harbour town on the northern coast told a reporter (AFP), ferries will not run.",
        "The mayor spoke to Reuters.",
        "Ferries will not run, the mayor told AFP",
        "両首脳は（共同声明）を発表した。",
        "（共同声明）両首脳は会談した。",
        "Photo: Reuters",
    ],
)
def test_what_speaks_of_an_agency_is_not_its_own(paragraph: str) -> None:
    assert found(paragraph) == []


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Reuters", "Reuters"),
        ("Reuters Staff", "Reuters"),
        ("The Associated Press", "AP"),
        ("Deutsche Presse-Agentur", "dpa"),
        ("dpa-AFX", "dpa"),
        ("ТАСС", "TASS"),
        ("Anadolu Ajansı", "Anadolu"),
        ("연합뉴스", "Yonhap"),
        ("नवभारत", None),
        ("Petra", None),
        ("PETRA", "Petra"),
        ("Sid", None),
        ("SID", "SID"),
        ("Ann Lee", None),
        ("", None),
    ],
)
def test_authors_that_are_agencies(author: str, name: str | None) -> None:
    assert agency(author) == name
    assert found(OWN, authors=(author,)) == ([name] if name else [])


@given(st.lists(st.text(), max_size=3), st.lists(st.text() | st.sampled_from(["Reuters", "ТАСС"]), max_size=3))
def test_any_text_is_read(paragraphs: list[str], authors: list[str]) -> None:
    names = found(*paragraphs, authors=tuple(authors))
    assert all(name.strip() for name in names)
    assert [name for name in map(agency, authors) if name is not None and name not in names] == []
