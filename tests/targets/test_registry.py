"""Targets by name, those of other installed packages too."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter import Router, build
from prefetchrouter.errors import TargetError
from prefetchrouter.targets import registry
from prefetchrouter.targets.manifest import ManifestTarget

PACKAGE = """\
import pathlib
import sys
from prefetchrouter.targets import FULL, Artifact, Job, SupportTable, Target

print("imported", file=sys.stderr)


class Count(Target):
    name = "count"
    summary = "How many rules there are."
    support = SupportTable(
        features={"caching": FULL}, variables={"request.path": FULL}, operators={"==": FULL}
    )

    def print(self, job: Job) -> list[Artifact]:
        return [Artifact("count/rules.txt", f"{len(job.rules)}\\n")]


class Broken(Count):
    name = "broken"

    def __init__(self) -> None:
        raise RuntimeError("no licence")


class Renamed(Count):
    name = "elsewhere"


class Half(Target):
    name = "half"

    def print(self, job: Job) -> list[Artifact]:
        return []


def exits():
    sys.exit("no licence")


text = "not a target"
"""
ENTRY_POINTS = """\
[prefetchrouter.targets]
count = counting:Count
broken = counting:Broken
missing = counting:Missing
renamed = counting:Renamed
text = counting:text.upper
half = counting:Half
exits = counting:exits
invalid = not a place
"""

TWO = [ManifestTarget("A"), ManifestTarget("B")]
NAMES = ("broken", "count", "exits", "half", "invalid", "missing", "renamed", "text")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path with an installed package, as pip lays it out, and a routes file."""
    install(tmp_path / "site", "counting", ENTRY_POINTS)
    (tmp_path / "site" / "counting.py").write_text(PACKAGE)
    (tmp_path / "routes.py").write_text(
        "from prefetchrouter import Router\nrouter = Router().match('/a', caching={'max_age': '1h'})\n"
    )
    monkeypatch.syspath_prepend(tmp_path / "site")
    yield tmp_path
    sys.modules.pop("counting", None)


def install(site: Path, name: str, entry_points: str) -> None:
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entry_points)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "prefetchrouter", "build", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "site")},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def test_a_package_brings_a_target(folder: Path) -> None:
    """It is built beside ours, and listed."""
    done = run(folder, "--target", "ruleset,count")
    assert (done.returncode, done.stderr) == (0, "imported\n")
    assert (folder / "dist" / "count" / "rules.txt").read_text() == "1\n"
    assert sorted(path.name for path in (folder / "dist").iterdir()) == ["count", "ruleset.json"]
    assert "dist/count/rules.txt  2 bytes" in done.stdout


@pytest.mark.parametrize("words", [(), ("--target", "manifest"), ("--target", "cuont")])
def test_a_package_is_not_imported_unless_its_target_is_chosen(folder: Path, words: tuple[str, ...]) -> None:
    """Not for the list of names either."""
    assert "imported" not in run(folder, *words).stderr


def test_a_rule_that_it_cannot_express_is_an_error_with_the_line(folder: Path) -> None:
    """And no file is written, of no target."""
    with (folder / "routes.py").open("a") as routes:
        routes.write("router.match('/b', url={'url_redirect': {'destination': '/c'}})\n")
    done = run(folder, "--target", "ruleset", "--target", "count")
    assert done.returncode == 1
    assert (
        'routes.py:3: error: the target "count" does not support url.url_redirect [unsupported]'
        in done.stderr
    )
    assert not (folder / "dist").exists()
    warned = run(folder, "--target", "count", "--unsupported", "warn")
    assert warned.returncode == 0
    assert "routes.py:3: warning: " in warned.stdout
    assert run(folder, "--target", "count", "--unsupported", "warn", "--strict").returncode == 1
    assert "url_redirect [" not in run(folder, "--target", "count", "--unsupported", "ignore").stdout


def test_an_unknown_name_is_refused_with_the_list(folder: Path) -> None:
    """And with what was meant."""
    done = run(folder, "--target", "cuont")
    assert done.returncode == 2
    assert '"cuont" is not a target [unknown-target]' in done.stderr
    assert f"expected one of {', '.join((*registry.OURS, *NAMES))}" in done.stderr
    assert 'did you mean "count"?' in done.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("broken", "cannot be loaded: RuntimeError: no licence"),
        ("missing", "the package counting cannot be loaded: AttributeError"),
        ("renamed", 'the target "renamed" calls itself "elsewhere"'),
        ("text", '"NOT A TARGET" is not a target'),
        ("half", 'the target "half": its summary is None; expected a sentence'),
        ("exits", "cannot be loaded: SystemExit: no licence"),
        ("invalid", "the package counting cannot be loaded: "),
    ],
)
def test_a_package_that_is_broken_is_named(folder: Path, name: str, message: str) -> None:
    """It is not the user's mistake."""
    with pytest.raises(TargetError, match=message) as raised:
        registry.target_named(name)
    assert raised.value.code == "broken-target"


def test_two_packages_cannot_bring_the_same_name(folder: Path) -> None:
    """Which of them counts would be chance."""
    install(folder / "site", "other", "[prefetchrouter.targets]\ncount = other:Count\n")
    with pytest.raises(
        TargetError, match="registered twice: counting:Count of the package counting and other:Count"
    ):
        registry.target_named("count")


def test_no_package_takes_a_name_of_ours(folder: Path) -> None:
    """Whoever builds a manifest gets ours."""
    install(folder / "site", "other", "[prefetchrouter.targets]\nmanifest = other:Manifest\n")
    assert isinstance(registry.target_named("manifest"), ManifestTarget)
    done = run(folder, "--target", "manifest")
    assert done.returncode == 0
    assert 'other:Manifest of the package other is ignored: "manifest" is a target of ours' in done.stdout
    assert "ignored" not in run(folder, "--target", "ruleset").stdout
    assert run(folder, "--target", "manifest", "--strict").returncode == 1
    assert "ignored" not in run(folder).stdout  # it was not named, and no build looks at all packages for it


def test_the_order_of_names_does_not_depend_on_the_path(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever package is found first."""
    install(folder / "other", "another", "[prefetchrouter.targets]\nabacus = a:B\nzero = a:Z\n")
    orders = []
    for first in ("other", "site"):
        monkeypatch.syspath_prepend(folder / "other")
        monkeypatch.syspath_prepend(folder / first)
        orders.append(registry.target_names())
    assert orders[0] == orders[1] == (*registry.OURS, "abacus", *NAMES, "zero")


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ("manifest, ruleset", ["manifest", "ruleset"]),
        (["ruleset", "ruleset"], ["ruleset"]),
        ([ManifestTarget("MINE"), "manifest"], ["manifest"]),
        (registry.DEFAULT, ["ruleset", "manifest"]),
    ],
)
def test_targets_are_chosen_by_name_or_given(chosen: Any, names: list[str]) -> None:
    """In the order of the choice, each once; the first counts."""
    found = registry.targets(chosen)
    assert [target.name for target in found] == names
    assert not any(isinstance(target, ManifestTarget) and target.global_name == "" for target in found)


@pytest.mark.parametrize(
    "wrong",
    ["", "ruleset,", [7], [ManifestTarget], 7, None, ManifestTarget(), b"manifest", TWO],
)
def test_what_is_not_a_target_is_refused(wrong: Any) -> None:
    """As an error of ours."""
    with pytest.raises(TargetError):
        build(Router(), targets=wrong)


def test_options_of_the_manifest_need_the_manifest() -> None:
    """They would have no effect."""
    for options in ({"site": True}, {"manifest_global": "MINE"}):
        with pytest.raises(TargetError, match='is an option of the target "manifest"'):
            build(Router(), targets="ruleset", **options)


def test_vinyl_is_another_name_of_varnish() -> None:
    assert type(registry.target_named("vinyl")) is type(registry.target_named("varnish"))
    assert "vinyl" not in registry.target_names()
