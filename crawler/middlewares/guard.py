"""Where we connect: the site that the operator named, and public hosts that it leads to; nothing else."""

import asyncio
import ipaddress
import socket

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached

from crawler.failures import PrivateAddress
from crawler.wishes import Wishes


class GuardMiddleware:
    """Refuses what is not http(s), and hosts that the operator has not named and that are not public.

    Without this a feed or redirect could make the crawler read the operator's own network (server-side request
    forgery). The source itself, and feeds and sitemaps that its settings name, may be anywhere, loopback included: the
    operator named them.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._public: dict[str, bool] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GuardMiddleware":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises PrivateAddress for a request that must not be sent."""
        parts = urlparse_cached(request)
        if parts.scheme not in ("http", "https"):
            raise PrivateAddress(f"not http or https: {request.url}")
        wishes: Wishes | None = getattr(self._crawler.spider, "wishes", None)
        if wishes is not None and wishes.names(request.url):
            return
        host = parts.hostname or ""
        if host not in self._public:
            self._public[host] = await is_public(host)
        if not self._public[host]:
            raise PrivateAddress(f"{host} is not a public address")


async def is_public(host: str) -> bool:
    """Whether every address of the host is public; a host that does not resolve is left to the downloader to report."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # UnicodeError: a label that no DNS name can have
        return True
    addresses = (ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found)
    return all((getattr(address, "ipv4_mapped", None) or address).is_global for address in addresses)
