"""A plain list of sites: an address or a host a line; what follows a # is a comment."""

from collections.abc import Sequence

from archive.errors import ArchiveError
from archive.models import Source
from crawler.sources.formats.brought import Gathering, is_single_page
from crawler.target import address


def read(data: bytes, file: str) -> Gathering:
    """The sources of a list; `example.org` means https://example.org/. Raises: nothing."""
    found = Gathering(file=file)
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        word = "" if line.lstrip().startswith("#") else line.partition(" #")[0].strip()
        if not word:
            continue
        try:
            url = address(word)
        except ArchiveError:
            found.skip(number, word, "no http or https address")
            continue
        if is_single_page(url):
            found.skip(number, url, "a single page: newsarchive import urls fetches such")
        else:
            found.add(number, url)
    return found


def written(sources: Sequence[Source]) -> str:
    """The addresses of sources, one a line. Raises: nothing."""
    return "".join(f"{source.url}\n" for source in sources)
