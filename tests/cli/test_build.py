"""`prefetchrouter build`: what it writes, prints and answers; in this process, and as people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter import build, load
from prefetchrouter.cli import main

GOOD = """\
from prefetchrouter import Router

router = (
    Router()
    .match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    .match({"path": "/cart", "cookies": {"session": "1"}}, caching={"bypass_cache": True})
    .get("/image.png", caching={"max_age": "1d"}, comment="cache-manifest-ignore")
)
"""
BAD = """\
from prefetchrouter import Router

router = Router().match("/api/*", caching={"max_age": "1hr"})
router.else_({})
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    Path("routes.py").write_text(GOOD)
    return tmp_path


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the program as people do."""
    command = [sys.executable, "-m", "prefetchrouter", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, **options)


def tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


# What is written


def test_build_writes_the_files_and_answers_0(folder: Path) -> None:
    """Those of `build`, to dist, and nothing else."""
    assert main(["build"]) == 0
    expected = {f"dist/{file.path}": file.text for file in build(load().rule_set).files}
    assert tree(folder) == {"routes.py": GOOD, **expected}


def test_the_routes_file_and_the_folder_can_be_named(folder: Path) -> None:
    """Anywhere."""
    Path("sites").mkdir()
    Path("routes.py").rename("sites/shop.py")
    assert main(["build", "sites/shop.py", "--out", "out/shop"]) == 0
    assert sorted(os.listdir("out/shop")) == ["cache-manifest.js", "ruleset.json"]


def test_a_second_build_writes_the_same_bytes(folder: Path) -> None:
    """Whatever the folder and the time."""
    main(["build", "--out", "one"])
    main(["build", "--out", "two"])
    assert tree(folder / "one") == tree(folder / "two")


def test_rules_with_unsupported_conditions_can_be_dropped(folder: Path) -> None:
    """As the option says."""
    main(["build"])
    assert "/cart" in Path("dist/cache-manifest.js").read_text()
    assert main(["build", "--unsupported-conditions", "drop"]) == 0
    assert "/cart" not in Path("dist/cache-manifest.js").read_text()


def test_the_global_of_the_manifest_can_be_named() -> None:
    """For a runtime that reads another."""
    assert main(["build", "--manifest-global", "MINE"]) == 0
    assert Path("dist/cache-manifest.js").read_text().startswith("self.MINE=")


# What is printed


def test_the_table_names_each_rule_with_its_line_and_why_it_is_not_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And the files with their sizes."""
    main(["build"])
    out = capsys.readouterr().out
    for wanted in (
        "routes.py:5",
        "path matches /pages/:id",
        'condition on request.cookie "session" is not known in the browser',
        "routes.py:7",
        'hidden by "cache-manifest-ignore"',
        "3 rules, 2 in the manifest",
        "dist/ruleset.json",
        "dist/cache-manifest.js",
        "gzipped",
    ):
        assert wanted in " ".join(out.split())


def test_nothing_printed_depends_on_the_machine(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No absolute path."""
    main(["build", str(folder / "routes.py")])
    assert str(folder) not in capsys.readouterr().out


def test_json_says_the_same_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """One document on standard output."""
    assert main(["build", "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [rule["line"] for rule in printed["rules"]] == [5, 6, 7]
    assert [rule["manifest"] for rule in printed["rules"]] == ["listed", "partly", "left out"]
    assert [left["reason"] for rule in printed["rules"] for left in rule["left_out"]] == [
        "condition",
        "comment",
    ]
    assert [file["name"] for file in printed["files"]] == ["ruleset.json", "cache-manifest.js"]
    assert printed["warnings"] == []


def test_warnings_are_printed_and_do_not_fail_the_build(capsys: pytest.CaptureFixture[str]) -> None:
    """They have their line too."""
    Path("routes.py").write_text(
        "import re\nfrom prefetchrouter import Router\nrouter = Router().match(re.compile('(a+)+$'), {})\n"
    )
    assert main(["build"]) == 0
    assert "routes.py:3: warning: " in capsys.readouterr().out
    main(["build", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["warnings"][0]["severity"] == "warning"


def test_a_file_without_rules_builds(capsys: pytest.CaptureFixture[str]) -> None:
    """It is a beginning."""
    Path("routes.py").write_text("from prefetchrouter import Router\nrouter = Router()\n")
    assert main(["build"]) == 0
    assert "There are no rules yet." in capsys.readouterr().out


# --check


def test_check_answers_0_when_all_is_up_to_date(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And writes nothing."""
    main(["build"])
    before = tree(folder)
    capsys.readouterr()
    assert main(["build", "--check"]) == 0
    assert capsys.readouterr().out == "dist is up to date\n"
    assert tree(folder) == before


def test_check_answers_1_and_shows_what_differs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """File by file, as a diff."""
    main(["build"])
    Path("routes.py").write_text(GOOD.replace("/pages/:id", "/seiten/:id"))
    before = tree(folder)
    capsys.readouterr()
    assert main(["build", "--check"]) == 1
    out = capsys.readouterr().out
    assert "--- dist/ruleset.json (on disk)" in out
    assert "+++ dist/cache-manifest.js (built)" in out
    assert "/seiten/:id" in out
    assert tree(folder) == before


def test_check_answers_1_when_nothing_was_built_yet(folder: Path) -> None:
    """The folder is not made."""
    assert main(["build", "--check"]) == 1
    assert not Path("dist").exists()


def test_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Whether, and what."""
    assert main(["build", "--check", "--format", "json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["up_to_date"] is False
    assert printed["differences"][0] == "--- dist/ruleset.json (not there)"
    assert printed["warnings"] == []


def test_check_tells_the_warnings_of_a_build(capsys: pytest.CaptureFixture[str]) -> None:
    """Where only --check runs, as in continuous integration, no one else would."""
    Path("routes.py").write_text(
        "import re\nfrom prefetchrouter import Router\nrouter = Router().match(re.compile('(a+)+$'), {})\n"
    )
    main(["build"])
    capsys.readouterr()
    assert main(["build", "--check"]) == 0
    assert "dist is up to date\n\nroutes.py:3: warning: " in capsys.readouterr().out
    assert main(["build", "--check", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["warnings"][0]["severity"] == "warning"


# What goes wrong


def test_mistakes_are_reported_with_their_lines_and_answer_1(capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, on standard error; nothing is written."""
    Path("routes.py").write_text(BAD)
    assert main(["build"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "routes.py:3: error: " in captured.err
    assert 'did you mean "1h"?' in captured.err
    assert "routes.py:4: error: else_ does not follow" in captured.err
    assert "3 problems" in captured.err
    assert not Path("dist").exists()


def test_mistakes_as_json_are_one_document_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """With code, file, line, what was expected and the cure."""
    Path("routes.py").write_text(BAD)
    assert main(["build", "--format", "json"]) == 1
    captured = capsys.readouterr()
    errors = json.loads(captured.out)["errors"]
    assert [(error["code"], error["file"], error["line"]) for error in errors] == [
        ("path-pattern", "routes.py", 3),
        ("duration", "routes.py", 3),
        ("chain-order", "routes.py", 4),
    ]
    assert captured.err == ""


@pytest.mark.parametrize(
    "arguments, text, code",
    [
        (["build", "no.py"], GOOD, "file-not-found"),
        (["build"], "router = (", "import-failed"),
        (["build"], "1 / 0", "import-failed"),
        (["build"], "", "no-router"),
        (["build"], GOOD + "other = Router()\n", "two-routers"),
        (["build", "--out", "routes.py"], GOOD, "output"),
    ],
)
def test_what_keeps_a_build_from_running_answers_2(
    arguments: list[str], text: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a coded message and no traceback."""
    Path("routes.py").write_text(text)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert f"[{code}]" in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("wrong", [["--manifest-global", "a-b"]])
def test_a_name_that_javascript_would_not_take_answers_1(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is the user's to change."""
    assert main(["build", *wrong]) == 1
    assert "[property]" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [["--format", "xml"], ["--unsupported-conditions", "x"], ["--nope"], ["a", "b"]]
)
def test_wrong_arguments_answer_2_with_the_usage(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """As argparse does."""
    with pytest.raises(SystemExit) as raised:
        main(["build", *wrong])
    assert raised.value.code == 2
    assert "usage: prefetchrouter" in capsys.readouterr().err


def test_a_failed_write_leaves_the_old_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, and nothing half-written beside them."""
    main(["build"])
    before = tree(folder)
    Path("routes.py").write_text(GOOD.replace("1h", "2h"))

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["build"]) == 2
    assert {**tree(folder), "routes.py": GOOD} == before


def test_debug_shows_the_traceback() -> None:
    """For whoever wants to look into it."""
    Path("routes.py").write_text("1 / 0\n")
    finished = run("build", "--debug")
    assert "Traceback" in finished.stderr
    assert "Traceback" not in run("build").stderr


# As people run it


def test_a_build_as_a_program() -> None:
    """Plain text where the output is not a terminal."""
    finished = run("build")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "3 rules, 2 in the manifest" in finished.stdout
    assert "\x1b" not in finished.stdout


@pytest.mark.parametrize("code, text", [(1, BAD), (2, "router = (")])
def test_a_failed_build_as_a_program(code: int, text: str) -> None:
    """Its exit code tells which kind, its message what."""
    Path("routes.py").write_text(text)
    finished = run("build")
    assert (finished.returncode, finished.stdout) == (code, "")
    assert finished.stderr.startswith("routes.py:")
    assert "Traceback" not in finished.stderr


def test_the_output_can_be_piped_into_a_program_that_stops_reading() -> None:
    """No broken pipe is reported."""
    Path("routes.py").write_text(
        "from prefetchrouter import Router\nrouter = Router()\n"
        "for number in range(3000):\n    router.match(f'/page-{number}/:id', caching={'max_age': '1h'})\n"
    )
    command = f'"{sys.executable}" -m prefetchrouter build | head -n 1'
    finished = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", timeout=60)
    assert finished.stdout.count("\n") == 1
    assert finished.stderr == ""


def test_a_folder_that_no_one_may_write_to_answers_2() -> None:
    """With the system's reason; /proc is one even for root."""
    finished = run("build", "--out", "/proc/dist")
    assert finished.returncode == 2, finished.stderr
    assert "/proc/dist cannot be written to: " in finished.stderr
    assert "[output]" in finished.stderr


def test_a_build_of_plain_rules_loads_nothing_that_evaluates() -> None:
    """Nor what says how long responses stay fresh: a small file is built in the time that imports take."""
    Path("routes.py").write_text(
        'from prefetchrouter import Router\n\nrouter = Router().get("/", comment="a")\n'
    )
    code = (
        "import sys\nfrom prefetchrouter.cli import main\n"
        "main(['build', '--quiet'])\nprint('LOADED', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.partition("LOADED")[2].split()
    heavy = ("evaluation", "freshness", "lowering", "explanation", "edge", "importing")
    assert not [name for name in loaded if name.startswith(tuple(f"prefetchrouter.{part}" for part in heavy))]
