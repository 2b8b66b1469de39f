"""A byline taken apart: who of it is a person, without lead words, roles, addresses and places."""

import re
from collections.abc import Iterable, Iterator

from archive import text
from archive.extraction.agencies import agency

_GENRES = (
    "written|words|story|posted|published|reported|reporting|report|opinion|analysis|comment|commentary|column|essay|"
    "review|interview|exclusive|geschrieben|(?:ein |eine )?(?:kommentar|analyse|gastbeitrag|kolumne|reportage|bericht)|"
    "escrito|publi\\w+|propos recueillis|tribune|chronique|analisi|commento|an[aá]lisis|opini[oó]n|opinie|komentarz"
)
"""What a text is, before the word that says whose it is: "Ein Kommentar von", "Opinion by"."""
_BY = "by|door|przez|oleh|ni|от|від|โดย|מאת|بقلم|كتب|كتبت|كتبه"
_BY_GREEK = "του|της|των|γράφει (?:ο|η)|γράφουν οι"
_CALLED_AUTHOR = (
    "autor(?:in|en|es|ka|ki|zy|i|a|stwo)?|authors?|auteur|autore|autori|text|texte|texto|testo|tekst|teksti|"
    "text und fotos?|tekst og foto|text och foto|reporter|journalist|skribent|skrevet af|kirjoittaja|penulis|pewarta|"
    "yazan|yazar|haber|írta|szerző|piše|pišu|автор|авторы|автори|текст|пише|пишет|نویسنده|الكاتب|كاتب|लेखक|ผู้เขียน|"
    "作者|撰文|文|取材・文|글|글쓴이"
)
_REPORTER_IN_HAN = "(?:本[报報]|[见見][习習]|[实實][习習]|特[约約])?(?:记者|記者)"
_LEAD = re.compile(
    rf"^\W*(?:(?:{_GENRES})\s+)?(?:(?:{_BY})(?![^\W_])\s*:?\s*|(?:{_BY_GREEK})\s*:?\s+|"
    rf"(?:{_CALLED_AUTHOR})\s*[:：/／＝=]\s*|{_REPORTER_IN_HAN}\s*[:：]?\s*(?=\S))",
    re.IGNORECASE,
)
"""Words before a name that are never a part of one."""
_PREPOSITION = re.compile(
    rf"^\W*(?P<genre>(?:{_GENRES})\s+)?(?:von|par|por|de|di|da|av|af|od|per)\s*:?\s+(?=(?P<rest>.*))",
    re.IGNORECASE | re.DOTALL,
)
"""Prepositions that some families have for a name: Von der Leyen, Di Maio, Par Holmgren."""
_CREDIT = re.compile(
    r"^\W*(?:photo(?:graph)?s?|pictures?|images?|illustrations?|fotos?|bilder?|zdjęcia|фото|foto[ -]?credits?|video|"
    r"grafik|editing|edited|editor|redigering|摄影|撮影|写真|사진)\b\s*(?:by|von|par|por|di|:|：|/|・|=|＝)\s*",
    re.IGNORECASE,
)
"""Who took the pictures, or edited, is not the author."""
_AND = re.compile(
    r"\s*[;|\u2022\u00b7\n\u3001／]\s*|\s+/\s+|\s*&\s*|"
    r"\s+(?:and|And|AND|und|UND|et|ET|och|OCH|og|OG|oraz|ja|ve|és|și|şi|dan|và|και|und mit|avec|with|mit|met|med|con|"
    r"и|та|і|й|و|\u4e0e|\u548c)\s+"
)
_AND_LETTER = re.compile(r"(?<=\w \w\w)(.*?)\s(?:y|e|i|a|en|Y|E|I|A|EN)\s(?=\S+\s\S)")
"""Conjunctions that are also a part of names (Ortega y Gasset): they divide full names only."""
_COMMA = re.compile(r"\s*[,\uff0c]\s*")
_GENERATION = re.compile(r"(?:jr|sr|jnr|snr|fils|ii|iii|iv)\.?", re.IGNORECASE)
_DEGREE = re.compile(r"(?:ph\.?\s?d|m\.?d|m\.?a|m\.?sc|b\.?a|esq|mba|j\.?d|dds|rn|obe|mbe|cbe)\.?", re.IGNORECASE)
_CONTACT = re.compile(r"\(?\s*\S+@\S+\.\w+\s*\)?|(?:^|(?<=[\s(]))@\w+|https?://\S+")
_ADDRESS = re.compile(r"^(?:https?:)?//|^www\.|\.(?:com|org|net|html?)/", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:\w+[ -]){0,3}(?:reporter|correspondent|editor|writer|journalist|columnist|contributor|producer|critic|analyst|"
    r"editor[ -]in[ -]chief|redakteur(?:in)?|korrespondent(?:in|en)?|reporterin|journalistin|journaliste|journalister?|"
    r"r\u00e9dact\w+|redactor\w*|redaktor\w*|periodista|corresponsal|giornalista|redazione|inviat[oa]|columnista|"
    r"envoyée? spéciale?|correspondante?|correspondent[aei]?|verslaggever|dziennikarz|dziennikarka|toimittaja|"
    r"muhabiri?|wartawan|журналист\w*|корреспондент\w*|обозреватель|редактор|photographer|fotograf\w*|"
    r"(?:special|staff) to [\w .]{2,40})s?(?:\s(?:in|at|for|of|of the|für|bei|de|à|en)\s.{2,30})?",
    re.IGNORECASE,
)
_ROLE_BEFORE = re.compile(
    r"^(?:(?:chief|senior|staff|deputy|political|foreign|news|health|business|sports?|science|crime|special|our)\s){0,3}"
    r"(?:reporter|correspondent|writer|journalist|columnist|unser(?:e|em)? korrespondent(?:in)?|корреспондент)\s"
    r"(?=\S+\s\S)",
    re.IGNORECASE,
)
_ROLE_BEHIND = re.compile(
    r"(?:\s+\S{0,4}|^)(?:기자|특파원|논설위원|편집위원)$|\s*(?:기자|특파원|논설위원)$|"
    r"[\s・]*(?:記者|记者|特派員|特派员|編集委員|論説委員|通讯员)$|^\S{0,6}(?:報導|报道|報道|电|電)$"
)
"""Korean, Japanese and Chinese put the role behind the name: reporter, correspondent, editorial writer."""
_PARENTHESES = re.compile(r"[(\[（【]([^()\[\]（）【】]{0,80})[)\]）】]")
_PLACE_BEHIND = re.compile(r"(?<=\w \w\w)(.*?)\s(?:in|aus|à|au|from|из|i|w|v|från|fra)\s[A-ZÀ-ÞА-Я][\w-]+$")
"""Where the author of a full name writes from, in one word."""
_NEWSROOM = re.compile(r"r[eé]da[ckç]|staff|newsroom|toimitus", re.IGNORECASE)
_WORD_FOR_AUTHOR = re.compile(rf"(?:{_CALLED_AUTHOR}|by|von|par)", re.IGNORECASE)
_NAMES_IN_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}(?:\s[\u4e00-\u9fff]{2,4})+")
_EDGES = ' \t,.:\u2013\u2014-*()<>[]（）【】"“”„’‘«»'
_FULL = 2
"""Words of a name with given and family name."""

_MAX_NAME = 80
"""Characters: longer strings are biographies and lists, not names."""
_MAX_VALUE = 1_000

PARTICLES = frozenset(
    re.findall(
        r"\w+",
        "von vom van de da di du del della dalla der den dem des dos das do la le lo el al bin bint ibn ben abu"
        " e y zu zum zur ten ter af av st san",
    )
)
"""Lower-case words inside of names."""


def names(values: Iterable[str]) -> tuple[str, ...]:
    """The names in the values, one a person, in order, without those said twice. Raises: nothing."""
    found: dict[str, str] = {}
    for value in values:
        for name in _persons(value[:_MAX_VALUE]):
            found.setdefault(text.comparable(name), name)
    return tuple(name for key, name in found.items() if key and not key.replace(" ", "").isdigit())


def _persons(value: str) -> Iterator[str]:
    """The persons of one byline: "By A, B and C" are three."""
    if _ADDRESS.search(value):
        return
    bare = _PARENTHESES.sub(_signed, _CONTACT.sub(" ", value)).strip()
    led = _without_lead(bare)
    for part in _AND.split(_AND_LETTER.sub(r"\1;", led)):
        pieces = _COMMA.split(part)
        if _is_inverted(pieces):
            pieces = [" ".join(reversed(pieces))]
        yield from _listed(pieces)


def _signed(parentheses: re.Match[str]) -> str:
    """What is kept of parentheses: an agency as a name of its own; no place, role or programme."""
    inner = _without_lead(parentheses[1])
    if agency(inner) is not None:
        return f"; {inner};"
    whole = parentheses.start() == 0 and parentheses.end() == len(parentheses.string)
    return f" {inner} " if whole else " "


def _without_lead(byline: str) -> str:
    """The byline without "By", "Von", "Автор:"; a preposition with which a family begins stays."""
    if (lead := _LEAD.match(byline)) is not None:
        rest = byline[lead.end() :]
        han = _NAMES_IN_HAN.fullmatch(rest)
        return ";".join(rest.split()) if han is not None else rest
    match = _PREPOSITION.match(byline)
    if match is None:
        return byline
    rest = match["rest"]
    first = _COMMA.split(_AND.split(rest)[0])[0]
    word = first.split()[0] if first.split() else ""
    is_family = word.lower() in PARTICLES or (len(first.split()) < _FULL and not _is_short_form(first))
    return byline if is_family and not match["genre"] else rest


def _is_short_form(word: str) -> bool:
    """Whether a single word is an agency, a sign (AFP, dpa, nik) or the newsroom, and no family's name."""
    return agency(word) is not None or not word.istitle() or _NEWSROOM.match(word) is not None


def _is_inverted(pieces: list[str]) -> bool:
    """Whether two pieces are one person, family name first: "Müller, Hans", but not "Reuters, AFP"."""
    return len(pieces) == 2 and all(
        " " not in piece and piece[:1].isupper() and not piece.isupper() and agency(piece) is None
        and not _ROLE.fullmatch(piece) and not _GENERATION.fullmatch(piece)
        for piece in pieces
    )  # fmt: skip


def _listed(pieces: Iterable[str]) -> Iterator[str]:
    """The names among the pieces between commas: no roles, degrees and credits, nor the place after a full name."""
    waiting: str | None = None
    for piece in pieces:
        if waiting is not None and _GENERATION.fullmatch(piece):
            waiting = f"{waiting}, {piece}"
            continue
        name = _cleaned(piece)
        is_place = waiting is not None and len(waiting.split()) >= _FULL and _is_place(name)
        if not name or is_place or _DEGREE.fullmatch(name):
            continue
        if waiting is not None:
            yield waiting
        waiting = name
    if waiting is not None:
        yield waiting


def _is_place(name: str) -> bool:
    """Whether what follows a full name is one written word that is no sign of an agency: a place, hardly a person."""
    return " " not in name and name.istitle() and agency(name) is None


def _cleaned(piece: str) -> str:
    """The name of a piece; empty where it holds none."""
    if _CREDIT.match(piece):
        return ""
    name = _ROLE_BEHIND.sub("", _LEAD.sub("", piece.strip(_EDGES)).strip(_EDGES)).strip(_EDGES)
    name = _ROLE_BEFORE.sub("", _PLACE_BEHIND.sub(r"\1", name))
    if re.search(r"\s\w$", name) and f"{name}." in piece:
        name = f"{name}."
    is_word = _ROLE.fullmatch(name) or _WORD_FOR_AUTHOR.fullmatch(name)
    return name if 1 < len(name) <= _MAX_NAME and not is_word else ""
