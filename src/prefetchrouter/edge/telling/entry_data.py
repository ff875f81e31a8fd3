"""A request of the journal as plain data, for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prefetchrouter.edge.telling.journal import Entry
from prefetchrouter.edge.telling.secrets import Secrets, shielded_key


def entry_data(entry: Entry) -> dict[str, Any]:
    """Return a request as plain data; its headers are left out, and what is secret in them is hidden.

    Example:
        >>> from prefetchrouter.edge.telling.exchange import Exchange
        >>> from prefetchrouter.edge.message import EdgeRequest, Story
        >>> from prefetchrouter.http import HeaderFields
        >>> cookie = HeaderFields({"cookie": "a=c0ffee"})
        >>> request = EdgeRequest("GET", "http", "localhost", "/", headers=cookie)
        >>> story = Story(cache="hit", key="localhost/ | cookie a=c0ffee")
        >>> entry_data(Entry(7, Exchange(0, request, 200, HeaderFields(), story, 0.1, 9, "whole")))["key"]
        'localhost/ | cookie a=(6 characters)'
    """
    number, exchange = entry
    request, story = exchange.request, exchange.story
    data: dict[str, Any] = {
        "number": number,
        "time": _iso(exchange.time),
        "method": request.method,
        "url": request.url,
        "client": request.client,
        "status": exchange.status,
        "cache": story.cache,
        "reason": story.reason,
        "prefetch": story.prefetch,
        "foreign_prefetch": story.foreign,
        "key": None if story.key is None else _shown_key(story.key),
        "ttl": story.ttl,
        "age": story.age,
        "origin": list(story.origin),
        "rules": list(story.all_rules),
        "rules_by_response": list(story.late_rules),
        "seconds": exchange.seconds,
        "size": exchange.size,
        "ended": exchange.ended,
    }
    return Secrets(request.headers, exchange.headers).hidden_in(data)


def _shown_key(key: str) -> str:
    return " | ".join(shielded_key(part) for part in key.split(" | "))


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
