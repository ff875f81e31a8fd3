"""Pages that are prefetched although rules answer them without a page, so that their links do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from prefetchrouter.analysis.witnesses import PlacedFeatures, places, shown_url, witnesses
from prefetchrouter.catalog import keys
from prefetchrouter.errors import Diagnostic
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.http.message import Request, Response
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.rule import Apply, HasRules
from prefetchrouter.rules.rule_set import RuleSet, features_of, property_of

WITHOUT_PAGE: Final = frozenset({204, 205, 206, 304})
"""The statuses that have no document, or not the whole of one."""

_STATUS: Final = keys.response.set_status_code
_KEPT: Final = keys.caching.service_worker_max_age
_ANSWERS: Final = (None, *(Response(status) for status in (200, 404, 410, 500, 502, 503, 504)))
"""What the origin may answer: rules on the response can set a status too."""


def dead_links(rules: HasRules) -> Iterator[Diagnostic]:
    """Yield a warning for each rule that answers a prefetchable page without a page.

    Browsers that prefetch it take a 204 or 205 for the page, and then the link does nothing.

    Args:
        rules: A `RuleSet` or a `Router`.

    Source: ``docs/freshness.md``, rules P8 and P10.

    Example:
        >>> from prefetchrouter import Router
        >>> pages = Router().match("/:page", caching={"max_age": "1h", "service_worker_max_age": "1h"})
        >>> [found.message for found in dead_links(pages.match("/old", lambda route: route.send("", 204)))]
        ['/old: the page is prefetchable and answered with 204, so its link does nothing when it is clicked']
    """
    if not any(_status_of(features) in WITHOUT_PAGE for features in features_of(rules)):
        return
    found = [place for number, rule in enumerate(rules.rules) for place in places(rule, number=number)]
    property = property_of(rules)
    evaluator = Evaluator(RuleSet(rules=rules.rules, property=property))
    order = {id(place.apply): number for number, place in enumerate(found)}
    reported: set[int] = set()
    for place in found:
        for request in _requests(place, evaluator.host):
            for answer in _ANSWERS:
                decision = evaluator.evaluate(replace(request, response=answer))
                apply = _guilty(decision)
                if apply is not None and id(apply) not in reported:
                    reported.add(id(apply))
                    yield _warning(decision, apply, order)


def _status_of(features: Features) -> int | None:
    return features.response.set_status_code if features.response is not None else None  # type: ignore[return-value]


def _requests(place: PlacedFeatures, host: str) -> Iterator[Request]:
    """Yield requests for places that can have to do with it: those that set a status, or make pages kept."""
    features = place.apply.features
    keeps = features.caching is not None and features.caching.service_worker_max_age is not None
    if keeps or _status_of(features) in WITHOUT_PAGE:
        yield from witnesses(place, host)


def _guilty(decision: Decision) -> Apply | None:
    """Return the features that answer a prefetchable page without a page, or None."""
    value = decision.value(_STATUS)
    if value is None or value.value not in WITHOUT_PAGE or not decision.prefetchable:
        return None
    if decision.denied or decision.redirect is not None or decision.status not in WITHOUT_PAGE:
        return None
    return value.rule


def _warning(decision: Decision, apply: Apply, order: dict[int, int]) -> Diagnostic:
    kept = decision.value(_KEPT)
    off = 'caching={"service_worker_max_age": "0s"}'
    is_last = kept is None or order.get(id(kept.rule), -1) <= order.get(id(apply), -1)
    where = "in this rule" if is_last or kept is None else f"in a rule after {kept.source}"
    message = (
        f"{shown_url(decision.request)}: the page is prefetchable and answered with {decision.status}, "
        "so its link does nothing when it is clicked"
    )
    hint = f"answer with another status, such as 200 with a body or 410, or write {off} {where}"
    return Diagnostic("dead-link", message, apply.source, hint=hint, severity="warning")
