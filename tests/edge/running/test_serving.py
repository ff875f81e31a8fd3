"""From the start to the end in this process; `tests/cli/test_serve.py` runs it as people do."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.waiting import until
from prefetchrouter.edge.running import serving
from prefetchrouter.edge.running.settings import EXAMPLE_SITE, ServeSettings
from prefetchrouter.errors import ServeError

SETTINGS = ServeSettings(origins={"": str(EXAMPLE_SITE)}, port=0, form="json")


@pytest.fixture(autouse=True)
def routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text("from prefetchrouter import Router\nrouter = Router()\n")
    yield tmp_path / "routes.py"
    gc.unfreeze()


def served(settings: ServeSettings = SETTINGS) -> tuple[int, list[str]]:
    """Serve, and end as soon as it is ready; return the exit code and the names of the events."""
    out = io.StringIO()
    before = signal.getsignal(signal.SIGTERM)

    async def run() -> int:
        running = asyncio.create_task(serving.serve(settings, out))
        while "ready" not in out.getvalue() and "serving" not in out.getvalue() and not running.done():
            await asyncio.sleep(0.02)
        if not running.done():
            await until(lambda: signal.getsignal(signal.SIGTERM) is not before)
            os.kill(os.getpid(), signal.SIGTERM)
        return await running

    code = asyncio.run(run())
    events = [json.loads(line)["event"] for line in out.getvalue().splitlines()]
    return code, [event for event in events if event != "slow"]  # any file loads slowly on a busy machine


def test_it_serves_until_a_signal_ends_it() -> None:
    """And leaves the signals as they were."""
    before = signal.getsignal(signal.SIGTERM)
    assert served() == (0, ["serving", "ended"])
    assert signal.getsignal(signal.SIGTERM) == before


def test_garbage_is_collected_while_it_serves() -> None:
    """The program runs commands without; this one lasts."""
    gc.disable()
    served()
    assert gc.isenabled()


def test_where_nothing_can_be_watched_it_serves_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says so."""

    async def fail(*_: object) -> None:
        async with asyncio.TaskGroup():
            raise OSError("OS file watch limit reached")

    monkeypatch.setattr(serving, "watch", fail)
    assert served() == (0, ["serving", "unwatched", "ended"])


def test_all_that_is_wrong_is_raised_together() -> None:
    """Here the rules, a fact, and the certificate."""
    Path("routes.py").write_text('from prefetchrouter import Router\nRouter().match("/api/*", {})\n')
    wrong = ServeSettings(port=0, facts={"locatoin.country": "DE"}, https=True, certificate=Path("none.pem"))
    with pytest.raises(ServeError) as raised:
        served(wrong)
    assert [found.code for found in raised.value.diagnostics] == ["path-pattern", "serve", "request"]
