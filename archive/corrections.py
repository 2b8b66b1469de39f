"""How editors say in an article that something was wrong, in the languages that newspapers are written in. Pure."""

import re
from collections import Counter

from archive import text

_NOUNS = (
    r"corrections?(?: (?:and|&) clarifications?| appended)?|clarifications?|corrigendum|erratum|errata",
    r"korrektur(?:hinweis)?|berichtigung|richtigstellung|klarstellung",
    r"rectificatif|rectification|mise au point",
    r"fe de errat(?:as|a)|correcci[oó]n|rectificaci[oó]n|aclaraci[oó]n|correcció|rectificació",
    r"correção|correções|retificação|errámos|erramos",
    r"rettifica|correzione|errata corrige|precisazione",
    r"correctie|rectificatie",
    r"rättelse|korrigering|rettelse|korreksjon|berigtigelse|leiðrétting|oikaisu|korjaus|õiendus|parandus",
    r"sprostowanie|korekta|oprava|ispravak|ispravka|popravek|helyesbítés|helyreigazítás|corectură|rectificare|erată",
    r"labojums|pataisymas|patikslinimas|zuzenketa",
    r"исправление|поправка|уточнение|опровержение|виправлення|уточнення|спростування|корекция|исправка|выпраўленне",
    r"διόρθωση|διευκρίνιση|düzeltme|tekzip|ralat|koreksi|pembetulan|đính chính|masahihisho",
    r"تصحيح|تصويب|توضيح|اصلاحیه|تصحیح|תיקון(?: טעות)?|הבהרה",
    r"भूल सुधार|शुद्धिपत्र|स्पष्टीकरण|সংশোধনী|ভুল সংশোধন|திருத்தம்",
    r"(?:お詫びと|おわびと)?訂正(?:と(?:お詫び|おわび))?|更正(?:启事|啟事)?|勘[误誤]|[订訂]正|澄清|정정(?:보도)?|바로잡습니다",
)
"""What a note of correction is headed with: no correction without what follows in `_HEADED`, for articles also tell of
corrections of others, and of correction facilities."""

_PHRASES = (
    r"an? (?:earlier|previous|prior|original) version of (?:this|the|our) \w+",
    r"th(?:is|e) (?:article|story|report|post|piece|headline)\b[^.\n]{0,30} (?:was|has been) (?:corrected|amended)",
    r"corrected (?:on|to|at)\b",
    r"in einer (?:früheren|vorherigen|ersten|älteren) (?:version|fassung)",
    r"(?:eine|die) (?:frühere|vorherige|erste) (?:version|fassung) (?:dieses|des)",
    r"(?:dieser|der) (?:artikel|text|beitrag) wurde[^.\n]{0,40} (?:korrigiert|berichtigt)",
    r"(?:dans )?une (?:première|précédente) version (?:de cet|du)|cet article a été (?:corrigé|rectifié|amendé)",
    r"(?:en )?una (?:primera |anterior )?versi[oó]n (?:anterior |previa |inicial )?de (?:este|esta)",
    r"este (?:artículo|texto) (?:ha sido|fue) (?:corregido|rectificado)",
    r"(?:em )?(?:uma )?versão (?:anterior|original) (?:deste|desta)|este (?:texto|artigo) foi corrigido",
    r"diferentemente do (?:que foi )?(?:informado|publicado)",
    r"(?:in )?una (?:precedente versione|versione precedente) (?:di quest|dell)|questo articolo è stato corretto",
    r"in een eerdere versie van dit|dit (?:artikel|bericht) is (?:gecorrigeerd|aangepast)",
    r"(?:i )?en (?:tidigare|tidligere) (?:version|versjon|utgave|udgave) (?:av|af)",
    r"jutun (?:aiemmassa|aikaisemmassa) versiossa|(?:juttua|jutun otsikkoa|otsikkoa) (?:on )?korjattu",
    r"w (?:poprzedniej|pierwotnej|wcześniejszej) wersji|v (?:předchozí|původní|predchádzajúcej|pôvodnej) verzi",
    r"a cikk (?:korábbi|eredeti) (?:változatában|verziójában)|într-o versiune (?:anterioară|inițială)",
    r"в (?:предыдущей|первоначальной|ранней|изначальной|прежней) (?:версии|редакции)",
    r"[ув] (?:попередній|першій|початковій) (?:версії|редакції)|в (?:предишна|първоначалната) версия",
    r"σε προηγούμενη (?:έκδοση|εκδοχή)|(?:bu )?haberin (?:önceki|ilk) (?:halinde|versiyonunda|sürümünde)",
    r"(?:في |ذكرت )?نسخة سابقة من (?:هذا|هذه)|ב?גרסה (?:קודמת|מוקדמת) של",
    r"इस (?:खबर|ख़बर|लेख|रिपोर्ट) (?:के|की|में)[^।\n]{0,40}(?:सुधार|संशोध)",
    r"versi (?:sebelumnya|awal) (?:dari )?(?:artikel|berita)|phiên bản trước (?:của|đó)",
    r"(?:記事|本文|見出し)の?一部を(?:訂正|修正)|当初の?記事|(?:本文|此文|文章)已(?:经|經)?(?:更正|修正)|此前(?:版本|报道)|早前(?:版本|報道)",
    r"(?:이 기사|기사 (?:내용|제목|본문)|본문)[^.\n]{0,30}(?:정정|바로잡)",
)
"""What such a note says, wherever in a text a sentence begins so."""

_HEADED = r"(?![^\W_])(?:[\s,(（]+[^:：\n]{0,30}?\d[^:：\n]{0,25}?)?[)）]?\s*(?:[:：.。–—\]】]|-\s|$)"
"""What follows a heading: a colon, a stop, a dash or nothing, perhaps after a date or a number."""
_SENTENCE = r"(?:^|(?<=\n)|(?<=[.!?…:：।۔]\s)|(?<=[.!?…][\"”’»)]\s)|(?<=[。！？）】]))\W{0,4}"
_NOTE = re.compile(
    rf"{_SENTENCE}(?:(?:{'|'.join(_NOUNS)}){_HEADED}|(?:{'|'.join(_PHRASES)}))[^\n.!?。]{{0,200}}", re.IGNORECASE
)


def notes(body: str) -> Counter[str]:
    """The notes of correction in a text, as they compare, each with how often it stands there. Raises: nothing."""
    return Counter(text.comparable(note[0]) for note in _NOTE.finditer(body))
