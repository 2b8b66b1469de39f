import asyncio

import pytest

from crawler.middlewares.guard import is_public


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "localhost",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104  # nothing is bound to it
        "::1",
        "::ffff:127.0.0.1",
        "fe80::1",
        "fd00::1",
    ],
)
def test_private_addresses_in_every_spelling(host: str) -> None:
    assert asyncio.run(is_public(host)) is False


@pytest.mark.parametrize("host", ["93.184.216.34", "2606:4700::1111"])
def test_public_addresses(host: str) -> None:
    assert asyncio.run(is_public(host)) is True


def test_a_host_that_does_not_resolve_is_left_to_the_downloader() -> None:
    assert asyncio.run(is_public("no-such-host.invalid")) is True


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..b", ".", "\ud800.example", "x" * 300])
def test_what_cannot_be_a_host_is_left_to_the_downloader(host: str) -> None:
    assert asyncio.run(is_public(host)) is True
