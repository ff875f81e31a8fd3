"""What some tests need of the machine besides Python's packages."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

HTTP_CACHE_TESTS = Path(__file__).parents[1] / "browser" / "node_modules" / "http-cache-tests"


def nginx() -> str | None:
    """Return where nginx is, None where it is not installed."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def missing(what: str) -> str | None:
    """Return why a test cannot run without something that this machine lacks, None where it is there."""
    match what:
        case "nginx":
            return None if nginx() else "nginx is not installed: `make setup` installs it"
        case "http-cache-tests":
            there = HTTP_CACHE_TESTS.is_dir()
            return None if there else "npm packages are not installed: `make setup` installs them"
        case _:
            raise ValueError(f"{what!r} is nothing that a test may need")


def check(item: pytest.Item) -> None:
    """Fail a test marked with ``needs`` whose program is missing, in `make test` and so in CI.

    Only `make test-python` skips it, so that who works on Python alone needs neither nginx nor npm; `pytest`
    lists what was skipped, with the command that installs it.
    """
    for mark in item.iter_markers("needs"):
        reason = missing(mark.args[0])
        if reason and os.environ.get("REQUIRE_PROGRAMS"):
            pytest.fail(reason, pytrace=False)
        if reason:
            pytest.skip(reason)
