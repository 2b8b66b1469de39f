"""The crawler that a user writes in an afternoon, to compare: sitemap, trafilatura in a pool, a commit an article."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import scrapy
import trafilatura
from scrapy.http import Response
from scrapy.utils.sitemap import Sitemap
from trafilatura.settings import Document


def extracted(body: bytes, url: str) -> dict[str, Any]:
    """What trafilatura makes of a page."""
    document = trafilatura.bare_extraction(body, url=url, with_metadata=True)
    if not isinstance(document, Document):
        return {}
    return {name: getattr(document, name) for name in ("title", "author", "date", "sitename", "description", "text")}


class NaiveSpider(scrapy.Spider):
    """`scrapy runspider benchmarks/naive_spider.py -a base=URL -a db=FILE`."""

    name = "naive"
    custom_settings = {  # noqa: RUF012  # as Scrapy's tutorial has it
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
    }

    def __init__(self, base: str, db: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base = base
        self.pool = ProcessPoolExecutor(2)
        self.db = sqlite3.connect(db)
        self.db.execute("CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, date TEXT, text TEXT, record TEXT)")

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The sitemap."""
        yield scrapy.Request(f"{self.base}/sitemap.xml", callback=self.parse_sitemap)

    def parse_sitemap(self, response: Response) -> Iterator[scrapy.Request]:
        """An index, or a part of it."""
        body = response.body
        if body[:2] == b"\x1f\x8b":
            import gzip  # noqa: PLC0415

            body = gzip.decompress(body)
        sitemap = Sitemap(body)
        callback = self.parse_sitemap if sitemap.type == "sitemapindex" else self.parse_article
        for entry in sitemap:
            yield scrapy.Request(entry["loc"], callback=callback)

    async def parse_article(self, response: Response) -> None:
        """Extract in the pool, store at once."""
        job = asyncio.get_running_loop().run_in_executor(self.pool, extracted, response.body, response.url)
        found = await job
        record = json.dumps(found, default=str)
        row = (response.url, found.get("title"), found.get("date"), found.get("text"), record)
        self.db.execute("INSERT OR IGNORE INTO articles VALUES (?, ?, ?, ?, ?)", row)
        self.db.commit()

    def closed(self, reason: str) -> None:  # noqa: ARG002  # Scrapy's signature
        """The end."""
        self.pool.shutdown()
        self.db.close()
