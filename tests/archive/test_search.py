import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import text
from archive.errors import SourceError
from archive.ingest import ingest
from archive.search import MAX_TERMS, search, to_fts5
from archive.store import Database, indexing, open_archive
from tests.archive import stories
from tests.archive.stories import BUDGET, HARBOUR, later, prepared, url

ANYTHING = st.text(alphabet=st.characters(codec=None, categories=None))
QUERIES = st.lists(
    st.sampled_from(["AND", "OR", "NOT", "(", ")", '"', "*", "-", ":", "title:", "NEAR(", "^", "+", "日本", "a", "b c"])
    | st.text(max_size=4)
).map(" ".join)

BODIES = {
    "zh": "中国政府周一宣布，将在北京举行新的经济会议。\n\n会议讨论贸易问题。",
    "ja": "日本政府は月曜日、東京で新しい経済政策を発表した。",
    "ko": "정부는 월요일 서울에서 새로운 경제 정책을 발표했다.",
    "th": "รัฐบาลไทยประกาศนโยบายเศรษฐกิจใหม่ในกรุงเทพเมื่อวันจันทร์",
    "ta": "தமிழ்நாடு அரசு புதிய பொருளாதாரக் கொள்கையை அறிவித்தது.",
    "hi": "भारत सरकार ने सोमवार को नई आर्थिक नीति की घोषणा की।",
    "ar": "أعلنت الحكومة المصرية يوم الاثنين عن سياسة اقتصادية جديدة في القاهرة، وقال المُتَحَدِّثُ إن المستشفى مغلق.",
    "fa": "دولت ایران اعلام کرد که مردم می\u200cتوانند ۲۵ کتاب تازه بخوانند.",
    "ur": "حکومتِ پاکستان نے جمہوریہ کی نئی پالیسی کا اعلان کیا۔",
    "he": "דובר צה״ל הודיע כי הָעִיר תיפתח מחדש.",
    "mr": "मुंबईत पाँच फ़िल्म सम्बन्धी कार्यक्रम झाले.",
    "de": "Die Straße führt am Grubenunglücksdenkmal vorbei, wo Größe und Maß zählen.",
    "pl": "Prezydent Łodzi ogłosił przetarg.",
    "vi": "Thủ tướng đến Đà Nẵng dự hội nghị.",
    "hr": "Vlada je imenovala Đorđevića ministrom.",
    "da": "Københavns borgmester besøgte Ærø.",
    "fr": "Le cœur de la cité bat au marché aux fleurs.",
    "ru": "Ещё один самолёт вылетел из Киева, сообщил мой собеседник.",
    "el": "Η κυβέρνηση της Ελλάδας ανακοίνωσε μέτρα.",
    "km": "រដ្ឋាភិបាលកម្ពុជាប្រកាសគោលនយោបាយថ្មី។",
    "lo": "ລັດຖະບານລາວປະກາດນະໂຍບາຍໃໝ່",
    "full": "ＮＨＫの世論調査、ﾆｭｰｽ番組とﾊﾞｽの話題。",
    "tr": "İstanbul Büyükşehir Belediyesi yeni ulaşım planını açıkladı.",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
}


@pytest.fixture
def filled(db: Database) -> Database:
    source_id, crawl_id = stories.source_and_crawl(db)
    pages = [
        stories.article(published_at=later(days=-2)),
        stories.article(url("budget"), title="Trams win in budget, harbour loses", body=BUDGET, authors=("Zoë Ng",)),
        *(stories.article(url(code), title=code, body=body, language=code) for code, body in BODIES.items()),
    ]
    for page in pages:
        ingest(db, prepared(page), source_id=source_id, crawl_id=crawl_id, at=stories.NOON)
    herald, crawl_id = stories.source_and_crawl(db, "herald.example")
    page = stories.article(
        url("x", "herald.example"), title="Ferries", body=f"{BUDGET}\n\nNo divers.", published_at=None
    )
    ingest(db, prepared(page), source_id=herald, crawl_id=crawl_id, at=stories.NOON)
    return db


def titles(db: Database, query: str, **options: object) -> list[str]:
    return [hit.title for hit in search(db, query, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "language", "snippet"),
    [
        ("会议", "zh", "中国政府周一宣布，将在北京举行新的经济[会议]。 [会议]讨论贸易问题。"),
        ("北京", "zh", "中国政府周一宣布，将在[北京]举行新的经济会议。"),
        ("経済政策", "ja", "日本政府は月曜日、東京で新しい[経済政策]を発表した。"),
        ("東京", "ja", "日本政府は月曜日、[東京]で新しい経済政策を発表した。"),
        ("정부", "ko", "[정부]는 월요일 서울에서 새로운 경제 정책을"),
        ("서울", "ko", "정부는 월요일 [서울]에서 새로운 경제 정책을"),
        ("เศรษฐกิจ", "th", "[เศรษฐกิจ]ใหม่"),
        ("அரசு", "ta", "தமிழ்நாடு [அரசு] புதிய பொருளாதாரக் கொள்கையை அறிவித்தது."),
        ("सरकार", "hi", "भारत [सरकार] ने सोमवार को नई आर्थिक नीति की घोषणा की।"),
        ("القاهره", "ar", "جديدة في [القاهرة]،"),
        ("اعلنت", "ar", "[أعلنت] الحكومة"),
        ("المتحدث", "ar", "وقال [المُتَحَدِّثُ] إن"),
        ("مستشفي OR المستشفي", "ar", "[المستشفى] مغلق"),
        ("ايران كتاب", "fa", "دولت [ایران] اعلام کرد که مردم می\u200cتوانند ۲۵ [کتاب] تازه"),
        ("می\u200cتوانند 25", "fa", "مردم [می\u200cتوانند] [۲۵] کتاب"),
        ("جمهوريه", "ur", "نے [جمہوریہ] کی"),
        ("חָעיר OR העיר", "he", "כי [הָעִיר] תיפתח"),
        ('צה"ל הודיע', "he", "דובר [צה״ל] [הודיע] כי"),
        ("फिल्म संबंधी पांच", "mr", "मुंबईत [पाँच] [फ़िल्म] [सम्बन्धी] कार्यक्रम झाले."),
        (
            "STRASSE grosse mass",
            "de",
            "vorbei, wo [Größe] und [Maß] zählen.",
        ),
        ("grubenungl*", "de", "am [Grubenunglücksdenkmal] vorbei"),
        ("lodzi", "pl", "Prezydent [Łodzi] ogłosił"),
        ("đà nang", "vi", "đến [Đà] [Nẵng] dự"),
        ("dordevica", "hr", "imenovala [Đorđevića] ministrom"),
        ("kobenhavns aerø", "da", "[Københavns] borgmester besøgte [Ærø]."),
        ("coeur CITE", "fr", "Le [cœur] de la [cité] bat"),
        ("еще самолет", "ru", "[Ещё] один [самолёт] вылетел"),
        ("ελλαδασ", "el", "της [Ελλάδας] ανακοίνωσε"),
        ("កម្ពុជា", "km", "រដ្ឋាភិបាល[កម្ពុជា]ប្រកាស"),
        ("ນະໂຍບາຍ", "lo", "ປະກາດ[ນະໂຍບາຍ]ໃໝ່"),
        ("nhk ニュース バス", "full", "[ＮＨＫ]の世論調査、[ﾆｭｰｽ]番組と[ﾊﾞｽ]の話題。"),
        ("istanbul", "tr", "[İstanbul] Büyükşehir Belediyesi"),
        ("ISTANBUL ulasim", "tr", "[İstanbul] Büyükşehir Belediyesi yeni [ulaşım] planını"),
        ("zlutoucky KUN", "cs", "Příliš [žluťoučký] [kůň] úpěl ďábelské ódy."),
    ],
)
def test_words_of_every_script_are_found_and_marked(filled: Database, query: str, language: str, snippet: str) -> None:
    (hit,) = search(filled, query, marks=("[", "]"))
    assert (hit.language, hit.source) == (language, "courier")
    assert snippet in hit.snippet


@pytest.mark.parametrize("query", ["会北", "본정", "का", "சு", "京北", "мои", "denkmal", "ـ"])
def test_parts_of_words_and_words_in_another_order_are_not_found(filled: Database, query: str) -> None:
    assert titles(filled, query) == []


HARBOUR_TITLE, BUDGET_TITLE = "Harbour closed until spring", "Trams win in budget, harbour loses"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("divers cracks", {HARBOUR_TITLE}),
        ('"northern quay"', {HARBOUR_TITLE}),
        ("“northern quay”", {HARBOUR_TITLE}),
        ('"quay northern"', set()),
        ("divers OR trams", {HARBOUR_TITLE, BUDGET_TITLE, "Ferries"}),
        ("trams -divers", {BUDGET_TITLE}),
        ("trams NOT divers", {BUDGET_TITLE}),
        ("(divers OR trams) NOT (cracks OR ferries)", {BUDGET_TITLE}),
        ("-(divers cracks) trams", {BUDGET_TITLE, "Ferries"}),
        ("tram*", {BUDGET_TITLE, "Ferries"}),
        ("tram", set()),
        ("title:harbour", {HARBOUR_TITLE, BUDGET_TITLE}),
        ("author:zoe", {BUDGET_TITLE}),
        ('authors:"bo øst" divers', {HARBOUR_TITLE, "Ferries"}),
        ("经济 会议", {"zh"}),
        ("日本*", {"ja"}),
        ("NOT divers", set()),
        ("", set()),
        ('"—"', set()),
        ("divers — cracks", {HARBOUR_TITLE}),
        ("AND OR divers)", {HARBOUR_TITLE, "Ferries"}),
    ],
)
def test_what_a_query_means(filled: Database, query: str, found: set[str]) -> None:
    assert set(titles(filled, query)) == found


def test_a_title_says_more_than_a_text(filled: Database) -> None:
    best, *others = search(filled, "ferries OR divers")
    assert best.title == "Ferries"
    assert all(best.rank < other.rank < 0 for other in others)


def test_what_was_found_can_be_narrowed(filled: Database) -> None:
    assert set(titles(filled, "divers OR trams", source="courier")) == {HARBOUR_TITLE, BUDGET_TITLE}
    assert titles(filled, "trams", source="https://herald.example/y") == ["Ferries"]
    assert titles(filled, "harbour", since=later(days=-1)) == [BUDGET_TITLE]
    assert titles(filled, "harbour", until=later(days=-1)) == [HARBOUR_TITLE]
    assert titles(filled, "harbour", since=later(days=-2), until=later(days=-2)) == []
    assert titles(filled, "harbour", language="de") == []
    assert len(titles(filled, "harbour", limit=1)) == 1
    with pytest.raises(SourceError, match="no source 'nobody'"):
        search(filled, "harbour", source="nobody")


def test_a_snippet_without_a_match_in_the_text_is_its_beginning(filled: Database) -> None:
    (hit,) = search(filled, "title:trams", marks=("<b>", "</b>"))
    assert hit.snippet.startswith("The council has passed a budget")
    assert "<b>" not in hit.snippet
    assert hit.snippet.endswith("…")


def test_a_snippet_is_a_part_of_the_text_as_it_stands(filled: Database) -> None:
    texts = {
        row["title"]: " ".join(row["text"].split()) for row in filled.query("SELECT title, text FROM articles_full")
    }
    for hit in search(filled, "harbour OR 会议 OR 経済 OR 정부 OR รัฐบาล OR அரசு OR सरकार"):
        assert hit.snippet.strip("…") in texts[hit.title]


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    memory = sqlite3.connect(":memory:")
    memory.execute(
        f'CREATE VIRTUAL TABLE found USING fts5 (title, subtitle, authors, text, tokenize = "{indexing.TOKENIZER}")'
    )
    memory.execute("INSERT INTO found VALUES ('a', 'b', 'c', ?)", [HARBOUR])
    yield memory
    memory.close()


@given(query=ANYTHING | QUERIES)
def test_a_query_cannot_be_wrong(index: sqlite3.Connection, query: str) -> None:
    assert matches(index, query) in ([], [(1,)])


@given(begin=st.integers(0, 60), words=st.integers(1, 9), noise=st.sampled_from(["", "—", "(", ")", '"', "*", "OR"]))
def test_what_stands_in_a_text_is_found_whatever_is_typed_around_it(
    index: sqlite3.Connection, begin: int, words: int, noise: str
) -> None:
    said = text.words(HARBOUR)[begin : begin + words]
    assert matches(index, " ".join([*said, noise] if said else ["quay", noise])) == [(1,)]


def matches(index: sqlite3.Connection, query: str) -> list[tuple[int]]:
    expression = to_fts5(query)
    if not expression:
        return []
    return index.execute("SELECT rowid FROM found WHERE found MATCH ?", [expression]).fetchall()


@pytest.mark.parametrize(
    "query", ["(" * 9_999 + "a", "(a " * 500, "a " * 9_999, "(a OR b) " * 999, "b " + "-" * 999 + "a"]
)
def test_a_query_cannot_be_too_much(index: sqlite3.Connection, query: str) -> None:
    expression = to_fts5(query)
    assert expression.count('"') <= 2 * MAX_TERMS
    index.execute("SELECT rowid FROM found WHERE found MATCH ?", [expression]).fetchall()


def test_a_reader_can_search(filled: Database, archive_path: Path) -> None:
    reader = open_archive(archive_path, readonly=True)
    assert titles(reader, "会议") == ["zh"]
    reader.close()
