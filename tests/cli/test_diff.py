"""``prefetchrouter diff``: files, rule sets and git revisions; its three formats and its exit codes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from prefetchrouter.cli import main

ROUTES = """\
from prefetchrouter import Router
from shared import PAGES

router = Router().match("/pages/:id", caching=PAGES).get("/a|b", caching={"max_age": "1h"})
"""
SHARED = 'PAGES = {"max_age": "1h", "service_worker_max_age": "1h"}\n'


def git(*words: str) -> None:
    """Run git without a user's own settings."""
    settings = ("-c", "user.email=test@example.com", "-c", "user.name=test", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *settings, *words], check=True, capture_output=True)


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, whose routes file imports another file."""
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES, encoding="utf-8")
    Path("shared.py").write_text(SHARED, encoding="utf-8")
    git("init", "--quiet", "--initial-branch=main")
    git("add", ".")
    git("commit", "--quiet", "--message=Begin")
    return tmp_path


def data(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """What it prints as JSON."""
    main(["diff", *words, "--format", "json"])
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_revision_is_compared_with_the_file_of_today(capsys: pytest.CaptureFixture[str]) -> None:
    """The modules beside the old routes file are the old ones, too, and its lines bear its name."""
    Path("shared.py").write_text(SHARED.replace("1h", "5m", 1), encoding="utf-8")
    assert main(["diff", "main"]) == 1
    shown = capsys.readouterr().out
    assert "GET /pages/x\n" in shown
    assert "caching.max_age.200  1h → 5m  main:routes.py:4 → routes.py:4" in shown
    assert "1 difference between main and routes.py" in shown


def test_no_difference_is_exit_code_0(capsys: pytest.CaptureFixture[str]) -> None:
    """And says so."""
    assert main(["diff", "HEAD"]) == 0
    assert capsys.readouterr().out == "no difference between HEAD and routes.py: their rules are the same\n"


def test_the_built_rule_set_is_what_was_built_from_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    """A rule set as JSON has no lines and the same meaning."""
    assert main(["build", "--out", "built"]) == 0
    capsys.readouterr()
    assert main(["diff", "built/ruleset.json", "routes.py"]) == 0


def test_json_has_every_number_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """Requests, changes with lines, and how long prefetches are usable."""
    Path("shared.py").write_text(
        SHARED.replace('service_worker_max_age": "1h"', 'service_worker_max_age": "1m"')
    )
    found = data(capsys, "main")
    assert found["changed"] is True
    assert isinstance(found["differences"], list)
    (difference,) = found["differences"]
    assert difference["request"] == {"method": "GET", "url": "https://localhost/pages/x"}
    assert difference["changes"][0] == {
        "aspect": "caching.service_worker_max_age", "before": "1h", "after": "1m",
        "line_before": "main:routes.py:4", "line_after": "routes.py:4",
    }  # fmt: skip
    assert difference["usable_seconds"]["service-worker"] == {"before": 3600.0, "after": 60.0}


def test_markdown_keeps_hostile_text_inside_its_cell(capsys: pytest.CaptureFixture[str]) -> None:
    """A pipe or a backtick in a value neither ends the cell nor the code."""
    changed = ROUTES.replace(
        '{"max_age": "1h"}', '{"max_age": "1h"}, headers={"set_response_headers": {"x-a": "`|<b>"}}'
    )
    Path("routes.py").write_text(changed, encoding="utf-8")
    assert main(["diff", "main", "--format", "markdown"]) == 1
    row = next(line for line in capsys.readouterr().out.splitlines() if "set_response_headers" in line)
    assert "`` `\\|<b> ``" in row


def test_what_is_neither_a_file_nor_a_revision_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Both arguments are checked before anything is said."""
    assert main(["diff", "nowhere", "nothing.json"]) == 2
    assert capsys.readouterr().err.count("is neither a file nor a git revision") == 2


def test_a_revision_without_the_file_says_how_to_name_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A path behind a colon counts from the top of the repository."""
    assert main(["diff", "main:sites/routes.py"]) == 2
    assert 'main has no file "sites/routes.py"' in capsys.readouterr().err
    assert main(["diff", "main:../routes.py"]) == 2


def test_wrong_rules_are_not_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, with the line."""
    Path("routes.py").write_text(
        ROUTES.replace("caching=PAGES", 'caching={"max_age": "soon"}'), encoding="utf-8"
    )
    assert main(["diff", "main"]) == 2
    assert "routes.py:4" in capsys.readouterr().err
