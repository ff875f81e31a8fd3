"""The browser's files in the Python package, and the names that both sides share."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from prefetchrouter import Router, build
from prefetchrouter.browser.files import browser_files, hashed_install_path, is_immutable
from prefetchrouter.browser.names import NAMES, STATIC
from prefetchrouter.output.building import write
from prefetchrouter.targets.manifest import GLOBAL_NAME
from prefetchrouter.targets.site_files import site_files
from prefetchrouter.version import VERSION

ROOT = Path(__file__).parents[2]


def test_every_file_is_at_the_path_that_pages_ask_for() -> None:
    """The latest install script, the pinned one, that of its text, what they load, and the worker."""
    parts = [path for path in browser_files() if path.rpartition("/")[2] in NAMES.parts]
    assert len(parts) == len(NAMES.parts)
    assert set(browser_files()) - set(parts) == {
        "/__edgio__/prefetch/install.js",
        "/__edgio__/prefetch/uninstall.js",
        hashed_install_path(),
        f"/__edgio__/prefetch/v{VERSION}/install.js",
        f"/__edgio__service_worker_v{VERSION}.js",
    }


def test_the_install_script_loads_its_parts_from_the_folder_of_their_text() -> None:
    """Both sides compute the name of that folder."""
    (folder,) = {path.rpartition("/")[0] for path in browser_files() if path.endswith("/workerClient.js")}
    assert f"{folder.rpartition('/')[2]}/" in browser_files()[NAMES.install_path]
    assert is_immutable(f"{folder}/workerClient.js")


def test_the_install_script_of_other_rules_has_another_path() -> None:
    """So that pages may store it for ever."""
    assert hashed_install_path("1;") != hashed_install_path("2;")
    assert browser_files("1;")[hashed_install_path("1;")].startswith("1;")


def test_the_install_script_registers_the_worker_of_the_same_version() -> None:
    """So that page and worker never come from two versions."""
    assert VERSION in browser_files()[NAMES.install_path]


def test_a_build_lays_the_site_out(tmp_path: Path) -> None:
    """Any web server can serve the folder as it is."""
    built = build(Router(), site=True)
    write(built, tmp_path)
    files = {path: file.text for path, file in site_files((), None).items()}
    assert files[NAMES.manifest_path] == built["cache-manifest.js"]
    for path, text in files.items():
        assert (tmp_path / f"site{path}").read_text(encoding="utf-8") == text


def test_python_reads_the_whole_table_of_names() -> None:
    """A name that one side knows and the other does not is found here."""
    table = json.loads((STATIC / "names.json").read_text(encoding="utf-8"))
    assert len(table) == len(NAMES.__dataclass_fields__)
    assert table["manifestGlobal"] == GLOBAL_NAME


def test_python_and_npm_package_have_one_version() -> None:
    """They are released together."""
    assert json.loads((ROOT / "browser" / "package.json").read_text(encoding="utf-8"))["version"] == VERSION


def test_the_wheel_holds_everything_that_is_read_at_run_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Types, templates, and the browser's files."""
    monkeypatch.chdir(ROOT)
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    held = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src" / "prefetchrouter"
    wanted = [package / "py.typed", *package.glob("templates/*.j2"), *STATIC.glob("*")]
    assert {path.relative_to(ROOT / "src").as_posix() for path in wanted} <= held
