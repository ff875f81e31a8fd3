"""A feature's key is written only in the catalogue; code elsewhere takes it from there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import prefetchrouter
from prefetchrouter.catalog import FEATURES

ROOT = Path(prefetchrouter.__file__).parent
OWN = ("catalog", "rules")
"""Where features are described, and what is read from there."""


def quoted_keys(path: Path, root: Path = ROOT) -> Iterator[str]:
    """The texts of a file that are the key of a feature or begin with one; docstrings aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            for found in re.findall(r"[a-z]+\.\w+", node.value):
                if found in FEATURES:
                    yield f"{path.relative_to(root)}:{node.lineno}: {node.value!r}"


def test_no_code_outside_the_catalogue_quotes_the_key_of_a_feature() -> None:
    """Not in a message either: `f"{keys.caching.max_age} is set"`."""
    files = [path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] not in OWN]
    assert len(files) > 100
    assert [found for path in files for found in quoted_keys(path)] == []


@pytest.mark.parametrize(
    "code",
    [
        'decision.setting("caching.max_age")',
        'decision.setting(f"caching.max_age.{status}")',
        'start = "headers.set_response_headers."',
        'raise Error("caching.bypass_cache is true")',
    ],
)
def test_a_quoted_key_is_found(tmp_path: Path, code: str) -> None:
    """Alone, at the beginning of a longer key, and in a sentence."""
    (tmp_path / "module.py").write_text(code)
    assert len(list(quoted_keys(tmp_path / "module.py", tmp_path))) == 1
