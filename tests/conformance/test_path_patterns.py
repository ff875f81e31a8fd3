"""The path-to-regexp 6.3 test table: what each of its patterns matches and captures."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.corpus import FOLDER
from prefetchrouter.rules.pattern import PathPattern


def _cases() -> list[Any]:
    path = FOLDER / "path-patterns.json"
    if not path.exists():
        print("path-patterns.json is not beside this repository: nothing of it is compared")
        return []
    return [
        pytest.param(
            entry["pattern"], case["input"], case["match"], id=f"{entry['pattern']} on {case['input']}"
        )
        for entry in json.loads(path.read_text(encoding="utf-8"))
        for case in entry["cases"]
    ]


@pytest.mark.parametrize(("pattern", "path", "expected"), _cases())
def test_a_pattern_matches_what_the_library_matches(
    pattern: str, path: str, expected: list[str | None] | None
) -> None:
    """The captures are those of the library, in order; None means that the path does not match."""
    assert (None if expected is None else tuple(expected[1:])) == PathPattern(pattern).match(path)
