"""What stands in the body without being the article's text: the repeated title, dates, bylines, counters, notices."""

from collections.abc import Iterable, Sequence

from archive import text
from archive.extraction.body import Block


def trimmed(blocks: Sequence[Block], repeated: Iterable[str]) -> list[Block]:
    """The blocks without those that say only what the fields say: title, subtitle, section, authors (`repeated`)."""
    said = {text.comparable(value) for value in repeated}
    return [block for block in blocks if (plain := text.comparable(block.text)) and plain not in said]
