"""Documented or red: what a user can type says what it is for, whichever package it comes from."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from archive.cli import cli


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def test_every_command_has_a_help_line() -> None:
    found = dict(commands(cli))
    assert {"crawl", "demo", "search", "show", "explain", "stats", "sources list"} <= found.keys()
    assert [name for name, command in found.items() if not command.get_short_help_str()] == []


def test_every_option_has_a_help_line() -> None:
    options = [(name, option) for name, command in commands(cli) for option in command.params]
    assert [(name, o.name) for name, o in options if isinstance(o, click.Option) and not o.help] == []


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    docs = Path(__file__).parent.parent / "docs"
    made = subprocess.run([sys.executable, docs / "commands.py"], capture_output=True, text=True, check=True)
    assert made.stdout == (docs / "commands.md").read_text(), "run `make docs`"


def test_the_page_of_exported_fields_is_what_the_record_says() -> None:
    docs = Path(__file__).parent.parent / "docs"
    made = subprocess.run([sys.executable, docs / "fields.py"], capture_output=True, text=True, check=True)
    assert made.stdout == (docs / "export-fields.md").read_text(), "run `make docs`"
