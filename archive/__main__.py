"""`python -m archive`: the `newsarchive` command."""

from archive.cli import main

main()
