"""No file is longer than 400 lines, no function than 60; no two modules share a name."""

from __future__ import annotations

import ast
import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILE_LINES = 400
FUNCTION_LINES = 60

EXCEPTED = {
    "tests/edge/test_same_answer.py": "to be split",
}
"""Files that may be longer, with the reason."""

WRITTEN = (".py", ".pyi", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".vue", ".css", ".sh", ".j2")


def sources() -> list[Path]:
    """Every tracked file that people write; built bundles and the pages of the example shop are not."""
    names = subprocess.check_output(["git", "ls-files"], cwd=ROOT, encoding="utf-8").splitlines()
    built = ("src/prefetchrouter/static/", "src/prefetchrouter/example_site/")
    return [
        ROOT / name
        for name in names
        if name.endswith(WRITTEN) and not name.startswith(built)
        if (ROOT / name).is_file()
    ]


def test_no_file_is_longer_than_400_lines() -> None:
    """A longer one has two subjects."""
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in sources()}
    assert len(lines) > 500
    long = {str(path.relative_to(ROOT)): count for path, count in lines.items() if count > FILE_LINES}
    assert {name: count for name, count in long.items() if name not in EXCEPTED} == {}
    assert sorted(long) == sorted(EXCEPTED), "a file is short enough: take it out of EXCEPTED"


def test_no_function_is_longer_than_60_lines() -> None:
    """Its docstring counts; those in TypeScript are counted by `make check`."""
    found = {}
    for path in sources():
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    found[f"{path.relative_to(ROOT)}:{node.name}"] = (node.end_lineno or 0) - node.lineno + 1
    assert len(found) > 3000
    assert not {name: count for name, count in found.items() if count > FUNCTION_LINES}


PACKAGE = ROOT / "src/prefetchrouter"


def test_no_two_modules_share_a_name() -> None:
    """So a name that a reader searches for leads to one file."""
    names = Counter(path.stem for path in PACKAGE.rglob("*.py") if path.stem not in ("__init__", "__main__"))
    assert [name for name, count in names.items() if count > 1] == []


def test_no_two_classes_share_a_name() -> None:
    """Those that only their own file knows, with an underscore, may."""
    names = Counter(
        node.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert len(names) > 300
    assert [name for name, count in names.items() if count > 1] == []
