"""With a kind of rule or condition added, the type checker names every reader that lacks it."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import prefetchrouter

PACKAGE = Path(prefetchrouter.__file__).parent
PROJECT = Path(__file__).resolve().parents[1]

TOY = '''@dataclass(config=CLOSED, frozen=True, slots=True)
class Toy{union}:
    """A kind that no reader knows."""

    source: None = None


{union}: TypeAlias = Toy{union} |'''

UNIONS = {"Rule": "rules/rule.py", "Condition": "rules/conditions.py"}
KINDS = {"Rule": {"Apply", "Chain", "Group"}, "Condition": {"Comparison", "AllOf", "AnyOf"}}

LOOKS_AT_ONE_KIND = {
    "analysis/prefixes.py:covers": "a folder is one comparison; other conditions are asked with requests",
    "rules/walk.py:applied": "the usual form only; `_applied` looks at all kinds",
    "browser_view/filter.py:_plain": "the usual form only; the rest is for `_Filter`, which looks at all",
    "browser_view/filter.py:_is_decidable": "conditions with members are decidable if all of these are",
    "lint/checks/dead_branch.py:_run": "only a chain has branches before others",
    "analysis/tested_values.py:tested_values": "only features and comparisons have values; `walk` finds them",
    "comparison/hidden_differences.py:candidates": "only features that apply matter; `walk` finds them",
    "analysis/witnesses.py:_is_about_path": "only a comparison has a variable",
    "authoring/body.py:to_rule": "a list that begins with a chain needs features before it",
    "authoring/router.py:_match": "only a group is opened: its members stand in a list already",
    "evaluation/dependencies.py:rule": "only features and comparisons read facts; `walk` finds them",
    "explanation/near.py:_parts": "of an `and` each member is reported by itself",
    "explanation/near.py:_described": "only a comparison has a value of the request to show",
    "likely_mistakes/nested.py:_is_plain": "a quick answer where nothing can contradict",
    "lint/checks/vendor_limit.py:_members": "only these have members to count",
    "navigation/learned_site.py:_hidden_parts": "only features and chains have comments",
    "rules/walk.py:_applied": "yields features; `_rules_inside` knows all kinds",
}
"""Who asks about one kind with `isinstance` and is right for a kind that is added; with the reason."""


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """The functions and methods of a file, those inside others as part of these."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if inner is not node
    }
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node not in inside)


def matched(node: ast.Match) -> set[str]:
    """The classes that the cases of a `match` begin with."""
    return {
        pattern.cls.id
        for case in node.cases
        for pattern in (case.pattern.patterns if isinstance(case.pattern, ast.MatchOr) else [case.pattern])
        if isinstance(pattern, ast.MatchClass) and isinstance(pattern.cls, ast.Name)
    }


def asked(node: ast.Call) -> set[str]:
    """The classes that an `isinstance` asks about."""
    is_one = isinstance(node.func, ast.Name) and node.func.id == "isinstance"
    return {name.id for name in ast.walk(node.args[1]) if isinstance(name, ast.Name)} if is_one else set()


def readers(union: str) -> tuple[dict[str, range], set[str]]:
    """The lines of each `match` on kinds of a union, by the function, and who uses `isinstance` instead."""
    matches, others = {}, set()
    for path in sorted(PACKAGE.rglob("*.py")):
        file = path.relative_to(PACKAGE).as_posix()
        for function in functions(path):
            for node in ast.walk(function):
                if isinstance(node, ast.Match) and matched(node) & KINDS[union]:
                    matches[f"{file}:{function.name}"] = range(node.lineno, (node.end_lineno or 0) + 1)
                if isinstance(node, ast.Call) and asked(node) & KINDS[union]:
                    others.add(f"{file}:{function.name}")
    return matches, others - matches.keys()


@pytest.mark.parametrize("union", UNIONS)
def test_readers_of_kinds_use_match_or_say_why_one_kind_is_enough(union: str) -> None:
    """`isinstance` is silent when a kind is added, so each use of it stands in a list with its reason."""
    _, others = readers(union)
    assert others <= LOOKS_AT_ONE_KIND.keys()


def test_each_reason_is_of_a_reader_that_is_there() -> None:
    """Nothing in the list is stale."""
    assert LOOKS_AT_ONE_KIND.keys() == {name for union in UNIONS for name in readers(union)[1]}


def test_the_type_checker_names_every_reader_of_a_new_kind(tmp_path: Path) -> None:
    """Strict mypy on a copy with one more kind in each union: every `match` on its kinds, by its line."""
    shutil.copytree(PACKAGE, tmp_path / "src" / "prefetchrouter", ignore=shutil.ignore_patterns("static"))
    for union, file in UNIONS.items():
        path = tmp_path / "src" / "prefetchrouter" / file
        text = path.read_text(encoding="utf-8")
        assert f"{union}: TypeAlias =" in text
        path.write_text(text.replace(f"{union}: TypeAlias =", TOY.format(union=union), 1), encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(PROJECT / "pyproject.toml"), "src"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    for union, file in UNIONS.items():
        named = {
            tuple(line.removeprefix("src/prefetchrouter/").split(":")[:2])
            for line in checked.stdout.splitlines()
            if f"Toy{union}" in line
        }
        matches, _ = readers(union)
        added = TOY.count("\n")
        unnamed = [
            name
            for name, lines in matches.items()
            for moved in [added if name.startswith(f"{file}:") else 0]
            if not any((name.partition(":")[0], str(line + moved)) in named for line in lines)
        ]
        assert not unnamed, f"{union}: mypy does not name {unnamed}\n{checked.stdout}{checked.stderr}"
        assert len(matches) > 8, f"{union}: too few readers were found"
