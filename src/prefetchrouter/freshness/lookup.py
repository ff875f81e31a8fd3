"""Asks one mechanism: is the prefetched copy used at a click, and what did the prefetch bring?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from prefetchrouter.freshness.answer import Answer, seconds
from prefetchrouter.freshness.http import age_on_receipt, validation
from prefetchrouter.freshness.length import spoken
from prefetchrouter.freshness.mechanisms import (
    FIRST_USE,
    MECHANISMS,
    NO_DOCUMENT,
    Limit,
    MechanismName,
    Visit,
)

Asked = Literal["none", "conditional", "full"]
Outcome = Literal["used", "validated", "double", "wasted", "refused", "dead"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """Whether a prefetch made now is used at a click.

    Args:
        used: Whether the visitor sees the page without a request.
        seconds_left: How long after the prefetch a click still needs none.
        asked: The request that the click makes: none, a conditional or a full one.
        from_http_cache: Whether a mechanism with its own store is past it, and the HTTP cache serves.
        reason: Why, in a few words, with the rule.
        is_dead: Whether the click does nothing at all: it makes no request, and there is no page to show.
    """

    used: bool
    seconds_left: float
    asked: Asked
    from_http_cache: bool
    reason: str
    is_dead: bool = False


def lookup(mechanism: MechanismName, answer: Answer, t: float, visit: Visit = FIRST_USE) -> Lookup:
    """Return whether a mechanism uses the copy at a click `t` seconds after the prefetch came.

    Args:
        mechanism: Which; a name in `MECHANISMS`.
        answer: What the prefetch was answered.
        t: Seconds between the answer and the click.
        visit: The other circumstances.

    Raises:
        FreshnessError: `t` is not a usable number.

    Source: ``docs/freshness.md``, rules P1 to P12.

    Example:
        >>> answer = Answer.from_headers({"cache-control": "max-age=900", "age": "840"})
        >>> found = lookup("firefox-link", answer, 600)
        >>> found.used, found.seconds_left, found.reason
        (False, 60.0, '24 min old by then, good until 15 min (P5, F5)')
    """
    t = seconds(t, "the click")
    rule = MECHANISMS[mechanism]
    limit, received = rule.limit(answer, visit), age_on_receipt(answer, rule.reader)
    left = limit.seconds_left(received)
    used = t < left
    if answer.status in NO_DOCUMENT and left:
        return _of_no_page(answer, left, is_dead=used, rule=rule.rule)
    http = rule.http_cache(answer, visit) if rule.http_cache else None
    from_http_cache = used and t >= limit.elapsed and http is not None
    reason = _reason(limit, received, t, rule.rule)
    return Lookup(used, left, "none" if used else _asked(answer, http or limit), from_http_cache, reason)


def _of_no_page(answer: Answer, left: float, *, is_dead: bool, rule: str) -> Lookup:
    """Return what a click finds of a prefetch that was answered without a page."""
    reason = f"a {answer.status} is no page: for {spoken(left)} the click does nothing ({rule}, P10)"
    return Lookup(False, 0.0, "none" if is_dead else "full", False, reason, is_dead)


def _asked(answer: Answer, limit: Limit) -> Asked:
    return "full" if limit.obstacle else validation(answer)


def _reason(limit: Limit, received: float, t: float, rule: str) -> str:
    if limit.elapsed == math.inf:
        return f"until the page before goes ({rule})"
    if t < limit.elapsed:
        return f"within {spoken(limit.elapsed)} of the prefetch ({rule})"
    if limit.obstacle:
        return limit.obstacle
    by_age = f"{rule}, F5" if rule != "P9" else "P9, T1"
    if limit.elapsed and limit.elapsed + received >= limit.age:
        return f"{spoken(limit.elapsed)} have passed since the prefetch ({rule})"
    if not limit.age:
        return f"never fresh, so the click asks ({by_age})"
    return f"{spoken(received + t)} old by then, good until {spoken(limit.age)} ({by_age})"


def outcome(found: Lookup, *, clicked: bool = True, changed: bool = False, refused: bool = False) -> Outcome:
    """Return what a prefetch was worth.

    Args:
        found: What the click found.
        clicked: Whether there was a click before the copy went.
        changed: Whether the content has changed since.
        refused: Whether the edge refused the prefetch (412).

    Example:
        >>> old = Answer.from_headers({"cache-control": "max-age=0", "etag": '"a"'})
        >>> outcome(lookup("chromium-link", old, 30))
        'validated'
    """
    if refused:
        return "refused"
    if clicked and found.is_dead:
        return "dead"
    if not clicked:
        return "wasted"
    if found.used:
        return "used"
    return "validated" if found.asked == "conditional" and not changed else "double"


def odds(limit: Limit, *, edge_ttl: float, reading: float = 0.0, age_sent: bool = True) -> float:
    """P11: return the share of prefetches that are usable, spread evenly over the life of the edge's copy.

    Args:
        limit: What the mechanism allows.
        edge_ttl: How long the edge keeps its copy, in seconds.
        reading: Seconds between the prefetch and the click.
        age_sent: Whether the browser learns the age of the edge's copy.

    Returns:
        A share from 0 to 1. A browser lifetime B at an edge that keeps copies for E gives
        ``(B - reading) / E``, at most 1.

    Raises:
        FreshnessError: A number is not a usable one.

    Example:
        >>> round(odds(Limit(age=900), edge_ttl=86_400), 4)
        0.0104
        >>> odds(Limit(elapsed=300), edge_ttl=86_400, reading=30)
        1.0
    """
    edge_ttl, reading = seconds(edge_ttl, "the edge's time to live"), seconds(reading, "the reading time")
    if reading < limit.elapsed:
        return 1.0
    room = limit.age - reading
    if room <= 0:
        return 0.0
    return min(1.0, room / edge_ttl) if age_sent and edge_ttl else 1.0
