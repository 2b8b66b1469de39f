"""What most likely lies behind what a source's crawls met, in words, and the command that helps. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from archive.models import Reason

NOTHING_ANNOUNCED = "nothing announced"
"""The trouble of a crawl that reached its site, and met neither a feed nor a sitemap nor a link to an article."""


class Ailment(StrEnum):
    """What can be wrong with a source; the name of an alarm in JSON and in metrics."""

    NOT_CRAWLED = "not_crawled"
    NOT_REACHED = "not_reached"
    NOTHING_NEW = "nothing_new"
    FEWER_ARTICLES = "fewer_articles"
    NO_TEXT = "pages_without_text"
    WALLED = "pages_behind_walls"
    FORBIDDEN = "forbidden_by_robots_txt"
    REFUSED = "refused_by_the_server"
    SERVER_ERRORS = "server_errors"
    NO_ANSWER = "no_answer"
    THROTTLED = "throttled"
    NOT_FOUND = "addresses_not_found"
    NO_ARTICLES = "pages_of_no_article"
    NO_AUTHORS = "missing_authors"
    NO_DATES = "missing_dates"
    SITE_TITLES = "titles_of_the_site"
    SHORTER = "shorter_texts"
    GONE = "articles_missing"
    LIST_FAILING = "list_failing"
    CLOCK = "clock"

    @property
    def words(self) -> str:
        """The name for a person."""
        return self.value.replace("_", " ")


class Cause(NamedTuple):
    """What is likely, and what helps. In `help` stand `{source}`, `{url}` and `{example}` for what is concerned."""

    told: str
    help: str


PAGES: Mapping[Ailment, frozenset[Reason]] = MappingProxyType(
    {
        Ailment.NO_TEXT: frozenset(
            {Reason.NO_TEXT, Reason.EMPTY, Reason.EXTRACTION_FAILED, Reason.EXTRACTION_TIMEOUT, Reason.WORKER_DIED}
        ),
        Ailment.WALLED: frozenset({Reason.WALL}),
        Ailment.FORBIDDEN: frozenset({Reason.ROBOTS}),
        Ailment.REFUSED: frozenset({Reason.HTTP_REFUSED}),
        Ailment.SERVER_ERRORS: frozenset({Reason.HTTP_ERROR}),
        Ailment.NO_ANSWER: frozenset({Reason.DNS, Reason.CONNECTION, Reason.TIMEOUT, Reason.TRUNCATED}),
        Ailment.THROTTLED: frozenset({Reason.BUSY}),
        Ailment.NOT_FOUND: frozenset({Reason.HTTP_GONE, Reason.ERROR_PAGE, Reason.REDIRECTED_AWAY}),
        Ailment.NO_ARTICLES: frozenset(
            {Reason.SECTION_PAGE, Reason.SERVICE_PAGE, Reason.MEDIA_PAGE, Reason.NOT_HTML, Reason.TOO_LARGE}
        ),
    }
)
"""The ailments that show in what became of the pages that were asked for, by the reasons that count for each."""

NOT_ASKED = frozenset(
    {
        Reason.OFF_SITE,
        Reason.NOT_ARTICLE_URL,
        Reason.OLDER,
        Reason.EXCLUDED,
        Reason.PRIVATE_ADDRESS,
        Reason.TOO_LONG,
        Reason.SAME_ARTICLE,
        Reason.REDIRECT_KNOWN,
        Reason.TAKEN_DOWN,
        Reason.REHEARSED,
    }
)
"""Reasons for which no page was asked for."""

_SHOW = "newsarchive sources show {source}"
_ONE = "newsarchive explain {example}, and look at the page in a browser"
_LAYOUT = "the layout has changed: texts are elsewhere in the page, or made by scripts"
_ROBOTS = Cause(
    "robots.txt forbids now what it allowed",
    "look at {url}robots.txt; write to the publisher; to stop asking: newsarchive sources edit {source} --disable",
)
_THROTTLED = Cause(
    "the server asks to be left alone (Retry-After): it is overloaded, or we ask too often",
    "crawl it less often, or slower: newsarchive crawl {source} -s DOWNLOAD_DELAY=5",
)

CAUSES: Mapping[Ailment, Cause] = MappingProxyType(
    {
        Ailment.NOT_CRAWLED: Cause(
            "the schedule or this machine stands still, or crawls are killed before they end",
            "newsarchive crawl {source}; then look at the scheduler's log (crontab -l, systemctl list-timers)",
        ),
        Ailment.NOTHING_NEW: Cause(
            "feeds and sitemaps answer and name nothing new: the feed is dead, the articles are elsewhere now, or the "
            "paper pauses",
            "compare {url} in a browser with newsarchive crawl {source} --dry-run",
        ),
        Ailment.FEWER_ARTICLES: Cause(
            "a feed, a sitemap or a section is not read any more, or the paper publishes less",
            "newsarchive audit {source} --since 14d",
        ),
        Ailment.NO_TEXT: Cause(_LAYOUT, "newsarchive crawl {example}; after an upgrade: newsarchive reextract"),
        Ailment.WALLED: Cause("the site has put up a login, consent or pay wall", "look at {example} in a browser"),
        Ailment.FORBIDDEN: _ROBOTS,
        Ailment.REFUSED: Cause(
            "the server refuses us: it blocks crawlers or this machine's address, or wants a login",
            "look at {example} in a browser; set NEWSARCHIVE_CONTACT, and write to the publisher",
        ),
        Ailment.SERVER_ERRORS: Cause(
            "the server fails (5xx)", "it is asked again by itself; newsarchive audit {source} lists what is left out"
        ),
        Ailment.NO_ANSWER: Cause(
            "the server does not answer, or not in time: it is down, slow, or drops us",
            "curl -I {example}; if it is only slow: newsarchive crawl {source} -s DOWNLOAD_TIMEOUT=120",
        ),
        Ailment.THROTTLED: _THROTTLED,
        Ailment.NOT_FOUND: Cause(
            "feeds and sitemaps name addresses that lead nowhere: the site changes its addresses, or its feed is old",
            "look at {example} in a browser; newsarchive audit {source}",
        ),
        Ailment.NO_ARTICLES: Cause(
            "what is announced are listings, media or files: the feed or the layout has changed",
            "look at {example} in a browser; newsarchive audit {source}",
        ),
        Ailment.NO_AUTHORS: Cause("the layout has changed: bylines are marked in another way, or gone", _ONE),
        Ailment.NO_DATES: Cause("the layout has changed: dates are marked in another way, or gone", _ONE),
        Ailment.SITE_TITLES: Cause(
            "the layout has changed: what is taken for the title is the same on all pages", _ONE
        ),
        Ailment.SHORTER: Cause(
            "texts are cut off: the layout has changed, or a pay wall shows the beginning only", _ONE
        ),
        Ailment.GONE: Cause(
            "the site changes its addresses, or takes down what it had", "newsarchive audit {source}; the view `gone`"
        ),
        Ailment.LIST_FAILING: Cause("the feed or sitemap is dead or has moved", f"curl -I {{example}}; {_SHOW}"),
        Ailment.CLOCK: Cause(
            "the site dates its articles ahead, or this machine's clock is slow", "date -u; timedatectl status"
        ),
    }
)

_UNREACHED: Mapping[str, Cause] = MappingProxyType(
    {
        Reason.ROBOTS: _ROBOTS,
        Reason.ROBOTS_UNAVAILABLE: Cause(
            "robots.txt answers with server errors, which forbids everything (RFC 9309)", "curl -I {url}robots.txt"
        ),
        Reason.BUSY: _THROTTLED,
        Reason.DNS: Cause(
            "the site is gone or has moved: its host name is not known",
            "if it has moved: newsarchive sources add NEW-ADDRESS; if it is gone: newsarchive sources edit {source} "
            "--disable",
        ),
        Reason.CONNECTION: Cause(
            "the site is gone, moved or down: its server does not answer", f"curl -I {{url}}; {_SHOW}"
        ),
        Reason.TIMEOUT: Cause("the server does not answer in time", f"curl -I {{url}}; {_SHOW}"),
        Reason.HTTP_GONE: Cause("the site is gone or has moved: its address leads nowhere", _SHOW),
        Reason.HTTP_REFUSED: CAUSES[Ailment.REFUSED]._replace(
            help="look at {url} in a browser; set NEWSARCHIVE_CONTACT"
        ),
        Reason.HTTP_ERROR: Cause("the server fails (5xx)", f"curl -I {{url}}; {_SHOW}"),
        Reason.REDIRECTED_AWAY: Cause(
            "the site has moved: its address leads to another site",
            "curl -I {url}; if that is the same publication: newsarchive sources add NEW-ADDRESS",
        ),
        Reason.WALL: Cause("the front page is a login, consent or pay wall", "look at {url} in a browser"),
        NOTHING_ANNOUNCED: Cause(
            "the front page names no feed and no article any more: its layout has changed, or is made by scripts",
            "look at {url} in a browser for its feed or sitemap",
        ),
    }
)


def of_unreached(trouble: str, *, told_to_wait: bool) -> Cause:
    """Why a site could not be crawled, from the trouble that its crawls noted. Raises: nothing."""
    if told_to_wait and trouble not in (Reason.ROBOTS, Reason.REDIRECTED_AWAY):
        return _THROTTLED
    return _UNREACHED.get(trouble, Cause(f"its front page could not be read: {trouble}", _SHOW))


NETWORK = frozenset({Reason.DNS, Reason.CONNECTION, Reason.TIMEOUT})
OUR_NETWORK = Cause(
    "no source can be reached: this machine's network or name service is down", "ping; resolvectl status"
)
"""Where every source fails in the same way at the same time, none of them is to blame."""
