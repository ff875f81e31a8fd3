"""When file descriptors run out, clients wait, origins are not blamed, and the terminal says why."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.program import ROUTES, Program, running_origin
from edge.serving import Client
from edge.waiting import PATIENCE
from prefetchrouter.edge.descriptors import (
    descriptors_exhausted,
    limit_of_descriptors,
    max_client_connections,
    raise_limit,
)

LIMITED = ("sh", "-c", 'ulimit -n 128; exec "$@"', "sh")


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES)
    with running_origin() as address:
        yield address


def ask_at_once(program: Program, clients: int, target: str) -> tuple[list[int], str]:
    """Return the statuses that clients get which all connect, ask once, and stay until one has to wait.

    And what the terminal says then.
    """
    port = program.port

    async def one(number: int) -> int:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            client = Client(reader, writer)
            writer.write(f"GET {target.format(number)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            status = (await client.answer()).status
            await stay.wait()
            await client.close()
            return status

    stay = asyncio.Event()

    async def main() -> tuple[list[int], str]:
        tasks = [asyncio.create_task(one(number)) for number in range(clients)]
        told = await asyncio.to_thread(program.event, "trouble")
        stay.set()
        return await asyncio.gather(*tasks), told["message"]

    return asyncio.run(main())


@pytest.mark.parametrize("target", ["/pages/1", "/other/{}"], ids=["hits", "misses"])
def test_with_128_descriptors_200_clients_are_all_served(origin: str, target: str) -> None:
    """Those for whom there is no room wait until others have left; no origin is blamed."""
    with Program("--origin", origin, wrap=LIMITED) as program:
        program.get("/pages/1")
        statuses, told = ask_at_once(program, 200, target)
        assert set(statuses) == {200}
        assert told.startswith("out of file descriptors (the limit is 128, see ulimit -n)")
        program.send(signal.SIGTERM)
        assert program.ended() == 0
        assert program.events[-1]["counters"]["origin_failures"] == 0
        assert "".join(program.complaints) == ""


def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lower = max(256, soft // 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lower, hard))
    try:
        assert limit_of_descriptors() == lower
        assert raise_limit() >= (soft if hard == resource.RLIM_INFINITY else hard)
        assert 4 <= max_client_connections() < limit_of_descriptors()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_what_has_run_out_is_reported_from_what_has_not() -> None:
    """By the error where it says so, else by trying: name resolution does not say why it failed."""
    assert not descriptors_exhausted()
    assert not descriptors_exhausted(ConnectionRefusedError(111, "refused"))
    wrapped = RuntimeError("no")
    wrapped.__cause__ = OSError(24, "Too many open files")
    assert descriptors_exhausted(wrapped)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
    try:
        assert descriptors_exhausted(ConnectionError("no address"))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
