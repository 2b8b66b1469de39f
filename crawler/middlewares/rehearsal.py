"""A dry run: articles are asked for as ever, but not beyond the point where the network begins."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.failures import Rehearsed


class RehearsalMiddleware:
    """With the setting DRY_RUN, ends the request of an article that nothing has refused; discovery's pass."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RehearsalMiddleware":
        """Called by Scrapy. Raises NotConfigured for a crawl that is meant."""
        if not crawler.settings.getbool("DRY_RUN"):
            raise NotConfigured
        return cls()

    def process_request(self, request: Request) -> None:
        """Raises Rehearsed for an article."""
        if "archive_url" in request.meta:
            raise Rehearsed(f"this is a dry run: {request.url}")
