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
        bars, frontier, started = _bars(), spider.frontier, monotonic()
        bar = bars.add_task(spider.source.name, total=None, state="looking for articles")
        bars.start()
        try:
            while True:
                await asyncio.sleep(BAR_INTERVAL_S)
                bars.update(
                    bar, completed=frontier.counts["pages"], total=total(frontier), state=state(frontier, started)
                )
        finally:
            bars.update(bar, completed=frontier.counts["pages"], total=total(frontier), state=state(frontier, started))
            bars.stop_task(bar)
            if all(task.stop_time for task in bars.tasks):
                bars.stop()

    async def _log(self, spider: NewsSpider) -> None:
        frontier, started = spider.frontier, monotonic()
        while True:
            await asyncio.sleep(LOG_INTERVAL_S)
            left = frontier.counts["waiting"] / (rate(frontier, started) or float("nan"))
            logger.warning(
                "event=progress source=%s %s left_s=%.0f", spider.source.name, state(frontier, started), left
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
    return frontier.counts["pages"] + max(0, frontier.counts["waiting"])


def rate(frontier: Frontier, started: float) -> float:
    """Pages a second since the crawl started, on the monotonic clock."""
    return frontier.counts["pages"] / max(0.001, monotonic() - started)


def state(frontier: Frontier, started: float) -> str:
    """The numbers beside the bar, and in the log."""
    names = {"found": "found", "articles": "new", "duplicates": "duplicate", "errors": "errors"}
    numbers = " ".join(f"{name}={frontier.counts[key]}" for name, key in names.items())
    return f"{numbers} rate_per_s={rate(frontier, started):.1f}"
