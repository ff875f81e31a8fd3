"""The pool of connections to one host, without the surprises that a cache cannot use."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import aiohttp
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origins.resolver import FAMILIES, OrderedResolver
from prefetchrouter.rules.typed_property import DnsPreference

_NO_AUTOMATIC_HEADERS = ("user-agent", "accept", "accept-encoding", "content-type")


class Broken(Exception):
    """A connection ended before there was an answer."""


class Attempt(SimpleNamespace):
    """What happened while one request was sent.

    Args:
        pooled: Whether its connection had carried another request before.
    """

    pooled: bool = False


class _Connector(aiohttp.TCPConnector):
    """Gives out no connection on which the origin spoke without having been asked.

    What came unasked would be taken for the answer to the next request.
    """

    async def connect(
        self, req: ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout
    ) -> Connection:
        while True:
            connection = await super().connect(req, traces, timeout)
            if connection.protocol is None or not connection.protocol.should_close:
                return connection
            connection.close()


async def _send_once(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Send a request; keep the library from sending it again by itself."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise Broken(str(error)) from error


async def _note_pooled(session: object, context: SimpleNamespace, parameters: object) -> None:
    context.trace_request_ctx.pooled = True


def new_session(limits: Limits, preference: DnsPreference | None) -> aiohttp.ClientSession:
    """Return a session for one host: no cookies, no proxies, nothing decompressed, nothing sent twice.

    Args:
        limits: How many connections, how large a head, how long.
        preference: Which addresses of the host count.
    """
    noting = aiohttp.TraceConfig()
    noting.on_connection_reuseconn.append(_note_pooled)
    return aiohttp.ClientSession(
        connector=_Connector(
            limit=0,
            limit_per_host=limits.origin_connections,
            resolver=OrderedResolver(preference, limits.connect_seconds),
            family=FAMILIES.get(preference, socket.AF_UNSPEC),
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=_NO_AUTOMATIC_HEADERS,
        auto_decompress=False,
        trust_env=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect_seconds),
        max_line_size=limits.header_bytes,
        max_field_size=limits.header_bytes,
        trace_configs=[noting],
        middlewares=(_send_once,),
    )
