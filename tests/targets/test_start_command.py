"""A target that can be started names one command for that, and the output of a build shows it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from prefetchrouter import Router, build
from prefetchrouter.errors import TargetError
from prefetchrouter.targets import FULL, Artifact, Job, SupportTable, Target
from prefetchrouter.targets.registry import OURS, target_named

STARTED = {name: target_named(name).start_command for name in OURS if target_named(name).start_command}
ROUTES = """from prefetchrouter import Origin, Property, Router

site = Property(origins=[Origin(name="web", hosts=["origin.shop.example"])])
router = Router().match("/a", caching={"max_age": "1h"})
"""


class Pages(Target):
    """A target that is started by what it writes, or by something else."""

    name = "pages"
    summary = "Pages."
    support = SupportTable(otherwise=FULL)
    start_command: ClassVar[tuple[str, ...]] = ("sh", "pages/start.sh")
    path = "pages/start.sh"

    def print(self, job: Job) -> list[Artifact]:
        """Print one file."""
        return [Artifact(self.path, "")]


class Lost(Pages):
    """A target whose command starts what is not there."""

    path = "pages/run.sh"


class Text(Pages):
    """A target whose command is not a list of words."""

    start_command = "sh pages/start.sh"  # type: ignore[assignment]


def test_each_edge_that_is_a_target_can_be_started() -> None:
    """With one command; files that others read have none."""
    assert set(STARTED) == {name for name in OURS if target_named(name).support.edge_rules}


def test_a_build_knows_the_command_of_each_target() -> None:
    """Of those that have one, in the order of the targets."""
    assert build(Router(), targets=[Pages()]).commands == (("pages", ("sh", "pages/start.sh")),)
    assert build(Router()).commands == ()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (Lost(), 'is started by "pages/start.sh", which it does not write'),
        (Text(), 'its start_command is "sh pages/start.sh"; expected words of a command'),
    ],
)
def test_a_command_that_starts_nothing_is_an_error_of_the_target(target: Target, message: str) -> None:
    """Which names it."""
    with pytest.raises(TargetError) as error:
        build(Router(), targets=[target])
    assert message in str(error.value)


def test_the_output_names_the_command_as_a_shell_takes_it(tmp_path: Path) -> None:
    """Also where the folder has a blank; and as data."""
    (tmp_path / "routes.py").write_text(ROUTES)

    def built(*options: str) -> str:
        command = [sys.executable, "-m", "prefetchrouter", "build", "--out", "my dist", *options]
        command += ["--target", ",".join(STARTED)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    shown = {
        line.split(":")[0]: line.partition(":")[2].strip() for line in built().splitlines()[-len(STARTED) :]
    }
    expected = {name: f"{' '.join(words)} 'my dist/{path}'" for name, (*words, path) in STARTED.items()}
    assert shown == {f"start {name}": command for name, command in expected.items()}
    assert json.loads(built("--format", "json"))["start"] == expected
