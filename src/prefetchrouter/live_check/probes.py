"""The requests that a check sends: made from the conditions of rules, all of them safe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Literal, TypeAlias

from prefetchrouter.analysis.witnesses import PlacedFeatures, places, witnesses
from prefetchrouter.browser.names import NAMES
from prefetchrouter.catalog import keys
from prefetchrouter.errors import RequestError
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.http.message import Request
from prefetchrouter.live_check.live_site import LiveSite
from prefetchrouter.rules.rule_set import RuleSet, property_of

Kind: TypeAlias = Literal["page", "prefetch", "foreign prefetch", "redirected prefetch"]
"""What a request is for: the response of the rules, or that a prefetch does not reach the origin."""

UNCACHED: Final = "deploy-check"
"""The parameter that makes a URL of which no cache can have a response."""

UNKNOWN: Final = (
    "location.*", "device.*", "mtls.*", "random", "random.*", "request.client_ip", "request.pop_code",
)  # fmt: skip
"""Facts that only the edge knows: a decision that depends on one of them is not compared."""

_SAFE: Final = ("GET", "HEAD")
_MOST_TRIED: Final = 12
_CACHED_ONLY: Final = f"{NAMES.cached_only_parameter}=1"


@dataclass(frozen=True, slots=True)
class Probe:
    """A request to send.

    Args:
        request: The request as rules see it.
        kind: What it is for.
        decision: What the rules say about it, before there is a response.
    """

    request: Request
    kind: Kind
    decision: Decision


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Features for which no request can be sent.

    Args:
        place: The features and their conditions.
        reason: Why, in a few words.
    """

    place: PlacedFeatures
    reason: str


def probes(rules: RuleSet, site: LiveSite, paths: Iterable[str] = (), *, token: str = "") -> Iterator[Probe]:
    """Yield the requests to send, each once: those for pages first, then those of prefetches.

    Args:
        rules: The rules.
        site: The edge.
        paths: Further paths of the site to request, such as those of pages that exist.
        token: A text that no earlier check has used, so that nothing is stored for prefetches of it.
    """
    evaluator = Evaluator(rules)
    pages = list(_pages(evaluator, site, paths))
    yield from pages
    yield from _prefetches(evaluator, pages, token)


def unchecked(rules: RuleSet, site: LiveSite, decisions: Sequence[Decision]) -> Iterator[Unchecked]:
    """Yield the features that none of some decisions contains, each with the reason.

    Args:
        rules: The rules.
        site: The edge.
        decisions: The decisions on all requests that were sent.
    """
    seen = {id(found.rule) for decision in decisions for found in decision.rules}
    evaluator = Evaluator(rules)
    for place in _all_places(rules):
        if id(place.apply) not in seen:
            yield Unchecked(place, _why_unchecked(place, evaluator, site))


def _all_places(rules: RuleSet) -> list[PlacedFeatures]:
    return [place for number, rule in enumerate(rules.rules) for place in places(rule, number=number)]


def _pages(evaluator: Evaluator, site: LiveSite, paths: Iterable[str]) -> Iterator[Probe]:
    seen: set[object] = set()
    for path in paths:
        request = _request(f"{site.seen_scheme}://{site.host}{path}")
        decision = None if request is None else evaluator.evaluate(request)
        if decision is not None and decision.refusal is None and _is_new(decision.request, seen):
            yield Probe(decision.request, "page", decision)
    for place in _all_places(RuleSet(rules=evaluator.rules, property=evaluator.property)):
        decision = next(_reaching(place, evaluator, site), None)
        if decision is not None and _is_new(decision.request, seen):
            yield Probe(decision.request, "page", decision)


def _reaching(place: PlacedFeatures, evaluator: Evaluator, site: LiveSite) -> Iterator[Decision]:
    """Yield decisions on requests that can be sent and that get to features, perhaps by their response."""
    for request in islice(witnesses(place, site.host), _MOST_TRIED):
        if _why_not_sent(request, site) is not None:
            continue
        decision = evaluator.evaluate(replace(request, unknown=UNKNOWN))
        is_there = any(found.rule is place.apply for found in decision.rules)
        waits = any(late.condition in place.conditions for late in decision.awaiting_response)
        if decision.refusal is None and not decision.depends_on and (is_there or waits):
            yield decision


def _why_not_sent(request: Request, site: LiveSite) -> str | None:
    """Return why a request cannot be sent to the edge, or None if it can."""
    if request.method not in _SAFE:
        return f"it needs a {request.method}, and only GET and HEAD are sent"
    if request.facts:
        return f"it needs {next(iter(request.facts))}, which only the edge knows"
    if request.scheme != site.seen_scheme:
        return f"it is for {request.scheme}"
    if site.host_header(request) is None:
        return f"it is for the host {request.host}"
    return None


def _why_unchecked(place: PlacedFeatures, evaluator: Evaluator, site: LiveSite) -> str:
    reasons: list[str] = []
    for request in islice(witnesses(place, site.host), _MOST_TRIED):
        reason = _why_not_sent(request, site)
        if reason is None:
            decision = evaluator.evaluate(replace(request, unknown=UNKNOWN))
            if decision.depends_on:
                reason = f"it depends on {decision.depends_on[0].facts[0]}, which only the edge knows"
            elif decision.awaiting_response:
                reason = "it depends on the status of the origin's response"
        if reason is not None:
            reasons.append(reason)
    return reasons[0] if reasons else "no request was found that it applies to"


def _prefetches(evaluator: Evaluator, pages: Sequence[Probe], token: str) -> Iterator[Probe]:
    """Yield prefetches that a guarded edge answers itself: for each kind of page, and for each redirect."""
    site = property_of(RuleSet(rules=evaluator.rules, property=evaluator.property))
    is_foreign_guarded = site is None or site.foreign_prefetch != "allow"
    seen: set[tuple[str, ...]] = set()
    for probe in pages:
        decision, request = probe.decision, probe.request
        if request.method != "GET" or decision.lines in seen:
            continue
        if decision.redirect is not None and decision.synthetic is None:
            seen.add(decision.lines)
            yield from _with_query(evaluator, request, _CACHED_ONLY, "redirected prefetch")
            continue
        if not is_guarded(decision):
            continue
        fresh = _uncached(evaluator, request, f"{UNCACHED}={token or 'x'}")
        if fresh is None:
            continue
        seen.add(decision.lines)
        yield from _with_query(evaluator, fresh, _CACHED_ONLY, "prefetch")
        if is_foreign_guarded:
            headers = {**request.headers, "sec-purpose": "prefetch"}
            other = _uncached(evaluator, request, f"{UNCACHED}={token or 'x'}-2")
            foreign = None if other is None else evaluator.evaluate(replace(other, headers=headers))
            if foreign is not None and is_guarded(foreign):
                yield Probe(foreign.request, "foreign prefetch", foreign)


def is_guarded(decision: Decision) -> bool:
    """Return whether a prefetch must be refused if nothing is stored: rules make the page prefetchable."""
    may_fetch = decision.get(keys.response.allow_prefetching_uncached_content) is True
    return decision.prefetchable and decision.status is None and not may_fetch and not decision.depends_on


def _uncached(evaluator: Evaluator, request: Request, parameter: str) -> Request | None:
    """Return a request like another one, of which no cache can have a response, or None.

    The same rules have to apply to it, and its cache key has to be another one.
    """
    fresh = _with_parameter(request, parameter)
    if fresh is None:
        return None
    before, after = evaluator.evaluate(request), evaluator.evaluate(fresh)
    is_like = before.lines == after.lines and before.cache_key[0] != after.cache_key[0]
    return fresh if is_like else None


def _with_query(evaluator: Evaluator, request: Request, parameter: str, kind: Kind) -> Iterator[Probe]:
    prefetch = _with_parameter(request, parameter)
    if prefetch is not None:
        yield Probe(prefetch, kind, evaluator.evaluate(prefetch))


def _with_parameter(request: Request, parameter: str) -> Request | None:
    query = f"{request.query}&{parameter}" if request.query else parameter
    found = _request(f"{request.scheme}://{request.host or 'localhost'}{request.path}?{query}")
    return None if found is None else replace(found, headers=request.headers)


def _request(url: str) -> Request | None:
    try:
        return Request(url, unknown=UNKNOWN)
    except RequestError:
        return None


def _is_new(request: Request, seen: set[object]) -> bool:
    key = (
        request.method, request.scheme, request.host, request.path, request.query,
        tuple(sorted(request.headers.items())),
    )  # fmt: skip
    if key in seen:
        return False
    seen.add(key)
    return True
