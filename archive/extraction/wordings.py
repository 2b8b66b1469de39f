"""How pages that are no articles word it: missing pages, walls, and pages about the site itself, in many languages."""

import re

from archive import text

STATUS = re.compile(
    r"^\W*(?:404|410)(?:\W*$|\s*[|:]|\s+[\u2013\u2014-]\s|\W+(?:error|page not|not|gone|fehler|seite)\b)|"
    r"\b(?:error|page|fehler|erreur|errore|błąd|chyba|hiba|ошибка|σφάλμα)\W{1,3}(?:404|410)\b",
    re.IGNORECASE,
)
"""An HTTP status where a title names one: alone, first, or as an error's; elsewhere it counts arrests and votes."""

MISSING = re.compile(
    r"\b(?:page not found|not found|no longer (?:available|exists)|(?:seite )?nicht gefunden|page introuvable|"
    r"página no encontrada|no se encontró|página não encontrada|pagina non trovata|"
    r"pagina niet gevonden|sidan (?:hittades inte|kunde inte hittas|finns inte)|siden (?:finnes|findes|blev) ikke|"
    r"fant ikke siden|sivua ei löy\w+|nie znaleziono|stránka ne(?:byla )?nalezena|stránka sa nenašla|"
    r"oldal nem található|pagina nu a fost găsită|sayfa bulunamadı|stranica nije pronađena|"
    r"страница(?:та)? не (?:найдена|е намерена)|сторінку не знайдено|δεν βρέθηκε|הדף לא נמצא|"
    r"halaman tidak ditemukan|không tìm thấy trang)\b|"
    r"الصفحة غير موجودة|ページが見つかりません|페이지를 찾을 수 없습니다|页面不存在|找不到(?:頁面|页面)",
    re.IGNORECASE,
)

WALL = re.compile(
    r"\b(?:log ?in|sign ?in|anmelden|einloggen|se connecter|iniciar sesión|accedi|inloggen|logga in|cookies?|consent|"
    r"einwilligung|subscribe to (?:read|continue)|abonnieren|abonnez-vous|suscríbete|captcha|are you a robot|"
    r"checking your browser|verify (?:that )?you are human|access denied)\b",
    re.IGNORECASE,
)
"""Over hardly any text one of these is enough."""

_CONSENT = (
    re.compile(r"cookie|куки|クッキー|쿠키", re.IGNORECASE),
    re.compile(
        r"consent|einwillig|zustimm|consentimiento|consentimento|consenso|toestemming|samtyck|samtykk|zgod|souhlas|"
        r"hozzájárul|suostumu|согласи|συγκατάθε|同意|동의",
        re.IGNORECASE,
    ),
    re.compile(r"\b\d* ?(?:partner\w*|partenaires|socios|parceiros|kumppan\w*|партн[её]р\w*)\b", re.IGNORECASE),
    re.compile(r"personali[sz]|personnalis|gepersonaliseerd|spersonalizow|персонализ", re.IGNORECASE),
    re.compile(
        r"privacy|datenschutz|confidentialité|vie privée|privacidad|privacidade|integritet|personvern|prywatno",
        re.IGNORECASE,
    ),
    re.compile(r"accept|akzeptier|aceptar|aceitar|accetta|godkänn|godta|akceptuj|přijmout|принять", re.IGNORECASE),
    re.compile(
        r"personenbezogen|personal data|données (?:à caractère personnel|personnelles)|datos personales|dati personali|"
        r"persoonsgegevens|IP[- ]?adress|IP address",
        re.IGNORECASE,
    ),
)
"""What consent notices speak of, a pattern a matter."""

_ABOUT_THE_SITE = re.compile(
    r"(?:our |unsere?r? |notre |nos |il nostro |nuestr[ao] |onze |vår |the )?(?:"
    r"(?:cookies?|privacy|privacy and cookie)"
    r"(?: ?(?:policy|notice|statement|settings|preferences|erklärung|richtlinie))?|"
    r"terms(?: and conditions)?(?: of (?:use|service|sale))?|conditions of use|legal notice|disclaimer|imprint|"
    r"contact(?: us)?|about(?: us)?|advertise(?: with us)?|newsletters?(?: sign ?up)?|subscribe|help|faq|"
    r"subscriptions?|"
    r"datenschutz(?:erklärung|hinweise|erklaerung)?|impressum|kontakt|agb|nutzungsbedingungen|über uns|ueber uns|abo|"
    r"abonnement|abonnieren|jetzt abonnieren|mediadaten|hilfe|cookie ?richtlinie|"
    r"mentions légales|mentions legales|politique de (?:confidentialité|confidentialite|cookies|gestion des cookies)|"
    r"cgu|cgv|conditions générales(?: d utilisation)?|conditions generales(?: d utilisation)?|qui sommes nous|"
    r"contactez nous|nous contacter|abonnez vous|aviso legal|pol[ií]tica de (?:privacidad|privacidade|cookies)|"
    r"términos y condiciones|terminos y condiciones|termos de uso|contacto|contato|quiénes somos|quienes somos|"
    r"suscripciones|suscríbete|suscribete|quem somos|note legali|informativa (?:sulla )?privacy|contatti|chi siamo|"
    r"privacybeleid|cookiebeleid|privacyverklaring|algemene voorwaarden|gebruiksvoorwaarden|colofon|over ons|"
    r"integritetspolicy|om oss|om os|kontakta oss|prenumerera|personvern(?:erklæring)?|privatlivspolitik|"
    r"cookiepolicy|polityka (?:prywatności|prywatnosci|cookies)|regulamin|o nas|ochrana osobních údajů|kontakty|"
    r"adatvédelem|impresszum|gizlilik politikası|künye|iletişim|"
    r"политика конфиденциальности|пользовательское соглашение|контакты|о нас|о проекте|"
    r"プライバシーポリシー|利用規約|お問い合わせ|会社概要|개인정보처리방침|이용약관|隐私政策|隱私權政策|关于我们|联系我们"
    r")",
    re.IGNORECASE,
)


def consents(said: str) -> int:
    """How many different matters of consent notices a text speaks of."""
    return sum(pattern.search(said) is not None for pattern in _CONSENT)


def is_about_the_site(said: str) -> bool:
    """Whether a title, or a part of an address, names a page about the site itself: its imprint, its newsletter."""
    return _ABOUT_THE_SITE.fullmatch(text.comparable(said)) is not None
