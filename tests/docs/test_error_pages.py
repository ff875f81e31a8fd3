"""Every code has a page, and every page's examples keep their word.

The messages on the pages are compared when the pages themselves run; see `tests/documentation.py`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from docs.blocks import ROOT, Block, blocks, section
from prefetchrouter import cli
from prefetchrouter.authoring.loader import load
from prefetchrouter.errors import Code, PrefetchRouterError
from prefetchrouter.lint import lint
from prefetchrouter.lint.check_registry import chosen_checks
from prefetchrouter.lint.suppressions import without_suppressed
from prefetchrouter.output.building import build

PAGES = ROOT / "docs" / "errors"
CODES: tuple[str, ...] = get_args(Code)
_SHOWN = re.compile(r"\[([a-z]+(?:[-/][a-z]+)*)\]$", re.M)


def page_of(code: str) -> str:
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def files_of(part: str) -> list[Block]:
    return [block for block in blocks(part) if block.title == "routes.py"]


def write_data(part: str, folder: Path) -> None:
    """Write the files that the routes files of a part read."""
    for block in blocks(part):
        if block.title is not None and block.title != "routes.py":
            file = folder / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")


def codes_of(code: str, text: str, folder: Path) -> set[str]:
    """Build a routes file, or lint it where a check has the code; return the codes of all that is found."""
    file = folder / "routes.py"
    file.write_text(text, encoding="utf-8")
    if code.startswith("lint/"):
        routes = load(file)
        checks = [*chosen_checks(), *chosen_checks(select=[code])]
        found = lint(routes.rule_set, checks=dict.fromkeys(checks), warnings=routes.warnings)
        kept = without_suppressed(found, checked=[code], files=[str(file)])
        # An edge may leave Vary as it is; that it should not be set is what the page is about.
        return {finding.diagnostic.code for finding in kept} - (
            {"reserved-header"} if "vary" in code else set()
        )
    try:
        routes = load(file)
        build(routes.rule_set)
    except PrefetchRouterError as error:
        return {found.code for found in error.diagnostics}
    return {found.code for found in routes.warnings}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    """Nothing is reported that cannot be looked up, and no page of a code is left that no message has."""
    pages = {path.relative_to(PAGES).with_suffix("").as_posix() for path in PAGES.rglob("*.md")}
    assert {*CODES, "index"} == pages


def test_the_index_lists_every_code_once() -> None:
    """The list of all codes is complete."""
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    assert sorted(CODES) == sorted(re.findall(r"^\| \[([^]]+)\]", index, re.M))


@pytest.mark.parametrize("code", CODES)
def test_a_page_begins_with_its_code(code: str) -> None:
    """A code that is searched for leads to its page."""
    assert page_of(code).startswith(f"# {code}\n")


@pytest.mark.parametrize("code", CODES)
def test_a_page_shows_its_own_message(code: str) -> None:
    """What a page says is said is said with its code, and no other."""
    assert {code} == set(_SHOWN.findall(section(page_of(code), "What it says")))


@pytest.mark.parametrize("code", [code for code in CODES if files_of(page_of(code))])
def test_only_the_wrong_example_gives_the_code(code: str, tmp_path: Path) -> None:
    """The wrong routes file has this mistake and no other; the right one has none."""
    says, instead = section(page_of(code), "What it says"), section(page_of(code), "What to write instead")
    wrong, right = files_of(says), files_of(instead)
    assert right
    write_data(instead, tmp_path)
    for block in right:
        assert set() == codes_of(code, block.text, tmp_path)
    if code not in {
        "output",
        "serve",
        "command-line",
        "no-origin-address",
        "speculation-left-out",
        "unknown-target",
        "unknown-browser",
        "unknown-check",
        "unknown-vendor",
        "lint/vendor-limit",
    }:  # their mistakes are in the command
        write_data(says, tmp_path)
        for block in wrong:
            assert {code} == codes_of(code, block.text, tmp_path)


@pytest.mark.parametrize("code", sorted({*CODES} - {"internal"}))
def test_the_message_of_a_page_is_the_output_of_something_that_runs(code: str) -> None:
    """A message is not typed by hand: a transcript or doctest of the page gives it."""
    runs = [
        block
        for block in blocks(section(page_of(code), "What it says"))
        if block.info == "console run" or (block.info == "python" and block.text.startswith(">>>"))
    ]
    assert any(code in _SHOWN.findall(block.text) for block in runs)


def test_our_own_error_is_reported_as_internal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A fault of the program is one line with the code `internal`, as its page shows."""

    def fail(path: str, **_: object) -> None:
        raise KeyError("caching")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("prefetchrouter.authoring.loader.load", fail)
    assert cli.main(["build"]) == 2
    shown = blocks(section(page_of("internal"), "What it says"))[0].text
    assert shown.partition("\n")[2] == capsys.readouterr().err
