"""Pages as sites serve them that are no articles, and articles that look a little like such pages."""

import pytest

from archive.extraction import Page, extract, read
from archive.models import Reason, Rejection
from tests.archive.extraction.captures import capture

SITE = "https://www.courier.example"
SECTIONS = "".join(f"<li><a href='/{name}'>{name.title()}</a></li>" for name in ("news", "harbour", "sport", "culture"))
TEASERS = "".join(
    f"<article><h2><a href='/harbour/story-{i}-about-boats'>Story number {i} of the harbour</a></h2>"
    f"<p>Boat number {i} has left the harbour with {i} passengers, and none on the quay {i} saw it go.</p></article>"
    for i in range(15)
)
TEXT = "".join(
    f"<p>The winter timetable begins in October, says sailor {i}, and the last boat leaves at half past nine."
    f" The company counted fewer than forty passengers on crossing number {i} of an ordinary night last winter.</p>"
    for i in range(8)
)
ARTICLE = "<meta property='og:type' content='article'>"
TEASER_LD = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Council buys a crane","url":"/town/crane"}'
    "</script>"
)
WALL_LD = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Last boat","hasPart":{"@type":'
    '"WebPageElement","isAccessibleForFree":"False","cssSelector":".paywall"},"isAccessibleForFree":"False"}</script>'
)


def _refused(path: str, main: str, title: str, head: str = "", lang: str = "en") -> Reason | None:
    markup = (
        f"<!doctype html><html lang={lang}><head><title>{title}</title>"
        f"<meta property='og:site_name' content='The Harbour Courier'>{head}</head><body>"
        f"<header><nav><ul>{SECTIONS}</ul></nav></header><main>{main}</main>"
        "<footer><p>© 2026 The Harbour Courier</p><a href='/privacy'>Privacy policy</a></footer></body></html>"
    )
    response = capture(markup, url=SITE + path)
    page = read(response)
    assert isinstance(page, Page)
    outcome = extract(page, capture=response)
    assert not isinstance(outcome, Rejection) or outcome.evidence
    return outcome.reason if isinstance(outcome, Rejection) else None


@pytest.mark.parametrize(
    ("lang", "main"),
    [
        (
            "de",
            (
                "<h1>Wir brauchen Ihre Zustimmung</h1>"
                "<p>Wir und unsere 842 Partner verwenden Cookies,"
                " um Inhalte und Anzeigen zu personalisieren,"
                " die Nutzung zu messen und Erkenntnisse über Zielgruppen zu"
                " gewinnen. Sie können Ihre Einwilligung jederzeit widerrufen.</p>"
                "<p>Mit „Akzeptieren“ stimmen Sie"
                " der Verarbeitung Ihrer Daten zu."
                " Weitere Informationen finden Sie in unserer Datenschutzerklärung. Oder"
                " lesen Sie uns ohne Werbung im Abo für 3,99 Euro im Monat.</p>"
            ),
        ),
        (
            "fr",
            (
                "<h1>Votre vie privée nous importe</h1>"
                "<p>Avec votre accord, nos 245 partenaires et nous, des cookies"
                " pour stocker, consulter et traiter des données personnelles telles que votre visite sur ce site, les"
                " adresses IP. Vous pouvez retirer votre consentement à tout moment, et vous opposer"
                " à certains des"
                " traitements fondés sur l’intérêt légitime"
                " en cliquant sur le lien au bas de chaque page de ce site.</p>"
            ),
        ),
    ],
)
def test_consent_walls_may_be_long(lang: str, main: str) -> None:
    assert _refused("/harbour/last-boat", main, "Courier", lang=lang) is Reason.WALL


@pytest.mark.parametrize(
    ("path", "main", "title", "head"),
    [
        ("/login?next=/x", "<h1>Log in</h1><form><input type=password></form><p>No account yet?</p>", "Log in", ""),
        ("/account", "<h1>Sign in</h1><form><input type=email></form><p>We will send a code.</p>", "Sign in", ""),
        ("/harbour/last-boat", "<article><h1>Last boat</h1><p>The ferry sails earlier.</p></article>", "x", WALL_LD),
        (
            "/harbour/last-boat",
            (
                "<h1>Last boat</h1><p>The ferry sails earlier.</p>"
                "<div class=paywall><h2>Subscribe to continue reading</h2>"
                "<p>Read the Courier for one euro in the first month, then 9.99, cancel at any time.</p></div>"
            ),
            "Last boat | Courier",
            "",
        ),
        (
            "/harbour/last-boat",
            "<h1>Are you a robot?</h1><p>We have detected unusual traffic.</p>",
            "Access denied",
            "",
        ),
        ("/harbour/last-boat", "<h1>Just a moment</h1><p>Checking your browser before accessing.</p>", "Wait", ""),
    ],
)
def test_logins_pay_walls_and_checks(path: str, main: str, title: str, head: str) -> None:
    assert _refused(path, main, title, head) is Reason.WALL


@pytest.mark.parametrize(
    ("path", "main", "head"),
    [
        ("/", TEASERS, ""),
        ("/", TEASERS, ARTICLE),
        ("/harbour", f"<h1>Harbour</h1>{TEASERS}", ""),
        ("/harbour", f"<h1>Harbour</h1>{TEASERS}", ARTICLE),
        ("/harbour", f"<h1>Harbour</h1>{TEASERS}", TEASER_LD),
        ("/tag/ferry", f"<h1>Ferry</h1><p>All our stories about the ferry.</p>{TEASERS}", ""),
        ("/authors/ida-lindqvist", f"<h1>Ida Lindqvist</h1><p>Ida writes about the harbour.</p>{TEASERS}", ""),
        ("/search?q=ferry", f"<h1>Search results for “ferry”</h1><p>152 results</p>{TEASERS}", ""),
        ("/?s=ferry", f"<h1>Suchergebnisse für: ferry</h1>{TEASERS}", ""),
    ],
)
def test_pages_of_teasers(path: str, main: str, head: str) -> None:
    assert _refused(path, main, "The Harbour Courier", head) is Reason.SECTION_PAGE


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Page not found"),
        ("de", "Seite nicht gefunden"),
        ("fr", "Page introuvable"),
        ("es", "Página no encontrada"),
        ("pt", "Página não encontrada"),
        ("it", "Pagina non trovata"),
        ("nl", "Pagina niet gevonden"),
        ("sv", "Sidan kunde inte hittas"),
        ("no", "Siden finnes ikke"),
        ("da", "Siden blev ikke fundet"),
        ("fi", "Sivua ei löytynyt"),
        ("pl", "Nie znaleziono strony"),
        ("cs", "Stránka nenalezena"),
        ("hu", "Az oldal nem található"),
        ("ro", "Pagina nu a fost găsită"),
        ("tr", "Sayfa bulunamadı"),
        ("ru", "Страница не найдена"),
        ("uk", "Сторінку не знайдено"),
        ("bg", "Страницата не е намерена"),
        ("el", "Η σελίδα δεν βρέθηκε"),
        ("he", "הדף לא נמצא"),
        ("ar", "الصفحة غير موجودة"),
        ("ja", "ページが見つかりません"),
        ("ko", "페이지를 찾을 수 없습니다"),
        ("zh", "页面不存在"),
        ("id", "Halaman tidak ditemukan"),
        ("vi", "Không tìm thấy trang"),
    ],
)
def test_error_pages_of_many_languages(lang: str, title: str) -> None:
    main = f"<h1>{title}</h1><p>{title}.</p>"
    assert _refused("/harbour/last-boat", main, f"{title} | The Harbour Courier", lang=lang) is Reason.ERROR_PAGE


@pytest.mark.parametrize(
    ("main", "head"),
    [
        (f"<h1>Page not found</h1><h3>Newest stories</h3>{TEASERS}", ""),
        ("<h1>404</h1><p>Page not found. Try our front page.</p>", ARTICLE),
    ],
)
def test_error_pages_that_offer_stories_or_call_themselves_articles(main: str, head: str) -> None:
    assert _refused("/harbour/last-boat", main, "404 - Page not found", head) is Reason.ERROR_PAGE


@pytest.mark.parametrize(
    ("path", "title", "head"),
    [
        ("/cookie-policy", "Cookie policy", ""),
        ("/datenschutz/", "Datenschutzerklärung", ""),
        ("/datenschutz/", "Datenschutzerklärung", ARTICLE),
        ("/terms-of-use.html", "The rules of this site", ""),
        ("/impressum", "Impressum", ""),
        ("/p/1234", "Contact us", ""),
        ("/newsletter", "Our newsletter", ""),
        ("/mentions-legales", "Mentions légales", ""),
        ("/pol%C3%ADtica-de-privacidad", "Privacidad", ""),
    ],
)
def test_pages_about_the_site_itself(path: str, title: str, head: str) -> None:
    assert _refused(path, f"<h1>{title}</h1>{TEXT}", f"{title} | The Harbour Courier", head) is Reason.SERVICE_PAGE


@pytest.mark.parametrize(
    ("main", "title", "reason"),
    [
        ("<h1>The regatta in pictures</h1>" + "<figure><img src=i.jpg></figure>" * 20, "The regatta", Reason.NO_TEXT),
        ("<h1>The regatta</h1><video src=x></video><p>All boats in one minute.</p>", "The regatta", Reason.MEDIA_PAGE),
        ("<h1>No results for “xyzzy”</h1><p>Please check the spelling.</p>", "Search", Reason.NO_TEXT),
        ("<h1>We will be back soon</h1><p>Our site is down for maintenance.</p>", "Maintenance", Reason.NO_TEXT),
    ],
)
def test_pages_without_a_text(main: str, title: str, reason: Reason) -> None:
    assert _refused("/harbour/x", main, title) is reason


@pytest.mark.parametrize(
    ("path", "main", "title", "head"),
    [
        ("/tech/google-keeps-cookies", f"<article><h1>Google keeps cookies</h1>{TEXT}</article>", "Google keeps", ""),
        (
            "/culture/404-show",
            f"<h1>Page not found: an art show about lost sites</h1>{TEXT}",
            "Page not found",
            ARTICLE,
        ),
        ("/harbour/last-boat", f"<form><input type=password></form><h1>Last boat</h1>{TEXT}", "Last boat", ""),
        (
            "/harbour/boat-sinks",
            "<h1>Boat sinks</h1><p>A boat sank at noon. Nobody was hurt, they say.</p>",
            "x",
            ARTICLE,
        ),
        ("/politik/datenschutz-wird-schwach", f"<h1>Datenschutz wird schwach</h1>{TEXT}", "Datenschutz", ARTICLE),
        ("/politik/thema/berlin/datenschutz", f"<h1>Der Datenschutz der anderen</h1>{TEXT}", "x", ""),
        ("/harbour/last-boat", f"<h1>Last boat</h1>{TEXT}<section><h2>More</h2>{TEASERS}</section>", "Last boat", ""),
        (
            "/harbour/storm",
            "<article><h1>Storm: live</h1>"
            + "".join(f"<h3>{i}:00</h3><p>Wave {i} reached the quay, and {i} boats left.</p>" for i in range(20))
            + "</article>",
            "Storm: live",
            '<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Storm: live"}</script>',
        ),
    ],
)
def test_articles_that_look_a_little_like_such_pages(path: str, main: str, title: str, head: str) -> None:
    assert _refused(path, main, title, head) is None
