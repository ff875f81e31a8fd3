"""Serves a site under its rules, from the start to a clean end."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from prefetchrouter.edge.clients.server import EdgeServer
from prefetchrouter.edge.running.door import Door
from prefetchrouter.edge.running.loading import Loaded, load_apart
from prefetchrouter.edge.running.preparing import certificate, origins_of, problems
from prefetchrouter.edge.running.reloading import watch
from prefetchrouter.edge.running.settings import Settings
from prefetchrouter.edge.running.teller import Teller
from prefetchrouter.edge.telling.journal import Journal
from prefetchrouter.errors import Diagnostic, PrefetchRouterError, ServeError
from prefetchrouter.http import Request
from prefetchrouter.rules.rule_set import RuleSet

INTERRUPTED = 130
"""The exit code when what was under way was not waited for."""

_COLLECTED_AFTER = 20_000
"""After how many new objects Python looks for garbage in circles: requests leave hardly any."""


async def serve(settings: Settings, out: TextIO) -> int:
    """Serve until the process is told to end; return 0 then, or 130 when it was told so twice.

    Args:
        settings: What is served, and where.
        out: Where requests and messages are printed.

    Raises:
        ServeError: Something is wrong, with everything that is.
    """
    teller = Teller(settings, out)
    try:
        loaded = await load_apart(settings.routes, debug=settings.debug, slow=teller.slow)
        if settings.strict and loaded.routes is not None and loaded.routes.warnings:
            raise ServeError(*loaded.routes.warnings)
        door, server = await _opened(settings, loaded, teller)
        gc.enable()
        gc.freeze()
        gc.set_threshold(_COLLECTED_AFTER)
        teller.serving(server.port, door.rules, door.manifest_rules)
        teller.warned(loaded.routes.warnings if loaded.routes else ())
        with _told_to_end() as told:
            watching = asyncio.create_task(_watch(settings, loaded, door, teller))
            await told.once.wait()
            watching.cancel()
            is_clean = await _closed(door, server, told, teller)
            await asyncio.wait([watching])
        teller.ended(door.journal.counters)
        return 0 if is_clean else INTERRUPTED
    finally:
        teller.close()


async def _watch(settings: Settings, loaded: Loaded, door: Door, teller: Teller) -> None:
    """Obey changed rules; where that fails, say so and go on serving."""
    if not settings.reload:
        return
    try:
        await watch(settings.routes, loaded, door)
    except* Exception as group:
        teller.unwatched("; ".join(map(str, group.exceptions)))


async def _opened(settings: Settings, loaded: Loaded, teller: Teller) -> tuple[Door, EdgeServer]:
    """Return what serves, listening already.

    Raises:
        ServeError: Everything that is wrong with rules, origins, certificate and address.
    """
    found: list[Diagnostic] = list(loaded.error.diagnostics) if loaded.error else []
    rules = loaded.routes.rule_set if loaded.routes else RuleSet(rules=())
    journal = Journal()
    own, origins = None, None
    try:
        own = certificate(settings)
    except ServeError as error:
        found += error.diagnostics
    try:
        Request("/", facts=settings.facts)
    except PrefetchRouterError as error:
        found += error.within("--fact").diagnostics
    try:
        origins = origins_of(rules, settings, journal)
    except PrefetchRouterError as error:
        found += error.diagnostics
    if loaded.routes is not None and origins is not None:
        found += problems(rules, origins, settings)
    if found or origins is None:
        found += await _problems_of_address(settings)
        raise ServeError(*found)
    await origins.start()
    door = Door(rules, origins, settings, journal, teller)
    server = EdgeServer(
        door, host=settings.listen, port=settings.port, limits=settings.limits, certificate=own
    )
    try:
        await server.start()
    except ServeError:
        await door.close()
        raise
    return door, server


async def _problems_of_address(settings: Settings) -> tuple[Diagnostic, ...]:
    server = EdgeServer(_nobody, host=settings.listen, port=settings.port, limits=settings.limits)
    try:
        await server.start()
    except ServeError as error:
        return error.diagnostics
    await server.stop()
    return ()


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    """Serve nothing: the address is only tried."""


async def _closed(door: Door, server: EdgeServer, told: _Told, teller: Teller) -> bool:
    """Finish what is under way; return whether that was waited for."""
    ending = asyncio.create_task(_close(door, server))
    impatient = asyncio.create_task(told.twice.wait())
    done, _ = await asyncio.wait([ending], timeout=_SOON_SECONDS)
    if not done:
        teller.ending()
    await asyncio.wait([ending, impatient], return_when=asyncio.FIRST_COMPLETED)
    is_clean = ending.done()
    for task in (ending, impatient):
        task.cancel()
    await asyncio.gather(ending, impatient, return_exceptions=True)
    return is_clean


async def _close(door: Door, server: EdgeServer) -> None:
    await server.stop()
    await door.close()


_SOON_SECONDS = 0.3
"""What takes longer to end is told of."""


class _Told:
    """Whether the process was told to end, and whether again."""

    def __init__(self) -> None:
        self.once = asyncio.Event()
        self.twice = asyncio.Event()

    def __call__(self) -> None:
        (self.twice if self.once.is_set() else self.once).set()


@contextmanager
def _told_to_end() -> Iterator[_Told]:
    """Hear of Ctrl+C and of a request to terminate."""
    loop = asyncio.get_running_loop()
    told = _Told()
    before = {
        number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(told))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
