"""Writes docs/export-fields.md: every field of an exported article, as archive/record.py tells it (`make docs`)."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import click

from archive import record

HEAD = """# The fields of an exported article

Made by `make docs` from `archive/record.py`. The formats jsonl, csv and parquet have all of them under these names; `?`
is a field that may be null. Times are UTC; in JSON and CSV they are ISO 8601 with seconds and `Z`.
"""
TYPES = {
    "ArticleId": "integer",
    "CaptureId": "integer",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "str": "string",
    "CanonicalUrl": "string",
    "Precision": "string",
    "Change": "string",
    "datetime": "time",
    "tuple[str, ...]": "list of strings",
    "tuple[BlockKind, ...]": "list of strings",
    "tuple[tuple[AddressKind, CanonicalUrl], ...]": "list of {kind, url}",
    "tuple[ExportedRevision, ...]": "list of revisions",
}


def rows(kind: type[Any]) -> Iterator[str]:
    """A line of the table for each field: its name, type and meaning."""
    (tree,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - what getsource gives of a class
    names = [field.name for field in fields(kind)]
    for node, said in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in names:
            given = ast.unparse(node.annotation)
            written = TYPES[given.removesuffix(" | None")] + ("?" if given.endswith("| None") else "")
            meaning = ast.literal_eval(said.value) if isinstance(said, ast.Expr) else ""
            yield f"| `{node.target.id}` | {written} | {meaning} |"


def page() -> str:
    """The whole page."""
    table = "| field | type | meaning |\n|---|---|---|"
    article = "\n".join([table, *rows(record.ExportedArticle)])
    revision = "\n".join([table, *rows(record.ExportedRevision)])
    return f"{HEAD}\n{article}\n\n## A revision\n\n{revision}\n"


if __name__ == "__main__":
    click.echo(page(), nl=False)
