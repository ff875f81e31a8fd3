"""Origins that are folders, served at URLs: an engine knows only those."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from prefetchrouter.edge.clients.asgi import EdgeApp
from prefetchrouter.edge.clients.server import EdgeServer
from prefetchrouter.edge.hosts import SiteIdentity
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginRequest
from prefetchrouter.edge.origins.folder_upstream import FolderUpstream
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse


@asynccontextmanager
async def as_urls(origins: Mapping[str, str], limits: Limits) -> AsyncIterator[dict[str, str]]:
    """Serve origins that are folders until the end of the block, and give the URL of each origin.

    Args:
        origins: URLs and folders by the names of origins.
        limits: Limits of the servers.
    """
    servers: dict[str, EdgeServer] = {}
    try:
        for text in origins.values():
            if not text.lower().startswith(("http://", "https://")) and text not in servers:
                server = EdgeServer(_app(Path(text).expanduser(), limits), limits=limits)
                await server.start()
                servers[text] = server
        yield {name: servers[text].address if text in servers else text for name, text in origins.items()}
    finally:
        for server in servers.values():
            await server.stop()


def _app(folder: Path, limits: Limits) -> EdgeApp:
    upstream = FolderUpstream(folder, limits=limits)

    async def handle(request: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        wanted = OriginRequest(request.method, request.scheme, request.target, request.headers)
        found = await upstream.fetch(wanted)
        return EdgeResponse(found.status, found.headers, found.body), RequestTrace()

    return EdgeApp(handle, site=SiteIdentity("http"), limits=limits)
