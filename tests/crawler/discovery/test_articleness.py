"""Addresses are invented, in the forms that publications and their systems use."""

from collections.abc import Sequence
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Link
from crawler.discovery.articleness import Kind, Verdict, judge, looks_like_article

HOME = "https://news.example/"


def link(path: str, text: str = "", *, in_navigation: bool = False, in_heading: bool = False) -> Link:
    return Link(
        url="https://news.example" + quote(path, safe="/?=&%+,!~;:@"),
        text=text,
        in_navigation=in_navigation,
        in_heading=in_heading,
    )


def verdict(path: str, text: str = "", *, in_navigation: bool = False, in_heading: bool = False) -> Verdict:
    return judge(link(path, text, in_navigation=in_navigation, in_heading=in_heading), home=HOME)


# One of each form that addresses of articles have.
ARTICLES: Sequence[str] = (
    "/2026/05/06/bread",
    "/2026/05/06/bread/",
    "/world/2026/05/06/bread-and-roses-17.html",
    "/2026/5/bread-prices-rise",
    "/2026/may/06/bread",
    "/n1/2026/0506/c1001-40223222.html",
    "/business/story/2026-05-06/bread-merger",
    "/world/20260506-OXT1T50218/",
    "/news/bread-prices-2026-05-06/",
    "/news/2026-05-bread.html",
    "/2026/bread-industry-launchpad",
    "/baker-who-fed-a-town-retires/",
    "/world/europe/baker-who-fed-a-town-retires",
    "/lebensmittelpreise-bundesregierung-krisensitzung",
    "/old-bread-prices.html",
    "/news,142489.html",
    "/sport/kluckers/74555143.html",
    "/article409954684/bread.html",
    "/bread/!5928990/",
    "/stories/3376705/",
    "/news/politics/11333783",
    "/News/Read/A2026051516330004328",
    "/article/3834/1",
    "/news/articles/clyxn8zyrp9o",
    "/doc.news.example.B2LA2G3",
    "/world/bread/141e61e9-8a07-42e4-a527-2f03f45e7ef0",
    "/artikel/baker-retires-again",
    "/news/news_view.html?idx=8576&page=1",
    "/?p=1234",
    "/index.php?article_id=991",
    "/category/world/baker-who-fed-a-town-retires",
    "/legal/government/court-rules-on-bread-2026-05-06/",
    "/политика/пекарь-который-кормил-город-уходит",
    "/新闻/北京市举行盛大的庆祝活动",
    "/news/भारत-में-चुनाव-के-नतीजे",
    "/news/898682/شعر-وردي-يشعل-السخرية-اليوم/ar",
    "/haberler/ekmek-fiyatlari-bugun-yeniden-artti",
)
# Pages of listings: what is read for further links.
SECTIONS: Sequence[str] = (
    "/",
    "/index.html",
    "/?utm_source=x",
    "/en/",
    "/de-at/",
    "/world/",
    "/us-news",
    "/world/europe",
    "/en/sport/football",
    "/life-and-style/",
    "/arts-and-entertainment/",
    "/science-and-technology",
    "/health-science-and-environment",
    "/real-estate-news/",
    "/category/politics/",
    "/category/politics/page/3/",
    "/rubrik/inland",
    "/2026/05/06/",
    "/2026/05/",
    "/2026/05/page/2/",
    "/archive/2026/05/06",
    "/latest",
    "/world/page-2",
    "/world?page=4",
    "/?cat=12",
    "/elections-2026/",
    "/sport/covid19",
    "/son-dakika",
    "/ultimas-noticias",
    "/国际",
    "/новости/",
    "/セクション/政治",
)
# What a link does not make an article, and a feed does.
ONLY_UNPROVEN: Sequence[str] = (
    "/a/b/c/d",
    "/podcasts/the-daily-bread-podcast",
    "/video/baker-who-fed-a-town-retires-1234567",
)
OTHERS: Sequence[str] = (
    "/tag/climate-change",
    "/tag/the-long-name-of-a-thing-in-the-news",
    "/topics/artificial-intelligence",
    "/tag/climate/page/2/",
    "/author/jane-doe/",
    "/autor/maria-lopez-12345",
    "/de/thema/krieg-um-das-brot-in-der-stadt",
    "/etiqueta/elecciones-generales",
    "/тег/выборы",
    "/標籤/選舉",
    "/?s=flood",
    "/search?q=flood",
    "/suche/brot",
    "/?author=3",
    "/?feed=rss2",
    "/video/",
    "/mediathek/",
    "/fotogalerie",
    "/feed/",
    "/2026/05/06/bread/feed/",
    "/rss.xml",
    "/sitemap.xml",
    "/images/2026/05/06/bread.jpg",
    "/docs/annual-report-on-bread-2026.pdf",
    "/static/app.1234567.js",
    "/about-us/",
    "/privacy-policy",
    "/terms-and-conditions",
    "/impressum",
    "/mentions-legales",
    "/quem-somos",
    "/login?next=/2026/05/06/bread",
    "/newsletters/",
    "/wp-json/wp/v2/posts/12345",
    *ONLY_UNPROVEN,
)


@pytest.mark.parametrize("path", ARTICLES)
def test_an_article_is_known_by_its_address_alone(path: str) -> None:
    assert verdict(path).kind is Kind.ARTICLE
    assert looks_like_article(link(path).url)


@pytest.mark.parametrize("path", SECTIONS)
def test_a_listing_is_no_article(path: str) -> None:
    assert verdict(path).kind is Kind.SECTION


@pytest.mark.parametrize("path", OTHERS)
def test_tags_people_services_media_and_files_are_neither(path: str) -> None:
    assert verdict(path).kind is Kind.OTHER


@pytest.mark.parametrize(
    "path",
    [
        *(path for path in OTHERS if path not in ONLY_UNPROVEN),
        *("/", "/en/", "/category/politics/", "/world/page/2", "/2026/05/06/", "/world/", "/latest", "/?cat=12"),
    ],
)
def test_even_a_feed_or_sitemap_is_not_believed_about(path: str) -> None:
    assert not looks_like_article(link(path).url)


@pytest.mark.parametrize(
    "path", ["/titan", "/a/b/c/d", "/video/baker-retires", "/bread-prices", "/w/17", "/world?id=7"]
)
def test_a_feed_or_sitemap_is_believed_in_doubt(path: str) -> None:
    assert looks_like_article(link(path).url)


HEADLINE = "The baker who fed a town for fifty years retires"


@pytest.mark.parametrize(
    ("path", "text", "in_navigation", "in_heading", "expected"),
    [
        # nothing in the address: only a headline that is set as one
        ("/titan", HEADLINE, False, True, Kind.ARTICLE),
        ("/titan", "북한이 오늘 새벽 동해상으로 탄도미사일을 발사했다", False, True, Kind.ARTICLE),
        ("/titan", "北京市今天举行盛大的庆祝活动", False, True, Kind.ARTICLE),
        ("/titan", HEADLINE, False, False, Kind.SECTION),
        ("/titan", "Science", False, True, Kind.SECTION),
        ("/titan", HEADLINE, True, True, Kind.SECTION),
        # half a proof: a headline that is no menu entry
        ("/old-town-baker", HEADLINE, False, False, Kind.ARTICLE),
        ("/old-town-baker", HEADLINE, True, False, Kind.SECTION),
        ("/old-town-baker", "Old Town", False, False, Kind.SECTION),
        # enough, unless it is an entry of a menu
        ("/middle-east-and-north-africa", "Middle East", True, False, Kind.SECTION),
        ("/middle-east-and-north-africa", HEADLINE, True, False, Kind.ARTICLE),
        ("/c/10234567", "Politics", True, False, Kind.SECTION),
        ("/c/10234567", "", True, False, Kind.ARTICLE),
        # a date is proof wherever it stands
        ("/2026/05/06/bread", "More", True, False, Kind.ARTICLE),
        # a headline does not make an article of a tag
        ("/tag/bread", HEADLINE, False, True, Kind.OTHER),
    ],
)
def test_the_link_decides_what_the_address_leaves_open(
    path: str, text: str, in_navigation: bool, in_heading: bool, expected: Kind
) -> None:
    assert verdict(path, text, in_navigation=in_navigation, in_heading=in_heading).kind is expected


def test_reasons_are_told_in_words() -> None:
    assert verdict("/world/2026/05/06/baker-who-fed-a-town-17.html").reason == (
        "a date in the path, a headline in the path, a page with an extension (.html)"
    )
    assert verdict("/tag/bread").reason == "a page of a subject or a person (tag)"
    assert verdict("/world/").reason == "the name of a section (world)"
    assert verdict("/bread-and-butter-prices").reason == (
        "a short path without date, number or headline, only a phrase in the path"
    )


def test_other_sites_and_the_home_page_are_told() -> None:
    other = Link(url="https://other.example/2026/05/06/bread", text="", in_navigation=False, in_heading=False)
    assert judge(other, home=HOME) == Verdict(kind=Kind.OTHER, reason="another site")
    start = "https://news.example/world/europe-and-the-wider-world-today/"
    assert judge(Link(url=start, text="", in_navigation=False, in_heading=False), home=start) == Verdict(
        kind=Kind.SECTION, reason="the home page"
    )


def test_what_is_no_address_is_no_article() -> None:
    assert not looks_like_article("http://[")
    assert not looks_like_article("")


@given(st.text(max_size=120), st.text(max_size=60), st.booleans(), st.booleans())
def test_any_address_is_judged(url: str, text: str, in_navigation: bool, in_heading: bool) -> None:
    for address in (url, "https://news.example/" + url, "https://news.example/?" + url):
        found = judge(
            Link(url=address, text=text, in_navigation=in_navigation, in_heading=in_heading),
            home="https://news.example/",
        )
        assert found.reason
        assert isinstance(looks_like_article(address), bool)


@given(st.lists(st.from_regex(r"[a-z0-9.\-_]{1,30}", fullmatch=True), min_size=1, max_size=6))
def test_a_percent_encoded_address_is_judged_as_the_plain_one(segments: list[str]) -> None:
    encoded = "/".join("".join(f"%{ord(c):02x}" for c in segment) for segment in segments)
    plain = "/".join(segments)
    assert looks_like_article(HOME + encoded) is looks_like_article(HOME + plain)
