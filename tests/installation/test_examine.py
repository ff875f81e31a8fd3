"""Which command needs what."""

from __future__ import annotations

import pytest

from prefetchrouter.cli import COMMANDS
from prefetchrouter.installation import examine as examining
from prefetchrouter.installation.examine import Readiness, examine
from prefetchrouter.installation.found_programs import Program
from prefetchrouter.installation.packages import Package

JINJA = Package("jinja2", "", ">=3", "3.1", is_right=True)


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with git and nginx, without any extra."""
    lacking = [Package(name, name, "", None, is_right=False) for name in ("serve", "import", "learn")]
    monkeypatch.setattr(examining, "needed_packages", lambda: (JINJA, *lacking))
    monkeypatch.setattr(examining, "find_tool", lambda name, _: Program(name, "tool", "/usr/bin/git"))
    monkeypatch.setattr(examining, "find_browsers", lambda: ())
    monkeypatch.setattr(
        examining, "find_engines", lambda: (Program("nginx", "engine", "/usr/sbin/nginx", install="apt"),)
    )


def readiness() -> dict[str, Readiness]:
    """What is ready, by name."""
    return {each.name: each for each in examine(COMMANDS).readiness}


def test_commands_without_their_extra_are_not_ready_or_lack_a_part() -> None:
    ready = readiness()
    assert [name for name in COMMANDS if ready[name].state == "not ready"] == ["serve"]
    assert ready["serve"].installs == ('pip install "prefetchrouter[serve]"',)
    assert [name for name in COMMANDS if ready[name].state == "in part"] == ["import", "learn"]
    assert ready["import"].without == "configurations of nginx"


def test_an_engine_needs_the_extra_and_its_program(monkeypatch: pytest.MonkeyPatch) -> None:
    assert readiness()["nginx"].lacks == ("serve",)
    monkeypatch.setattr(examining, "needed_packages", lambda: (JINJA,))
    assert readiness()["nginx"].state == "ready"
    monkeypatch.setattr(examining, "find_engines", lambda: (Program("nginx", "engine", None, install="apt"),))
    nginx = readiness()["nginx"]
    assert (nginx.lacks, nginx.installs) == (("nginx is not installed",), ("apt",))


def test_a_package_that_is_always_needed_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engines are not even looked for: their classes import it."""
    monkeypatch.setattr(
        examining, "needed_packages", lambda: (Package("jinja2", "", ">=3", "2.1", is_right=False),)
    )
    monkeypatch.setattr(examining, "find_engines", lambda: pytest.fail("imports what is missing"))
    report = examine(COMMANDS)
    assert not report.is_whole
    assert {each.state for each in report.readiness if each.name in COMMANDS} == {"not ready"}


def test_git_is_for_revisions_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        examining, "find_tool", lambda name, install: Program(name, "tool", None, install=install)
    )
    diff = readiness()["diff"]
    assert (diff.state, diff.without, diff.lacks) == ("in part", "revisions of git", ("git",))
