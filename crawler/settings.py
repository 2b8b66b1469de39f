"""Scrapy's settings for every crawl: polite and bounded by default, each overridable with `-s NAME=VALUE`."""

import os
from importlib.metadata import version

from archive.config import Config

_config = Config.from_environment(os.environ)

BOT_NAME = "newsarchive"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# --- the archive -----------------------------------------------------------------------------------------------------
NEWSARCHIVE_DB = str(_config.db)
# Whether every response is kept as a WARC record, in a directory beside the database.
WARC_ENABLED = True
# Processes that extract; 0 does it in the crawling process itself.
EXTRACTION_PROCESSES = os.cpu_count() or 1
# Seconds that one page may take in a worker; a large one takes one.
EXTRACTION_TIMEOUT = 30

# Whether articles are not fetched, but only counted as such; `crawl --dry-run` sets it, for an archive of its own.
DRY_RUN = False

# Seconds for which an article must have been missing, at least, before it counts as gone.
GONE_CONFIRM_SECONDS = 3_600

# --- polite ----------------------------------------------------------------------------------------------------------
# The first word is what robots.txt rules are matched against (RFC 9309, 2.2.1).
USER_AGENT = f"newsarchive/{version('newsarchive')} (+{_config.contact or 'operator has set no NEWSARCHIVE_CONTACT'})"
ROBOTSTXT_OBEY = True
# Sites that one command crawls at the same time; the sources of one site come one after the other.
CONCURRENT_CRAWLS = 8
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Seconds from the start of one request to a host to the start of the next; Crawl-delay and a slow server lengthen it.
DOWNLOAD_DELAY = 1.0
# No jitter: it would also shorten the delay that we promise.
DOWNLOAD_DELAY_JITTER = 0.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = DOWNLOAD_DELAY
AUTOTHROTTLE_MAX_DELAY = 60.0
# The longest Retry-After (seconds) that a crawl waits for; beyond it the URL is left to the next crawl.
RETRY_AFTER_MAX = 120.0
# The longest Crawl-delay (seconds) that is obeyed to the letter; some sites ask for hours by mistake.
CRAWL_DELAY_MAX = 60.0
RETRY_TIMES = 2
COOKIES_ENABLED = False
# A response gives one item; Scrapy starts so many tasks for each response.
CONCURRENT_ITEMS = 1

# --- bounded ---------------------------------------------------------------------------------------------------------
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# The sitemap protocol allows 50 MB a file, uncompressed.
SITEMAP_MAXSIZE = 50 * 1024 * 1024
# Sitemap files, and section pages, that one crawl reads at most.
SITEMAPS_MAX = 1_000
SECTIONS_MAX = 200
# How far from the home page sections are followed, and how deep sitemap indexes nest.
SECTION_DEPTH_MAX = 3
SITEMAP_DEPTH_MAX = 3
REDIRECT_MAX_TIMES = 10
# To look for `meta refresh` Scrapy decodes every page, charset detection included, in the crawling process: a fifth of
# its time. Such a page is captured as it is, and recorded as one without text.
METAREFRESH_ENABLED = False
DNS_TIMEOUT = 20

# --- the rooms -------------------------------------------------------------------------------------------------------
SCHEDULER = "crawler.scheduler.FrontierScheduler"
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.guard.GuardMiddleware": 60,
    # ours reads the Sitemap lines and Crawl-delay too, and takes an unreachable robots.txt for a no (RFC 9309, 2.3.1.4)
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.politeness.RobotsMiddleware": 100,
    "crawler.middlewares.rehearsal.RehearsalMiddleware": 110,
    # before Scrapy's own header fields (400), which leave alone what is there
    "crawler.middlewares.fields.FieldsMiddleware": 120,
    # inside Scrapy's RetryMiddleware (550), so that it has seen the answer before that asks again
    "crawler.middlewares.politeness.RetryAfterMiddleware": 560,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.packed.UnpackingMiddleware": 590,
    # inside of that (590): what is kept is what was sent
    "crawler.middlewares.capture.CaptureMiddleware": 900,
    # which sites are asked is the frontier's to say, and the guard's
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
}
# Every status comes to the spider: what a server refuses is part of the history. How deep links are followed is counted
# by sections.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
ITEM_PIPELINES = {
    "crawler.pipelines.KnownPipeline": 50,
    "crawler.pipelines.PreparePipeline": 100,
    "crawler.pipelines.IngestPipeline": 200,
}
EXTENSIONS = {
    "crawler.progress.Progress": 500,
}
# Of Scrapy's own those that do something here. The others, switched off, are loaded none the less, and with them a
# telnet server and a web server: a sixth of the time in which a crawl starts.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
DOWNLOADER_STATS = False

# --- quiet -----------------------------------------------------------------------------------------------------------
LOG_LEVEL = "INFO"
# How the commands write their log: text, or json (crawler/logs.py); plain `scrapy crawl` writes as Scrapy does.
LOG_LINES = "text"
LOG_VERSIONS: list[str] = []
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"
