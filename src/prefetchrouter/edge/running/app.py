"""One application for all requests: the edge's own files, its pages, and the site under the current rules."""

from __future__ import annotations

from collections.abc import Mapping

from prefetchrouter.authoring.loader import Routes
from prefetchrouter.browser.names import NAMES
from prefetchrouter.edge.clients.asgi import EdgeApp
from prefetchrouter.edge.clients.request_body import Receive
from prefetchrouter.edge.clients.sending import Message, Send
from prefetchrouter.edge.descriptors import limit_of_descriptors
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.hosts import SiteIdentity, is_local_name
from prefetchrouter.edge.logging.access_log import AccessLog
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.logging.line_file import LineFile
from prefetchrouter.edge.logging.request_log import RequestLog
from prefetchrouter.edge.origin_client import OriginRequest, OriginResponse
from prefetchrouter.edge.origins import Origins
from prefetchrouter.edge.pages import EdgePages
from prefetchrouter.edge.pages.edge_pages import is_page
from prefetchrouter.edge.pages.guard import refusal
from prefetchrouter.edge.preview.preview import Preview
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse, plain
from prefetchrouter.edge.running.beacons import Beacons
from prefetchrouter.edge.running.cache_access import CacheAccess
from prefetchrouter.edge.running.console import ConsoleReporter
from prefetchrouter.edge.running.own_files import OwnFiles, what
from prefetchrouter.edge.running.preparing import origins_of, problems, site_identity
from prefetchrouter.edge.running.settings import ServeSettings
from prefetchrouter.errors import PrefetchRouterError
from prefetchrouter.http.message import Fact, HeaderFields
from prefetchrouter.rules.rule_set import RuleSet


class App:
    """The ASGI application: own files, own pages, and the edge; it replaces the rules on a reload.

    Args:
        rules: The rules.
        origins: The origins of the rules.
        settings: The options of the command.
        request_log: The request log.
        reporter: Prints what happens.
        log: The access log; None without one.
        beacon_file: Where beacons of page views are kept; None for nowhere but the access log.
    """

    def __init__(
        self,
        rules: RuleSet,
        origins: Origins,
        settings: ServeSettings,
        request_log: RequestLog,
        reporter: ConsoleReporter,
        log: AccessLog | None = None,
        beacon_file: LineFile | None = None,
    ) -> None:
        self.request_log = request_log
        self._settings = settings
        self._reporter = reporter
        self._logs = [found for found in (log, beacon_file) if found is not None]
        self._log = log
        self._beacons = Beacons(settings.beacon_path, beacon_file)
        self.pages_address: str | None = None
        """The URL of the pages, or None if they are not served."""
        self._origins = _Switched(origins)
        self._files = OwnFiles(rules, settings.page_navigation)
        facts: Mapping[str, Fact] = settings.facts
        self._edge = Edge(
            rules, self._origins,
            limits=settings.limits, facts=facts, cache_status=settings.cache_status,
        )  # fmt: skip
        self._preview = Preview(
            self._edge.handle,
            install_path=(lambda: self._files.install_path) if settings.inject else None,
            warms=settings.warm, on_skipped=reporter.trouble,
        )  # fmt: skip
        self._pages = EdgePages(
            request_log, CacheAccess(self._edge, lambda: self._site), lambda: self._edge.rules, facts
        )
        self._app = self._app_for(rules)

    @property
    def rules(self) -> RuleSet:
        """The current rules."""
        return self._edge.rules

    @property
    def manifest_rules(self) -> int:
        """How many of them the manifest lists."""
        return self._files.listed

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request by the current rules; wait while a log is full."""
        if self._reporter.is_full:
            await self._reporter.drained()
        for log in self._logs:
            if log.is_full:
                await log.drained()
        await self._app(scope, receive, send)

    async def handle(self, request: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        """Return the response to a request, and what happened: own files first, then pages, then the site."""
        response = self._beacons.answer(request)
        if response is not None:
            return response, RequestTrace(cache="internal", reason="a beacon of a page view")
        response = self._files.answer(request)
        if response is None and request.path.startswith(NAMES.own_path_prefix) and is_page(request.path):
            response = self._page_elsewhere(request)
        if response is not None:
            return response, RequestTrace(cache="internal", reason=what(request.path))
        response, trace = await self._preview.handle(request)
        if self._settings.https and "strict-transport-security" in response.headers:
            response = self._without_pin(request, response)
        return response, trace

    @property
    def pages(self) -> EdgeApp:
        """The ASGI application of the pages, for a listener on the loopback interface."""
        return EdgeApp(self._page, site=SiteIdentity("http"), limits=self._settings.limits)

    def refused(self, scope: Message, status: int, reason: str) -> None:
        """Report a request that the server refused before its head was complete."""
        self._app.report_refused(scope, status, reason)

    async def changed(self, routes: Routes, *, is_requested: bool = False) -> None:
        """Switch to other rules, unless they cannot be served or are unchanged.

        Args:
            routes: The rules.
            is_requested: Whether a signal requested the reload, so that unchanged rules are reported too.
        """
        rules = routes.rule_set
        try:
            origins = origins_of(rules, self._settings, self.request_log)
            found = list(problems(rules, origins, self._settings))
        except PrefetchRouterError as error:
            found = list(error.diagnostics)
        if found:
            self._reporter.wrong(found)
            return
        if rules == self.rules:
            if is_requested:
                self._reporter.unchanged(len(rules.rules))
            else:
                self._reporter.fixed()
            return
        if rules.property != self.rules.property:
            await self._origins.use(origins)  # pyright: ignore[reportPossiblyUnboundVariable]
        self._app = self._app_for(rules)
        self._files.use(rules)
        self._edge.use(rules)
        self._reporter.changed(len(rules.rules))
        self._reporter.warned(routes.warnings)

    def wrong(self, error: PrefetchRouterError) -> None:
        """Report that the old rules stay, and why."""
        self._reporter.wrong(error.diagnostics)

    def files_changed(self, folder: str) -> None:
        """Remove what is stored, since files of a folder that is an origin have changed."""
        count = len(self._edge.cache)
        self._edge.purge()
        self._reporter.files_changed(folder, count)

    def slow(self, seconds: float) -> None:
        """Report that changed rules are still loading."""
        self._reporter.slow(seconds)

    async def close(self) -> None:
        """Finish fetches for the cache, and close the origins."""
        await self._edge.close()
        await self._origins.close()

    def _without_pin(self, request: EdgeRequest, response: EdgeResponse) -> EdgeResponse:
        """Keep a browser from using HTTPS for everything on this machine (RFC 6797, section 8.1)."""
        if request.host != self._site.host and not is_local_name(request.host):
            return response
        fields = [pair for pair in response.headers.fields() if pair[0] != "strict-transport-security"]
        return response._replace(headers=HeaderFields(fields))

    def _app_for(self, rules: RuleSet) -> EdgeApp:
        self._site = site_identity(self._settings, rules)
        return EdgeApp(self.handle, site=self._site, limits=self._settings.limits, on_exchange=self._told)

    def _told(self, exchange: Exchange) -> None:
        entry = self.request_log.note(exchange)
        self._reporter.request(entry)
        if self._log is not None:
            self._log.note(entry)
        if self._is_short(exchange.trace):
            limit = limit_of_descriptors()
            self._reporter.short(f"{exchange.trace.reason}; the limit is {limit:,} (ulimit -n)")

    @staticmethod
    def _is_short(trace: RequestTrace) -> bool:
        return bool(trace.origin_calls) and trace.origin_calls[-1].endswith(": descriptors")

    async def _page(self, request: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        return await self._pages.page(request), RequestTrace(cache="internal", reason="a page")

    def _page_elsewhere(self, request: EdgeRequest) -> EdgeResponse:
        """Respond to a page's path on the port of the site: clients on this machine get its real URL."""
        if refusal(request) is not None:
            return plain(404, "Not found")
        if self.pages_address is None:
            return plain(404, "The pages that show requests are off: start with --pages.")
        headers = {"location": f"{self.pages_address}{request.target}", "cache-control": "no-store"}
        return EdgeResponse(302, HeaderFields(headers))


class _Switched:
    """The current origins; replaced ones stay open, as their responses may still be arriving."""

    def __init__(self, origins: Origins) -> None:
        self._all = [origins]

    async def fetch(self, name: str | None, request: OriginRequest) -> OriginResponse:
        return await self._all[-1].fetch(name, request)

    async def use(self, origins: Origins) -> None:
        await origins.start()
        self._all.append(origins)

    async def close(self) -> None:
        for origins in self._all:
            await origins.close()
