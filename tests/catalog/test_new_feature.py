"""A feature is added in one place: a field of a section; what is generated follows, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import prefetchrouter

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = Path(prefetchrouter.__file__).parent
GENERATORS = (
    "make_typed_dicts.py",
    "make_keys.py",
    "make_features_page.py",
    "make_edge_features.py",
    "make_support_table.py",
    "make_browser_tables.py",
)
EDITED = "src/prefetchrouter/rules/features/caching.py"
GENERATED = {
    "src/prefetchrouter/rules/typed/sections.py",
    "src/prefetchrouter/catalog/keys.py",
    "docs/features.md",
    "docs/edge-features.md",
    "docs/targets.md",
}
"""What `make generate` writes for a feature."""

COPIED_TESTS = ("tests/catalog", "tests/edge/running", "tests/lowering", "tests/targets")

FIELD = """    jitter: Given[Age] = feature(
        "How much the lifetimes of stored responses are spread.",
        example={"200": "10s"},
        merge="status",
        in_manifest=True,
        elsewhere=("spread",),
        own=True,
    )
"""

RUN = """
from prefetchrouter import Request, Router, RuleSet, build, evaluate
from prefetchrouter.catalog import caching
from prefetchrouter.edge.running.supported import unsupported

router = Router().match("/a", caching={"jitter": "1m"}).match("/a", caching={"jitter": {"404": "5s"}})
decision = evaluate(RuleSet.from_json(RuleSet(rules=router.rules).to_json()), Request("/a"))
assert decision.get(caching.jitter) == {"200": "1m", "404": "5s"}, decision.values
assert decision.get(caching.jitter.entry(404)).seconds == 5
assert "jitter" in "".join(file.text for file in build(router).files if "manifest" in file.path)
(found,) = unsupported(router)
assert "caching.jitter: this edge does not have it" in str(found), found
for name in ("worker", "varnish", "nginx"):
    try:
        build(router, targets=name)
    except Exception as error:
        assert "does not support caching.jitter" in str(error), error
    else:
        raise AssertionError(f"{name} dropped it in silence")
try:
    Router().match("/a", caching={"spread": "1m"})
except Exception as error:
    assert 'write {"jitter": "1m"}' in str(error), error
"""

TYPED = """
from typing import assert_type
from collections.abc import Mapping
from prefetchrouter import CachingDict, Duration, Request, Router, evaluate
from prefetchrouter.catalog import caching

found = evaluate(Router(), Request("/a"))
assert_type(found.get(caching.jitter), Mapping[str, Duration] | None)
assert_type(found.get(caching.jitter.entry(200)), Duration | None)
Router().match("/a", caching={"jitter": "1m"})
Router().match("/a", caching={"jitter": 60})  # type: ignore[typeddict-item]
Router().match("/a", caching={"jiter": "1m"})  # type: ignore[typeddict-unknown-key]
"""


def run(folder: Path, *command: str) -> None:
    """Run Python in the copy; it imports the copy's package."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder, env={"PYTHONPATH": str(folder / "src"), "PATH": ""}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with one more field, and what is generated from it."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(PACKAGE, folder / "src" / "prefetchrouter", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("scripts", "docs", "browser/src/core", *COPIED_TESTS):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    section = folder / "src" / "prefetchrouter" / "rules" / "features" / "caching.py"
    text = section.read_text(encoding="utf-8")
    section.write_text(
        text.replace("    if TYPE_CHECKING:\n\n        def", f"{FIELD}\n    if TYPE_CHECKING:\n\n        def")
    )
    for script in GENERATORS:
        run(folder, str(folder / "scripts" / script))
    return folder


def test_it_compiles_evaluates_merges_and_is_refused_by_an_edge_that_lacks_it(copy: Path) -> None:
    """The later rule wins code by code; the manifest lists it; other programs' word for it is understood."""
    run(copy, "-c", RUN)


def test_it_completes_in_editors(copy: Path) -> None:
    """As a key, and as a name in a section; a wrong value or name is an error of the type checker."""
    (copy / "program.py").write_text(TYPED)
    run(copy, "-m", "mypy", "--strict", "--cache-dir", str(copy / ".mypy_cache"), "program.py")


def test_it_is_documented_and_marked_as_ours(copy: Path) -> None:
    """With its sentence, its value and its place in the manifest."""
    page = (copy / "docs" / "features.md").read_text(encoding="utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith("| `jitter` |")]
    assert "How much the lifetimes of stored responses are spread. *(ours" in row
    assert "| yes |" in row
    for name in ("edge-features.md", "targets.md"):
        assert "caching.jitter" in (copy / "docs" / name).read_text(encoding="utf-8")


def test_one_file_is_edited_and_five_are_generated(copy: Path) -> None:
    """As CONTRIBUTING says. Browsers do not decide by this one, though the manifest lists it."""
    files = [path for part in ("src", "docs", "browser", "tests") for path in (copy / part).rglob("*.*")]
    changed = {
        path.relative_to(copy).as_posix()
        for path in files
        if path.suffix != ".pyc" and path.read_bytes() != (PROJECT / path.relative_to(copy)).read_bytes()
    }
    assert changed == {EDITED} | GENERATED
    guide = " ".join((PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
    assert "`make generate` then writes five files" in guide


def test_no_other_file_of_the_package_needs_an_edit(copy: Path) -> None:
    """The copy's own tests of the catalogue, and of what engines support and when they act, hold."""
    tests = (
        "tests/catalog/test_feature_specs.py",
        "tests/edge/running/test_supported.py",
        "tests/lowering/test_phases.py",
        "tests/targets/test_edge_rules.py",
    )
    run(copy, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", "not example", *tests)
