"""The server: it listens where the settings say, and stops without breaking off what is under way."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest

from edge.serving import echo, never, request, run_on, serving
from edge.waiting import PATIENCE
from prefetchrouter.edge.clients import protocol
from prefetchrouter.edge.clients.asgi import EdgeApp
from prefetchrouter.edge.clients.server import EdgeServer, run
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.errors import ServeError

pytestmark = pytest.mark.parametrize("loops", ["asyncio", "uvloop"])


def failed_start(loops: str, host: str, port: int) -> str:
    async def main() -> str:
        with pytest.raises(ServeError) as caught:
            await EdgeServer(EdgeApp(echo), host=host, port=port).start()
        assert caught.value.code == "serve"
        return str(caught.value)

    return run_on(loops, main)


def test_it_knows_where_it_listens(loops: str) -> None:
    """As soon as it has started."""

    async def main() -> None:
        async with serving() as served:
            assert served.server.port > 0
            assert served.server.address == f"http://127.0.0.1:{served.server.port}"
            assert (await served.get()).status == 200

    run_on(loops, main)


def test_an_address_of_version_6_is_put_in_brackets(loops: str) -> None:
    """As in URLs."""
    assert EdgeServer(EdgeApp(echo), host="::1", port=80).address == "http://[::1]:80"


def test_a_port_that_is_taken_is_reported(loops: str) -> None:
    """With what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert failed_start(loops, "127.0.0.1", port) == (
            f"127.0.0.1:{port} is in use; stop the program that listens there, or use another port; "
            "port 0 is any free one [serve]"
        )


@pytest.mark.parametrize(
    "host, port, told",
    [
        ("192.0.2.1", 0, "192.0.2.1 is not an address of this machine"),
        ("a" * 64, 0, f"{'a' * 64} is not an address of this machine"),
        ("127.0.0.1", 70000, "invalid port 70000; expected a number from 0 to 65535"),
        ("127.0.0.1", -1, "invalid port -1; expected a number from 0 to 65535"),
    ],
)
def test_where_no_one_can_listen_is_reported(loops: str, host: str, port: int, told: str) -> None:
    """Each in its own words."""
    assert failed_start(loops, host, port).startswith(told)


def test_stopping_finishes_what_is_under_way(loops: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bodies that come, bodies that go; idle connections end at once, and no new ones begin."""
    monkeypatch.setattr(protocol, "_LINGER_SECONDS", 0.1)

    async def handle(asked: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(5):
                yield b"x"
                await asyncio.sleep(0.02)

        if asked.path == "/slow":
            return EdgeResponse(200, body=pieces()), RequestTrace()
        return await echo(asked)

    async def main() -> None:
        async with serving(handle, limits=Limits(shutdown_seconds=10 * PATIENCE)) as served:
            slow, posting, idle = [await served.client() for _ in range(3)]
            await slow.send(request("/slow"))
            await posting.send(request("/post", "Content-Length: 3", method="POST") + b"a")
            await idle.send(request())
            assert (await idle.answer()).status == 200
            assert await slow.reader.readuntil(b"x")
            stopping = asyncio.create_task(served.server.stop())
            assert await idle.rest() == b""
            with pytest.raises(ConnectionError):
                await served.client()
            await posting.send(b"bc")
            assert (await posting.answer()).body == b"POST https://a/post abc"
            assert (await slow.rest()).endswith(b"0\r\n\r\n")
            await asyncio.wait_for(stopping, PATIENCE)
            assert len(served.told) == 3

    run_on(loops, main)


def test_stopping_cuts_what_takes_too_long(loops: str) -> None:
    """Also a handler that does not mind being cancelled at once, and a client that does not read."""
    cancelled = asyncio.Event()

    async def handle(asked: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        if asked.path == "/large":
            return EdgeResponse(200, body=b"x" * 64 * 1024 * 1024), RequestTrace()
        try:
            await never()
        finally:
            cancelled.set()
        raise AssertionError

    async def main() -> None:
        async with serving(handle, limits=Limits(shutdown_seconds=0.1)) as served:
            client, large = await served.client(), await served.client()
            await client.send(request())
            await large.send(request("/large"))
            began = time.monotonic()
            await asyncio.wait_for(served.server.stop(), PATIENCE)
            assert time.monotonic() - began >= 0.1
            assert cancelled.is_set()
            assert await client.rest() == b""

    run_on(loops, main)


def test_stopping_twice_or_before_the_start_does_nothing(loops: str) -> None:
    """Whoever cleans up need not know."""

    async def main() -> None:
        server = EdgeServer(EdgeApp(echo))
        await server.stop()
        await server.start()
        await server.stop()
        await server.stop()

    run_on(loops, main)


def test_its_port_can_be_taken_again_at_once(loops: str) -> None:
    """By the next edge."""

    async def main() -> None:
        async with serving() as served:
            assert (await served.get()).status == 200
            await served.server.stop()
            again = EdgeServer(EdgeApp(echo), port=served.server.port)
            await again.start()
            await again.stop()

    run_on(loops, main)


def test_it_leaves_signals_alone(loops: str) -> None:
    """The command that runs it decides what they do."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    async def main() -> None:
        async with serving():
            assert (signal.getsignal(signal.SIGTERM)) == before[1]

    run_on(loops, main)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_it_runs_on_the_fastest_loop_that_is_there(loops: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without uvloop it runs too."""

    async def main() -> str:
        return type(asyncio.get_running_loop()).__module__

    if loops == "asyncio":
        monkeypatch.setitem(__import__("sys").modules, "uvloop", None)
    assert run(main).split(".")[0] == loops


LEFT_OPEN = """
import asyncio, sys
if sys.argv[1] == "asyncio":
    sys.modules["uvloop"] = None
from prefetchrouter.edge.clients.server import run

async def main() -> None:
    await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    raise SystemExit("stopped half-way")

run(main)
"""


@pytest.mark.parametrize("warnings", ["error", "ignore"])
def test_what_was_left_open_does_not_keep_the_loop_from_closing(loops: str, warnings: str) -> None:
    """Where warnings are errors, uvloop's own warning of it once did: for ever."""
    command = [sys.executable, "-W", f"{warnings}::ResourceWarning", "-c", LEFT_OPEN, loops]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1
    assert "stopped half-way" in done.stderr
    if loops == "uvloop":
        assert ("unclosed resource <TCPServer" in done.stderr) is (warnings == "error")
