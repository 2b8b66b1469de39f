import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.robots import MAX_BYTES, Robots, sitemaps

SITE = "https://news.example"
AGENT = "newsarchive"


def allowed(rules: bytes, path: str, agent: str = AGENT) -> bool:
    return Robots.parse(rules).allowed(SITE + path, agent)


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        (b"User-agent: *\nDisallow: /private/\n", "/private/a", False),
        (b"User-agent: *\nDisallow: /private/\n", "/public", True),
        (b"User-agent: *\nDisallow:\n", "/a", True),
        (b"User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", True),
        (b"User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", True),
        (b"User-agent: *\nDisallow: /*.pdf$\n", "/x/y.pdf", False),
        (b"User-agent: *\nDisallow: /*.pdf$\n", "/x/y.pdf?a", True),
        (b"User-agent: *\nDisallow: /*?print=\n", "/x?print=1", False),
        (b"User-agent: *\nDisallow: /stra%C3%9Fe\n", "/straße", False),
        ("User-agent: *\nDisallow: /straße\n".encode(), "/stra%c3%9fe", False),
        (b"User-agent: *\nDisallow: /caf\xe9\n", "/caf%E9", False),
        (b"User-agent: *\nDisallow: /robots.txt\n", "/robots.txt", True),
        (b"Disallow: /\n", "/a", True),
        (b"", "/a", True),
    ],
)
def test_rules_mean_what_rfc_9309_says(rules: bytes, path: str, *, expected: bool) -> None:
    assert allowed(rules, path) is expected


def test_the_own_group_counts_before_that_of_all_and_is_found_in_any_case() -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: NewsArchive\nUser-agent: other\nDisallow: /x\n"
    assert allowed(rules, "/a")
    assert not allowed(rules, "/x")
    assert not allowed(rules, "/a", "somebody")


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_do_not_matter(line_end: bytes, bom: bytes) -> None:
    rules = bom + line_end.join([b"User-agent: *", b"Disallow: /a # why", b"Crawl-delay: 2.5"])
    assert not allowed(rules, "/a")
    assert Robots.parse(rules).crawl_delay(AGENT) == 2.5


def test_characters_that_only_python_takes_for_line_ends_do_not_make_rules() -> None:
    assert allowed("User-agent: *\nDisallow: /a\u2028Disallow: /b\n".encode(), "/b")


def test_an_html_page_in_place_of_robots_txt_has_no_rules() -> None:
    page = b"<!doctype html>\n<pre>\nUser-agent: *\nDisallow: /\nSitemap: /s.xml\n</pre>"
    assert allowed(page, "/a")
    assert sitemaps(page, SITE) == ()


def test_what_is_past_the_limit_is_left_with_the_line_that_it_cuts() -> None:
    rules = b"User-agent: *\nDisallow: /kept\n"
    padding = b"#" * (MAX_BYTES - len(rules) - len(b"\nDisallow: /cu")) + b"\n"
    body = rules + padding + b"Disallow: /cut-in-two\nDisallow: /after\n"
    assert [allowed(body, path) for path in ("/kept", "/cu", "/cut-in-two", "/after")] == [False, True, True, True]


@pytest.mark.parametrize("delay", ["-1", "nan", "inf", "soon", ""])
def test_a_crawl_delay_that_is_no_number_of_seconds_is_none(delay: str) -> None:
    assert Robots.parse(f"User-agent: *\nCrawl-delay: {delay}\n".encode()).crawl_delay(AGENT) is None


def test_sitemap_lines_are_found_anywhere_made_absolute_and_each_once() -> None:
    text = (
        "Sitemap: https://news.example/a.xml\nUser-agent: *\nDisallow: /x\nsitemap: /b.xml\n"
        "SITEMAP:https://cdn.example/c.xml.gz\nSitemap: https://news.example/a.xml\nSitemap: javascript:x\nSitemap:\n"
        "Allow: /x/y\n"
    )
    expected = ("https://news.example/a.xml", "https://news.example/b.xml", "https://cdn.example/c.xml.gz")
    assert sitemaps(text, f"{SITE}/robots.txt") == expected
    assert sitemaps(text.encode(), f"{SITE}/robots.txt") == expected
    rules = Robots.parse(text.encode())
    assert rules.sitemaps == (expected[0], expected[2])
    assert rules.allowed(f"{SITE}/x/y", AGENT)


def test_many_agents_with_many_rules_do_not_fill_the_memory() -> None:
    body = b"".join(b"User-agent: a%d\n" % i for i in range(15_000)) + b"allow:/\n" * 30_000
    tracemalloc.start()
    try:
        rules = Robots.parse(body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rules.allowed(f"{SITE}/a", AGENT)
    assert peak < 100_000_000


def test_a_long_list_of_agents_as_sites_have_them_keeps_all_its_rules() -> None:
    body = b"".join(b"User-agent: bot%d\n" % i for i in range(400))
    body += b"".join(b"Disallow: /path/%d\n" % i for i in range(400)) + b"\nUser-agent: *\nDisallow: /last\n"
    assert not allowed(body, "/path/399", "bot399")
    assert not allowed(body, "/last")


def test_what_is_no_url_is_not_allowed() -> None:
    assert not Robots.parse(b"User-agent: *\nDisallow: /a\n").allowed("http://[", AGENT)


@given(st.binary(max_size=2_000), st.text(max_size=100), st.text(max_size=20))
def test_any_bytes_are_rules(body: bytes, url: str, agent: str) -> None:
    for rules in (Robots.parse(body, SITE), Robots.parse(b"User-agent: *\nDisallow: /" + body, url)):
        assert isinstance(rules.allowed(url, agent), bool)
        delay = rules.crawl_delay(agent)
        assert delay is None or delay >= 0
        assert all(sitemap.startswith(("http://", "https://")) for sitemap in rules.sitemaps)
