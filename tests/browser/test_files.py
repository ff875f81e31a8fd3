"""The browser's files in the Python package, and the names that both sides share."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from prefetchrouter import Router, build
from prefetchrouter.browser.files import browser_files
from prefetchrouter.browser.names import NAMES, STATIC
from prefetchrouter.output.build import write
from prefetchrouter.targets.manifest import GLOBAL_NAME
from prefetchrouter.version import VERSION

ROOT = Path(__file__).parents[2]


def test_every_file_is_at_the_path_that_pages_ask_for() -> None:
    """The latest install script, the pinned one, what they load, and the worker at the root."""
    assert list(browser_files()) == [
        "/__edgio__/prefetch/deepFetch.js",
        "/__edgio__/prefetch/install.js",
        "/__edgio__/prefetch/lazy.js",
        "/__edgio__/prefetch/overlay.js",
        f"/__edgio__/prefetch/v{VERSION}/deepFetch.js",
        f"/__edgio__/prefetch/v{VERSION}/install.js",
        f"/__edgio__/prefetch/v{VERSION}/lazy.js",
        f"/__edgio__/prefetch/v{VERSION}/overlay.js",
        f"/__edgio__service_worker_v{VERSION}.js",
    ]


def test_the_install_script_registers_the_worker_of_the_same_version() -> None:
    """So that page and worker never come from two versions."""
    assert VERSION in browser_files()[NAMES.install_path]


def test_a_build_lays_the_site_out(tmp_path: Path) -> None:
    """Any web server can serve the folder as it is."""
    built = build(Router(), site=True)
    write(built, tmp_path)
    for path, text in {**browser_files(), NAMES.manifest_path: built["cache-manifest.js"]}.items():
        assert (tmp_path / f"site{path}").read_text(encoding="utf-8").endswith(text)


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
