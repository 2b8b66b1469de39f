"""The rules of the house that no linter holds: sizes, names, and what may be committed.

Docstrings are ruff's to check (D), types mypy's, and the direction of the imports import-linter's (`make lint`).
"""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
CODE = sorted(path for part in ("archive", "crawler", "tests", "benchmarks") for path in (ROOT / part).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50
"""Without the docstring."""
LONGER_FOR_A_REASON: dict[str, str] = {}
"""Module -> why it may be longer than the rest."""

VAGUE = {"base", "common", "core", "helper", "helpers", "manager", "misc", "stuff", "tools", "util", "utils"}
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org|crates\.io", re.IGNORECASE)
PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\]+))?(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)$"
)


def inside(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The functions of a module, each with its length in lines, docstring left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            last = node.body[-1].end_lineno or node.lineno
            yield f"{inside(path)}:{node.lineno} {node.name}", last - first.lineno + 1


def imported(path: Path) -> set[str]:
    """The packages that a module imports, by the first part of their names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in names}


def committed() -> list[Path]:
    """The files that git keeps here."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("what is committed, only git knows")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def pins(name: str) -> dict[str, str]:
    """What a requirements file pins: name -> version. Every line must be a pin with its hashes, or a comment."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", "")
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    found = [(line, PIN.match(line)) for line in lines if line and not line.startswith("#")]
    assert [line for line, pin in found if pin is None] == []
    return {pin["name"]: pin["version"] for _, pin in found if pin}


def test_a_module_fits_in_a_head() -> None:
    lengths = {inside(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert {name for name, length in lengths.items() if length > MODULE_LINES_MAX} == set(LONGER_FOR_A_REASON), (
        "split what is too long by its reasons to change; strike out of the list what is no longer long"
    )


def test_a_function_fits_on_a_screen() -> None:
    assert [name for path in CODE for name, length in functions(path) if length > FUNCTION_LINES_MAX] == []


def test_a_name_says_what_is_inside() -> None:
    assert [inside(path) for path in CODE if VAGUE & set(path.stem.split("_"))] == []


def test_no_committed_file_names_a_package_registry() -> None:
    found = {
        inside(path): REGISTRY.findall(path.read_bytes().decode("utf-8", "replace"))
        for path in committed()
        if path != Path(__file__)
    }
    assert {name: hosts for name, hosts in found.items() if hosts} == {}


@pytest.mark.parametrize("name", ["base.txt", "browse.txt", "dev.txt"])
def test_the_pins_carry_hashes_and_no_index(name: str) -> None:
    assert pins(name)


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("base.txt", PROJECT["project"]["dependencies"]),
        ("base.txt", PROJECT["build-system"]["requires"]),
        ("browse.txt", PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["browse"]),
        ("dev.txt", [line for line in PROJECT["dependency-groups"]["dev"] if isinstance(line, str)]),
    ],
)
def test_what_is_declared_is_pinned(name: str, declared: list[str]) -> None:
    pinned = pins(name)
    wanted = {canonicalize_name(need.name): need.specifier for need in map(Requirement, declared)}
    assert [need for need in wanted if need not in pinned] == [], "run `make requirements`"
    assert [need for need, bounds in wanted.items() if Version(pinned[need]) not in bounds] == []


def test_what_is_imported_is_declared() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    lines = [line for group in (PROJECT["project"]["dependencies"], *extras) for line in group]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    runtime = [path for path in CODE if path.relative_to(ROOT).parts[0] in {"archive", "crawler"}]
    # compression is the standard library's from Python 3.14 on
    known = sys.stdlib_module_names | {"archive", "compression", "crawler"}
    names = set().union(*map(imported, runtime)) - known
    brought_by = packages_distributions()
    assert [
        name for name in sorted(names) if not declared & set(map(canonicalize_name, brought_by.get(name, ())))
    ] == []


def test_the_smaller_sets_pin_what_the_developers_test() -> None:
    tested = pins("dev.txt").items()
    assert pins("base.txt").items() <= pins("browse.txt").items() <= tested
