"""A routes file is loaded in its own process, and brings the same as in this one."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from edge.waiting import PATIENCE, pass_by, run_by_hand, until
from prefetchrouter import load
from prefetchrouter.edge.running.loading_process import PATIENCE_SECONDS, SLOW_SECONDS, Loaded, load_apart
from prefetchrouter.errors import PrefetchRouterError

GOOD = 'from prefetchrouter import Router\nrouter = Router().match("/pages/:id", caching={"max_age": "1h"})\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(text: str) -> Loaded:
    Path("routes.py").write_text(text)
    return asyncio.run(load_apart("routes.py"))


def written(name: str) -> bool:
    return Path(name).exists() and Path(name).read_text() != ""


def errors(found: Loaded) -> tuple[str, ...]:
    assert found.error is not None
    return tuple(str(diagnostic) for diagnostic in found.error.diagnostics)


def test_it_brings_what_loading_here_brings() -> None:
    """Rules, lines, warnings."""
    assert loaded(GOOD).routes == load("routes.py")


def test_mistakes_are_those_of_loading_here() -> None:
    """All of them, with their lines."""
    found = loaded(GOOD.replace("1h", "1hr") + 'Router().match("/api/*", {})\n')
    with pytest.raises(PrefetchRouterError) as here:
        load("routes.py")
    assert found.error is not None
    assert (type(found.error), found.error.diagnostics) == (type(here.value), here.value.diagnostics)


def test_it_names_the_files_that_were_read(folder: Path) -> None:
    """Modules and data; not those of Python."""
    Path("parts").mkdir()
    Path("parts/__init__.py").write_text("HOUR = '1h'\n")
    Path("moved.csv").write_text("/old,/new\n")
    found = loaded(f"from parts import HOUR\nopen('moved.csv').close()\n{GOOD}")
    assert found.files == {str(folder / name) for name in ("routes.py", "moved.csv", "parts/__init__.py")}


def test_what_the_file_prints_is_not_part_of_the_answer() -> None:
    """Neither by print, nor past Python."""
    found = loaded(f"import os\nprint('hello')\nos.write(1, b'hello')\nos.system('echo hello')\n{GOOD}")
    assert found.error is None


def test_a_file_that_ends_python_is_an_error() -> None:
    """And names the exit code."""
    (error,) = errors(loaded("import os\nos._exit(7)\n"))
    assert error.startswith("routes.py:1: it ended Python while it was loaded (exit code 7)")


def test_a_file_that_hangs_is_reported_and_given_up() -> None:
    """Its process is gone afterwards."""
    slow: list[float] = []

    async def run() -> Loaded:
        loading = asyncio.create_task(load_apart("routes.py", slow=slow.append))
        await until(lambda: written("pid"))
        pass_by(SLOW_SECONDS)
        await until(lambda: slow)
        pass_by(PATIENCE_SECONDS)
        return await loading

    Path("routes.py").write_text("import os\nopen('pid', 'w').write(str(os.getpid()))\nwhile True: pass\n")
    (error,) = errors(run_by_hand(run()))
    assert "is still running after 60 seconds" in error
    assert slow == [3.0]
    assert not Path("/proc", Path("pid").read_text()).exists()


def test_who_is_cancelled_ends_the_process() -> None:
    """At once."""

    async def run() -> None:
        loading = asyncio.create_task(load_apart("routes.py"))
        await until(lambda: written("pid"))
        loading.cancel()
        await asyncio.wait_for(asyncio.wait([loading]), PATIENCE)

    Path("routes.py").write_text("import os\nopen('pid', 'w').write(str(os.getpid()))\nwhile True: pass\n")
    asyncio.run(run())
    assert not Path("/proc", Path("pid").read_text()).exists()


def test_what_the_process_has_started_ends_with_it() -> None:
    """A file may wait for a program; nothing of that is left when it is given up."""

    async def run() -> Loaded:
        loading = asyncio.create_task(load_apart("routes.py"))
        await until(lambda: written("pid"))
        pass_by(PATIENCE_SECONDS)
        found = await loading
        await until(lambda: not is_running(Path("pid").read_text()))
        return found

    def is_running(process: str) -> bool:
        stat = Path("/proc", process, "stat")
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"

    text = "import subprocess\nchild = subprocess.Popen(['sleep', '60'])\n"
    Path("routes.py").write_text(f"{text}open('pid', 'w').write(str(child.pid))\nchild.wait()\n")
    (error,) = errors(run_by_hand(run()))
    assert "still running" in error


def test_modules_are_looked_for_where_this_process_does(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Nowhere else: not in the current folder, unless it is listed here."""
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "shared_rules.py").write_text("HOUR = '1h'\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder / "elsewhere")])
    assert loaded(f"import shared_rules\n{GOOD}").error is None
