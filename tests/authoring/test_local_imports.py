"""How a routes file imports its neighbours: each way works, from each command, and each load is fresh."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from authoring.routes_files import write
from prefetchrouter import load
from prefetchrouter.authoring.local_imports import package_of

RULE = 'from prefetchrouter import Router\nrouter = Router().match("/a", caching={"max_age": TIME})\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def max_age(path: str) -> str:
    """What the rule of a routes file says."""
    return str(load(path).rule_set.to_json()).partition("'max_age': {'200': '")[2].partition("'")[0]


IMPORTS = ("from common import TIME", "from .common import TIME", "from cdn.common import TIME")


@pytest.mark.parametrize("is_package", [True, False])
@pytest.mark.parametrize("statement", IMPORTS)
def test_a_neighbour_is_imported_by_name_relatively_and_from_the_root(
    statement: str, is_package: bool
) -> None:
    """With an ``__init__.py`` and without; again after a change."""
    if is_package:
        write("", "cdn/__init__.py")
    write(f"{statement}\n{RULE}", "cdn/routes.py")
    before = set(sys.modules)
    for time in ("1h", "2h"):
        write(f'TIME = "{time}"\n', "cdn/common.py")
        assert max_age("cdn/routes.py") == time
    assert {name for name in set(sys.modules) - before if "cdn" in name or "common" in name} == set()


def test_packages_in_packages_and_two_levels_up() -> None:
    for name in ("shop/__init__.py", "shop/cdn/__init__.py"):
        write("", name)
    write('TIME = "3h"\n', "shop/times.py")
    write(f"from ..times import TIME\n{RULE}", "shop/cdn/routes.py")
    assert max_age("shop/cdn/routes.py") == "3h"
    assert package_of(Path("shop/cdn/routes.py").absolute()) == ("shop.cdn", Path.cwd())


def test_a_module_of_the_application_beside_the_folder_is_found_and_forgotten() -> None:
    """As with ``python -m``: the current folder counts."""
    write('TIME = "4h"\n', "settings_of_mine.py")
    write(f"from settings_of_mine import TIME\n{RULE}", "cdn/routes.py")
    path = list(sys.path)
    assert max_age("cdn/routes.py") == "4h"
    assert "settings_of_mine" not in sys.modules
    assert sys.path == path


def test_a_package_that_was_imported_before_is_what_it_was() -> None:
    """A test may use the same package as the rules that it tests."""
    write("", "cdn/__init__.py")
    write('TIME = "1h"\n', "cdn/common.py")
    write(f"from .common import TIME\n{RULE}", "cdn/routes.py")
    sys.path.insert(0, os.getcwd())
    try:
        import cdn.common  # type: ignore[import-not-found]

        assert max_age("cdn/routes.py") == "1h"
        assert sys.modules["cdn.common"] is cdn.common
    finally:
        sys.path.remove(os.getcwd())
        for name in ("cdn", "cdn.common"):
            sys.modules.pop(name, None)


SCRIPT = "import sys; from prefetchrouter.cli import main; sys.exit(main())"


@pytest.mark.parametrize("statement", IMPORTS)
@pytest.mark.parametrize("start", [("-m", "prefetchrouter"), ("-P", "-c", SCRIPT)], ids=["module", "command"])
def test_the_command_and_the_module_do_the_same(start: tuple[str, ...], statement: str) -> None:
    """``-P``, as the installed command: the current folder is not in Python's path."""
    write("", "cdn/__init__.py")
    write('TIME = "1h"\n', "cdn/common.py")
    write(f"{statement}\n{RULE}", "cdn/routes.py")
    command = [sys.executable, *start, "build", "cdn/routes.py", "--quiet"]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("locale", ["C", "POSIX", "de_DE.ISO-8859-1"])
def test_a_locale_without_utf_8_changes_nothing(locale: str) -> None:
    """Neither in what is read nor in what is written; what a terminal cannot show is escaped."""
    write('from prefetchrouter import Router\nrouter = Router().match("/a", comment="größer")\n', "ä.py")
    command = [sys.executable, "-X", "utf8=0", "-m", "prefetchrouter", "build", "ä.py"]
    environment = {**os.environ, "LC_ALL": locale, "PYTHONCOERCECLOCALE": "0"}
    finished = subprocess.run(command, capture_output=True, env=environment)
    assert finished.returncode == 0, finished.stderr
    assert json.loads(Path("dist/ruleset.json").read_bytes())["rules"][0]["if"][1] == {"comment": "größer"}
