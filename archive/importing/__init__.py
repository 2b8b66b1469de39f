"""WARC files of any program made into articles, through the same rooms as what a crawl fetches."""

from archive.importing.inputs import Input, inputs
from archive.importing.running import Imported, Importer, close

__all__ = ["Imported", "Importer", "Input", "close", "inputs"]
