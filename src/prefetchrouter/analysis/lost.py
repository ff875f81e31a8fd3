"""Rules that lose their prefetching, because the manifest lists another rule without its whole condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from prefetchrouter.analysis.witnesses import PlacedFeatures, places, shown_url, witnesses
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.browser_view.filter import Filtered, filter_rules
from prefetchrouter.catalog import FEATURES, stops_prefetching
from prefetchrouter.errors import Diagnostic
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.http.message import Request
from prefetchrouter.likely_mistakes.markers import MARKER
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.property_settings import unsupported_conditions
from prefetchrouter.rules.rule import HasRules
from prefetchrouter.rules.rule_set import RuleSet, property_of, rules_with
from prefetchrouter.rules.walk import applied
from prefetchrouter.source import Source

_WIDER: Final = frozenset({"condition", "else"})
_MOST_RULES: Final = 500
"""How many rules are tried: more would hold up the build, and the cure is the same."""
_MOST_REQUESTS: Final = 4
_MOST_NAMED: Final = 3


@dataclass(slots=True)
class _Stop:
    """A rule of the manifest that stops others, and the pages that it stops."""

    filtered: Filtered
    pages: list[tuple[Source | None, Request]] = field(default_factory=list)


def lost_prefetching(rules: HasRules) -> Iterator[Diagnostic]:
    """Yield a warning for each rule that keeps other rules' pages from being prefetched by mistake.

    Browsers decide by the manifest, which knows neither cookies nor headers. A rule such as "no caching for
    visitors with a session" is listed there without its cookie, and then it speaks for all visitors.

    Args:
        rules: A `RuleSet` or a `Router`.

    Source: ``docs/manifest.md``, "Conditions that browsers cannot decide".

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/p/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
        >>> session = {"path": "/p/:id", "cookies": {"session": "1"}}
        >>> [found.code for found in lost_prefetching(router.match(session, caching={"bypass_cache": True}))]
        ['lost-prefetching']
    """
    property = property_of(rules)
    stopping = rules_with(rules, stops_prefetching)
    if not stopping:
        return
    filtered = filter_rules(stopping, unsupported_conditions(property))
    stops = [_Stop(found) for found in filtered if _is_suspect(found)]
    if not stops:
        return
    evaluator = Evaluator(RuleSet(rules=rules.rules, property=property))
    listing = (
        place for number, rule in enumerate(rules.rules)
        for place in places(rule, number=number) if _allows(place.apply.features)
    )  # fmt: skip
    more = 0
    for count, place in enumerate(listing):
        if count >= _MOST_RULES:
            more += 1
            continue
        found = _stopped(place, evaluator)
        if found is not None:
            request, source = found
            stop = _by_source(stops, source)
            if stop is not None:
                stop.pages.append((place.apply.source, request))
    for stop in stops:
        if stop.pages:
            yield _warning(stop, is_cut=more > 0)


def _allows(features: Features) -> bool:
    caching = features.caching
    lifetime = None if caching is None else caching.service_worker_max_age
    return lifetime is not None and lifetime.seconds > 0


def _is_suspect(found: Filtered) -> bool:
    """Return whether a listed rule stops prefetching for more requests than its whole does."""
    if found.listed is None or not any(omission.reason in _WIDER for omission in found.omissions):
        return False
    return any(stops_prefetching(apply.features) for apply in applied(found.listed))


def _stopped(place: PlacedFeatures, evaluator: Evaluator) -> tuple[Request, Source | None] | None:
    """Return a request that the rules make prefetchable and the manifest does not, with what stops it."""
    for request in islice(witnesses(place, evaluator.host), _MOST_REQUESTS):
        decision = evaluator.evaluate(request)
        if not decision.prefetchable or not any(found.rule is place.apply for found in decision.rules):
            continue
        shown = evaluate_in_browser(evaluator, request)
        if not shown.prefetchable:
            return request, _stopping_line(shown)
        return None
    return None


def _stopping_line(shown: Decision) -> Source | None:
    """Return the line of the listed rule that stops a page."""
    for spec in FEATURES.values():
        value = shown.value(spec.key)
        if value is not None and spec.forbids_prefetching(value.value):
            return value.source
    return None


def _by_source(stops: list[_Stop], source: Source | None) -> _Stop | None:
    for stop in stops:
        listed = stop.filtered.listed
        if listed is not None and any(apply.source == source for apply in applied(listed)):
            return stop
    return None


def _warning(stop: _Stop, *, is_cut: bool) -> Diagnostic:
    names = [
        f"{shown_url(request)} ({source})" if source is not None else shown_url(request)
        for source, request in stop.pages[:_MOST_NAMED]
    ]
    rest = len(stop.pages) - len(names)
    count = f"{'at least ' if is_cut else ''}{rest}" if rest or is_cut else ""
    more = f", and pages of {count} more rules" if count else ""
    message = (
        f"browsers no longer prefetch {', '.join(names)}{more}: the manifest lists this rule without the "
        "conditions that browsers cannot decide, so there it stops prefetching for every visitor"
    )
    hint = (
        f'write comment="{MARKER}" in this rule, or Property(unsupported_conditions="drop"): '
        "the edge goes by the whole rule either way"
    )
    return Diagnostic("lost-prefetching", message, stop.filtered.rule.source, hint=hint, severity="warning")
