"""Engines and browsers that are there, too old, broken or missing: the test's own programs on PATH."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from prefetchrouter.engines import program as engine_program
from prefetchrouter.engines.nginx_program import Nginx
from prefetchrouter.engines.programs import ENGINES, engine_named
from prefetchrouter.engines.varnish_engine import Varnish
from prefetchrouter.installation import found_programs
from prefetchrouter.installation.found_programs import (
    Program,
    find_browsers,
    find_engines,
    find_tool,
    printed_version,
)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engine_program, "_ELSEWHERE", ())
    return tmp_path


def write(folder: Path, name: str, lines: str) -> None:
    """Write a program for a shell that it names itself, as PATH has none."""
    (folder / name).write_text(f"#!/bin/sh\n{lines}\n")
    (folder / name).chmod(0o755)


def found(name: str) -> Program:
    """The engine of that name, as `doctor` finds it."""
    return next(each for each in find_engines() if each.name == name)


def test_each_engine_is_listed_whether_it_is_there_or_not(programs: Path) -> None:
    engines = find_engines()
    assert [each.name for each in engines] == list(ENGINES)
    assert {each.path for each in engines} == {None}
    assert all(each.install and not each.is_ready for each in engines)


def test_a_version_may_be_printed_to_standard_error(programs: Path) -> None:
    write(programs, "node", "echo v20.1.0 >&2")
    assert found("node") == Program(
        "node", "engine", str(programs / "node"), "20.1.0", None, engine_named("node").install
    )


def test_a_program_that_is_too_old_says_what_is_needed(programs: Path) -> None:
    write(programs, "deno", "echo deno 1.46.3")
    assert found("deno").lack == "2 or later is needed"


def test_a_broken_program_is_found_and_not_ready(programs: Path) -> None:
    write(programs, "bun", "exit 3")
    (programs / "workerd").write_bytes(b"\x7fELF but not really")
    (programs / "workerd").chmod(0o755)
    assert found("bun").lack == "it prints no version with --version, exit code 3"
    assert (found("workerd").lack or "").startswith("it does not start: ")


def test_a_program_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_programs, "_SECONDS", 0.1)
    write(tmp_path, "hangs", "exec tail -f /dev/null")
    assert printed_version(str(tmp_path / "hangs"), "--version")[1] == (
        "it does not print its version within 0 s"
    )


def test_nginx_needs_its_javascript_module(programs: Path) -> None:
    write(programs, "nginx", f'echo "nginx version: nginx/1.26.0" >&2\necho "--modules-path={programs}" >&2')
    assert found("nginx").lack == f"ngx_http_js_module.so is not in {programs}"
    (programs / "ngx_http_js_module.so").touch()
    assert found("nginx").lack is None
    write(programs, "nginx", 'echo "nginx version: nginx/1.26.0 --add-module=/src/njs/nginx" >&2')
    assert found("nginx").lack is None


@pytest.mark.needs("varnishd")
def test_the_varnish_of_this_machine_has_the_modules_that_the_vcl_imports(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    varnish = Varnish()
    path = varnish.found()
    assert varnish.lacks(path) is None
    monkeypatch.setattr("prefetchrouter.engines.varnish_engine.imported_modules", lambda: ("std", "nonesuch"))
    assert varnish.lacks(path) == "module nonesuch"


@pytest.mark.needs("njs")
def test_the_nginx_of_this_machine_has_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NGINX_MODULES", raising=False)
    assert Nginx().lacks(Nginx().found()) is None


def test_only_browsers_that_are_there_are_listed(programs: Path) -> None:
    assert [each.name for each in find_browsers() if str(programs) in (each.path or "")] == []
    write(programs, "firefox-esr", "echo Mozilla Firefox 140.2.0esr")
    write(programs, "google-chrome", "echo Google Chrome 156.0.8078.108")
    listed = {each.name: each.version for each in find_browsers() if str(programs) in (each.path or "")}
    assert listed == {"chrome": "156.0.8078.108", "firefox": "140.2.0"}


def test_a_tool_has_its_version() -> None:
    tool = find_tool(sys.executable, "pip install python")
    assert tool.version == ".".join(map(str, sys.version_info[:3]))
    assert not find_tool(os.devnull, "").is_ready
