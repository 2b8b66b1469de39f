"""An archive with four articles, one of them edited, and a page behind a wall."""

from pathlib import Path

import pytest

from archive.store import Database
from tests.archive.reextract.presses import WALL, Press

FERRIES = ("Ferries stop", "The ferries stop on Monday, the port authority said.", "Nobody knows for how long.")
QUAY = ("Quay cracked", "Divers found cracks in the northern quay.", "They run deep, and were not known before.")
TRAMS = ("Trams for all", "The council has passed a budget for trams.", "Eleven members voted for it, nine did not.")
EDITED = ("Trams for some", "The council has passed a budget for two trams.", "Twelve members voted for it.")
POOL = ("Pool opens", "The pool opens again after a year of repairs.", "Children swim for nothing.", "A slide is new.")
SECRET = (f"{WALL} Mayor resigns", "The mayor has resigned after a night of talks.", "An election is held in May.")


@pytest.fixture
def press(db: Database, archive_path: Path) -> Press:
    press = Press(db, archive_path)
    press.publish("ferries", *FERRIES)
    press.publish("quay", *QUAY)
    press.publish("trams", *TRAMS)
    press.publish("pool", *POOL)
    press.publish("mayor", *SECRET)
    press.publish("trams", *EDITED, hours=3)
    press.publish("quay", *QUAY, hours=4)
    return press
