"""E31: how long the answer from where a redirect led is stored: no longer than its own rules allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from prefetchrouter.edge.message import EdgeRequest
from prefetchrouter.evaluation.decision import Decision
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.storage import StoragePolicy, storage_policy

_SAYS_NOTHING = ("no lifetime", "status ")
"""Reasons by which the rules for the address set no time, and forbid none either."""
_NOT_OF_A_VISITOR = ("origin ", "method ")


class Led(NamedTuple):
    """Where a redirect led.

    Args:
        request: The request that a client would have sent there.
        decision: What the rules say of it, with the answer at hand.
        headers: The headers of the answer after the rules for this address.
    """

    request: EdgeRequest
    decision: Decision
    headers: HeaderFields


def storage_after_redirects(
    found: StoragePolicy | str, key: Sequence[str], led: Sequence[Led], status: int, *, age: float
) -> StoragePolicy | str:
    """Return how long an answer is stored that was found by following redirects, or why it is not.

    Args:
        found: What the rules for the first address say.
        key: The cache key of the first address.
        led: Where the redirects led.
        status: The status of the answer.
        age: How old the answer was when it came, in seconds.
    """
    for one in led:
        if isinstance(found, str):
            return found
        if not _parts(one.decision.cache_key) <= _parts(key):
            return "the page that the redirect leads to has a cache key of more parts"
        there = storage_policy(
            one.decision, one.request.method, one.request.headers, status, one.headers, age=age
        )
        if isinstance(there, StoragePolicy):
            found = replace(
                found,
                fresh=min(found.fresh, there.fresh),
                stale=min(found.stale, there.stale),
                error=min(found.error, there.error),
            )
        elif not there.startswith(_SAYS_NOTHING):
            return f"where the redirect leads: {there}"
    return found


def _parts(key: Sequence[str]) -> set[str]:
    return {part for part in key[1:] if not part.startswith(_NOT_OF_A_VISITOR)}
