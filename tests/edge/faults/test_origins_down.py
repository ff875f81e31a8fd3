"""Origins that are not there, or not yet, or no longer: what clients get, and how it ends."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import pytest

from edge.faults.site import LIMITS, HangsUp, Site, Turn, ok, run_scenario, site
from prefetchrouter import Router
from prefetchrouter.edge.limits import Limits

TIMES = 3 * LIMITS.origin_connections
"""So often that connections which are not given back would be missed."""


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def silence(turn: Turn) -> None:
    await turn.reader.read()
    raise HangsUp


async def end(turn: Turn) -> None:
    raise HangsUp


@pytest.mark.parametrize("where", ["http://127.0.0.1:{port}", "http://nowhere.invalid"])
def test_an_origin_that_is_not_there(where: str) -> None:
    """Is a 502 that no one keeps, each time."""

    async def scenario() -> None:
        async with site(origin_url=where.format(port=unused_port())) as running:
            for method in ("GET", "GET", "HEAD", "POST"):
                answer = await running.get("/a", method=method)
                assert (answer.status, answer.header("cache-control")) == (502, ["no-store"])
                assert not answer.header("x-sw-cache-control")
            assert len(running.cache) == 0
            assert [told.trace.cache for told in running.told] == ["error"] * 4

    run_scenario(scenario)


def test_an_origin_that_does_not_answer() -> None:
    """Is a 504; the connections are given up, so that the next request has one."""

    async def scenario() -> None:
        async with site() as running:
            running.origin.answers["/slow"] = silence
            with running.impatient():
                slow = await asyncio.gather(*(running.get(f"/slow?{number}") for number in range(TIMES)))
            assert {answer.status for answer in slow} == {504}
            assert (await running.get("/a")).body == b"/a"
            await running.until(lambda: running.origin.connected == 1)

    run_scenario(scenario)


def test_an_origin_that_ends_the_connection_instead() -> None:
    """Is a 502 as well."""

    async def scenario() -> None:
        async with site() as running:
            running.origin.answers["/end"] = end
            for number in range(TIMES):
                assert (await running.get(f"/end?{number}")).status == 502
            assert (await running.get("/a")).status == 200

    run_scenario(scenario)


@pytest.mark.parametrize("trouble, status", [(silence, 504), (end, 502)])
def test_an_expired_copy_answers_where_a_rule_allows_it(trouble: object, status: int) -> None:
    """Where none does, the error is reported."""

    async def scenario() -> None:
        rules = Router().match("/:path*", caching={"max_age": "1s"})
        rules.match("/kept", caching={"max_age": "1s", "stale_on_error": True})
        async with site(rules) as running:
            for target in ("/kept", "/plain"):
                assert (await running.get(target)).status == 200
                running.origin.answers[target] = trouble  # type: ignore[assignment]
            running.age(60)
            with running.impatient():
                kept, plain = await running.get("/kept"), await running.get("/plain")
            assert (kept.status, kept.body, plain.status) == (200, b"/kept", status)
            assert int(kept.header("age")[0]) >= 60
            assert running.told[-2].trace.cache == "stale-error"

    run_scenario(scenario)


def test_an_origin_comes_back() -> None:
    """And is asked at once; what was cached was served all the time."""

    async def scenario() -> None:
        port = unused_port()
        async with site(origin_url=f"http://127.0.0.1:{port}") as running:
            assert (await running.get("/a")).status == 502
            server = await _listen(port, running)
            assert (await running.get("/a")).status == 200
            server.close()
            await _cut_all(running)
            assert (await running.get("/a")).status == 200
            assert (await running.get("/b")).status == 502
            server = await _listen(port, running)
            assert (await running.get("/b")).status == 200
            server.close()
            await _cut_all(running)

    run_scenario(scenario)


async def _listen(port: int, running: Site) -> asyncio.Server:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _open.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await running.origin.script(reader, writer, running.origin.raw)

    return await asyncio.start_server(serve, "127.0.0.1", port)


_open: list[asyncio.StreamWriter] = []


async def _cut_all(running: Site) -> None:
    while _open:
        _open.pop().transport.abort()
    await running.until(lambda: running.origin.connected == 0)


def test_kept_connections_that_the_origin_closes_are_replaced() -> None:
    """Without a client noticing, also when it closes them at the very moment of the next request."""

    async def scenario() -> None:
        async def once(turn: Turn) -> None:
            await turn.write(ok(b"once"))
            raise HangsUp

        async with site() as running:
            running.origin.answers["/once"] = once
            for number in range(20):
                assert (await running.get(f"/once?{number}")).body == b"once"
            assert len(running.origin.turns) == 20

    run_scenario(scenario)


def test_an_origin_that_takes_its_time_holds_up_nothing_that_is_cached() -> None:
    """Nor prefetches of what is not; and it is asked by no more connections at once than allowed."""

    async def scenario() -> None:
        held = asyncio.Event()

        async def hold(turn: Turn) -> None:
            await held.wait()
            await turn.write(ok(b"late"))

        limits = Limits(origin_connections=2, shutdown_seconds=2)
        async with site(limits=limits) as running:
            await running.get("/cached")
            running.origin.answers["/hold"] = hold
            waiting = [asyncio.ensure_future(running.get(f"/hold?{number}")) for number in range(50)]
            await running.until(lambda: len(running.origin.turns) == 3)
            for _ in range(20):
                assert (await running.get("/cached")).body == b"/cached"
                assert (await running.get("/new?edgio_prefetch=1")).status == 412
            held.set()
            assert {answer.body for answer in await asyncio.gather(*waiting)} == {b"late"}
            assert running.origin.raw.connections <= 2

    run_scenario(scenario)
