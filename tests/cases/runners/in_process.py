"""The embedded edge in this process: no sockets, and a clock set by hand."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from cases.runners.case import Purge, Send, State, filled
from cases.runners.client import unzipped
from cases.runners.comparing import Response
from cases.runners.origin import Script, Seen
from edge.waiting import settled
from prefetchrouter.edge.clients.asgi import EdgeApp
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.origin_client import OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.requests import Body
from prefetchrouter.edge.running.cache_access import CacheAccess
from prefetchrouter.edge.running.preparing import site_identity
from prefetchrouter.edge.running.settings import ServeSettings
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.hop_by_hop import end_to_end_headers
from prefetchrouter.rules.rule_set import RuleSet


class InProcess:
    """One case on the edge in this process: no sockets, and a clock set by hand."""

    response_after = 5.0
    missing_after = 0.05

    def __init__(self, rules: RuleSet, script: Script) -> None:
        self._script, self._now = script, script.start
        self._edge = Edge(rules, self, clock=self.now, cache_status="on")
        self._site = site_identity(ServeSettings(), rules)

    def now(self) -> float:
        return self._now

    async def pass_time(self, seconds: float) -> None:
        self._now += seconds

    async def quiet(self) -> None:
        await settled()

    async def settled(self) -> None:
        await settled()

    async def purge(self, purge: Purge) -> None:
        cache = CacheAccess(self._edge, lambda: self._site)
        if not purge.tags and not purge.urls:
            cache.clear()
        cache.purge_tags(purge.tags)
        for url in purge.urls:
            cache.purge_url(url)

    async def send(self, send: Send) -> Response:
        """Pass a request through the ASGI application, as the server does."""
        sent: list[Any] = []
        body = [{"type": "http.request", "body": send.body, "more_body": False}]
        gone = asyncio.Event()

        async def receive() -> Any:
            if body:
                return body.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def note(message: Any) -> None:
            sent.append(message)

        told: list[Exchange] = []
        app = EdgeApp(self._edge.handle, site=self._site, on_exchange=told.append)
        await app(self._scope(send), receive, note)
        return _response(sent, send.method, told[-1])

    def _scope(self, send: Send) -> dict[str, Any]:
        headers = [(name, filled(text, self._script.start)) for name, text in send.headers]
        names = {name for name, _ in headers}
        if "host" not in names and send.version == "1.1":
            headers.insert(0, ("host", "shop.example"))
        if send.body and not names & {"content-length", "transfer-encoding"}:
            headers.append(("content-length", str(len(send.body))))
        path, _, query = send.target.partition("?")
        return {
            "type": "http",
            "http_version": send.version,
            "method": send.method,
            "raw_path": path.encode(),
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), text.encode()) for name, text in headers if text != "(none)"],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "scheme": "http",
        }

    async def fetch(self, name: str | None, request: OriginRequest) -> OriginResponse:
        """Answer as the script's origin does."""
        body = b""
        if isinstance(request.body, bytes):
            body = request.body
        elif request.body is not None:
            body = b"".join([piece async for piece in request.body])
        pairs = tuple(request.headers.fields())
        seen = Seen(name or "", request.method, request.target, pairs, body)
        answer, gate = self._script.take(seen), self._script.gate
        if answer.behaviour in ("held", "held-drops"):
            await gate.wait()
        if answer.behaviour in ("drops", "held-drops"):
            raise OriginError("unreachable", "the origin dropped the connection")
        if answer.behaviour == "hangs":
            raise OriginError("timeout", "the origin never answered")
        if answer.status in (204, 304) and answer.body:
            raise OriginError("garbage", "the origin sent a body where there is none")

        async def pieces() -> Body:
            if answer.behaviour == "held-body":
                await gate.wait()
            if request.method != "HEAD" and answer.status not in (204, 304):
                yield answer.body
            if answer.is_cut:
                raise OriginError("cut", "the origin broke off")

        headers = end_to_end_headers(HeaderFields(self._script.answer_headers(answer, self._now)))
        return OriginResponse(answer.status, headers, pieces())


def _response(sent: list[Any], method: str, told: Exchange) -> Response:
    start = next(message for message in sent if message["type"] == "http.response.start")
    pieces = [message for message in sent if message["type"] == "http.response.body"]
    fields = [(name.decode(), value.decode("utf-8", "surrogateescape")) for name, value in start["headers"]]
    body = b"" if method == "HEAD" else b"".join(piece.get("body", b"") for piece in pieces)
    is_whole = any(not piece.get("more_body") for piece in pieces)
    states = frozenset((cast(State, told.trace.cache),))
    return Response(start["status"], tuple(fields), unzipped(fields, body), not is_whole, states)
