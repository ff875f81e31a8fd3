"""The embedded edge as an engine: in process, and on a socket as `serve` has it."""

from __future__ import annotations

import asyncio
import io
import threading
from concurrent.futures import Future
from dataclasses import replace
from typing import ClassVar

from cases.runners.case import Purge
from cases.runners.engine import Engine, NotStarted, Site
from edge.waiting import PATIENCE
from prefetchrouter.edge.clients.server import EdgeServer, run
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.logging.request_log import RequestLog
from prefetchrouter.edge.origins import Origins
from prefetchrouter.edge.running.app import App
from prefetchrouter.edge.running.console import ConsoleReporter
from prefetchrouter.edge.running.preparing import origins_of, problems
from prefetchrouter.edge.running.settings import ServeSettings
from prefetchrouter.errors import PrefetchRouterError
from prefetchrouter.targets.embedded import SUPPORT
from prefetchrouter.targets.support import approximate

_PARSER = approximate("what the HTTP parser of the server refuses is not refused without it")

_HOSTS = approximate(
    "hosts of origins and their time limits are the matter of their client, which needs sockets"
)


class EmbeddedInProcess(Engine):
    """Without sockets, on a clock set by hand; see `cases.runners.in_process`."""

    name = "embedded-in-process"
    support = replace(
        SUPPORT,
        edge_rules={
            "E1": approximate("absolute targets are the server's matter"),
            "E2": _PARSER,
            "E37": _HOSTS,
        },
        features={
            **SUPPORT.features,
            "origin.origin_failover_codes": _HOSTS,
            "origin.read_idle_timeout": _HOSTS,
            "origin.set_origin": _HOSTS,
        },
    )

    def start(self, site: Site) -> str:
        if not site.origins:
            raise NotStarted("there are no sockets, so no addresses of origins")
        found = list(problems(site.rules, _origins(site), _settings(site)))
        if found:
            raise NotStarted("\n".join(problem.message for problem in found))
        return ""

    def stop(self) -> None:
        pass


class Embedded(Engine):
    """The application and the server of `serve`, in a thread of this process."""

    name = "embedded"
    support = SUPPORT
    limits: ClassVar[Limits] = Limits(shutdown_seconds=1)

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end = asyncio.Event()
        self._pages_port = 0

    def purge(self, purge: Purge) -> None:
        self.purge_by_command(purge, "--port", str(self._pages_port))

    def start(self, site: Site) -> str:
        address: Future[str] = Future()
        self._thread = threading.Thread(target=self._run, args=(site, address))
        self._thread.start()
        return address.result(PATIENCE)

    def stop(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None and self._loop is not None:
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._end.set)
            thread.join(PATIENCE)

    def _run(self, site: Site, address: Future[str]) -> None:
        async def main() -> None:
            self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
            await self._serve(site, address)

        try:
            run(main)
        except (PrefetchRouterError, NotStarted) as error:
            address.set_exception(NotStarted(str(error)))

    async def _serve(self, site: Site, address: Future[str]) -> None:
        settings = _settings(site)
        log = RequestLog(100)
        origins = origins_of(site.rules, settings, log)
        found = list(problems(site.rules, origins, settings))
        if found:
            raise NotStarted("\n".join(problem.message for problem in found))
        await origins.start()
        reporter = ConsoleReporter(settings, io.StringIO())
        app = App(site.rules, origins, settings, log, reporter)
        server = EdgeServer(app, limits=settings.limits)
        await server.start()
        pages = EdgeServer(app.pages, limits=settings.limits)
        await pages.start()
        self._pages_port = pages.port
        address.set_result(server.address)
        await self._end.wait()
        await pages.stop()
        await server.stop()
        await app.close()
        reporter.close()


def _settings(site: Site) -> ServeSettings:
    limits = Embedded.limits
    if site.answer_seconds is not None:
        limits = replace(limits, answer_seconds=site.answer_seconds)
    return ServeSettings(origins=dict(site.origins), limits=limits, quiet=True)


def _origins(site: Site) -> Origins:
    return origins_of(site.rules, _settings(site), RequestLog(1))
