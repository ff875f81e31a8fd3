"""What the generator of the documentation site reads: pages in the form that it knows, in our order."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

from docs.blocks import ROOT
from prefetchrouter.version import VERSION

sys.path.insert(0, str(ROOT / "scripts"))

import docs_index
import docs_site

PAGE = ROOT / "docs" / "page.md"


def test_transcripts_lose_the_word_that_is_for_our_tests() -> None:
    """The generator reads a fence with two words as text, and the rest of the page as code."""
    text = '```console run\n$ ls\n```\n```python title="a.py"\na\n```\n'
    assert docs_site.staged(text, PAGE) == text.replace("console run", "console")


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("[it](../CONTRIBUTING.md)", "it"),
        ("[it](../tests/cases/README.md#how)", "it"),
        ("[it](../docs/lint.md)", "[it](../docs/lint.md)"),
        ("[it](lint.md#a)", "[it](lint.md#a)"),
    ],
)
def test_links_to_files_that_the_site_does_not_have_become_text(link: str, shown: str) -> None:
    """All others stay, for the generator to check."""
    assert docs_site.staged(link, PAGE) == shown


def test_the_navigation_has_every_page_of_the_index() -> None:
    """Sections and pages are in the order of docs/index.md."""
    nav = tomllib.loads(docs_site.settings())["project"]["nav"]
    listed = [
        path for part in nav[1:] for [pages] in [part.values()] for page in pages for path in page.values()
    ]
    pages = {path.name for path in Path(docs_index.DOCS).glob("*.md")}
    pages |= {f"api/{path.name}" for path in Path(docs_index.DOCS).glob("api/*.md")}
    assert sorted(listed) == sorted(pages - {"index.md"} | {"errors/index.md"})
    assert next(iter(nav[2])) == "Write rules"


def test_each_page_links_to_its_text_and_names_its_navigation() -> None:
    """Programs find the text; a screen reader tells the list of pages from the path to this one."""
    html = '<head></head><nav class="md-nav md-nav--primary" aria-label="Navigation">'
    assert docs_site.finished(html, "lint.md") == (
        '<head><link rel="alternate" type="text/markdown" href="../lint.md"></head>'
        '<nav class="md-nav md-nav--primary" aria-label="Pages">'
    )
    assert 'href="index.md"' in docs_site.finished(html, "index.md")


def test_python_in_the_browser_has_the_versions_that_the_tests_run_with() -> None:
    """`requirements/playground.txt` is written by hand, since wheels for browsers are in no other file."""
    pinned = re.compile(r"^([a-z0-9-]+==\S+)", re.M)
    here, there = (
        set(pinned.findall((ROOT / "requirements" / name).read_text(encoding="utf-8")))
        for name in ("playground.txt", "run.txt")
    )
    assert here - there == set()


def test_each_version_has_its_folder_and_a_list_names_them(tmp_path: Path) -> None:
    """The newest first; the first page leads to it, and a switch of the theme reads the list."""
    project = tomllib.loads(docs_site.settings())["project"]
    assert project["site_dir"] == f"docs-site/{VERSION}"
    assert project["extra"]["version"] == {"provider": "mike"}
    for version in ("0.9.0", "0.10.0", "0.10.0rc1"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "index.html").write_text("")
    (tmp_path / "assets").mkdir()
    docs_site.list_versions(tmp_path)
    found = json.loads((tmp_path / "versions.json").read_text())
    assert [(each["version"], each["aliases"]) for each in found] == [
        ("0.10.0", ["latest"]),
        ("0.10.0rc1", []),
        ("0.9.0", []),
    ]
    assert "url=0.10.0/" in (tmp_path / "index.html").read_text()
