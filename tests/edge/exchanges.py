"""Requests with what became of them, as tests of the journal, the lines and the pages need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prefetchrouter.edge.message import EdgeRequest, Story
from prefetchrouter.edge.telling.exchange import Exchange
from prefetchrouter.http import HeaderFields

Headers = dict[str, str]


@dataclass(frozen=True)
class OriginRequestNoted:
    time: float = 1000.0
    origin: str = "web"
    url: str = "http://127.0.0.1:9/pages/1"
    method: str = "GET"
    status: int | None = 200
    failure: str | None = None
    seconds: float = 0.012
    target: str = "/pages/1"
    cause: Story | None = None


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
    request = EdgeRequest(method, "http", host, path, query, HeaderFields(asked or {}))
    return Exchange(
        time,
        request,
        status,
        HeaderFields(sent or {}),
        Story(**{"cache": "hit", **told}),
        seconds,
        size,
        ended,
    )
