"""robots.txt by RFC 9309: what may be fetched, how fast, and where the sitemaps are."""

import re
from codecs import BOM_UTF8
from typing import Self

from protego import Protego

from crawler.discovery.addresses import absolute
from crawler.discovery.payload import is_html

MAX_BYTES = 500 * 1024
"""What is read of a robots.txt; RFC 9309 2.5 asks for at least this."""

# Protego keeps a copy of each rule for each agent of its group: a group of ten thousand agents with as many rules fits
# in MAX_BYTES and would take all memory. The largest lists of crawlers in use have a few hundred agents.
_MAX_RULES = 1_000_000

# str.splitlines, which Protego uses, ends lines at these; RFC 9309 2.2 does not.
_NO_LINE_ENDS = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


class Robots:
    """The rules of one robots.txt.

    `agent` is a product token (`newsarchive`), not a whole User-Agent header. Matching is Protego's: the longest rule
    wins, Allow wins a tie, `*` and `$` mean what RFC 9309 2.2.3 says; a group also counts for products whose token
    begins with its name (a group `googlebot` for `googlebot-news`), where there is none of their own.
    """

    __slots__ = ("_rules", "sitemaps")

    def __init__(self, rules: Protego, sitemaps: tuple[str, ...]) -> None:
        self._rules = rules
        self.sitemaps = sitemaps
        """The addresses of the Sitemap lines, absolute, each once, in order."""

    @classmethod
    def parse(cls, body: bytes | str, url: str = "") -> Self:
        """The rules in the body of a robots.txt at `url`, to which relative Sitemap lines are relative.

        Reads at most `MAX_BYTES`; an HTML page, as many sites send for a missing file, has no rules.

        Raises: nothing.
        """
        if isinstance(body, str):
            body = body.encode("utf-8", "replace")
        # Always UTF-8 (RFC 9309 2.3). Protego compares octets: one that is not UTF-8 equals any other such octet.
        text = body[:MAX_BYTES].removeprefix(BOM_UTF8).decode("utf-8", "replace")
        if is_html(text):
            text = ""
        if len(body) > MAX_BYTES:
            # half a rule may forbid or allow much more than the whole one
            text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
        rules = Protego.parse(_affordable(_NO_LINE_ENDS.sub(" ", text)))
        announced = (absolute(value, url) for value in rules.sitemaps)
        return cls(rules, tuple(dict.fromkeys(address for address in announced if address)))

    def allowed(self, url: str, agent: str) -> bool:
        """Whether `agent` may fetch `url`; False for what is no URL.

        Raises: nothing.
        """
        try:
            return self._rules.can_fetch(url, agent)
        except ValueError:
            return False

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds between two requests of `agent`, finite and not negative; None where the file names none.

        Not in RFC 9309, but widely written; of several numbers in a group the last one counts.
        """
        return self._rules.crawl_delay(agent)


def sitemaps(text: str | bytes, base: str) -> tuple[str, ...]:
    """The addresses of the Sitemap lines of a robots.txt at `base`, absolute, each once, in order.

    Raises: nothing.
    """
    return Robots.parse(text, base).sitemaps


def _affordable(text: str) -> str:
    """The text up to where its groups would come to more than `_MAX_RULES` rules."""
    agents = rules = 0
    ended = False
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        start = line.lstrip()[:9].lower()
        if start.startswith("user"):
            agents = 1 if ended else agents + 1
            ended = False
        elif start.startswith(("allow:", "disallow:")):
            ended = True
        rules += agents
        if rules > _MAX_RULES:
            return "".join(lines[:number])
    return text
