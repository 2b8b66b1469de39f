"""A database made anew of the WARC files alone: what happened is done again, in the order in which it happened."""

from archive.rebuilding.running import Rebuilt, rebuild

__all__ = ["Rebuilt", "rebuild"]
