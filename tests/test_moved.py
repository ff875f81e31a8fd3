"""Old names keep working for a release, and say what to type."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from prefetchrouter.moved import GONE_IN, MODULES, NAMES
from prefetchrouter.version import VERSION

ROOT = Path(__file__).parents[1]


def test_what_is_listed_goes_with_the_next_release() -> None:
    """At that version the rows are deleted: nothing old stays forever."""
    assert tuple(map(int, VERSION.split(".")[:2])) < tuple(map(int, GONE_IN.split(".")))


@pytest.mark.parametrize("old", NAMES)
def test_an_old_name_is_the_new_one_and_says_what_to_type(old: str) -> None:
    """The warning is at the line that uses the name, and what it says to type works."""
    package, _, name = old.rpartition(".")
    value, warned = _imported(f"from {package} import {name} as value")
    assert warned.startswith(f"{old} is now {NAMES[old]}")
    assert _imported(f"{_cure(warned)} as value")[0] is value


def _modules() -> Iterator[tuple[str, str]]:
    """Each old module with the new one, those in packages too."""
    for old, homes in MODULES.items():
        for home in homes:
            module = importlib.import_module(f"prefetchrouter.{home}")
            yield old, home
            for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
                yield f"{old}.{found.name}", f"{home}.{found.name}"


@pytest.mark.parametrize(("old", "new"), [*_modules()])
def test_an_old_module_has_the_names_of_the_new_one(old: str, new: str) -> None:
    """Each that the new module defines, by each way to write an import."""
    module = importlib.import_module(f"prefetchrouter.{new}")
    for name, there in vars(module).items():
        if name[0] != "_" and getattr(there, "__module__", "").startswith(module.__name__):
            value, warned = _imported(f"from prefetchrouter.{old} import {name} as value")
            assert value is there
            assert warned.startswith(f"prefetchrouter.{old}.{name} is now prefetchrouter.")
            assert _imported(f"{_cure(warned)} as value")[0] is value
            assert _imported(f"import prefetchrouter.{old} as module; value = module.{name}")[0] is value


def _imported(code: str) -> tuple[object, str]:
    """What a line of a user's module gives, and the text of the one warning, which points at that line."""
    names: dict[str, object] = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(f"# a comment\n{code}\n", "users.py", "exec"), names)
    for warning in caught:
        assert (warning.category, warning.filename, warning.lineno) == (DeprecationWarning, "users.py", 2)
    assert len(caught) <= 1
    return names["value"], str(caught[0].message) if caught else ""


def _cure(warned: str) -> str:
    found = re.search(r"write: (.*)$", warned)
    assert found
    return found[1]


def test_each_line_that_uses_an_old_name_is_warned_of() -> None:
    """Not only the first one of the process."""
    for _ in range(2):
        assert _imported("import prefetchrouter; value = prefetchrouter.Caching")[1]


def test_a_module_that_never_was_is_not_found() -> None:
    """As of any package, and so is a name that an old module never had."""
    with pytest.raises(ModuleNotFoundError, match=r"prefetchrouter\.rooter"):
        importlib.import_module("prefetchrouter.rooter")
    with pytest.raises(AttributeError, match=r"prefetchrouter\.router' has no attribute 'Rooter'"):
        getattr(importlib.import_module("prefetchrouter.router"), "Rooter")  # noqa: B009


def test_importing_an_old_module_costs_nothing() -> None:
    """It loads what is used of it."""
    code = "import sys, prefetchrouter.router\nprint('pydantic' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], encoding="utf-8", timeout=60) == "False\n"


def test_whoever_builds_sees_the_warning_and_its_line(tmp_path: Path) -> None:
    """Python hides such warnings from programs."""
    (tmp_path / "routes.py").write_text(
        "from prefetchrouter import Caching, Router\nrouter = Router().get('/a', caching=Caching())\n"
    )
    command = [sys.executable, "-m", "prefetchrouter", "build"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    assert "routes.py:1: DeprecationWarning: prefetchrouter.Caching is now" in done.stderr


@pytest.mark.parametrize("module", ["http", "browser", "output", "targets", "rules", "errors", "freshness"])
def test_modules_that_kept_their_place_are_not_old(module: str) -> None:
    """A module that exists goes before a row of the table."""
    assert module not in MODULES
    assert importlib.import_module(f"prefetchrouter.{module}").__name__ == f"prefetchrouter.{module}"


def test_every_old_name_is_in_the_changelog() -> None:
    """With the new one beside it."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for old, new in NAMES.items():
        assert f"`{old.removeprefix('prefetchrouter.')}`" in text, old
        assert f"`{new.removeprefix('prefetchrouter.')}`" in text, new
    for module in MODULES:
        assert f"`{module}`" in text, module
