"""A changed routes file is was notified of, loaded apart and told; what is wrong does no harm."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.waiting import PATIENCE, until
from prefetchrouter.authoring.loader import Routes
from prefetchrouter.edge.running import reloading
from prefetchrouter.edge.running.loading_process import Loaded, load_apart
from prefetchrouter.edge.running.reloading import watch
from prefetchrouter.errors import LoadError, PrefetchRouterError

RULES = 'from prefetchrouter import Router\nrouter = Router().match("/{name}", caching={{"max_age": "1h"}})\n'
HANGS = "while True: pass\n"


class Reported:
    """Notes what is reported."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[str] = asyncio.Queue()

    async def changed(self, routes: Routes) -> None:
        self.told.put_nowait(f"changed {routes.rule_set.to_json()['rules']}")

    def wrong(self, error: PrefetchRouterError) -> None:
        self.told.put_nowait(f"wrong {error.code}")

    def slow(self, seconds: float) -> None:
        self.told.put_nowait(f"slow {seconds:g}")

    async def next(self) -> str:
        return await asyncio.wait_for(self.told.get(), PATIENCE)


@pytest.fixture(autouse=True)
def routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    return folder / "routes.py"


def watched(
    routes: Path,
    run_scenario: Callable[[Reported], Awaitable[None]],
    first: str = "",
    slow_seconds: float = 60,
) -> None:
    """Watch a routes file, and do something to it."""
    routes.write_text(first or RULES.format(name="one"))

    async def run() -> None:
        reported = Reported()
        loaded = await load_apart(routes)
        watching = asyncio.create_task(watch(routes, loaded, reported, slow_seconds=slow_seconds))
        await asyncio.sleep(0.3)
        await run_scenario(reported)
        await asyncio.sleep(0.1)
        assert reported.told.empty()
        watching.cancel()
        (ended,) = await asyncio.gather(watching, return_exceptions=True)
        assert isinstance(ended, asyncio.CancelledError)

    asyncio.run(run())


def test_other_rules_are_reported(routes: Path) -> None:
    """Once."""

    async def run_scenario(reported: Reported) -> None:
        routes.write_text(RULES.format(name="two"))
        assert "two" in await reported.next()

    watched(routes, run_scenario)


def test_wrong_rules_are_reported_and_then_the_right_ones(routes: Path) -> None:
    """Also when these are as they were before."""

    async def run_scenario(reported: Reported) -> None:
        routes.write_text(RULES.format(name="one").replace("1h", "1hr"))
        assert await reported.next() == "wrong duration"
        routes.write_text(RULES.format(name="one"))
        assert "one" in await reported.next()

    watched(routes, run_scenario)


def test_a_file_that_is_gone_for_a_moment_is_not_missing(routes: Path) -> None:
    """Editors take the old one away and give its name to the new one."""

    async def run_scenario(reported: Reported) -> None:
        routes.rename(routes.with_suffix(".old"))
        await asyncio.sleep(0.5)
        routes.with_suffix(".new").write_text(RULES.format(name="two"))
        os.replace(routes.with_suffix(".new"), routes)
        assert "two" in await reported.next()

    watched(routes, run_scenario)


def test_a_file_that_goes_while_it_is_loaded_is_loaded_again(
    routes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process starts slowly on a busy machine, and reads the file when it has started."""
    missing = LoadError.of("file-not-found", "routes.py: there is no such file")

    async def gone_when_read(path: Path, **options: Any) -> Loaded:
        monkeypatch.setattr(reloading, "load_apart", load_apart)
        return replace(await load_apart(path, **options), routes=None, error=missing)

    async def run_scenario(reported: Reported) -> None:
        monkeypatch.setattr(reloading, "load_apart", gone_when_read)
        routes.write_text(RULES.format(name="two"))
        assert "two" in await reported.next()

    watched(routes, run_scenario)


def test_a_missing_file_is_reported_once_and_may_come_back(
    routes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its folder, too."""
    monkeypatch.setattr(reloading, "_GONE_SECONDS", 0.2)

    async def run_scenario(reported: Reported) -> None:
        shutil.rmtree(routes.parent)
        assert await reported.next() == "wrong file-not-found"
        await asyncio.sleep(0.5)  # it is looked for more than once
        assert reported.told.empty()
        routes.parent.mkdir()
        routes.write_text(RULES.format(name="two"))
        assert "two" in await reported.next()

    watched(routes, run_scenario)


def test_what_the_file_reads_counts_as_well(routes: Path) -> None:
    """Modules of packages, and data; also those that it begins to read later."""
    package = routes.parent / "parts"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "names.py").write_text("NAME = 'one'\n")
    data = routes.parent / "data" / "name.txt"
    data.parent.mkdir()
    data.write_text("three")
    rules = RULES.replace('"/{name}"', 'f"/{{NAME}}"')

    async def run_scenario(reported: Reported) -> None:
        (package / "names.py").write_text("NAME = 'two'\n")
        assert "two" in await reported.next()
        routes.write_text(f"NAME = open({str(data)!r}).read()\n" + rules.format())
        assert "three" in await reported.next()
        await asyncio.sleep(0.5)
        data.write_text("four")
        assert "four" in await reported.next()

    watched(routes, run_scenario, "from parts.names import NAME\n" + rules.format())


def test_a_change_between_loading_and_watching_is_reported(routes: Path) -> None:
    """As when the file is saved while the program starts."""
    routes.write_text(RULES.format(name="one"))

    async def run() -> str:
        reported = Reported()
        loaded = await load_apart(routes)
        routes.write_text(RULES.format(name="two"))
        watching = asyncio.create_task(watch(routes, loaded, reported, slow_seconds=60))
        told = await reported.next()
        watching.cancel()
        await asyncio.wait([watching])
        return told

    assert "two" in asyncio.run(run())


def test_what_makes_no_difference_is_not_reported(routes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment at the end, or a file that has nothing to do with it."""
    is_loaded = asyncio.Event()

    async def load_and_note(*given: Any, **named: Any) -> Loaded:
        loaded = await load_apart(*given, **named)
        is_loaded.set()
        return loaded

    monkeypatch.setattr(reloading, "load_apart", load_and_note)

    async def run_scenario(reported: Reported) -> None:
        (routes.parent / "other.txt").write_text("x")
        routes.write_text(RULES.format(name="one") + "# the end\n")
        await asyncio.wait_for(is_loaded.wait(), PATIENCE)

    watched(routes, run_scenario)


def test_a_file_that_hangs_is_reported_and_ends_with_the_next_change(routes: Path) -> None:
    """Nothing waits for it."""

    async def run_scenario(reported: Reported) -> None:
        routes.write_text(HANGS)
        assert await reported.next() == "slow 0.5"
        routes.write_text(RULES.format(name="two"))
        told = await reported.next()
        while told == "slow 0.5":  # on a busy machine any file is slow
            told = await reported.next()
        assert "two" in told

    watched(routes, run_scenario, slow_seconds=0.5)


def test_who_stops_watching_ends_what_is_being_loaded(routes: Path) -> None:
    """The process does not stay behind."""
    pid = routes.parent / "pid.txt"

    async def run_scenario(reported: Reported) -> None:
        routes.write_text(f"import os\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\n" + HANGS)
        await until(lambda: pid.exists() and pid.read_text())

    watched(routes, run_scenario)
    assert not Path("/proc", pid.read_text()).exists()
