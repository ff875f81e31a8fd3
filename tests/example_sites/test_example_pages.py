"""Each example has rules without findings, tests, and a page whose links and commands are right."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from docs.blocks import blocks, links
from example_sites.example_site import EXAMPLES
from prefetchrouter.authoring.loader import load
from prefetchrouter.cli import _parser
from prefetchrouter.lint.run import lint

FOLDERS = sorted(path.parent for path in EXAMPLES.glob("*/routes.py"))
PAGES = [EXAMPLES / "README.md", *(folder / "README.md" for folder in FOLDERS)]


def test_there_are_four_beside_the_shop() -> None:
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert len(FOLDERS) == 4
    assert all(f"]({folder.name}/README.md)" in listed for folder in FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_its_rules_have_tests_and_no_findings(folder: Path) -> None:
    assert (folder / "test_routes.py").is_file()
    loaded = load(folder / "routes.py")
    assert [str(found) for found in loaded.warnings] == []
    assert [str(found.diagnostic) for found in lint(loaded.rule_set)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_its_page_links_to_files_and_runs_commands_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in links(text):
        assert (page.parent / link.partition("#")[0]).exists(), link
    for block in blocks(text):
        for line in block.text.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["prefetchrouter"]:
                _parser(words[1:])[0].parse_args(words[1:])
            for word in words[1:]:
                if word.startswith("examples/"):
                    assert (EXAMPLES.parent / word).exists(), word
