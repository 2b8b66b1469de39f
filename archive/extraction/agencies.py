"""Which news agency a text comes from: named as its author, or in brackets at its beginning or end."""

import re
from collections.abc import Iterable, Sequence

from archive import text
from archive.extraction.readings import Reading, distinct
from archive.models import Method

_AGENCIES = {
    "AAP": ("australian associated press",),
    "AFP": ("agence france presse", "afp deutschland", "france presse"),
    "ANP": ("algemeen nederlands persbureau",),
    "ANSA": (),
    "AP": ("associated press", "the associated press", "ap news"),
    "APA": ("austria presse agentur",),
    "Anadolu": ("anadolu ajans\u0131", "anadolu agency"),
    "Belga": (),
    "EFE": ("agencia efe",),
    "IANS": (),
    "Interfax": ("интерфакс",),
    "KNA": ("katholische nachrichten agentur",),
    "Keystone-SDA": ("sda", "ats"),
    "Kyodo": ("kyodo news", "共同通信"),
    "Lusa": ("agência lusa",),
    "MTI": (),
    "NTB": (),
    "PA Media": ("press association", "pa"),
    "PAP": (),
    "PTI": ("press trust of india",),
    "Reuters": ("thomson reuters",),
    "Ritzau": (),
    "SID": ("sport informations dienst",),
    "TASS": ("тасс", "itar tass"),
    "TT": ("tidningarnas telegrambyrå",),
    "Xinhua": ("xinhua news agency", "新华社"),
    "Yonhap": ("yonhap news agency", "연합뉴스"),
    "dpa": ("deutsche presse agentur", "dpa infocom"),
    "epd": ("evangelischer pressedienst",),
    "ČTK": ("česká tisková kancelář",),
}
"""Names by which the agencies of the world sign; the short ones count in brackets and as authors only."""

_BY_NAME = {text.comparable(name): agency for agency, names in _AGENCIES.items() for name in (agency, *names)}
_BRACKETED = re.compile(r"[(\[\u3010]([^()\[\]\u3010\u3011]{2,40})[)\]\u3011]")
_OPENING = 120
"""Characters of the first and the last paragraph in which the brackets stand."""


def readings(authors: Iterable[Reading[tuple[str, ...]]], paragraphs: Sequence[str]) -> list[Reading[str]]:
    """The agencies that are named, authors first."""
    signed = [Reading(known, r.method) for r in authors for name in r.value if (known := agency(name)) is not None]
    edges = (paragraphs[0][:_OPENING], paragraphs[-1][-_OPENING:]) if paragraphs else ()
    bracketed = (match for edge in edges for match in _BRACKETED.findall(edge))
    found = (agency(part) for match in bracketed for part in re.split(r"[/,;]", match))
    return distinct([*signed, *(Reading(name, Method.HTML) for name in found if name is not None)])


def agency(name: str) -> str | None:
    """The agency that signs by a name; None for all other names."""
    return _BY_NAME.get(text.comparable(name))
