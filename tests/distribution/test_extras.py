"""Each extra has the packages that the code of its command imports, and no other."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import prefetchrouter
from prefetchrouter.installation.packages import needed_packages

ROOT = Path(prefetchrouter.__file__).parent
CODE = {
    "serve": ["edge", "regex", "engines"],
    "import": ["importing/nginx_conf.py"],
    "learn": ["navigation/fast_lines.py"],
    "lab": ["lab"],
}
"""Where an extra is needed."""
WITHOUT_IMPORT = {"uvloop"}
"""Packages that another package loads by name."""
BROUGHT_ALONG = {"prefetchrouter", "markupsafe", "pydantic_core", "typing_extensions"}
"""What comes with this package itself."""


def imported(places: list[str]) -> set[str]:
    """The distributions of other packages that files import, anywhere in them."""
    files = [
        file
        for place in places
        for file in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    found: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "importlib.import_module":
                found |= {str(name.value) for name in node.args if isinstance(name, ast.Constant)}
    known = packages_distributions()
    return {name.lower() for module in found - set(sys.stdlib_module_names) for name in known.get(module, ())}


@pytest.mark.parametrize("extra", CODE)
def test_its_packages_are_those_that_its_code_imports(extra: str) -> None:
    declared = {each.name for each in needed_packages() if each.extra == extra}
    always = {each.name for each in needed_packages() if each.extra == ""}
    used = imported(CODE[extra]) - always - BROUGHT_ALONG
    assert used | (WITHOUT_IMPORT & declared) == declared


def test_each_extra_is_here() -> None:
    assert set(CODE) == {each.extra for each in needed_packages()} - {""}
