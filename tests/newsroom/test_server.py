"""The misbehaviours misbehave as announced, and the sites around them are sound."""

import gzip
import time
from http.client import BadStatusLine, HTTPConnection, HTTPException, IncompleteRead
from itertools import pairwise

import pytest

from crawler.demo.serving import Reply
from tests.newsroom import garbled, server
from tests.newsroom.server import BAD, OneBadPage, SmallSite
from tests.newsroom.wire import watched


def every_site() -> list[type[SmallSite]]:
    found, waiting = list[type[SmallSite]](), [SmallSite]
    while waiting:
        site = waiting.pop()
        found.append(site)
        waiting += site.__subclasses__()
    assert any(site.__module__ == garbled.__name__ for site in found)
    # tests elsewhere make sites of their own, some of which are not to serve their good articles
    return [site for site in found if site.__module__ in (server.__name__, garbled.__name__)]


def get(base: str, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection(base.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


@pytest.mark.parametrize("site", every_site())
def test_good_articles_are_served_by_every_site(site: type[SmallSite]) -> None:
    if site in {server.NothingIsHtml, server.NoArticles}:
        return
    paper = site()
    assert len(paper.good) >= 3
    for path, story in paper.good.items():
        reply = paper.reply(path, "", {})
        assert reply.status == 200
        assert story.lead.split()[0].encode() in reply.body


@pytest.mark.parametrize("site", every_site())
def test_every_site_announces_its_bad_pages(site: type[SmallSite]) -> None:
    assert set(site.bad) <= set(site().paths())


@pytest.mark.parametrize(
    ("site", "error"),
    [
        (server.Truncated, IncompleteRead),
        (server.ConnectionReset, ConnectionResetError),
        (server.BrokenChunks, HTTPException),
        (server.NoHttp, BadStatusLine),
    ],
)
def test_connections_break(site: type[OneBadPage], error: type[Exception]) -> None:
    with watched(site()) as (base, _):
        with pytest.raises(error):
            get(base, BAD)
        assert get(base, next(iter(site().good)))[0] == 200


def test_slow_drip_takes_its_time() -> None:
    with watched(server.SlowDrip(pause_s=0.02, drops=5)) as (base, _):
        before = time.monotonic()
        assert get(base, BAD) == (200, b" " * 5)
        assert time.monotonic() - before >= 5 * 0.02


def test_busy_asks_for_patience_and_then_answers() -> None:
    site = server.Busy(status=429, retry_after="7", times=2)
    first, second, third = (site.reply(BAD, "", {}) for _ in range(3))
    assert [first.status, second.status, third.status] == [429, 429, 200]
    assert first.headers["Retry-After"] == "7"


def test_redirect_loop_goes_round() -> None:
    first, second = server.RedirectLoop.bad
    site = server.RedirectLoop()
    assert site.reply(first, "", {}).headers["Location"] == second
    assert site.reply(second, "", {}).headers["Location"] == first


def test_huge_page_is_as_large_as_asked() -> None:
    assert 3_000_000 < len(server.HugePage(megabytes=3).reply(BAD, "", {}).body) < 4_000_000


def test_gzip_bomb_is_small_on_the_wire() -> None:
    with watched(server.GzipBomb()) as (base, _):
        _, packed = get(base, BAD)
    assert len(packed) < 100_000
    assert len(gzip.decompress(packed)) > 60_000_000


def test_hostile_characters_are_on_the_page() -> None:
    site = garbled.HostileCharacters()
    bodies = [site.reply(path, "", {}).body for path in site.bad]
    for body, mark in zip(bodies, (b"\x00", b"&#xD800;", b"\xed\xa0\x80", b"\\ud83d"), strict=True):
        assert mark in body
    assert b"\x00" in site.reply("/feed.xml", "", {}).body


def test_charsets_are_what_the_table_says() -> None:
    site = garbled.WrongCharsets()
    for number, (path, (encoding, content_type, _)) in enumerate(site.PAGES.items()):
        reply = site.reply(path, "", {})
        assert reply.headers.get("Content-Type", "") == content_type
        assert f"{site.TITLE} {number}" in reply.body.decode(encoding)


def test_diary_counts_repeats_and_gaps() -> None:
    with watched(SmallSite()) as (base, diary):
        for path in ("/", "/feed.xml", "/?page=2", "/"):
            get(base, path)
    assert diary.count("/") == 2
    assert diary.count("/?page=2") == 1
    assert diary.repeated() == ["/"]
    assert diary.gaps() == [later.at - earlier.at for earlier, later in pairwise(diary.visits)]
    assert all(gap > 0 for gap in diary.gaps())
    assert diary.visits[0].headers["host"] == base.removeprefix("http://")


def test_diary_hands_replies_on_unchanged() -> None:
    with watched(SmallSite()) as (_, diary):
        assert diary.reply("/nowhere", "", {}) == Reply(
            status=404,
            headers={"Content-Type": server.HTML},
            body=server.page("Not found", "<h1>Not found</h1>").encode(),
        )
