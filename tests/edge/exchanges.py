"""Requests and their traces, for tests of the request log, the lines and the pages."""

from __future__ import annotations

from typing import Any

from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.origin_client import OriginCall
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.message import HeaderFields

Headers = dict[str, str]


def origin_request(**told: Any) -> OriginCall:
    """Return a request that an origin got; what is not told is usual."""
    usual = OriginCall(1000.0, "web", "http://127.0.0.1:9/pages/1", "GET", 200, None, 0.012, "/pages/1", None)
    return usual._replace(**told)


def exchange(
    path: str = "/pages/1",
    *,
    query: str = "",
    method: str = "GET",
    host: str = "localhost",
    status: int = 200,
    time: float = 1000.0,
    seconds: float = 0.001,
    size: int = 100,
    ended: Any = "whole",
    asked: Headers | None = None,
    sent: Headers | None = None,
    **told: Any,
) -> Exchange:
    """Return a request with what became of it; `told` is the trace."""
    request = EdgeRequest(method, "http", host, path, query, HeaderFields(asked or {}))
    return Exchange(
        time,
        request,
        status,
        HeaderFields(sent or {}),
        RequestTrace(**{"cache": "hit", **told}),
        seconds,
        size,
        ended,
    )
