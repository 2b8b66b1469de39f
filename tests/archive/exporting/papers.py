"""An archive to be exported: many scripts, odd dates, and titles and bodies that mean harm."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.exporting.formats import Choice, make
from archive.exporting.running import Exported, Wish, export
from archive.exporting.selection import Asked
from archive.models import Article, BlockKind, Precision
from archive.store import Database, sources
from archive.store.selections import Key
from tests.archive import stories
from tests.archive.stories import BUDGET, HARBOUR, NOON, Newspaper, article, prepared, replaced, url

HOSTILE = (
    '=HYPERLINK("http://evil.example","pay")',
    "+1+1|cmd",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "../../../etc/passwd",
    "/etc/passwd",
    "C:\\windows\\nul",
    "..",
    "a\x00b\x07c\x1b[31mred\x1b]0;title\x07\x9b",
    "abc\u202edcba\u2066x\u2069",
    "]]><script>alert(1)</script><!-- & &amp; &#0; \ufffe\uffff -->",
    "\\input{/etc/passwd} \\write18{rm} 100% #1 $x_1^2$ ~ } { }",
    "--- # [x](javascript:alert(1)) [[wiki]] `code` | *b* : yes: no",
    "TY  - JOUR\nER  - \n\nTY  - BOOK",
    "x" * 3000,
    "\u0301\u0301 \u200d \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "CON",
    "“Quoted, with; all” 'kinds' of \"marks\"\r\nand lines\u2028and\u0085more",
)
SCRIPTS = {
    "ar": ("السفينة تعود إلى الميناء", "عادت السفينة إلى الميناء يوم الاثنين.\n\nقال القبطان إن البحر كان هادئاً."),
    "he": ("הספינה חזרה", "הספינה חזרה לנמל ביום שני.\n\nרב החובל אמר שהים היה שקט."),
    "zh": ("渡船回到港口", "渡船星期一回到港口。\n\n船长说海面平静。"),
    "hi": ("नाव घाट पर लौटी", "नाव सोमवार को घाट पर लौटी।\n\nकप्तान ने कहा कि पानी शांत था।"),
    "th": ("เรือกลับท่า", "เรือกลับท่าเมื่อวันจันทร์\n\nกัปตันบอกว่าทะเลสงบ"),
    "de": ("Die Fähre ist zurück", "Die Fähre ist am Montag zurückgekehrt.\n\nDas Meer war ruhig."),
}
BLOCKS = {
    BlockKind.HEADING2: "A heading & more",
    BlockKind.HEADING3: "A lesser one",
    BlockKind.ITEM: "An item",
    BlockKind.QUOTE: "“A quotation,” she said.\nAnd a second line.",
    BlockKind.CODE: "if a < b && c > d: ``` print('x')",
    BlockKind.TABLE: "Town | Votes\nTarsany | 12\nVantry |",
    BlockKind.CAPTION: "What the picture shows",
    BlockKind.PARAGRAPH: "The end <b>of</b> it.",
}


@dataclass(frozen=True)
class Paper:
    """The archive, and exports of it."""

    db: Database
    path: Path

    def export(self, form: str, out: Path | None, *, now: datetime = NOON + timedelta(days=9), **wish: Any) -> Exported:
        history, partition = wish.pop("history", False), wish.pop("partition", ())
        chosen = {name: wish.pop(name) for name in ("bom",) if name in wish}
        choice = Choice(db=self.db, warc=self.path.with_suffix(".warc"), history=history, **chosen)
        made = Wish(
            format=form,
            asked=Asked(**wish),
            form=make(form, choice),
            history=history,
            partition=tuple(map(Key, partition)),
        )
        return export(self.db, made, out, now)

    def bytes(self, form: str, folder: Path, **wish: Any) -> bytes:
        """A single file's content."""
        path = folder / "exported"
        self.export(form, path, **wish)
        return path.read_bytes()

    def values(self, sql: str) -> list[Any]:
        """The only column of a query."""
        return [row[0] for row in self.db.execute(sql).fetchall()]


def fill(db: Database) -> None:
    """Writes the articles: two sources, one article revised, one gone, one without a date, and all that is hostile."""
    paper = Newspaper(db)
    sources.update(db, paper.source_id, title="The Courier & Sons")
    paper.write(prepared(article(url("harbour"), title="Harbour closed")))
    edited = article(url("harbour"), title="Harbour closed until spring", body=f"{HARBOUR}\n\nMore.")
    paper.write(prepared(edited), hours=3)
    paper.write(prepared(_structured()))
    paper.write(prepared(article(url("undated"), title="Undated", body=BUDGET, published_at=None, authors=())))
    for number, (language, (title, body)) in enumerate(SCRIPTS.items()):
        at = NOON - timedelta(days=20 * number)
        paper.write(prepared(article(url(language), title=title, body=body, language=language, published_at=at)))
    herald = Newspaper(db, "herald.example")
    for number, title in enumerate(HOSTILE):
        body = f"Number {number}: {title}\n\n{title}" if title.strip() else f"Number {number}"
        page = article(
            url(f"x{number}?q={{1}}&p=2", "herald.example"),
            title=title,
            body=body,
            authors=(title[:200], "Reuters"),
            subtitle=title,
            published_at=datetime(2026, 3, 1, 23, 30, number, tzinfo=UTC),
            language=None,
        )
        page = replaced(page, blocks=(BlockKind.PARAGRAPH,) * (body.count("\n\n") + 1), tags=(title[:100], "1984"))
        herald.write(prepared(replaced(page, description=title, section=title[:50], site_name="Herald")))
    db.execute("UPDATE articles SET gone_at = '2026-07-05T00:00:00Z', gone_status = 404 WHERE id = 2")


def _structured() -> Article:
    page = article(url("blocks"), title="All kinds of blocks", body="\n\n".join(BLOCKS.values()))
    return replaced(
        page,
        blocks=tuple(BLOCKS),
        published_at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC),
        published_precision=Precision.SECOND,
        modified_at=datetime(2026, 7, 2, tzinfo=UTC),
        authors=("Ursula von der Lemme", "dpa", "Gabriel Márquez Jr."),
        section="Politics",
        site_name="Courier Online",
        agency="dpa",
        image_url="https://courier.example/a.jpg",
    )


__all__ = ["BLOCKS", "HOSTILE", "SCRIPTS", "Paper", "fill", "stories"]
