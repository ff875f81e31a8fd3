"""A request of the request log as plain data."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from prefetchrouter.edge.logging.request_log import LogEntry
from prefetchrouter.edge.logging.secrets import Secrets, shielded, shielded_key
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.masking import masked_text, masked_url


def entry_data(entry: LogEntry) -> dict[str, Any]:
    """Return a request as plain data; without headers, and with secrets hidden.

    Example:
        >>> from prefetchrouter.edge.logging.exchange import Exchange
        >>> from prefetchrouter.edge.request_trace import RequestTrace
        >>> from prefetchrouter.edge.requests import EdgeRequest
        >>> from prefetchrouter.http.message import HeaderFields
        >>> cookie = HeaderFields({"cookie": "a=c0ffee"})
        >>> request = EdgeRequest("GET", "http", "localhost", "/", headers=cookie)
        >>> trace = RequestTrace(cache="hit", key="localhost/ | cookie a=c0ffee")
        >>> entry_data(LogEntry(7, Exchange(0, request, 200, HeaderFields(), trace, 0.1, 9, "whole")))["key"]
        'localhost/ | cookie a=(6 characters)'
    """
    number, exchange = entry
    request, trace = exchange.request, exchange.trace
    data: dict[str, Any] = {
        "number": number,
        "time": _iso(exchange.time),
        "method": request.method,
        "url": masked_url(request.url),
        "client": request.client,
        "status": exchange.status,
        "cache": trace.cache,
        "forward": trace.forward,
        "reason": masked_text(trace.reason),
        "prefetch": trace.prefetch,
        "foreign_prefetch": trace.foreign,
        "warmed": trace.is_warmed,
        "key": None if trace.key is None else _shown_key(trace.key),
        "ttl": trace.ttl,
        "age": trace.age,
        "origin": [masked_text(line) for line in trace.origin_calls],
        "rules": list(trace.all_rules),
        "rules_by_response": list(trace.response_rules),
        "seconds": exchange.seconds,
        "size": exchange.size,
        "ended": exchange.ended,
        "http": request.version,
        "sec_purpose": request.headers.get("sec-purpose"),
        "speculation_tags": request.headers.get("sec-speculation-tags"),
        "referer": _shown_header(request, "referer"),
        "user_agent": _shown_header(request, "user-agent"),
    }
    return Secrets(request.headers, exchange.headers, target=request.target).hidden_in(data)


def _shown_header(request: EdgeRequest, name: str) -> str | None:
    text = request.headers.get(name)
    return None if text is None else shielded(name, text)


def entry_json(entry: LogEntry) -> str:
    """Return a request as one line of JSON; times are in seconds.

    Example:
        >>> from prefetchrouter.edge.request_trace import RequestTrace
        >>> from prefetchrouter.edge.requests import EdgeRequest
        >>> from prefetchrouter.edge.logging.exchange import Exchange
        >>> from prefetchrouter.http.message import HeaderFields
        >>> request = EdgeRequest("GET", "http", "localhost", "/pages/2")
        >>> trace = RequestTrace(cache="hit")
        >>> exchange = Exchange(0, request, 200, HeaderFields(), trace, 0.001, 120, "whole")
        >>> json.loads(entry_json(LogEntry(7, exchange)))["cache"]
        'hit'
    """
    return json.dumps(entry_data(entry), separators=(",", ":"))


def _shown_key(key: str) -> str:
    return " | ".join(shielded_key(part) for part in key.split(" | "))


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
