"""The unit of systemd and the container file: what they run exists, and runs within the limits that they set.

Without systemd as the first process and without a container engine neither is started as a whole.
"""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cli.test_serve import Serving
from prefetchrouter.cli import _parser

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "prefetchrouter.service"
CONTAINER = ROOT / "deploy" / "Containerfile"
WITHIN_LIMITS = """\
import ctypes, runpy, sys
prctl = ctypes.CDLL(None).prctl
assert prctl(38, 1, 0, 0, 0) == 0  # NoNewPrivileges
prctl(65, 1, 0, 0, 0)  # MemoryDenyWriteExecute, from Linux 6.3 on
sys.argv = ["prefetchrouter", *sys.argv[1:]]
runpy.run_module("prefetchrouter", run_name="__main__")
"""


def unit_lines(section: str, key: str) -> list[str]:
    """The values of a key of the unit, in their order."""
    text = UNIT.read_text(encoding="utf-8").partition(f"[{section}]")[2].partition("\n[")[0]
    return re.findall(rf"^{key}=(.*)$", text, re.M)


def instructions() -> list[tuple[str, str]]:
    """The instructions of the container file, with what follows each."""
    lines = [line for line in CONTAINER.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    text = "\n".join(lines).replace("\\\n", " ")
    return [
        (word, rest) for word, _, rest in (line.strip().partition(" ") for line in text.splitlines()) if word
    ]


def test_the_unit_runs_a_command_that_exists() -> None:
    [start] = unit_lines("Service", "ExecStart")
    words = shlex.split(
        start.replace("${LISTEN}", "127.0.0.1").replace("${PORT}", "8080").replace("$OPTIONS", "")
    )
    assert words[0].endswith("/bin/prefetchrouter")
    parsed = _parser(words[1:])[0].parse_args(words[1:])
    assert (parsed.command, parsed.routes, parsed.listen, parsed.port) == (
        "serve",
        "routes.py",
        "127.0.0.1",
        8080,
    )


@pytest.mark.needs("systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    analyze = "systemd-analyze"
    copy = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    copy.write_text(text.replace("/opt/prefetchrouter/bin/prefetchrouter", sys.executable), encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", str(copy)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if copy.name in line]) == (0, [])
    exposure = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=20", "--no-pager", str(copy)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert exposure.returncode == 0, exposure.stdout.splitlines()[-1:]


def test_the_unit_gives_the_service_no_rights() -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(UNIT)
    service = parser["Service"]
    assert service["CapabilityBoundingSet"] == ""
    assert {service[name] for name in ("DynamicUser", "NoNewPrivileges", "MemoryDenyWriteExecute")} == {"yes"}
    assert service["ProtectSystem"] == "strict"


@pytest.mark.needs("linux")
def test_serve_runs_without_new_privileges_and_without_writable_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a compiler at run time in a library would break."""
    (tmp_path / "limits.py").write_text(WITHIN_LIMITS, encoding="utf-8")
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "index.html").write_text("tea")
    (tmp_path / "routes.py").write_text(
        "from prefetchrouter import Router\nrouter = Router().match('/', comment='a')\n"
    )
    monkeypatch.chdir(tmp_path)
    with Serving("--origin", "public", "--quiet", start=("limits.py",)) as serving:
        assert serving.get("/").status == 200


def test_the_container_file_copies_and_runs_what_is_there() -> None:
    steps = instructions()
    assert [word for word, _ in steps].count("FROM") == 2
    [entry] = [rest for word, rest in steps if word == "ENTRYPOINT"]
    [given] = [rest for word, rest in steps if word == "CMD"]
    words = [*tomllib.loads(f"a = {entry}")["a"], *tomllib.loads(f"a = {given}")["a"]]
    parsed = _parser(words[1:])[0].parse_args(words[1:])
    assert (words[0], parsed.command, parsed.listen) == ("prefetchrouter", "serve", "0.0.0.0")
    [user] = [rest for word, rest in steps if word == "USER"]
    assert int(user) >= 1000
    for file in re.findall(r"-r (\S+)", " ".join(rest for word, rest in steps if word == "RUN")):
        assert (ROOT / file).is_file()
    images = {rest.split()[0] for word, rest in steps if word == "FROM"}
    assert images == {f"docker.io/library/python:{sys.version_info[0]}.{sys.version_info[1]}-slim-bookworm"}


def test_what_is_large_or_secret_is_not_copied_into_the_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".git", ".venv", ".make", "**/node_modules"} <= set(left_out)


def test_the_steps_of_the_container_file_install_a_command_that_runs(tmp_path: Path) -> None:
    """Step by step in a copy of what is copied into the image, since there is no container engine here."""
    left_out = [name.removeprefix("**/") for name in (ROOT / ".dockerignore").read_text().split()]
    source, made = tmp_path / "source", tmp_path / "opt"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*left_out))
    steps = instructions()
    first = steps[: [word for word, _ in steps].index("FROM", 1)]
    assert ("WORKDIR", "/source") in first
    for word, rest in first:
        if word == "RUN":
            command = rest.replace("/opt/prefetchrouter", str(made))
            subprocess.run(["sh", "-ec", command], cwd=source, check=True, timeout=900, capture_output=True)
    assert ("COPY", "--from=build /opt/prefetchrouter /opt/prefetchrouter") in steps
    shutil.rmtree(source)
    done = subprocess.run(
        [made / "bin" / "prefetchrouter", "serve", "--help"],
        cwd=tmp_path, env={"PATH": f"{made / 'bin'}:/usr/bin:/bin"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "--origin" in done.stdout
