"""What each extra needs, from metadata."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import pytest

from prefetchrouter.installation import packages
from prefetchrouter.installation.packages import installing, needed_packages


def test_extras_are_those_of_the_metadata() -> None:
    """Each with a package of it."""
    declared = set(importlib.metadata.metadata("prefetchrouter").get_all("Provides-Extra") or ())
    found = {each.extra for each in needed_packages()}
    assert declared
    assert found == {"", *declared}


def test_versions_are_compared_with_what_is_wanted() -> None:
    later, missing, right = needed_packages(
        ["pytest>=9999", 'no-such-package; extra == "a"', 'pytest>=7; extra == "a" and python_version > "3"']
    )
    assert (later.extra, later.is_right) == ("", False)
    assert later.lack == f"pytest>=9999 ({pytest.__version__} is installed)"
    assert (missing.extra, missing.lack) == ("a", "no-such-package")
    assert (right.extra, right.lack) == ("a", None)


def test_packages_for_other_platforms_are_left_out() -> None:
    assert not needed_packages(
        ['pytest; sys_platform == "other"', 'pytest; sys_platform == "x" and extra == "a"']
    )


@pytest.mark.parametrize(
    ("prefix", "command"),
    [
        ("/home/a/.local/share/pipx/venvs/prefetchrouter", 'pipx install --force "prefetchrouter[serve]"'),
        ("/home/a/.local/share/uv/tools/prefetchrouter", 'uv tool install "prefetchrouter[serve]"'),
        ("/home/a/.cache/uv/archive-v0/u83Vjo", 'uvx --from "prefetchrouter[serve]" prefetchrouter'),
        ("/home/a/site/.venv", 'pip install "prefetchrouter[serve]"'),
    ],
)
def test_the_command_is_that_of_the_program_that_installed_it(
    prefix: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", prefix)
    assert installing("serve") == command


def test_uv_installs_what_uv_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "INSTALLER").write_text("uv")
    monkeypatch.setattr(packages, "_distribution", lambda: importlib.metadata.PathDistribution(tmp_path))
    assert installing("") == "uv pip install prefetchrouter"


def test_without_metadata_it_says_nothing_of_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder on PYTHONPATH has none."""
    monkeypatch.setattr(packages, "NAME", "no-such-package")
    assert needed_packages() == ()
    assert installing("") == "pip install no-such-package"
