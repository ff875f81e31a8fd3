"""`Site`: the rules, and requests made for each of them, evaluated when a check asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, TypeVar

from prefetchrouter.analysis.samples import paths_at_random
from prefetchrouter.analysis.witnesses import Place, places, witnesses
from prefetchrouter.browser_view import Filtered, filter_rules
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.errors import Diagnostic, RequestError
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.http.message import Request
from prefetchrouter.rules.property import Property, unsupported_conditions
from prefetchrouter.rules.rule import Apply, HasRules
from prefetchrouter.rules.rule_set import RuleSet, property_of

T = TypeVar("T")

_SAMPLES = 6
"""How many random paths are made for each test of a path: plain examples of patterns look too much alike."""


@dataclass(frozen=True, slots=True)
class VisitedPlace:
    """A request that gets to features, with the decision on it.

    Args:
        place: The features.
        request: The request.
        decision: What all rules together make of it.
    """

    place: Place
    request: Request
    decision: Decision


class Site:
    """The rules of a site, as checks see them.

    Args:
        rules: A `RuleSet`, or a `Router`.
        warnings: What loading and building warn of.

    Example:
        >>> from prefetchrouter import Router
        >>> site = Site(Router().get("/p/:id", caching={"max_age": "1h"}))
        >>> [visit.request.path for visit in site.visits(site.places[0])][:2]
        ['/p/x', '/p/x/']
    """

    def __init__(self, rules: HasRules, warnings: Iterable[Diagnostic] = ()) -> None:
        self.property: Property | None = property_of(rules)
        self.rules = RuleSet(rules=rules.rules, property=self.property)
        self.evaluator = Evaluator(self.rules)
        self.warnings: tuple[Diagnostic, ...] = tuple(warnings)
        self._made: dict[object, Any] = {}
        self._visits: dict[int, tuple[list[VisitedPlace], Iterator[VisitedPlace]]] = {}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every features object of the rules, in order."""
        return tuple(
            place for number, rule in enumerate(self.rules.rules) for place in places(rule, number=number)
        )

    @cached_property
    def filtered(self) -> tuple[Filtered, ...]:
        """What the cache manifest shows of each rule."""
        return tuple(filter_rules(self.rules.rules, unsupported_conditions(self.property)))

    def requests(self, place: Place) -> Iterator[Request]:
        """Yield requests that may get to features, plain ones first."""
        yield from witnesses(place, self.evaluator.host)
        # Equal for every run, so that the same rules always have the same findings.
        random = Random(place.number)
        for path in paths_at_random(place.conditions, random, _SAMPLES):
            for request in witnesses(place, self.evaluator.host):
                found = _with_path(request, path)
                if found is not None:
                    yield found
                break

    def visits(self, place: Place) -> Iterator[VisitedPlace]:
        """Yield the requests that get to features, each with its decision; evaluated when they are read."""
        if id(place) not in self._visits:
            self._visits[id(place)] = [], self._evaluated(place)
        seen, rest = self._visits[id(place)]
        number = 0
        while True:
            if number == len(seen):
                following = next(rest, None)
                if following is None:
                    return
                seen.append(following)
            yield seen[number]
            number += 1

    def _evaluated(self, place: Place) -> Iterator[VisitedPlace]:
        tried: set[tuple[str, str]] = set()
        for request in self.requests(place):
            key = request.method, request.url
            if key in tried:
                continue
            tried.add(key)
            decision = self.evaluator.evaluate(request)
            if applies(place.apply, decision):
                yield VisitedPlace(place, request, decision)

    def once(self, make: Callable[[Site], T]) -> T:
        """Return what a function makes of the site; several checks that share it call it once.

        Args:
            make: The function.
        """
        if make not in self._made:
            self._made[make] = make(self)
        found: T = self._made[make]
        return found

    def is_prefetched(self, visit: VisitedPlace) -> bool:
        """Return whether browsers prefetch the URL of a visit, and the rules agree."""
        return visit.decision.prefetchable and evaluate_in_browser(self.evaluator, visit.request).prefetchable


def applies(apply: Apply, decision: Decision) -> bool:
    """Return whether features apply to the request of a decision."""
    return any(matched.rule is apply for matched in decision.rules)


def _with_path(request: Request, path: str) -> Request | None:
    try:
        return Request(
            f"{request.scheme}://{request.host}{path}{'?' if request.query else ''}{request.query}",
            request.method, request.headers, request.cookies, request.facts,
        )  # fmt: skip
    except RequestError:
        return None
