import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.urls import MAX_URL_LENGTH, canonical, is_front, is_same_host, same_site, site_of, spellings, story_name

ANYTHING = st.text(alphabet=st.characters(codec=None, categories=None))
HOSTS = st.sampled_from(["news.example", "münchen.example", "127.0.0.1:8000", "[::1]:81", "xn--mnchen-3ya.example"])
URLS = st.builds(
    "{}://{}/{}?{}#{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    HOSTS,
    st.text(max_size=20),
    st.text(max_size=20),
    st.text(max_size=5),
)


@given(ANYTHING | URLS, st.none() | ANYTHING | URLS)
def test_never_raises(url: str, base: str | None) -> None:
    canonical(url, base)
    assert isinstance(site_of(url), str)


@given(URLS)
def test_the_canonical_form_is_its_own(url: str) -> None:
    once = canonical(url)
    if once is not None:
        assert canonical(once) == once
        assert once.isascii()
        assert len(once) <= MAX_URL_LENGTH
        assert once.startswith(("http://", "https://"))
        assert "#" not in once


@pytest.mark.parametrize(
    "spelling",
    [
        "HTTPS://News.Example/a",
        "https://news.example:443/a",
        "https://user:secret@news.example/a",
        "https://news.example./a",
        "https://news.example/a#top",
        "https://news.example/b/../a",
        "https://news.example/a?utm_source=x&fbclid=1",
        "  https://news.example/a ",
    ],
)
def test_spellings_of_one_address(spelling: str) -> None:
    assert canonical(spelling) == "https://news.example/a"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/a", "https://news.example/A"),
        ("https://news.example/a", "https://news.example/a/"),
        ("https://news.example/a", "http://news.example/a"),
        ("https://news.example/a", "https://news.example/a?id=1"),
        ("https://news.example/a?cid=1", "https://news.example/a?cid=2"),
        ("https://news.example:8443/a", "https://news.example/a"),
        ("https://news.example/a?b=", "https://news.example/a"),
        ("https://news.example/a?gl=us", "https://news.example/a?gl=de"),
        ("https://news.example/a?q=%E9t", "https://news.example/a?q=%E8t"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert None not in {canonical(one), canonical(other)}
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("/a", "https://news.example/b/c", "https://news.example/a"),
        ("d", "https://news.example/b/c", "https://news.example/b/d"),
        ("//cdn.example/x", "https://news.example/", "https://cdn.example/x"),
        ("https://news.example/x/index.html", None, "https://news.example/x/"),
        ("https://news.example", None, "https://news.example/"),
        ("https://münchen.example/ä b", None, "https://xn--mnchen-3ya.example/%C3%A4%20b"),
        ("https://news.example/a?b=2&a=1", None, "https://news.example/a?a=1&b=2"),
        ("https://faß.example/", None, "https://xn--fa-hia.example/"),
        ("https://MÜNCHEN。example/", None, "https://xn--mnchen-3ya.example/"),
        ("https://i❤.example/", None, "https://xn--i-7iq.example/"),
        ("https://news.example/%c3%a4/%e4/%7Eb%2fc", None, "https://news.example/%C3%A4/%E4/~b%2Fc"),
        ("http://[2001:DB8::1]:80/", None, "http://[2001:db8::1]/"),
        ("https://news.example//x/a.html", None, "https://news.example//x/a.html"),
        ("https://news.example//x/../a.html", None, "https://news.example//a.html"),
        ("https://news.example/x/./index.html", None, "https://news.example/x/"),
        ("https://news.example/a?q=%e9t", None, "https://news.example/a?q=%E9t"),
        ("https://news.example/a?q=été b", None, "https://news.example/a?q=%C3%A9t%C3%A9%20b"),
        ("https://news.example/?12345", None, "https://news.example/?12345"),
        ("https://news.example/a?x=1;y=2", None, "https://news.example/a?x=1;y=2"),
        ("https://news.example/a?&b=a+c&&utm%5Fsource=x&_gl=1&", None, "https://news.example/a?b=a+c"),
    ],
)
def test_the_form(url: str, base: str | None, expected: str) -> None:
    assert canonical(url, base) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/a",
        "mailto:a@b.c",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.example/",
        "https://",
        "http://[::1",
        "http://a b/",
        "http://x.example:99999/",
        "http://\ud800/",
        "https://x.example/" + "a" * MAX_URL_LENGTH,
    ],
)
def test_what_is_no_address_of_a_page(url: str) -> None:
    assert canonical(url) is None


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.news.example.co.uk/a", "example.co.uk"),
        ("https://ann.github.io/", "ann.github.io"),
        ("http://localhost:8000/", "localhost:8000"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
        ("http://user@127.0.0.1:81/", "127.0.0.1:81"),
        ("https://www.faß.de/", "xn--fa-hia.de"),
        ("https://xn--fa-hia.de./x", "xn--fa-hia.de"),
        ("nonsense", ""),
    ],
)
def test_what_is_one_publisher(url: str, site: str) -> None:
    assert site_of(url) == site


def test_who_may_speak_for_whom() -> None:
    assert is_same_host("https://www.example.com/", "http://example.com/x")
    assert not is_same_host("https://amp.example.com/", "https://example.com/")
    assert not is_same_host("http://127.0.0.1:8000/", "http://127.0.0.1:8001/")
    assert not is_same_host("https://[::1/", "https://[::1/")
    assert same_site("https://amp.news.example.com/", "https://example.com/x")
    assert not same_site("https://ann.github.io/", "https://bob.github.io/")
    assert not same_site("https://example.com.evil.example/", "https://example.com/")
    assert not same_site("", "")


@given(
    st.builds(
        "{}://{}/{}{}".format,
        st.sampled_from(["http", "https"]),
        HOSTS | st.just("www.news.example:8000"),
        st.sampled_from(["", "a", "a/b", "a/b/"]),
        st.sampled_from(["", "?c", "?c=/"]),
    )
)
def test_the_spellings_of_an_address_are_those_of_each_other(url: str) -> None:
    if (own := canonical(url)) is not None:
        others = spellings(own)
        assert own not in others
        assert {canonical(other) for other in others} == set(others)
        for other in others:
            assert {other, *spellings(other)} == {own, *others}


def test_what_a_publisher_changes_without_moving_a_page() -> None:
    own = canonical("https://www.news.example/a?id=1")
    assert own is not None
    assert set(spellings(own)) == {
        f"{scheme}://{host}/a{slash}?id=1"
        for scheme in ("http", "https")
        for host in ("news.example", "www.news.example")
        for slash in ("", "/")
    } - {own}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("news/harbour-closed-4711815.html", "4711815"),
        ("c-10023/20260704/harbour-4711815", "4711815"),
        ("c-10023/4711815/20260704", "4711815"),
        ("2026/07/04/harbour", None),
        ("harbour?id=4711815", None),
        ("harbour-closed", None),
        ("2026/07/04/harbour-closed-until-spring/", "harbour-closed-until-spring"),
        ("print/2026/07/04/harbour-closed-until-spring.html", "harbour-closed-until-spring"),
        ("2026/07/04/harbour-closed-until-spring/mobile.html", "harbour-closed-until-spring"),
        ("2026-07-04/1-2-3", None),
        ("2026/гавань-до-весны", "%D0%B3%D0%B0%D0%B2%D0%B0%D0%BD%D1%8C-%D0%B4%D0%BE-%D0%B2%D0%B5%D1%81%D0%BD%D1%8B"),
    ],
)
def test_what_of_an_address_is_the_story_s(path: str, name: str | None) -> None:
    url = canonical(f"https://news.example/{path}")
    assert url is not None
    assert story_name(url) == name


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://news.example", True),
        ("https://news.example/#top", True),
        ("https://news.example/?p=7", False),
        ("https://news.example/en/", False),
    ],
)
def test_what_is_a_front_page(url: str, *, front: bool) -> None:
    assert is_front(url) is front
