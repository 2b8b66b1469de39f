"""Scrapy's scheduler with the frontier behind it: articles come from the table `urls` when the downloader has room."""

from scrapy import Request, Spider
from scrapy.core.scheduler import Scheduler
from twisted.internet.defer import Deferred

from archive.errors import StoreError
from archive.models import Reason
from archive.urls import MAX_URL_LENGTH, canonical, same_site
from crawler.spiders.news import NewsSpider


class FrontierScheduler(Scheduler):
    """Serves discovery's requests first (they are few, and bring the rest), then articles, one at a time.

    An article's request is made only when it is about to be sent: memory does not grow with the size of a site, and
    what was not sent when the crawl ends is still waiting in the table.
    """

    spider: NewsSpider

    def open(self, spider: Spider) -> Deferred[None] | None:
        """Called by the engine. Raises TypeError for a spider that has no frontier."""
        if not isinstance(spider, NewsSpider):
            raise TypeError(f"FrontierScheduler serves the spider 'news', not {spider.name!r}")
        return super().open(spider)

    def has_pending_requests(self) -> bool:
        """Whether a request is queued or an address is waiting."""
        return super().has_pending_requests() or self.spider.frontier.has_waiting()

    def next_request(self) -> Request | None:
        """The next request of discovery, else of the next waiting address."""
        request = super().next_request()
        if request is None and (entry := self.spider.frontier.take()):
            request = self.spider.article_request(*entry)
        return request

    def enqueue_request(self, request: Request) -> bool:
        """Queue a request; a redirected article only where it stays on the site and is not fetched already."""
        if request.meta.get("redirect_urls"):
            # what was said of one address holds for no other
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)
        try:
            if "archive_url" in request.meta and request.meta.get("redirect_urls") and not self._may_follow(request):
                return False
        except StoreError as error:
            self.spider.stop(error)
            return False
        return super().enqueue_request(request)

    def _may_follow(self, request: Request) -> bool:
        frontier, url = self.spider.frontier, request.meta["archive_url"]
        target = canonical(request.url)
        chain = request.meta.setdefault("archive_chain", [url])
        if request.url in request.meta["redirect_urls"] and not self.spider.settings.getbool("COOKIES_ENABLED"):
            # what has not changed on the way round will not change on the next one
            frontier.fail(url, Reason.REDIRECT_LOOP, *chain)
            return False
        if target is None or not same_site(target, self.spider.source.url):
            is_long = len(request.url) > MAX_URL_LENGTH
            frontier.fail(url, Reason.TOO_LONG if is_long else Reason.REDIRECTED_AWAY, *chain)
            return False
        # A retried request, or a redirect in a circle (which may set a cookie), comes back to what it has claimed.
        if target not in chain and not frontier.claim(url, target):
            return False
        request.meta["archive_chain"] = [*chain, target]
        return True
