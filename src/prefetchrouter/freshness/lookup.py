"""Decides for one prefetch mechanism whether a click uses the prefetched response."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from prefetchrouter.freshness.http import corrected_initial_age, validation
from prefetchrouter.freshness.length import spoken
from prefetchrouter.freshness.mechanism_table import MECHANISMS, MechanismName
from prefetchrouter.freshness.mechanisms import FIRST_USE, NO_DOCUMENT, Circumstances, Limit
from prefetchrouter.freshness.received_response import ReceivedResponse, seconds
from prefetchrouter.moved import warn_of_attribute

RequestAtClick = Literal["none", "conditional", "full"]
Outcome = Literal["used", "validated", "double", "wasted", "refused", "dead"]


@dataclass(frozen=True, slots=True)
class ClickOutcome:
    """Whether a prefetch made now is used at a click.

    Args:
        used: Whether the click shows the page without a request.
        seconds_left: For how long after the prefetch a click needs no request.
        request_at_click: The request that the click sends: none, a conditional or a full one.
        from_http_cache: Whether the mechanism's own store has expired and the HTTP cache serves the click.
        reason: Why, in a few words.
        is_dead: Whether the click does nothing at all: it sends no request, and there is no page to show.
        clauses: The clauses of ``docs/freshness.md`` behind the reason, such as ``("P5", "F5")``.
    """

    used: bool
    seconds_left: float
    request_at_click: RequestAtClick
    from_http_cache: bool
    reason: str
    is_dead: bool = False
    clauses: tuple[str, ...] = ()

    @property
    def asked(self) -> RequestAtClick:
        """The old name of `request_at_click`."""
        warn_of_attribute("freshness.ClickOutcome", "asked", "request_at_click")
        return self.request_at_click


def lookup(
    mechanism: MechanismName, response: ReceivedResponse, t: float, visit: Circumstances = FIRST_USE
) -> ClickOutcome:
    """Return whether a click `t` seconds after a prefetch uses the prefetched response.

    Args:
        mechanism: A name in `MECHANISMS`.
        response: The response to the prefetch.
        t: Seconds between the response and the click.
        visit: The other circumstances.

    Raises:
        FreshnessError: `t` is not a valid number of seconds.

    Source: ``docs/freshness.md``, clauses P1 to P12.

    Example:
        >>> response = ReceivedResponse.from_headers({"cache-control": "max-age=900", "age": "840"})
        >>> found = lookup("firefox-link", response, 600)
        >>> found.used, found.seconds_left, found.reason
        (False, 60.0, '24 min old by then, fresh until 15 min')
    """
    t = seconds(t, "the click")
    rule = MECHANISMS[mechanism]
    limit, received = rule.limit(response, visit), corrected_initial_age(response, rule.reader)
    left = limit.seconds_left(received)
    used = t < left
    if response.status in NO_DOCUMENT and left:
        return _without_page(response, left, is_dead=used, clause=rule.rule)
    http = rule.http_cache(response, visit) if rule.http_cache else None
    from_http_cache = used and t >= limit.elapsed and http is not None
    reason, clauses = _reason(limit, received, t, rule.rule)
    request = "none" if used else _request_at_click(response, http or limit)
    return ClickOutcome(used, left, request, from_http_cache, reason, clauses=clauses)


def _without_page(response: ReceivedResponse, left: float, *, is_dead: bool, clause: str) -> ClickOutcome:
    """Return the lookup for a prefetch whose response is not a page."""
    reason = f"a {response.status} has no page: for {spoken(left)} the click does nothing"
    return ClickOutcome(False, 0.0, "none" if is_dead else "full", False, reason, is_dead, (clause, "P10"))


def _request_at_click(response: ReceivedResponse, limit: Limit) -> RequestAtClick:
    return "full" if limit.obstacle else validation(response)


def _reason(limit: Limit, received: float, t: float, clause: str) -> tuple[str, tuple[str, ...]]:
    """Return the reason and its clauses."""
    if limit.elapsed == math.inf:
        return "until the previous page is closed", (clause,)
    if t < limit.elapsed:
        return f"within {spoken(limit.elapsed)} of the prefetch", (clause,)
    if limit.obstacle:
        return limit.obstacle, (limit.obstacle_clause or clause,)
    if limit.elapsed and limit.elapsed + received >= limit.age:
        return f"{spoken(limit.elapsed)} have passed since the prefetch", (clause,)
    by_age = (clause, "F5") if clause != "P9" else ("P9", "T1")
    if not limit.age:
        return "never fresh, so the click sends a request", by_age
    length = spoken(limit.age)
    until = "for ever" if length == spoken(math.inf) else f"until {length}"
    return f"{spoken(received + t)} old by then, fresh {until}", by_age


def outcome(
    found: ClickOutcome, *, clicked: bool = True, changed: bool = False, refused: bool = False
) -> Outcome:
    """Return what a prefetch was worth.

    Args:
        found: The lookup at the click.
        clicked: Whether there was a click before the response was dropped.
        changed: Whether the content has changed since.
        refused: Whether the edge refused the prefetch (412).

    Example:
        >>> old = ReceivedResponse.from_headers({"cache-control": "max-age=0", "etag": '"a"'})
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
    return "validated" if found.request_at_click == "conditional" and not changed else "double"


def odds(limit: Limit, *, edge_ttl: float, reading: float = 0.0, age_sent: bool = True) -> float:
    """P11: return the share of prefetches, spread evenly over `edge_ttl`, that a click can use.

    Args:
        limit: The limits of the mechanism.
        edge_ttl: The freshness lifetime at the edge, in seconds.
        reading: Seconds between the prefetch and the click.
        age_sent: Whether the edge sends Age.

    Returns:
        A share from 0 to 1. With lifetimes B (browser) and E (edge): ``(B - reading) / E``, at most 1.

    Raises:
        FreshnessError: A number of seconds is not valid.

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
