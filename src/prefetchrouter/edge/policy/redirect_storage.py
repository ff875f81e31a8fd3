"""How long a response found by following redirects is stored: no longer than its own rules allow (E31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.evaluation.decision import Decision
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.storage import NotStorable, StoragePolicy, storage_policy

_NEUTRAL = ("no lifetime", "status ")
"""Reasons for which the rules of an address set no lifetime, but do not forbid storing either."""
_SAME_FOR_ALL_VISITORS = ("origin ", "method ")


class RedirectHop(NamedTuple):
    """An address that a redirect led to.

    Args:
        request: The request that a client would have sent to it.
        decision: The decision for that request, with the final response.
        headers: The headers of the response after the rules for this address.
    """

    request: EdgeRequest
    decision: Decision
    headers: HeaderFields


def storage_after_redirects(
    found: StoragePolicy | NotStorable,
    key: Sequence[str],
    hops: Sequence[RedirectHop],
    status: int,
    *,
    age: float,
) -> StoragePolicy | NotStorable:
    """Return how long a response that was found by following redirects is stored, or why it is not.

    Args:
        found: The result of the rules for the first address.
        key: The cache key of the first address.
        hops: The addresses that the redirects led to.
        status: The status of the response.
        age: How old the response was when it arrived, in seconds.
    """
    for hop in hops:
        if isinstance(found, NotStorable):
            return found
        # A response that depends on a cookie must not be stored under a key without it.
        if not _visitor_parts(hop.decision.cache_key) <= _visitor_parts(key):
            return NotStorable("the page that the redirect leads to has a cache key of more parts")
        there = storage_policy(
            hop.decision, hop.request.method, hop.request.headers, status, hop.headers, age=age
        )
        if isinstance(there, StoragePolicy):
            found = replace(
                found,
                fresh=min(found.fresh, there.fresh),
                stale=min(found.stale, there.stale),
                error=min(found.error, there.error),
            )
        elif not there.reason.startswith(_NEUTRAL):
            return NotStorable(f"where the redirect leads: {there.reason}")
    return found


def _visitor_parts(key: Sequence[str]) -> set[str]:
    return {part for part in key[1:] if not part.startswith(_SAME_FOR_ALL_VISITORS)}
