"""How a crawl is getting on: a bar on a terminal, a log line a minute elsewhere."""

import asyncio
import contextlib
import logging
import sys
from functools import cache
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.frontier import Frontier
from crawler.spiders.news import NewsSpider

logger = logging.getLogger(__name__)

BAR_INTERVAL_S = 0.25
LOG_INTERVAL_S = 60.0


class Progress:
    """A Scrapy extension; the setting PROGRESS_BAR ("auto", true, false) says whether bars are drawn on stderr."""

    def __init__(self, crawler: Crawler) -> None:
        wish = crawler.settings.get("PROGRESS_BAR", "auto")
        self._bar = sys.stderr.isatty() if wish == "auto" else crawler.settings.getbool("PROGRESS_BAR")
        self._task: asyncio.Future[None] | None = None
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Progress":
        """Called by Scrapy. Raises NotConfigured for another spider than ours."""
        if not issubclass(crawler.spidercls, NewsSpider):
            raise NotConfigured
        return cls(crawler)

    def spider_opened(self, spider: NewsSpider) -> None:
        """Called by Scrapy."""
        self._task = asyncio.ensure_future((self._draw if self._bar else self._log)(spider))

    async def spider_closed(self) -> None:
        """Called by Scrapy."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _draw(self, spider: NewsSpider) -> None:
        bars = _bars()
        bar = bars.add_task(spider.source.name, total=None, state="looking for articles")
        bars.start()
        try:
            while True:
                counts = spider.frontier.counts
                bars.update(bar, completed=counts["fetched"], total=total(spider.frontier), state=state(counts))
                await asyncio.sleep(BAR_INTERVAL_S)
        finally:
            bars.update(bar, completed=spider.frontier.counts["fetched"], state=state(spider.frontier.counts))
            bars.stop_task(bar)
            if bars.finished or all(task.stop_time for task in bars.tasks):
                bars.stop()

    async def _log(self, spider: NewsSpider) -> None:
        started = monotonic()
        while True:
            await asyncio.sleep(LOG_INTERVAL_S)
            counts, frontier = spider.frontier.counts, spider.frontier
            rate = counts["fetched"] / (monotonic() - started)
            left_s = (total(frontier) - counts["fetched"]) / rate if rate else float("nan")
            logger.warning(
                "event=progress source=%s %s rate_per_s=%.1f left_s=%.0f",
                spider.source.name,
                state(counts),
                rate,
                left_s,
            )


@cache
def _bars() -> Bars:
    """The one set of bars on the terminal, shared by all crawls of the process."""
    return Bars(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[state]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def total(frontier: Frontier) -> int:
    """How many pages the crawl will have fetched at its end, as far as is known now."""
    return frontier.counts["fetched"] + max(0, frontier.counts["waiting"])


def state(counts: dict[str, int]) -> str:
    """The numbers beside the bar."""
    return " ".join(
        f"{name}={counts.get(key, 0)}"
        for name, key in (("found", "found"), ("articles", "new"), ("duplicates", "duplicate"), ("errors", "errors"))
    )
