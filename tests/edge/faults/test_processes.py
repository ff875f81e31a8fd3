"""`prefetchrouter serve` and its origin as processes that are killed and started again."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from edge.faults.site import Origin, Turn, ok, run_scenario
from edge.origins.raw_origin import raw_origin
from edge.serving import Answer, Client, request
from edge.waiting import PATIENCE

ROUTES = """\
from prefetchrouter import Router

router = Router().match("/:path*", caching={"max_age": "1h"})
"""


class Serving:
    """A running `serve`."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port

    async def client(self) -> Client:
        return Client(*await asyncio.open_connection("127.0.0.1", self.port))

    async def get(self, target: str) -> Answer:
        client = await self.client()
        try:
            await client.send(request(target))
            return await client.answer()
        finally:
            await client.close()


@asynccontextmanager
async def serving(folder: Path, origin: str, port: int = 0) -> AsyncIterator[Serving]:
    """Start `serve`, and end it if it is still there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "prefetchrouter", "serve", "routes.py", "--origin", origin,
        "--port", str(port), "--format", "json", "--quiet",
        cwd=folder, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            told = json.loads(await process.stdout.readline())
        yield Serving(process, told["port"])
    finally:
        if process.returncode is None:
            process.kill()
        await process.stdout.read()
        await process.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "routes.py").write_text(ROUTES)
    return tmp_path


class Held:
    """An answer of which one half comes at once, the other when it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()

    async def __call__(self, turn: Turn) -> None:
        await turn.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
        await self.let.wait()
        await turn.write(b"half")


def test_kill_and_restart(folder: Path) -> None:
    """In the midst of answers: clients can tell; the next one takes the same port, and has nothing old."""

    async def scenario() -> None:
        origin = Origin()
        async with raw_origin(origin.script) as raw:
            async with serving(folder, raw.url) as first:
                assert (await first.get("/a")).body == b"/a"
                origin.answers["/a"] = ok(b"newer")
                origin.answers["/held"] = Held()
                client, idle = await first.client(), await first.client()
                await client.send(request("/held"))
                assert (await client.reader.readuntil(b"half")).endswith(b"half")
                first.process.send_signal(signal.SIGKILL)
                assert await client.rest() == await idle.rest() == b""
                await client.close()
                await idle.close()
                assert await first.process.wait() == -signal.SIGKILL
            async with serving(folder, raw.url, first.port) as second:
                assert second.port == first.port
                origin.answers["/held"] = ok(b"whole")
                assert (await second.get("/a?edgio_prefetch=1")).status == 412
                assert (await second.get("/a")).body == b"newer"
                assert (await second.get("/held")).body == b"whole"

    run_scenario(scenario)


def test_told_to_end_it_finishes_what_is_under_way(folder: Path) -> None:
    """For fifty clients in the midst of their answers; new ones are not let in; the exit code is 0."""

    async def scenario() -> None:
        origin = Origin()
        async with raw_origin(origin.script) as raw, serving(folder, raw.url) as running:
            held = origin.answers["/held"] = Held()
            clients = [await running.client() for _ in range(50)]
            for number, client in enumerate(clients):
                client.writer.write(request(f"/held?{number % 10}"))
            for client in clients:
                await client.reader.readuntil(b"half")
            idle = await running.client()
            running.process.send_signal(signal.SIGTERM)
            assert await idle.rest() == b""
            with pytest.raises(ConnectionError):
                await running.client()
            held.let.set()
            assert [await client.rest() for client in clients] == [b"half"] * 50
            assert await running.process.wait() == 0
            for client in [*clients, idle]:
                await client.close()
            assert len(origin.turns) == 10

    run_scenario(scenario)


def test_the_origin_is_killed_and_started_again(folder: Path) -> None:
    """The edge serves what it has, says 502 for the rest, and recovers by itself."""

    async def scenario() -> None:
        origin = Origin()
        async with raw_origin(origin.script) as raw:
            port = raw.port
        async with serving(folder, f"http://127.0.0.1:{port}") as running:

            async def listening() -> asyncio.Server:
                async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                    open_now.append((asyncio.current_task(), writer))
                    with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                        await origin.script(reader, writer, raw)

                return await asyncio.start_server(serve, "127.0.0.1", port)

            async def killed(server: asyncio.Server) -> None:
                server.close()
                while open_now:
                    task, writer = open_now.pop()
                    assert task is not None
                    task.cancel()
                    writer.transport.abort()
                    await asyncio.wait([task])
                await server.wait_closed()

            open_now: list[tuple[asyncio.Task[None] | None, asyncio.StreamWriter]] = []
            for number in range(3):
                assert (await running.get(f"/new?{number}")).status == 502
                server = await listening()
                assert (await running.get(f"/new?{number}")).status == 200
                origin.answers["/held"] = Held()
                client = await running.client()
                await client.send(request(f"/held?{number}"))
                await client.reader.readuntil(b"half")
                await killed(server)
                assert await client.rest() == b""
                await client.close()
                assert (await running.get(f"/new?{number}")).body == b"/new?%d" % number
                assert (await running.get(f"/held?{number}")).status == 502

    run_scenario(scenario)
