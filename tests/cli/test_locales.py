"""Commands in a locale without UTF-8, on a terminal that knows few characters: same files, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROUTES = """\
from prefetchrouter import Property, Router

site = Property(name="Grün")
router = Router().match(
    "/caf%C3%A9/:id", caching={"max_age": "1h", "service_worker_max_age": "5m"}, comment="Grün, Tee ☕"
)
"""
C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LOCALES = {
    "utf-8": {"PYTHONIOENCODING": "utf-8"},
    "C": C,
    "a terminal of latin-1": {**C, "PYTHONIOENCODING": "latin-1"},
}


def run(folder: Path, locale: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, "-m", "prefetchrouter", *words],
        cwd=folder, env={**environment, **LOCALES[locale]}, capture_output=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose rules and pages have characters that ASCII lacks."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "routes.py").write_text(ROUTES, encoding="utf-8")
    (folder / "pub").mkdir()
    (folder / "pub" / "index.html").write_text("<!doctype html><title>Grün ☕</title>", encoding="utf-8")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_build_writes_the_same_bytes_in_each_locale(folder: Path) -> None:
    for number, locale in enumerate(LOCALES):
        done = run(folder, locale, "build", "--site", "--out", f"built{number}", "--quiet")
        assert (done.returncode, done.stderr) == (0, b"")
    first, *others = (files(folder / f"built{number}") for number in range(len(LOCALES)))
    assert rb"Gr\u00fcn, Tee \u2615" in first["ruleset.json"]
    assert others == [first] * len(others)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_url_is_utf8_whatever_the_locale_is(folder: Path, locale: str) -> None:
    """And what the terminal cannot show is escaped."""
    done = run(folder, locale, "explain", "/café/1", "--header", "x-tea: grün", "--full")
    assert done.returncode == 0, done.stderr
    assert b"Prefetched?  yes" in done.stdout
    seen = {"utf-8": "Grün, Tee ☕".encode(), "C": rb"Gr\xfcn, Tee \u2615"}
    assert seen.get(locale, rb"Gr" + b"\xfc" + rb"n, Tee \u2615") in done.stdout


@pytest.mark.parametrize("locale", list(LOCALES)[1:])
@pytest.mark.parametrize("command", ["lint", "site pub --no-serve", "build --format json", "doctor"])
def test_no_command_fails_on_what_a_terminal_cannot_show(folder: Path, locale: str, command: str) -> None:
    done = run(folder, locale, *command.split())
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stderr
    assert b"[internal]" not in done.stdout + done.stderr
