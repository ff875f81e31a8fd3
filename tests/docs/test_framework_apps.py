"""The code in docs/frameworks.md is that of the apps that browsers test."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from docs.blocks import ROOT, Block, blocks

APPS = ROOT / "browser/e2e/packed/apps"
LANGUAGES = ("ts", "tsx", "vue", "svelte", "jsx", "js")
SHOWN = [
    block
    for block in blocks((ROOT / "docs/frameworks.md").read_text(encoding="utf-8"))
    if block.info.split(" ")[0] in LANGUAGES
]


def lines(text: str) -> list[str]:
    """Return the lines of a text without common indentation, and without empty ones at its ends."""
    return textwrap.dedent(text).strip().splitlines()


def has_excerpt(file: Path, shown: list[str]) -> bool:
    """Tell whether consecutive lines of a file, apart from their indentation, are these."""
    whole = file.read_text(encoding="utf-8").splitlines()
    starts = range(len(whole) - len(shown) + 1)
    return any(lines("\n".join(whole[start : start + len(shown)])) == shown for start in starts)


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: block.info)
def test_code_for_a_framework_is_that_of_a_tested_app(block: Block) -> None:
    """Its title is the file's path in the app."""
    assert block.title, f"which file of an app is this? {block.text}"
    files = [APPS / app / block.title for app in ("react", "vue", "next", "sveltekit", "plain")]
    found = [file for file in files if file.is_file() and has_excerpt(file, lines(block.text))]
    assert found, f"no app has this in {block.title}"


def test_rules_for_a_framework_are_those_of_a_tested_app() -> None:
    """The page's first three files of rules are those of apps."""
    page = (ROOT / "docs/frameworks.md").read_text(encoding="utf-8")
    shown = {block.title: block.text for block in blocks(page) if block.info.startswith("python")}
    for title, app in {
        "routes.py": "react",
        "next_routes.py": "next",
        "svelte_routes.py": "sveltekit",
    }.items():
        assert shown[title] == (APPS / app / "routes.py").read_text(encoding="utf-8")


def test_most_of_the_code_is_from_apps() -> None:
    """A page without such blocks would pass the tests above."""
    assert len(SHOWN) >= 8
