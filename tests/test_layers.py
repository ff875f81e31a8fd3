"""Imports point one way, as docs/layout.md says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import prefetchrouter

PACKAGE = Path(prefetchrouter.__file__).parent
LAYOUT = (Path(__file__).parents[1] / "docs" / "layout.md").read_text(encoding="utf-8")
ORDER = re.findall(r"^\| `(\w+)` \|", LAYOUT, re.M)
UNITS = sorted(
    path.stem
    for path in PACKAGE.iterdir()
    if path.stem.isidentifier() and (path.suffix == ".py" or (path / "__init__.py").is_file())
)


def imported(unit: str) -> Iterator[str]:
    """Yield the other parts of the package that a part imports, anywhere in its code."""
    path = PACKAGE / unit
    for file in path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                package, _, rest = name.partition(".")
                if package == "prefetchrouter" and rest:
                    yield rest.partition(".")[0]


def test_the_layout_tells_of_every_part() -> None:
    """Whoever opens the source finds each part in docs/layout.md."""
    assert sorted({*UNITS} - {"__init__", "__main__"}) == sorted(ORDER)


@pytest.mark.parametrize("unit", ORDER)
def test_a_part_imports_only_what_stands_above_it(unit: str) -> None:
    """The order in docs/layout.md is that of the imports, so there is no cycle."""
    above = {*ORDER[: ORDER.index(unit)], unit}
    assert set() == set(imported(unit)) - above
