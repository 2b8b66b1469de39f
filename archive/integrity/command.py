"""The command `verify`; `archive.cli` adds it to the others."""

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime

import click

from archive.capturing import warc_directory
from archive.config import Config
from archive.integrity import showing
from archive.integrity.finding import Scope
from archive.integrity.verifying import Verified
from archive.store import fulltext, open_archive
from archive.when import point_in_time


@click.command("verify")
@click.option("--since", metavar="TIME", help="Only what came since: 2d, 3w or 2026-11-01; and all links of the chain.")
@click.option("--quick", is_flag=True, help="Do not read the WARC files, nor compare the words of the full text.")
@click.option("--anchor", metavar="DIGEST", help="A digest that an earlier verify gave: it must still be in the chain.")
@click.option("--reindex", is_flag=True, help="Make the full text index anew first.")
@click.option("--json", "json_lines", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def verify_command(
    config: Config, /, since: str | None, anchor: str | None, *, quick: bool, reindex: bool, json_lines: bool
) -> None:
    """Say whether the archive still is what was stored, and name what was lost, damaged or changed.

    Looked at are the database by SQLite's own check, the rows of every article, the full text, the chain of manifests
    and every row that it has, and every byte of the WARC files. A crawl may run meanwhile.

    It ends with the digest of the chain. Note that where nobody can write who can write to the archive: such a one
    could make a whole new chain, but none that has this digest.

    Exits with 1 when anything is wrong.
    """
    if reindex:
        with closing(open_archive(config.db)) as db:
            fulltext.rebuild(db)
    moment = point_in_time(since, datetime.now(UTC)) if since else None
    with closing(open_archive(config.db, readonly=True)) as db, showing.progress() as progress:
        scope = Scope(db=db, directory=warc_directory(config.db), since=moment, quick=quick, progress=progress)
        verified = Verified(scope=scope, anchor=anchor)
        for finding in verified.findings():
            click.echo(json.dumps(asdict(finding)) if json_lines else showing.line(finding))
    said = {"findings": verified.wrong, "manifest": verified.manifest, "digest": verified.head}
    if json_lines:
        click.echo(json.dumps(said))
    else:
        click.echo(showing.summary(findings=verified.wrong, manifest=verified.manifest, digest=verified.head))
    sys.exit(bool(verified.wrong))
