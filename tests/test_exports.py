"""The public names: one sorted list, loaded when they are used."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import prefetchrouter


def python(code: str) -> str:
    """What a fresh interpreter prints."""
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_all_is_sorted_and_holds_each_name_once() -> None:
    """So that two additions do not collide."""
    assert prefetchrouter.__all__ == sorted(set(prefetchrouter.__all__))


def test_the_lazy_table_holds_exactly_the_public_names() -> None:
    """What is public can be loaded, and nothing else."""
    assert sorted(prefetchrouter._HOME_OF) == prefetchrouter.__all__


def test_type_checkers_see_the_same_names_from_the_same_modules() -> None:
    """The imports that only they read."""
    tree = ast.parse(Path(prefetchrouter.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {
        name.name: node.module.removeprefix("prefetchrouter.")
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
    }
    assert seen == prefetchrouter._HOME_OF


@pytest.mark.parametrize("name", prefetchrouter.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    """The object of its home module, with a docstring."""
    value = getattr(prefetchrouter, name)
    assert value is getattr(importlib.import_module(f"prefetchrouter.{prefetchrouter._HOME_OF[name]}"), name)
    assert value.__doc__


@pytest.mark.parametrize("name", ["Criteria", "Plugin", "RuleBody"])
def test_the_types_that_plugins_are_written_with_can_be_combined(name: str) -> None:
    """Also where annotations are evaluated, as without ``from __future__ import annotations``."""
    assert type(None) in get_args(getattr(prefetchrouter, name) | None)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="module 'prefetchrouter' has no attribute 'Rooter'"):
        prefetchrouter.Rooter  # noqa: B018


@pytest.mark.parametrize("old, new", prefetchrouter._RENAMED.items())
def test_a_name_that_was_replaced_works_and_says_what_to_type(old: str, new: str) -> None:
    """For one release; neither `dir` nor a star import knows it."""
    with pytest.warns(DeprecationWarning, match=f"prefetchrouter.{new}"):
        assert getattr(prefetchrouter, old) is getattr(prefetchrouter, new)
    assert old not in prefetchrouter.__all__


def test_dir_lists_the_public_names_before_they_are_used() -> None:
    """Editors and shells ask it."""
    assert python("import prefetchrouter as p\nprint(set(p.__all__) <= set(dir(p)))") == "True\n"


def test_importing_the_package_imports_nothing_heavy() -> None:
    """Neither pydantic nor jinja2, nor any module of its own."""
    loaded = python("import sys, prefetchrouter\nprint(*sys.modules)").split()
    assert not {"pydantic", "pydantic_core", "jinja2", "parse"} & set(loaded)
    assert [name for name in loaded if name.startswith("prefetchrouter")] == ["prefetchrouter"]


def test_a_star_import_gives_the_public_names() -> None:
    """No more, no fewer."""
    printed = python("names = {}\nexec('from prefetchrouter import *', names)\nprint(*sorted(names))")
    assert printed.split() == sorted(["__builtins__", *prefetchrouter.__all__])


def test_the_package_is_typed() -> None:
    """PEP 561."""
    assert (Path(prefetchrouter.__file__).parent / "py.typed").is_file()
