"""Prints the schema of an archive: `python -m archive.store > docs/schema.sql` keeps the documentation current."""

import sys
import tempfile
from pathlib import Path

from archive.store import open_archive, schema

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        db = open_archive(Path(folder) / "news.db")
        sys.stdout.write(schema.dump(db))
        db.close()
