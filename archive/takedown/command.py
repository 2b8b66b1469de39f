"""The command `takedown`; `archive.cli` adds it to the others."""

import getpass
import os
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import click

from archive.capturing import warc_directory
from archive.config import Config
from archive.errors import ConfigError, StoreError
from archive.integrity import showing
from archive.lock import crawl_lock
from archive.models import ArticleId
from archive.store import Database, articles, open_archive, tombstones
from archive.store.tombstones import Tombstone
from archive.takedown.running import Plan, bury, finish, plan
from archive.urls import canonical
from archive.warc.writing import Author
from archive.when import stamp

MENTIONS_SHOWN = 20


@click.command("takedown")
@click.argument("article", metavar="ARTICLE|URL")
@click.option("--reason", help="Why; it stays in the archive for everybody to read.")
@click.option("--by", "taken_by", metavar="NAME", help="Who does it; your user name if not given.")
@click.option("--also-captures", is_flag=True, help="Also erase feeds, home pages and others that quote it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def takedown_command(
    config: Config, /, article: str, reason: str | None, taken_by: str | None, *, also_captures: bool, yes: bool
) -> None:
    """Remove an article for good: it cannot be undone.

    Its text, revisions, field values and full text go from the database, and its pages from the WARC files, also copies
    at other addresses. A tombstone stays: its addresses, hashes, date and reason. Later crawls do not bring it back.

    What other kept responses of the source quote of it (feeds, home pages) is told, and erased with --also-captures.
    Backups and copies elsewhere are yours to look after. Was it interrupted, the same command finishes it.
    """
    with crawl_lock(config.db), closing(open_archive(config.db)) as db:
        found = _tombstone(db, article)
        if found is None:
            found = _bury(config, db, article, reason, taken_by, also_captures=also_captures, yes=yes)
        elif found.finished_at is not None and not tombstones.erasures(db, found.id, pending=True):
            raise StoreError(told(found))
        author = Author(key="takedown", lines={"software": f"newsarchive/{version('newsarchive')}"})
        if not finish(db, warc_directory(config.db), found, author, _now()):
            raise StoreError(
                "It is taken down, but another process reads the archive and holds its log, in which parts of it may "
                "stand: end that process, and run the same again."
            )
    click.echo(told(found))


def told(tombstone: Tombstone) -> str:
    """What is to be said of an article that was taken down. Raises: nothing."""
    return f"article {tombstone.article_id} was taken down on {stamp(tombstone.taken_at)}: {tombstone.reason}"


def _tombstone(db: Database, word: str) -> Tombstone | None:
    if word.isdecimal():
        return tombstones.of_article(db, ArticleId(int(word)))
    url = canonical(word)
    return tombstones.of_address(db, url) if url else None


def _bury(config: Config, db: Database, word: str, reason: str | None, taken_by: str | None, **wish: Any) -> Tombstone:
    if not reason or not reason.strip():
        raise ConfigError("--reason: say why; it is what stays of the article")
    url = None if word.isdecimal() else canonical(word)
    article_id = ArticleId(int(word)) if word.isdecimal() else articles.find(db, url) if url else None
    if article_id is None:
        raise StoreError(f"no article {word!r} in the archive; `newsarchive search` shows numbers and addresses")
    with showing.progress() as progress:
        planned = plan(db, warc_directory(config.db), article_id, progress)
    _tell(planned, also_captures=wish["also_captures"])
    if not wish["yes"]:
        click.confirm("This cannot be undone. Take it down?", abort=True, err=True)
    return bury(
        db,
        planned,
        reason=" ".join(reason.split()),
        taken_by=taken_by or _user(),
        also_mentions=wish["also_captures"],
        at=_now(),
    )


def _tell(planned: Plan, *, also_captures: bool) -> None:
    article = planned.article
    lines = [
        f"article {article.id}: {article.title}",
        f"{article.url}, {len(planned.states)} revisions, {len(planned.addresses)} addresses",
        f"{len(planned.pages)} responses in the WARC files are erased",
    ]
    lines += [
        f"  kept: {capture.url} (captures {capture.id}) has nothing of it, and others refer to it"
        for capture in planned.shared
    ]
    if planned.mentions:
        fate = "are erased as well" if also_captures else "quote it and stay; --also-captures erases them too"
        lines.append(f"{len(planned.mentions)} further responses {fate}:")
        lines += [
            f"  {mention.what} in {mention.capture.url} of {stamp(mention.capture.fetched_at)} "
            f"(captures {mention.capture.id}{f', article {mention.article_id}' if mention.article_id else ''})"
            for mention in planned.mentions[:MENTIONS_SHOWN]
        ]
        if (more := len(planned.mentions) - MENTIONS_SHOWN) > 0:
            lines.append(f"  and {more} more")
    if planned.named_in:
        numbers = ", ".join(map(str, planned.named_in[:MENTIONS_SHOWN]))
        lines.append(f"its title stands in other articles, which stay: {numbers}")
    click.echo("\n".join(showing.printable(line) for line in lines), err=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
