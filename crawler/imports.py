"""The command `import`: WARC files of other programs, and lists of addresses."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence

import click

from archive import importing
from archive.capturing import open_warc, warc_directory
from archive.cli import json_option, writing
from archive.config import Config
from archive.errors import ArchiveError, SourceError
from archive.importing import Imported, Importer, Input
from archive.lock import crawl_lock
from archive.metering import metered
from archive.models import Source
from archive.pool import shared_pool
from archive.store import Database, sources
from crawler.discovery.articleness import looks_like_article
from crawler.frontier import now
from crawler.report import ARTICLE_OUTCOMES

SOME_FAILED = 3
ERRORS_SHOWN = 20
PAGE_TIMEOUT_S = 30.0


class InterruptedImportError(ArchiveError):
    """The user has stopped an import."""


@click.group("import")
def import_group() -> None:
    """Bring in what others have captured, or addresses to be crawled."""


@import_group.command("warc")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--source", metavar="NAME", help="Only pages of this source's site; else each site is its own source.")
@click.option("--again", is_flag=True, help="Read files anew that were imported already.")
@click.option("--processes", type=click.IntRange(min=0), default=os.cpu_count() or 1, help="Processes that extract.")
@json_option
@click.pass_obj
def import_warc(
    config: Config, paths: tuple[str, ...], source: str | None, processes: int, *, again: bool, json_lines: bool
) -> None:
    """Make articles of WARC files: our own, CC-NEWS, wget's, browsertrix's; gzip, Zstandard, ARC or WACZ.

    PATH is a file, a folder, a pattern, or - for stdin. An interrupted import goes on where it was.

    Exits with 0 when all went well, 1 when no file could be read, 3 when some could not, or not in full.
    """
    files = importing.inputs(paths)
    with crawl_lock(config.db), writing(config) as db:
        only = _known(db, source) if source else None
        results = _imported(config, db, files, only, processes=processes, again=again)
    for result in results:
        click.echo(_json(result) if json_lines else "\n".join(_lines(result)))
    for error in (error for result in results for error in result.errors[:ERRORS_SHOWN]):
        click.echo(f"newsarchive: {error}", err=True)
    raise SystemExit(_exit_code(results))


def _known(db: Database, name: str) -> Source:
    found = sources.find(db, name)
    if found is None:
        raise SourceError(f"no source {name!r} in the archive; `newsarchive sources list` shows the names")
    return found


def _imported(
    config: Config, db: Database, files: Sequence[Input], only: Source | None, *, processes: int, again: bool
) -> list[Imported]:
    warc, _ = open_warc(db, warc_directory(config.db))
    total = sum(file.size or 0 for file in files)
    read = Counter[str]()
    try:
        with metered("importing", total or None) as tell:

            def advanced(file: Input, position: int) -> None:
                read[file.name] = position
                tell(read.total(), f"file={len(read)}/{len(files)}")

            importer = Importer(
                db,
                warc,
                shared_pool(processes, PAGE_TIMEOUT_S),
                is_page=looks_like_article,
                now=now,
                only=only,
                advanced=advanced,
            )
            results = asyncio.run(_all(importer, files, again=again))
        importing.close(db, warc, now())
    except KeyboardInterrupt:
        raise InterruptedImportError("interrupted; the same command goes on from there") from None
    finally:
        warc.close()
    return results


async def _all(importer: Importer, files: Sequence[Input], *, again: bool) -> list[Imported]:
    return [await importer.run(file, anew=again) for file in files]


def _json(result: Imported) -> str:
    row = {"file": result.file, "done_before": result.done_before, "counts": result.counts, "errors": result.errors}
    return json.dumps(row, ensure_ascii=False)


def _lines(result: Imported) -> Iterator[str]:
    if result.done_before:
        yield f"{result.file}: imported before, nothing to do (--again reads it anew)"
        return
    counts = Counter(result.counts)
    seen = counts.pop("records", 0)
    outcomes = {name: counts.pop(name, 0) for name in (*ARTICLE_OUTCOMES, "earlier")}
    articles = ", ".join(f"{number:,} {name}" for name, number in outcomes.items() if number or name != "earlier")
    yield f"{result.file}: {seen:,} records"
    yield f"  articles     {sum(outcomes.values()):>7,}  ({articles})"
    if rest := sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in rest)
        yield f"  passed over  {sum(counts.values()):>7,}  ({reasons})"


def _exit_code(results: Sequence[Imported]) -> int:
    failed = [result for result in results if result.errors]
    if not failed:
        return 0
    return (
        1 if all(not result.counts.get("records") for result in failed) and len(failed) == len(results) else SOME_FAILED
    )
