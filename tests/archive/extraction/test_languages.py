import pytest

from archive.extraction import languages
from archive.extraction.readings import Reading
from archive.models import Method
from tests.archive.extraction.parsing import root

ENGLISH = "The winter timetable of the ferry begins in October."
RUSSIAN = "Зимнее расписание парома начинается в октябре."
JAPANESE = "冬のフェリーの時刻表は十月に始まる。"


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        ("en-GB", ENGLISH, "en"),
        ("EN", ENGLISH, "en"),
        ("", ENGLISH, None),
        ("not a language", ENGLISH, None),
        ("ru", ENGLISH, None),
        ("ru-RU", RUSSIAN, "ru"),
        ("uk", RUSSIAN, "uk"),
        ("en", RUSSIAN, None),
        ("", JAPANESE, "ja"),
        ("en", JAPANESE, "ja"),
        ("zh", "冬季轮渡时刻表从十月开始实行。", "zh"),
        ("en", "겨울 여객선 시간표는 시월에 시작된다.", "ko"),
        ("en", "Το χειμερινό δρομολόγιο αρχίζει τον Οκτώβριο.", "el"),
    ],
)
def test_a_declared_language_is_checked_against_the_script(declared: str, text: str, expected: str | None) -> None:
    page = root("<p>x</p>")
    page.set("lang", declared)
    found, chosen = languages.readings(page, [], text)
    assert (chosen.value if chosen else None) == expected
    assert chosen is None or chosen in found


LONG = {
    "en": "The winter timetable of the ferry begins in October, and the last boat leaves the island at half past nine"
    " instead of eleven. Those who work in the theatre do not agree with it and have written to the council.",
    "de": "Der Winterfahrplan der Fähre beginnt im Oktober, und das letzte Schiff verlässt die Insel um halb zehn statt"
    " um elf. Wer im Theater arbeitet, ist damit nicht einverstanden und hat an den Rat geschrieben.",
    "fr": "L’horaire d’hiver du bac commence en octobre, et le dernier bateau quitte l’île à neuf heures et demie"
    " au lieu de onze. Ceux qui travaillent au théâtre ne sont pas d’accord et ont écrit au conseil de la ville.",
    "pl": "Zimowy rozkład promu zaczyna się w październiku, a ostatni statek odpływa z wyspy o wpół do dziesiątej"
    " zamiast o jedenastej. Ci, którzy pracują w teatrze, nie zgadzają się z tym i napisali do rady miasta.",
    "uk": "Зимовий розклад порома починається у жовтні, і останній човен відходить з острова о пів на десяту, а не об"
    " одинадцятій. Ті, хто працює в театрі, з цим не згодні і написали листа до міської ради, яка його ще не читала.",
}


@pytest.mark.parametrize(
    ("declared", "written", "expected"),
    [
        *((code, code, code) for code in LONG),
        *(("", code, code) for code in LONG),
        ("de", "en", "en"),
        ("en-US", "de", "de"),
        ("sv", "fr", "fr"),
        ("cs", "pl", "pl"),
        ("ru", "uk", "uk"),
        ("gl", "en", "en"),
    ],
)
def test_a_declared_language_is_checked_against_the_words(declared: str, written: str, expected: str) -> None:
    page = root("<p>x</p>")
    page.set("lang", declared)
    found, chosen = languages.readings(page, [], LONG[written])
    assert chosen is not None
    assert (chosen.value, chosen.method) == (expected, Method.HTML if declared[:2] == expected else Method.TEXT)
    assert Reading(written, Method.TEXT) in found
    assert not declared or Reading(declared[:2], Method.HTML) in found


def test_a_second_declaration_is_believed_where_the_first_does_not_fit() -> None:
    page = root("<p>x</p>")
    page.set("lang", "en")
    _, chosen = languages.readings(page, [Reading("de-AT", Method.META)], LONG["de"])
    assert chosen == Reading("de", Method.META)


def test_a_text_in_a_language_without_a_list_is_not_what_its_page_says() -> None:
    zulu = "Isikhathi sasebusika sesikebhe siqala ngo-Okthoba futhi umkhumbi wokugcina usuka esiqhingini ngehora " * 3
    page = root("<p>x</p>")
    page.set("lang", "en")
    assert languages.readings(page, [], zulu)[1] is None
    page.set("lang", "zu")
    assert languages.readings(page, [], zulu)[1] == Reading("zu", Method.HTML)


@pytest.mark.parametrize(("declared", "expected"), [("en-GB", "en-GB"), ("pt_BR", "pt-BR"), ("x", "fi"), ("", "fi")])
def test_the_declared_tag_with_its_region(declared: str, expected: str) -> None:
    page = root("<p>x</p>")
    page.set("lang", declared)
    assert languages.tag(page, [Reading("fi", Method.META)]) == expected
