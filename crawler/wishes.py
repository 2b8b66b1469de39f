"""What the operator has set of a source, read and checked before its crawl begins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from archive.errors import ConfigError
from archive.models import Source
from archive.revisiting import plan_of
from archive.settings import Settings, is_field_value, settings_of
from archive.urls import is_same_host, same_site


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How one source is to be crawled."""

    home: str
    settings: Settings
    cookies: str | None = None
    """The Cookie field for the source's host."""

    def fields(self, url: str) -> Iterator[tuple[str, str]]:
        """The header fields that a request to this address bears. Raises: nothing.

        They are for the source's own host (with www. or without), and never for a connection less safe than its own.
        """
        asked, home = urlsplit(url), urlsplit(self.home)
        if not is_same_host(url, self.home) or (home.scheme == "https" and asked.scheme != "https"):
            return
        yield from self.settings.headers.items()
        if self.cookies is not None:
            yield "Cookie", self.cookies

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of all header fields that some request may bear."""
        return (*self.settings.headers, *(("Cookie",) if self.cookies is not None else ()))

    def set_pace(self, configured: BaseSettings) -> None:
        """Sets the source's own delay in the settings of its crawl; what the command line says goes before it."""
        delay_s = self.settings.delay_s
        if delay_s is not None:
            configured.set("DOWNLOAD_DELAY", delay_s, priority="spider")
            configured.set("AUTOTHROTTLE_START_DELAY", delay_s, priority="spider")
            longest_s = max(delay_s, configured.getfloat("AUTOTHROTTLE_MAX_DELAY"))
            configured.set("AUTOTHROTTLE_MAX_DELAY", longest_s, priority="spider")

    def names(self, url: str) -> bool:
        """Whether an address is on a site that the operator has named: it may be anywhere. Raises: nothing."""
        named = (self.home, *(self.settings.feeds or ()), *(self.settings.sitemaps or ()))
        return any(same_site(url, one) for one in named)


def wishes_of(source: Source, environ: Mapping[str, str]) -> Wishes:
    """The wishes of a source; its cookies are in the environment.

    Raises: ConfigError, with the source's name, for a setting that is no such thing, or a variable that is not there.
    """
    try:
        settings = settings_of(source.settings)
        plan_of(source.settings)
        cookies = _cookies(settings.cookies_env, environ)
    except ConfigError as error:
        raise ConfigError(f"{source.name}: {error}") from error
    return Wishes(home=source.url, settings=settings, cookies=cookies)


def _cookies(variable: str | None, environ: Mapping[str, str]) -> str | None:
    """Raises ConfigError, which does not show what is in the variable."""
    if variable is None:
        return None
    value = environ.get(variable, "").strip()
    if not value:
        raise ConfigError(f"cookies_env: the environment has no {variable}: set it to what a browser sends as Cookie")
    if not is_field_value(value):
        raise ConfigError(f"cookies_env: what is in {variable} cannot be sent as Cookie")
    return value
