"""What is packed stays packed until it is read: the process that extracts an article unpacks its page as well."""

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response


class UnpackingMiddleware(HttpCompressionMiddleware):
    """Takes the content codings off what this process reads: feeds, sitemaps, robots.txt and pages of links.

    Taken off here, those of an article's page would cost the crawling process a tenth of its time, and four times the
    bytes on the way to the other.
    """

    def process_response(  # type: ignore[override]  # Scrapy's own has a deprecated argument more
        self, request: Request, response: Response
    ) -> Request | Response:
        """The response, unpacked unless it is an article's."""
        if "archive_url" in request.meta:
            return response
        unpacked: Request | Response = super().process_response(request, response)
        return unpacked
