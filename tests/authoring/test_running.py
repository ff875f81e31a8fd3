"""How a routes file runs: its own imports work, and it leaves nothing behind."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import prefetchrouter
from authoring.routes_files import GOOD, IMPORT, failure, write
from prefetchrouter import Router, load
from prefetchrouter.errors import LoadError, RuleError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_modules_beside_the_file_can_be_imported() -> None:
    """Whatever the current folder is, packages too."""
    write(IMPORT + "from parts.pages import add\nrouter = Router()\nadd(router)\n", "site/routes.py")
    write("from .names import NAME\ndef add(router):\n    router.match(NAME, {})\n", "site/parts/pages.py")
    write('NAME = "/a"\n', "site/parts/names.py")
    write("", "site/parts/__init__.py")
    assert len(load("site/routes.py").rule_set.rules) == 1


def test_each_load_sees_changes_in_the_file_and_its_modules() -> None:
    """Nothing is kept from the load before."""
    write(
        IMPORT
        + "from pages import names\nrouter = Router()\nfor name in names:\n    router.match(name, {})\n"
    )
    write('names = ["/a"]\n', "pages.py")
    assert len(load().rule_set.rules) == 1
    write('names = ["/a", "/b"]\n', "pages.py")
    assert len(load().rule_set.rules) == 2


def test_a_copy_of_the_package_beside_the_file_is_not_loaded_a_second_time() -> None:
    """Its `Router` would be another class, so that the file would define none."""
    Path("prefetchrouter").symlink_to(Path(prefetchrouter.__file__).parent)
    write(GOOD)
    assert len(load().rule_set.rules) == 1


def test_a_load_leaves_nothing_behind() -> None:
    """No module, no entry of sys.path, no compiled file."""
    write("import pages\n" + GOOD)
    write("x = 1\n", "pages.py")
    before = (set(sys.modules), list(sys.path), sys.dont_write_bytecode)
    load()
    assert (set(sys.modules), list(sys.path), sys.dont_write_bytecode) == before
    assert sorted(os.listdir()) == ["pages.py", "routes.py"]


def test_a_load_that_failed_leaves_nothing_behind_either() -> None:
    """The next one is as the first."""
    write("import pages\nraise ValueError\n")
    write("x = 1\n", "pages.py")
    with pytest.raises(LoadError):
        load()  # what finds the hint is imported when a file first fails
    before = (set(sys.modules), list(sys.path))
    with pytest.raises(LoadError):
        load()
    assert (set(sys.modules), list(sys.path)) == before


def test_a_file_can_hold_dataclasses_and_annotations() -> None:
    """They look their module up by its name."""
    write("""
        from __future__ import annotations
        from dataclasses import dataclass, field
        from prefetchrouter import Router

        @dataclass
        class Page:
            path: str
            tags: list[str] = field(default_factory=list)

        router = Router().match(Page("/a").path, {})
    """)
    assert len(load().rule_set.rules) == 1


def test_a_file_is_not_run_as_a_program() -> None:
    """What stands behind the usual test is left alone."""
    write(GOOD + 'if __name__ == "__main__":\n    raise SystemExit("run")\n')
    assert len(load().rule_set.rules) == 1


def test_a_file_knows_its_own_path() -> None:
    """So that it can read files beside it."""
    write(IMPORT + "from pathlib import Path\n" + 'router = Router().match("/" + Path(__file__).stem, {})\n')
    assert "/routes" in str(load().rule_set.to_json())


def test_two_threads_can_load_at_once() -> None:
    """Problems of one are not those of the other."""
    write(IMPORT + "import time\ntime.sleep(0.05)\nrouter = Router().match('/a/*', {})\n", "bad.py")
    write(GOOD, "good.py")
    found: dict[str, Any] = {}

    def bad() -> None:
        found["bad"] = failure(path="bad.py")

    thread = threading.Thread(target=bad)
    thread.start()
    with pytest.raises(RuleError):
        Router().match("/b/*", {})
    thread.join()
    assert [d.code for d in found["bad"].diagnostics] == ["path-pattern"]


def test_a_module_of_the_same_name_from_elsewhere_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies beside the file is what its imports mean; afterwards all is as before."""
    elsewhere = ModuleType("shared_rules")
    monkeypatch.setitem(sys.modules, "shared_rules", elsewhere)
    (tmp_path / "shared_rules.py").write_text("PATH = '/from/beside'\n", encoding="utf-8")
    routes = tmp_path / "routes.py"
    routes.write_text(
        "from prefetchrouter import Router\nfrom shared_rules import PATH\n"
        "router = Router().match(PATH, comment='x')\n",
        encoding="utf-8",
    )
    assert "/from/beside" in str(load(routes).rule_set.to_json())
    assert sys.modules["shared_rules"] is elsewhere


def test_what_the_file_prints_is_not_our_output(capsys: pytest.CaptureFixture[str]) -> None:
    """It goes where messages go, so that JSON stays JSON."""
    write(GOOD + 'print("hello")\n')
    load()
    assert capsys.readouterr() == ("", "hello\n")


def test_a_file_that_changes_the_folder_changes_it_for_itself_only(tmp_path: Path) -> None:
    """Where a build is written, and the paths that messages show, do not move with it."""
    write("import os\nos.makedirs('elsewhere')\nos.chdir('elsewhere')\n" + GOOD)
    load()
    assert Path.cwd() == tmp_path
    write("import os\nos.chdir('elsewhere')\n1 / 0\n")
    with pytest.raises(LoadError, match=r"^routes\.py:3: "):
        load()
