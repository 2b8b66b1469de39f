"""Header fields and cookies that the operator has set for a source: on requests to its own host, and on no other."""

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.wishes import Wishes


class FieldsMiddleware:
    """Puts the fields on each request as it is sent, and takes off what a redirect has carried along."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "FieldsMiddleware":
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Called by Scrapy. Raises: nothing."""
        wishes: Wishes | None = getattr(self._crawler.spider, "wishes", None)
        if wishes is None:
            return
        for name in wishes.field_names:
            request.headers.pop(name, None)
        for name, value in wishes.fields(request.url):
            request.headers[name] = value.encode("latin-1")
