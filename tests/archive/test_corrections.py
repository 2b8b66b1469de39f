import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.corrections import notes
from archive.revisions import Change, Content, change_of
from tests.archive.stories import HARBOUR

_NOTES = """\
Correction: the quay is the northern one.
Correction, 4 July 2026: the quay is the northern one.
CORRECTION (11:30am ET): The quay is the northern one.
Corrections and clarifications: the quay is the northern one.
Clarification – the quay is the northern one.
• An earlier version of this article misnamed the quay.
Editor’s note: This story was updated and has been corrected; the quay is the northern one.
This article was amended on 4 July 2026 to name the quay.
Korrektur: Es ist der Nordkai.
Berichtigung vom 4. Juli: Es ist der Nordkai.
In einer früheren Version dieses Artikels hieß es, der Südkai sei gesperrt.
Rectificatif : il s’agit du quai nord.
Une première version de cet article nommait le quai sud.
Fe de erratas: se trata del muelle norte.
Corrección: se trata del muelle norte.
En una versión anterior de este artículo se decía que era el muelle sur.
Errata: trata-se do cais norte.
Correção: trata-se do cais norte.
Rettifica: si tratta del molo nord.
In una precedente versione di questo articolo si parlava del molo sud.
Rectificatie: het gaat om de noordkade.
In een eerdere versie van dit artikel stond dat het de zuidkade was.
Rättelse: Det är den norra kajen.
I en tidigare version av artikeln stod det att det var den södra kajen.
Rettelse: Det er den nordlige kaien.
Oikaisu: kyse on pohjoislaiturista.
Jutun aiemmassa versiossa puhuttiin etelälaiturista.
Sprostowanie: chodzi o nabrzeże północne.
W poprzedniej wersji tekstu mowa była o nabrzeżu południowym.
Oprava: jde o severní nábřeží.
Helyesbítés: az északi rakpartról van szó.
Erată: este vorba de cheiul de nord.
Исправление: речь идёт о северном причале.
В предыдущей версии материала говорилось о южном причале.
Виправлення: йдеться про північний причал.
Διόρθωση: πρόκειται για τη βόρεια προβλήτα.
Düzeltme: Söz konusu olan kuzey rıhtımıdır.
Haberin önceki halinde güney rıhtımı yazıyordu.
تصحيح: الرصيف المقصود هو الشمالي.
اصلاحیه: منظور اسکله شمالی است.
תיקון: מדובר ברציף הצפוני.
בגרסה קודמת של הכתבה נכתב שמדובר ברציף הדרומי.
भूल सुधार: यह उत्तरी घाट है।
সংশোধনী: এটি উত্তর ঘাট।
திருத்தம்: அது வடக்கு துறைமுகம்.
Ralat: Yang dimaksud adalah dermaga utara.
Đính chính: Đó là bến phía bắc.
訂正：北の岸壁です。
【訂正】北の岸壁です。
お詫びと訂正：北の岸壁です。
更正：应为北码头。
勘误：应为北码头。
정정: 북쪽 부두입니다.
바로잡습니다. 북쪽 부두입니다."""

_NO_NOTES = """\
Correctional officers protested.
Correction facilities are full, the union says.
The correction of the budget took three days.
He asked for a clarification of the rules.
Editor’s note: This story contains descriptions of violence.
Corrections officers at three prisons went on strike on Monday.
Korrekturen am Haushalt seien nötig, sagte sie.
Die Berichtigung des Grundbuchs dauert drei Wochen.
La corrección del presupuesto llevó tres días.
Исправление ошибок заняло три дня.
訂正するつもりはないと市長は述べた。
更正决定书已经送达。
Oprava mostu potrvá do jara.
Rettelser til budsjettet kommer mandag."""

NOTES, NO_NOTES = _NOTES.splitlines(), _NO_NOTES.splitlines()


def kind(added: str) -> Change:
    return change_of(Content(title="t", text=HARBOUR), Content(title="t", text=added))


@pytest.mark.parametrize("note", NOTES)
def test_notes_of_correction_are_known_in_the_languages_of_newspapers(note: str) -> None:
    assert kind(f"{note}\n\n{HARBOUR}") is Change.CORRECTION
    assert kind(f"{HARBOUR}\n\n{note}") is Change.CORRECTION
    # also where the editors have put it at the end of a paragraph
    assert kind(f"{HARBOUR} {note}") is Change.CORRECTION


@pytest.mark.parametrize("sentence", NO_NOTES)
def test_what_an_article_tells_of_other_corrections_is_no_note(sentence: str) -> None:
    assert kind(f"{HARBOUR}\n\n{sentence}") is Change.TEXT
    assert kind(f"{HARBOUR} {sentence}") is Change.TEXT


def test_a_note_that_was_there_before_is_no_new_one() -> None:
    old = Content(title="t", text=f"{HARBOUR}\n\n{NOTES[0]}")
    new = Content(title="t", text=f"{HARBOUR} It rained.\n\n{NOTES[0].upper()}")
    assert change_of(old, new) is Change.TEXT
    assert change_of(new, old) is Change.TEXT


@given(
    st.lists(st.sampled_from([*NOTES, *NO_NOTES, HARBOUR, "。", "Correction 1" * 50, ": " * 90]), max_size=6).map(
        " ".join
    )
    | st.text()
)
def test_any_text_can_be_asked(said: str) -> None:
    assert all(count > 0 for count in notes(said).values())
