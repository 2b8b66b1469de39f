"""What the terminal can show."""

import os
import sys


def has_colours() -> bool:
    """Whether stdout is a terminal that shows them, and its user wants them (no-color.org). Raises: nothing."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
