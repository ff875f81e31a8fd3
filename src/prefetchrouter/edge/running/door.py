"""One door for all requests: the edge's own files, its pages, the site under the rules that hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prefetchrouter.edge.cache.copy import CopyView
from prefetchrouter.edge.clients.asgi import EdgeApp
from prefetchrouter.edge.clients.request_body import Receive
from prefetchrouter.edge.clients.sending import Message, Send
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.hosts import is_local_name
from prefetchrouter.edge.message import EdgeRequest, EdgeResponse, OriginAnswer, OriginRequest, Story
from prefetchrouter.edge.origins import Origins
from prefetchrouter.edge.pages import Pages
from prefetchrouter.edge.running.own_files import OwnFiles, what
from prefetchrouter.edge.running.preparing import origins_of, presented, problems
from prefetchrouter.edge.running.settings import Settings
from prefetchrouter.edge.running.teller import Teller
from prefetchrouter.edge.telling.exchange import Exchange
from prefetchrouter.edge.telling.journal import Journal
from prefetchrouter.errors import PrefetchRouterError
from prefetchrouter.http import Fact, HeaderFields
from prefetchrouter.loader import Routes
from prefetchrouter.names import NAMES
from prefetchrouter.rules.rule_set import RuleSet


class Door:
    """The ASGI application: own files, own pages, and the edge; and what changes when the rules do.

    Args:
        rules: The rules.
        origins: The origins that belong to them.
        settings: What the user asks.
        journal: What happened.
        teller: Prints what happens.
    """

    def __init__(
        self, rules: RuleSet, origins: Origins, settings: Settings, journal: Journal, teller: Teller
    ) -> None:
        self.journal = journal
        self._settings = settings
        self._teller = teller
        self._origins = _Switched(origins)
        self._files = OwnFiles(rules)
        facts: Mapping[str, Fact] = settings.facts
        self._edge = Edge(
            rules, self._origins,
            limits=settings.limits, facts=facts, cache_status=settings.cache_status,
        )  # fmt: skip
        self._pages = Pages(journal, _Copies(self._edge), lambda: self._edge.rules, facts)
        self._app = self._app_for(rules)

    @property
    def rules(self) -> RuleSet:
        """The rules that hold now."""
        return self._edge.rules

    @property
    def manifest_rules(self) -> int:
        """How many of them the manifest shows."""
        return self._files.listed

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request, as the rules are now."""
        await self._app(scope, receive, send)

    async def handle(self, request: EdgeRequest) -> tuple[EdgeResponse, Story]:
        """Return the response to a request, and what happened: own files first, then pages, then the site."""
        response = self._files.answer(request)
        if response is None and request.path.startswith(NAMES.own_path_prefix):
            response = await self._pages.page(_as_asked(request, self._presented.host))
        if response is not None:
            return response, Story(cache="own", reason=what(request.path))
        response, story = await self._edge.handle(request)
        if self._settings.https and "strict-transport-security" in response.headers:
            response = self._without_pin(request, response)
        return response, story

    async def changed(self, routes: Routes) -> None:
        """Obey other rules from now on, unless they cannot be served, or are as before."""
        rules = routes.rule_set
        try:
            origins = origins_of(rules, self._settings, self.journal)
            found = list(problems(rules, origins, self._settings))
        except PrefetchRouterError as error:
            found = list(error.diagnostics)
        if found:
            self._teller.wrong(found)
            return
        if rules == self.rules:
            self._teller.mended()
            return
        if rules.property != self.rules.property:
            await self._origins.use(origins)
        self._app = self._app_for(rules)
        self._files.use(rules)
        self._edge.use(rules)
        self._teller.changed(len(rules.rules))
        self._teller.warned(routes.warnings)

    def wrong(self, error: PrefetchRouterError) -> None:
        """Say that the old rules stay, and why."""
        self._teller.wrong(error.diagnostics)

    def slow(self, seconds: float) -> None:
        """Say that changed rules are not there yet."""
        self._teller.slow(seconds)

    async def close(self) -> None:
        """Finish what is under way to the cache, and leave the origins."""
        await self._edge.close()
        await self._origins.close()

    def _without_pin(self, request: EdgeRequest, response: EdgeResponse) -> EdgeResponse:
        """Keep a browser from asking all that this machine ever serves by HTTPS (RFC 6797, section 8.1)."""
        if request.host != self._presented.host and not is_local_name(request.host):
            return response
        fields = [pair for pair in response.headers.fields() if pair[0] != "strict-transport-security"]
        return response._replace(headers=HeaderFields(fields))

    def _app_for(self, rules: RuleSet) -> EdgeApp:
        self._presented = presented(self._settings, rules)
        return EdgeApp(self.handle, presented=self._presented, limits=self._settings.limits, told=self._told)

    def _told(self, exchange: Exchange) -> None:
        self._teller.request(self.journal.note(exchange))


class _Switched:
    """Asks the origins of today; answers of those before may still be coming, so they stay until the end."""

    def __init__(self, origins: Origins) -> None:
        self._all = [origins]

    async def ask(self, name: str | None, request: OriginRequest) -> OriginAnswer:
        return await self._all[-1].ask(name, request)

    async def use(self, origins: Origins) -> None:
        await origins.start()
        self._all.append(origins)

    async def close(self) -> None:
        for origins in self._all:
            await origins.close()


class _Copies:
    """The copies as the pages see them; who empties the cache also gives up what is on its way into it."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self.limit = edge.cache.limit

    @property
    def size(self) -> int:
        return self._edge.cache.size

    def views(self, now: float) -> Sequence[CopyView]:
        return self._edge.cache.views(now)

    def remove(self, key: tuple[str, ...]) -> int:
        return self._edge.forget(key)

    def clear(self) -> None:
        self._edge.purge()


def _as_asked(request: EdgeRequest, host: str | None) -> EdgeRequest:
    """Return a request for a page with a name of this machine, where rules are told the site's instead of it.

    A page of another site cannot send the site's name to this machine, whatever its own name leads to.
    """
    if host is None or request.host != host:
        return request
    origin = request.headers.get("origin", "").partition("://")[2]
    local = origin if is_local_name(origin) else "localhost"
    fields = {name: request.headers.all(name) for name in request.headers}
    return request._replace(host=local, headers=HeaderFields({**fields, "host": local}))
