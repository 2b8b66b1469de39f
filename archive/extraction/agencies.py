"""Which news agency a text comes from: named as its author, where a text says where it was written, or at its end."""

import re
from collections.abc import Iterable, Iterator, Sequence

from archive import text
from archive.extraction.readings import Reading, distinct
from archive.models import Method

_AGENCIES = {
    "AAP": ("australian associated press",),
    "AFP": ("agence france presse", "afp deutschland", "france presse", "法新社", "أ ف ب", "فرانس برس", "एएफपी"),
    "AGERPRES": (),
    "AGI": ("agenzia italia",),
    "ANI": ("asian news international", "एएनआई"),
    "ANKA": ("anka haber ajansı",),
    "ANP": ("algemeen nederlands persbureau",),
    "ANSA": (),
    "ANTARA": ("antara news", "lkbn antara"),
    "AP": ("associated press", "the associated press", "ap news", "美联社", "美聯社", "أسوشيتد برس", "أ ب"),
    "APA": ("austria presse agentur",),
    "Adnkronos": (),
    "Anadolu": ("anadolu ajans\u0131", "anadolu agency", "الأناضول"),
    "BELTA": ("белта",),
    "BTA": ("бта", "bulgarian news agency"),
    "Belga": ("agence belga", "belga news agency"),
    "Bernama": (),
    "CNA": ("中央社", "中央通訊社"),
    "CNS": ("中新社", "中国新闻社", "中新网"),
    "Canadian Press": ("the canadian press", "la presse canadienne"),
    "DHA": ("demirören haber ajansı",),
    "EFE": ("agencia efe",),
    "Europa Press": ("europapress",),
    "Fars": ("خبرگزاری فارس", "fars news agency"),
    "IANS": ("आईएएनएस", "indo asian news service"),
    "IRNA": ("ایرنا",),
    "ISNA": ("ایسنا",),
    "Interfax": ("интерфакс", "interfax ru"),
    "Interfax-Ukraine": ("интерфакс украина", "інтерфакс україна"),
    "Jiji": ("jiji press", "時事", "時事通信"),
    "KNA": ("katholische nachrichten agentur",),
    "KUNA": ("كونا",),
    "Keystone-SDA": ("sda", "ats", "keystone ats"),
    "Kyodo": ("kyodo news", "共同", "共同通信"),
    "Lusa": ("agência lusa",),
    "MENA": ("أ ش أ", "وكالة أنباء الشرق الأوسط"),
    "MTI": (),
    "NTB": ("norsk telegrambyrå",),
    "News1": ("뉴스1",),
    "Newsis": ("뉴시스",),
    "Notimex": (),
    "PA Media": ("press association", "pa", "pa news agency"),
    "PAP": ("polska agencja prasowa",),
    "PTI": ("press trust of india", "भाषा", "पीटीआई"),
    "Petra": ("بترا",),
    "RIA Novosti": ("риа новости", "ria nowosti"),
    "Reuters": ("thomson reuters", "ロイター", "路透社", "로이터", "рейтер", "رويترز", "रॉयटर्स"),
    "Ritzau": (),
    "SANA": ("سانا",),
    "SID": ("sport informations dienst",),
    "SPA": ("واس",),
    "STT": ("suomen tietotoimisto",),
    "TASR": (),
    "TASS": ("тасс", "itar tass", "итар тасс"),
    "TT": ("tidningarnas telegrambyrå",),
    "Tanjug": ("танјуг",),
    "Tasnim": ("تسنیم", "خبرگزاری تسنیم"),
    "Télam": (),
    "UNI": ("united news of india", "यूनीवार्ता"),
    "UNIAN": ("уніан", "униан"),
    "UPI": ("united press international",),
    "Ukrinform": ("укрінформ", "укринформ"),
    "WAM": ("وام",),
    "Xinhua": ("xinhua news agency", "新华社", "新華社", "新华网", "شينخوا", "синьхуа"),
    "Yonhap": ("yonhap news agency", "연합뉴스", "聯合社", "聯合ニュース"),
    "dapd": ("ddp", "dapd nachrichtenagentur"),
    "dpa": ("deutsche presse agentur", "dpa infocom", "dpa afx", "د ب أ", "德新社"),
    "epd": ("evangelischer pressedienst",),
    "İHA": ("ihlas haber ajansı",),
    "ČTK": ("česká tisková kancelář", "české noviny"),
    "ΑΠΕ-ΜΠΕ": ("απε", "αθηναϊκό πρακτορείο ειδήσεων"),
}
"""Names by which the agencies of the world sign; the short ones count as authors and in their places only."""

_BY_NAME = {text.comparable(name): agency for agency, names in _AGENCIES.items() for name in (agency, *names)}
_WORDS_AS_WELL = frozenset(
    ("agi", "ani", "anka", "apa", "fars", "mena", "pa", "pap", "petra", "sana", "sid", "spa", "uni")
)
"""As an author an agency only in capitals: they are people's names, and words, as well."""
_IN_HAN = {
    name: known for name, known in _BY_NAME.items() if re.match("[\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7af]", name)
}
"""Chinese and Japanese write places and reporters beside the name, without a space: 新华社北京, ワシントン共同."""
_WHOLE_NAME = 3
"""Characters of such a name with which no other word begins (共同声明 is a joint statement)."""

_EDGE = 120
"""Characters at the beginning of the first paragraph, and at the end of the last, in which an agency is looked for."""
_BRACKETED = r"[(\[（［【]([^()\[\]（）［］【】]{2,40})[)\]）］】]"
_PLACE = r"([^\s!?。()\[\]（）［］【】]{1,20}\s+)"
_DASH = r"[-\u2013\u2014]"
_OPENINGS = (
    re.compile(rf"{_PLACE}{{0,7}}{_BRACKETED}\s*(?:\.?\s?(?:{_DASH}|[:|])|\.\s)"),  # MADRID, 24 nov. (EFE).-
    re.compile(rf"(?=[^()]{{0,60}}\d){_PLACE}{{1,7}}{_BRACKETED}"),  # नयी दिल्ली, 24 नवंबर (भाषा)
    re.compile(rf"{_PLACE}{{0,2}}{_BRACKETED}"),  # Berlin (dpa) 【ワシントン共同】 (서울=연합뉴스) [東京 24日 ロイター]
    re.compile(r"()[^!?/]{1,40}?[\s.,]/([^/]{2,30})/"),  # Moskva, 24 nojabrja. /TASS/.
    re.compile(r"()[^\Wa-z\d_][^a-z()]{1,29}\s([\w-]{2,8}(?:/[\w-]{2,8}){0,3})\s\|"),  # BERLIN dpa/afp |
    re.compile(rf"()[^!?()]{{3,45}}?\s{_DASH}\s([\w. -]{{2,30}}?)\.\s"),  # Moskva, 24 noja — RIA Novosti.
    re.compile(rf"()[^!?()]{{2,40}}?\.\s([\w.-]{{3,20}}?)(?:\.|\s{_DASH})\s"),  # Moskva. 24 nojabrja. INTERFAX.RU -
    re.compile(r"()据?([\u4e00-\u9fff]{3,14}(?:\d{1,2}月)?\d{1,2}日[电電])"),  # 新华社北京11月24日电
)
"""The lines of place: the last word before the name, or nothing, and the name."""
_ITSELF = re.compile(r"press|agen|агент|агенц|πρακτορε|وكالة|通[信訊讯]社", re.IGNORECASE)
"""The word before brackets that explain it: the Associated Press (AP)."""
_ENDINGS = (
    re.compile(rf"{_BRACKETED}[\s.。]*$"),
    re.compile(rf"(?:^|[.!?。”\"’»]\s?|\s(?:{_DASH}|/)\s?|©\s?(?:\d{{4}}\s)?)([^\W\d_][\w/ -]{{1,24}})[./]?$"),
    re.compile(r"^(dpa)-infocom, dpa:[\d/-]+$"),
)
"""What stands behind the last sentence: (APA/dpa), PTI, — Bernama, © AFP."""
_INTRODUCED = re.compile(
    r"^\W*(?:(?:with|inputs?|from|source|via|by|avec|mit|material|von|der|con|información|de|com|met|quelle|fuente|fonte|"
    r"bron|źródło|zdroj|источник|по материалам|来源|來源|المصدر)\b[\s:：]*)+",
    re.IGNORECASE,
)
_STAFF = re.compile(r"\s+(?:staff|news|newsroom|wire|journalists?|sports?|redaktion)$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[/,;、・＝=|+&]\s*|\s+(?:and|und|et|y|e|и)\s+")


def readings(authors: Iterable[Reading[tuple[str, ...]]], paragraphs: Sequence[str]) -> list[Reading[str]]:
    """The agencies that are named, authors first. Raises: nothing."""
    signed = [Reading(known, r.method) for r in authors for name in r.value if (known := agency(name)) is not None]
    found = (*_opening(paragraphs[0][:_EDGE]), *_ending(paragraphs[-1][-_EDGE:])) if paragraphs else ()
    return distinct([*signed, *(Reading(name, Method.HTML) for name in found)])


def agency(name: str) -> str | None:
    """The agency that signs by a name, "Reuters Staff" among them; None for all other names. Raises: nothing."""
    key = text.comparable(name)
    if key in _WORDS_AS_WELL and not name.isupper():
        return None
    return _BY_NAME.get(key) or _BY_NAME.get(text.comparable(_STAFF.sub("", name)))


def _opening(said: str) -> Iterator[str]:
    """The agencies in the line of place with which a text begins."""
    for form in _OPENINGS:
        match = form.match(said)
        if match is not None and _ITSELF.search(match[1] or "") is None:
            yield from _listed(match[2])


def _ending(said: str) -> Iterator[str]:
    """The agencies behind the last sentence of a text."""
    for form in _ENDINGS:
        if (match := form.search(said)) is not None:
            yield from _listed(match[1])


def _listed(said: str) -> Iterator[str]:
    """The agencies of a list: dpa/AFP, 서울=연합뉴스, With inputs from ANI."""
    parts = (text.comparable(part) for part in _BETWEEN.split(_INTRODUCED.sub("", said)))
    return (known for part in parts if (known := _BY_NAME.get(part) or _beside_others(part)) is not None)


def _beside_others(part: str) -> str | None:
    """The agency whose name begins or ends what is written without spaces: 新华社北京, 東京 24日 ロイター."""
    for name, known in _IN_HAN.items():
        if part.endswith(name) or (len(name) >= _WHOLE_NAME and part.startswith(name)):
            return known
    return None
