"""Proposed rules: few, readable, without a warning, and right for every page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Request, evaluate, load
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.static_site import proposed_routes_text, proposed_rules
from prefetchrouter.static_site.proposal import MOST_RULES


@pytest.mark.parametrize(
    ("paths", "patterns"),
    [
        (["/"], ["/"]),
        (["/", "/about.html", "/contact/"], ["/", "/about.html", "/contact"]),
        ([f"/{number}" for number in range(9)], ["/:page"]),
        (["/blog/a", "/blog/b"], ["/blog/:page"]),
        (["/blog/", "/blog/a", "/blog/b"], ["/blog/:page?"]),
        (["/blog", "/blog/a/b"], ["/blog/:path*"]),
        (["/legal/imprint"], ["/legal/imprint"]),
        (["/a:b", "/c"], ["/:page"]),
        (["/(x)/a", "/(x)/b", "/c"], ["/:path*"]),
        ([f"/{number}/{page}" for number in range(20) for page in "ab"], ["/:path*"]),
    ],
)
def test_pages_beside_each_other_become_one_rule(paths: list[str], patterns: list[str]) -> None:
    assert [rule.pattern for rule in proposed_rules(paths)] == patterns


def test_below_a_path_every_rule_begins_with_it() -> None:
    paths = ["/proj/", "/proj/a.html", "/proj/blog/", "/proj/blog/x", "/proj/blog/y"]
    assert [rule.pattern for rule in proposed_rules(paths, "/proj")] == [
        "/proj/", "/proj/a.html", "/proj/blog/:page?"
    ]  # fmt: skip


SEGMENTS = st.text("ab.-:()*%é~", min_size=1, max_size=3).filter(lambda text: text.strip(".") != "")


@given(
    st.lists(st.lists(SEGMENTS, max_size=3).map(lambda parts: "/" + "/".join(parts)), min_size=1, max_size=30)
)
def test_every_page_has_a_rule_and_there_are_few(paths: list[str]) -> None:
    """Whatever the paths are."""
    rules = proposed_rules(paths)
    assert len(rules) <= MOST_RULES
    patterns = [PathPattern(rule.pattern) for rule in rules]
    assert [path for path in paths if not any(pattern.match(path) is not None for pattern in patterns)] == []


def test_the_file_is_valid_formatted_typed_and_free_of_warnings(tmp_path: Path) -> None:
    """It is the first file of ours that somebody reads."""
    file = tmp_path / "routes.py"
    paths = ["/", "/about", *(f"/blog/{name}" for name in "abc"), *(f"/docs/{name}/x" for name in "ab")]
    file.write_text(proposed_routes_text(proposed_rules(paths), 'Rules for "a"\n', ["pdf", "zip", "x y"]))
    routes = load(file)
    assert routes.warnings == ()
    assert all(evaluate(routes.rule_set, Request(path)).prefetchable for path in paths)
    assert not evaluate(routes.rule_set, Request("/docs/a.pdf")).prefetchable
    for command in (
        ["ruff", "check", "--isolated", "--select", "E,F,W,I,UP,B,D2", "--line-length=110"],
        ["ruff", "format", "--isolated", "--check", "--line-length=110"],
        ["mypy", "--strict"],
    ):
        checked = subprocess.run(
            [sys.executable, "-m", *command, str(file)], capture_output=True, encoding="utf-8", cwd=tmp_path
        )
        assert checked.returncode == 0, checked.stdout
