"""What happened to a request, in sentences for new users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from prefetchrouter.browser.names import NAMES
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.request_trace import CacheStatus, PrefetchStatus, RequestTrace
from prefetchrouter.freshness import CacheControl, spoken
from prefetchrouter.http_cache.reasons import explained

MEANINGS: Final[Mapping[CacheStatus, str]] = {
    "hit": "The cache had a fresh response. No request went to an origin.",
    "stale": "The stored response was stale, but may still be used for a while. It was used immediately.",
    "stale-error": "The origin failed, so a stale response was used.",
    "revalidated": "The stored response was stale. The origin validated it, so it was used.",
    "miss": "The cache had no usable response, so the request went to the origin.",
    "coalesced": "Another request was already fetching the same response. Both got it.",
    "pass": "The request went to the origin, past the cache.",
    "refused": "No stored response can answer this prefetch, and a prefetch must not burden the origin. "
    "So it got an empty 412, or 503 if it is not from this site's script, and no request went to an origin. "
    "The link still works: a click fetches the page as usual.",
    "synthetic": "The rules generated the response, without the cache and without an origin.",
    "internal": "A file of the edge itself.",
    "error": "There was no response to forward.",
}
"""What each cache status means."""

_PREFETCH: Final[Mapping[PrefetchStatus, str]] = {
    "hit": "It was a prefetch: the browser has the page before the click.",
    "refused": "It was a prefetch.",
    "fetched": "It was a prefetch that may go to the origin.",
    "synthetic": "It was a prefetch, answered without the cache.",
    "unusable": "It was an unusable prefetch: the service worker stores only a 200, so a click requests it "
    "again.",
}


def sentences(exchange: Exchange) -> list[str]:
    """Return what happened to a request, and why.

    Args:
        exchange: The request.

    Example:
        >>> from prefetchrouter.edge.requests import EdgeRequest
        >>> from prefetchrouter.http.message import HeaderFields
        >>> request = EdgeRequest("GET", "http", "localhost", "/pages/2")
        >>> trace = RequestTrace(cache="hit", ttl=3540, age=60)
        >>> sentences(Exchange(0, request, 200, HeaderFields(), trace, 0.001, 120, "whole"))[-1]
        'The stored response is 60 s old and stays fresh for 59 min.'
    """
    return list(_sentences(exchange))


def _sentences(exchange: Exchange) -> Iterator[str]:
    trace = exchange.trace
    if trace.prefetch is not None:
        yield _PREFETCH[trace.prefetch]
        if trace.foreign is not None:
            yield f"It is not from this site's script: a header of the request says {trace.foreign}."
    yield MEANINGS[trace.cache]
    if trace.is_warmed:
        yield (
            "Nothing was stored, so the edge fetched the page first, as it does for this machine only. "
            "In production such a prefetch is refused (--no-warm)."
        )
    if trace.reason:
        yield f"Why: {_why(exchange)}."
    if stored := _stored(trace):
        yield stored
    if seconds := _seconds_in_worker(exchange):
        yield f"The service worker may use it for {spoken(seconds)}: a click until then needs no network."
    if exchange.ended == "client gone":
        yield "The client disconnected before the end of the response."
    elif exchange.ended == "origin broke off":
        yield "The origin's response was incomplete, so the connection was closed."


def _why(exchange: Exchange) -> str:
    """Return the reason in a sentence, with what to do where a response was not stored."""
    before, mark, reason = exchange.trace.reason.partition("not stored: ")
    answer = exchange.trace.origin_response
    status = exchange.status if answer is None else answer.status
    if not mark:
        reason = exchange.trace.reason
        if exchange.trace.cache not in ("pass", "refused"):
            return reason.rstrip(".")
        before = ""
    found = explained(reason, status)
    todo = f"; to change that, {found.what_to_do}" if found.what_to_do else ""
    return f"{before}{mark}{found.sentence.rstrip('.')}{todo}"


def _stored(trace: RequestTrace) -> str:
    old = "" if trace.age is None else f"is {spoken(round(trace.age))} old"
    if trace.ttl is None:
        return f"The stored response {old}." if old else ""
    if trace.ttl >= 0:
        fresh = f"stays fresh for {spoken(int(trace.ttl))}"
    else:
        fresh = f"became stale {spoken(round(-trace.ttl))} ago"
    return f"The stored response {' and '.join(part for part in (old, fresh) if part)}."


def _seconds_in_worker(exchange: Exchange) -> float | None:
    if exchange.trace.prefetch not in ("hit", "fetched", "synthetic"):
        return None
    return CacheControl.parse(exchange.headers.get(NAMES.worker_cache_header, "")).seconds("max-age")
