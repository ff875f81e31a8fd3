"""The pages as a whole: no dead link, nothing forgotten."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

import prefetchrouter
from docs.blocks import ROOT, anchors, links, section
from prefetchrouter import CacheKey, Route, cli
from prefetchrouter.authoring.criteria import CriteriaDict

PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """Links within the repository name a file that is there, and a heading in it."""
    for link in links(page.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        target = (page.parent / name) if name else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def test_the_index_links_every_page() -> None:
    """docs/index.md leads to every page but those of single errors."""
    index = ROOT / "docs" / "index.md"
    linked = {
        (index.parent / link.partition("#")[0]).resolve() for link in links(index.read_text(encoding="utf-8"))
    }
    pages = {path for path in (ROOT / "docs").glob("*.md") if path != index}
    assert set() == pages - linked


@pytest.mark.parametrize(
    "method", sorted(name for kind in (Route, CacheKey) for name in vars(kind) if not name.startswith("_"))
)
def test_every_helper_is_on_its_page(method: str) -> None:
    """docs/helpers.md lists every method of the route and of cache keys."""
    if method != "options":  # what a cache key writes, for the route to read
        assert f"`{method}(" in (ROOT / "docs" / "helpers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", sorted(CriteriaDict.__annotations__))
def test_every_criterion_is_on_its_page(key: str) -> None:
    """docs/criteria.md lists every entry that criteria may have."""
    assert f"| `{key}` |" in (ROOT / "docs" / "criteria.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
def test_every_option_is_on_the_page_of_commands(command: str) -> None:
    """docs/commands.md lists every option of every command."""
    parser = argparse.ArgumentParser()
    cli._module(command).add_arguments(parser)
    page = section((ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), command)
    options = [word for action in parser._actions for word in action.option_strings if word.startswith("--")]
    assert [word for word in options if word != "--help" and f"`{word}" not in page] == []


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
def test_the_page_of_commands_has_the_choices_and_defaults_of_the_parser(command: str) -> None:
    """A row of docs/commands.md names each value that an option may have, and its default."""
    parser = argparse.ArgumentParser()
    cli._module(command).add_arguments(parser)
    rows = section((ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), command).splitlines()
    missing = []
    for action in parser._actions:
        row = next((row for row in rows if any(f"`{word}" in row for word in action.option_strings)), "")
        words = [*map(str, action.choices or ()), *default_of(action)]
        missing += [
            f"{action.option_strings[-1]}: {word}"
            for word in words
            if row and not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", row)
        ]
    assert missing == []


def default_of(action: argparse.Action) -> list[str]:
    """Return the default as the page has to name it; flags and lists have none."""
    value = action.default
    shown = (
        isinstance(value, str | int | float) and not isinstance(value, bool) and value != argparse.SUPPRESS
    )
    return [f"{value:g}" if isinstance(value, float) else str(value)] if shown else []


@pytest.mark.parametrize(
    "part",
    sorted(
        path.stem
        for path in Path(prefetchrouter.__file__).parent.iterdir()
        if not path.stem.startswith("_") and (path.suffix == ".py" or (path / "__init__.py").is_file())
    ),
)
def test_every_part_of_the_package_is_in_the_layout(part: str) -> None:
    """Whoever opens the source finds each part in docs/layout.md."""
    assert f"| `{part}` |" in (ROOT / "docs" / "layout.md").read_text(encoding="utf-8")
