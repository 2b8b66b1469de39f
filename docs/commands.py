"""Writes docs/commands.md: every command with its help, as the command itself tells it (`make docs`)."""

from collections.abc import Iterator

import click

from archive.cli import cli

HEAD = """# Commands

Made by `make docs` from the commands themselves. Exit codes: 0 all well, 1 failed, 2 wrong usage or configuration,
3 finished with some sources failing, 4 another run holds the lock. Data goes to stdout, progress and errors to stderr.
"""


def sections(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[str]:
    """The help of a command and of all below it, each under its own heading."""
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100)
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from sections(found, child, context)


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *sections(cli, "newsarchive")])


if __name__ == "__main__":
    click.echo(page(), nl=False)
