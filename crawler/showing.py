"""How results look: the summary of each crawl for people, a row for programs, errors, and the exit code."""

import json
from collections.abc import Sequence

import click

from crawler.job import Result
from crawler.report import lines

SOME_FAILED = 3


def show_result(result: Result, *, json_lines: bool) -> None:
    """Print what a crawl did, on stdout."""
    report = result.report
    if report is not None and json_lines:
        row = {"source": report.source.name, "outcome": report.outcome, "seconds": report.seconds}
        click.echo(json.dumps(row | {"counts": dict(report.counts)}, ensure_ascii=False))
    elif report is not None:
        click.echo("\n".join(lines(report)))


def show_results(results: Sequence[Result], *, json_lines: bool) -> None:
    """Print what each crawl did, and why some were not well."""
    for result in results:
        show_result(result, json_lines=json_lines)
    show_errors(results)


def show_errors(results: Sequence[Result]) -> None:
    """Print why some crawls were not well, on stderr, each reason once."""
    for message in dict.fromkeys(str(result.error) for result in results if result.error is not None):
        click.echo(f"newsarchive: {message}", err=True)


def exit_code(results: Sequence[Result]) -> int:
    """0 where all is well, 3 where some crawls were not, and the error's own where none was."""
    errors = [result.error for result in results if result.error is not None]
    if len(errors) == len(results):
        return max((error.exit_code for error in errors), default=0)
    return SOME_FAILED if errors else 0
