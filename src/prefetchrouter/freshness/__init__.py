"""Will a prefetch made now still be used at the click? The rules of HTTP and of browsers, as plain functions.

    received_response.py a response's headers, parsed once          cache_control.py  its directives
    http.py           F1 to F10: freshness as RFC 9111 has it
    mechanisms.py     P1 to P10, P12, P13: how long a response can be used, by prefetch mechanism
    mechanism_table.py  the mechanisms by name, and which of them a browser has
    lookup.py         is the stored response used at a click, and with what odds (P11)
    stacking.py       T1, T2: how old content gets over all layers
    advice.py         what to change
    length.py         lengths of time in words

Rule numbers are those of `docs/freshness.md`. Times are in seconds; no function looks at a clock.

Example:
    >>> from prefetchrouter.freshness import ReceivedResponse, lookup
    >>> headers = {"cache-control": "max-age=900, must-revalidate", "age": "840"}
    >>> response = ReceivedResponse.from_headers(headers)
    >>> lookup("firefox-link", response, 30).used, lookup("firefox-link", response, 61).used
    (True, False)
"""

from prefetchrouter.freshness.advice import Delivery, advise
from prefetchrouter.freshness.cache_control import CacheControl
from prefetchrouter.freshness.length import spoken
from prefetchrouter.freshness.lookup import ClickOutcome, lookup, odds, outcome
from prefetchrouter.freshness.mechanism_table import MECHANISMS, Mechanism
from prefetchrouter.freshness.mechanisms import FIRST_USE, Circumstances, Limit, Worker
from prefetchrouter.freshness.received_response import ReceivedResponse
from prefetchrouter.freshness.stacking import (
    Layers,
    WorstAge,
    worker_seconds_left,
    worst_age,
    worst_age_after_purge,
)
from prefetchrouter.moved import moved_name

__all__ = [
    "FIRST_USE",
    "MECHANISMS",
    "CacheControl",
    "Circumstances",
    "ClickOutcome",
    "Delivery",
    "Layers",
    "Limit",
    "Mechanism",
    "ReceivedResponse",
    "Worker",
    "WorstAge",
    "advise",
    "lookup",
    "odds",
    "outcome",
    "spoken",
    "worker_seconds_left",
    "worst_age",
    "worst_age_after_purge",
]


def __getattr__(name: str) -> object:
    return moved_name(__name__, name, depth=2)
