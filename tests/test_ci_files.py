"""The action and the hooks for other repositories, in a git repository with a remote."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROUTES = """\
from prefetchrouter import Router

router = Router().match("/p/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
"""
DEAD = '.match("/p/new", caching={"max_age": "5m"})'


def git(folder: Path, *words: str) -> None:
    """Run git without a user's own settings."""
    settings = ("-c", "user.email=test@example.com", "-c", "user.name=test", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *settings, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone, on a branch, of a bare remote whose main has the rules."""
    remote, work = tmp_path / "remote.git", tmp_path / "work"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    git(tmp_path, "clone", "--quiet", str(remote), str(work))
    (work / "routes.py").write_text(ROUTES, encoding="utf-8")
    git(work, "checkout", "--quiet", "-B", "main")
    git(work, "add", ".")
    git(work, "commit", "--quiet", "--message=Begin")
    git(work, "push", "--quiet", "origin", "main")
    git(work, "checkout", "--quiet", "-b", "change")
    return work


def act(work: Path, **inputs: str) -> tuple[int, str, str, dict[str, str]]:
    """Run the action; return its exit code, what it prints, the summary and the outputs."""
    temp = work.parent / "temp"
    temp.mkdir(exist_ok=True)
    summary, outputs = temp / "summary.md", temp / "outputs"
    for file in summary, outputs:
        file.write_text("")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(temp),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_OUTPUT": str(outputs),
        **inputs,
    }
    done = subprocess.run(
        ["sh", str(ROOT / "scripts/action.sh")],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    pairs = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    return done.returncode, done.stdout + done.stderr, summary.read_text(), pairs


def test_a_change_without_findings_passes_and_is_compared_with_the_base(clone: Path) -> None:
    """The summary says what changes for visitors."""
    (clone / "routes.py").write_text(
        ROUTES.replace('"max_age": "1h"', '"max_age": "5m"', 1), encoding="utf-8"
    )
    code, _, summary, outputs = act(clone, BASE="origin/main", FAIL_ON="build")
    assert code == 0
    assert "`caching.max_age.200` | `1h` | `5m`" in summary
    assert Path(outputs["difference"]).read_text(encoding="utf-8") == summary


def test_findings_fail_and_are_shown_beside_their_lines(clone: Path) -> None:
    """And are there as SARIF."""
    (clone / "routes.py").write_text(ROUTES.replace("Router()", f"Router(){DEAD}"), encoding="utf-8")
    code, printed, _, outputs = act(clone)
    assert code == 1
    assert "::warning file=routes.py,line=3,title=lint/never-wins::" in printed
    log = json.loads(Path(outputs["sarif"]).read_text(encoding="utf-8"))
    assert [each["ruleId"] for each in log["runs"][0]["results"]] == ["lint/never-wins"]
    assert act(clone, FAIL_ON="diff")[0] == 0


def test_a_difference_fails_only_where_that_is_wanted(clone: Path) -> None:
    """Most changes are meant to change something."""
    (clone / "routes.py").write_text(ROUTES.replace("/p/:id", "/q/:id"), encoding="utf-8")
    assert act(clone, BASE="origin/main")[0] == 0
    assert act(clone, BASE="origin/main", FAIL_ON="build,lint,diff")[0] == 1


def test_files_that_are_not_up_to_date_fail(clone: Path) -> None:
    """Where built files are committed."""
    assert act(clone, OUT="dist")[0] == 1
    subprocess.run([sys.executable, "-m", "prefetchrouter", "build", "--quiet"], cwd=clone, check=True)
    assert act(clone, OUT="dist")[0] == 0


def test_rules_that_are_wrong_and_an_unknown_base_fail(clone: Path) -> None:
    """Whatever was chosen."""
    assert act(clone, BASE="nowhere", FAIL_ON="")[0] == 2
    (clone / "routes.py").write_text(ROUTES.replace('"1h"', '"soon"'), encoding="utf-8")
    assert act(clone, FAIL_ON="")[0] == 1


def test_every_input_of_the_action_reaches_its_script() -> None:
    """As an environment variable, with the same defaults as on the page."""
    action = (ROOT / "action.yml").read_text(encoding="utf-8")
    inputs = re.findall(
        r"^  ([a-z-]+):$", action.partition("inputs:")[2].partition("outputs:")[0], re.MULTILINE
    )
    passed = re.findall(r"^        ([A-Z_]+): \$\{\{ inputs\.([a-z-]+) \}\}$", action, re.MULTILINE)
    script = (ROOT / "scripts/action.sh").read_text(encoding="utf-8")
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    assert sorted(inputs) == sorted(name for _, name in passed)
    assert all(f"${{{variable}:=" in script for variable, _ in passed)
    assert all(f"| `{name}` |" in page for name in inputs)


def test_hooks_run_on_routes_files_alone(clone: Path) -> None:
    """Each entry is a command that takes the files behind it."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^  entry: prefetchrouter (.+)$", text, re.MULTILINE)
    assert len(entries) == text.count("- id:") == 2
    for pattern in re.findall(r"^  files: (.+)$", text, re.MULTILINE):
        assert [bool(re.search(pattern, name)) for name in ("routes.py", "a/routes.py", "myroutes.py")] == [
            True,
            True,
            False,
        ]
    for entry in entries:
        done = subprocess.run(
            [sys.executable, "-m", "prefetchrouter", *entry.split(), "routes.py"], cwd=clone, check=False
        )
        assert done.returncode == ("--check" in entry)
