"""`Site`: the rules, and requests made for each of them, evaluated when a check asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from random import Random
from typing import Any, TypeVar

from prefetchrouter.analysis.boundary_requests import requests_around, requests_at_random
from prefetchrouter.analysis.prefixes import Prefixes, covers, prefixes_of
from prefetchrouter.analysis.samples import paths_at_random
from prefetchrouter.analysis.tested_values import tested_values
from prefetchrouter.analysis.witnesses import PlacedFeatures, places, witnesses
from prefetchrouter.browser_view import Filtered, filter_rules
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.errors import Diagnostic, RequestError
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.http.message import Request
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.property_settings import unsupported_conditions
from prefetchrouter.rules.rule import Apply, Chain, Group, HasRules
from prefetchrouter.rules.rule_set import RuleSet, property_of
from prefetchrouter.source import Source

T = TypeVar("T")

_AROUND = ((25, 1000, 200), (200, 120, 30))
"""A number of rules, and how many requests are made for each of them before a finding speaks of all requests
of a rule: with one or two values, and with several at random. Others get the last numbers over `_FEWER`."""
_FEWER = 6

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

    place: PlacedFeatures
    request: Request
    decision: Decision


class Site:
    """The rules of a site, as checks see them.

    Args:
        rules: A `RuleSet`, or a `Router`.
        warnings: What loading and building warn of.
        targets: The names of targets that the rules are to be portable to.
        vendors: The vendors whose limits they are to keep.

    Example:
        >>> from prefetchrouter import Router
        >>> site = Site(Router().get("/p/:id", caching={"max_age": "1h"}))
        >>> [visit.request.path for visit in site.visits(site.places[0])][:2]
        ['/p/x', '/p/x/']
    """

    def __init__(
        self,
        rules: HasRules,
        warnings: Iterable[Diagnostic] = (),
        *,
        targets: Sequence[str] = (),
        vendors: Sequence[str] = (),
    ) -> None:
        self.property: Property | None = property_of(rules)
        self.rules = RuleSet(rules=rules.rules, property=self.property)
        self.evaluator = Evaluator(self.rules)
        self.warnings: tuple[Diagnostic, ...] = tuple(warnings)
        self.targets = tuple(targets)
        self.vendors = tuple(vendors)
        self._made: dict[object, Any] = {}
        self._tried: dict[int, _Tried] = {}
        self._doubted = 0

    @cached_property
    def places(self) -> tuple[PlacedFeatures, ...]:
        """Every features object of the rules, in order."""
        return tuple(
            place for number, rule in enumerate(self.rules.rules) for place in places(rule, number=number)
        )

    @cached_property
    def filtered(self) -> tuple[Filtered, ...]:
        """What the cache manifest shows of each rule."""
        return tuple(filter_rules(self.rules.rules, unsupported_conditions(self.property)))

    @cached_property
    def _prefetchable(self) -> Prefixes:
        """The beginnings of the paths that may be prefetched: nothing is without this feature."""
        return Prefixes(
            prefix
            for place in self.places
            if (caching := place.apply.features.caching) is not None
            and caching.service_worker_max_age is not None
            for prefix in prefixes_of(place)
        )

    def requests(self, place: PlacedFeatures) -> Iterator[Request]:
        """Yield requests that may get to features, plain ones first, each once."""
        seen: set[tuple[str, str]] = set()
        first: Request | None = None
        for request in witnesses(place, self.evaluator.host):
            first = first or request
            if (request.method, request.url) not in seen:
                seen.add((request.method, request.url))
                yield request
        if first is None:
            return
        # Equal for every run, so that the same rules always have the same findings.
        random = Random(place.number)
        tried = {first.path}
        for path in paths_at_random(place.conditions, random, _SAMPLES):
            if path in tried:
                continue
            tried.add(path)
            found = _with_path(first, path)
            if found is not None and (found.method, found.url) not in seen:
                seen.add((found.method, found.url))
                yield found

    def visits_at_boundaries(
        self, place: PlacedFeatures, winners: Iterable[Apply] = ()
    ) -> Iterator[VisitedPlace]:
        """Yield visits of features with each value that their rule names, for what has to hold for all.

        Args:
            place: The features.
            winners: Features of other rules, whose values are tried as well.
        """
        numbers = dict.fromkeys((place.number, *(self._number_of[id(apply)] for apply in winners)))
        values = [each for number in numbers for each in tested_values(self.rules.rules[number])]
        host = self.evaluator.host
        self._doubted += 1
        last = _AROUND[-1][1] // _FEWER, _AROUND[-1][2] // _FEWER
        most, mixed = next(((one, two) for rules, one, two in _AROUND if self._doubted <= rules), last)
        made = islice(requests_around(place, list(dict.fromkeys(values)), host), most)
        for request in chain(made, (each for _, each in requests_at_random([place], values, host, mixed))):
            decision = self.evaluator.evaluate(request)
            if applies(place.apply, decision):
                yield VisitedPlace(place, request, decision)

    def applies_wherever(self, winner: Apply, place: PlacedFeatures) -> bool:
        """Return whether features apply to each request of others, known without one.

        They do if they have no condition, the same one, or the pattern of a folder that all paths are in.
        """
        match self.rules.rules[self._number_of[id(winner)]]:
            case Apply():
                return True
            case Chain(branches=(branch,)):
                if branch.rule is not winner:
                    return False
                same = repr(branch.condition) in map(repr, place.conditions)
                return same or covers(branch.condition, prefixes_of(place))
            case Chain() | Group():
                return False

    @cached_property
    def _number_of(self) -> dict[int, int]:
        """The number of the rule that features are in."""
        return {id(place.apply): place.number for place in self.places}

    def plainest(self, place: PlacedFeatures) -> Request | None:
        """Return the first request for features; all others differ from it in method, path and query only."""
        return self._tried_for(place).request(0)

    def _tried_for(self, place: PlacedFeatures) -> _Tried:
        found = self._tried.get(id(place))
        if found is None:
            found = self._tried[id(place)] = _Tried(self.requests(place))
        return found

    def visits(
        self, place: PlacedFeatures, where: Callable[[Request], object] | None = None
    ) -> Iterator[VisitedPlace]:
        """Yield the requests that get to features, each with its decision; evaluated when they are read.

        Args:
            place: The features.
            where: Which requests to evaluate, all when not given.
        """
        tried = self._tried_for(place)
        number = 0
        while (request := tried.request(number)) is not None:
            if where is None or where(request):
                if number not in tried.decisions:
                    tried.decisions[number] = self.evaluator.evaluate(request)
                decision = tried.decisions[number]
                if applies(place.apply, decision):
                    yield VisitedPlace(place, request, decision)
            number += 1

    def prefetched(
        self, place: PlacedFeatures, where: Callable[[Request], object] | None = None
    ) -> Iterator[VisitedPlace]:
        """Yield the visits of features whose URL browsers prefetch, and the rules agree.

        Args:
            place: The features.
            where: Which requests to evaluate, all when not given.
        """
        if any(map(self._prefetchable.may_meet, prefixes_of(place))):
            yield from filter(self.is_prefetched, self.visits(place, where))

    def witness_at(self, source: Source | None) -> Request | None:
        """Return a request that gets to a line, or None if none is found."""
        for place in self._places_at.get(source, ()) if source is not None else ():
            visit = next(self.visits(place), None)
            if visit is not None:
                return visit.request
        return None

    @cached_property
    def _places_at(self) -> dict[Source | None, list[PlacedFeatures]]:
        found: dict[Source | None, list[PlacedFeatures]] = {}
        for place in self.places:
            found.setdefault(place.apply.source, []).append(place)
        return found

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


class _Tried:
    """The requests for one place, made when they are read, and the decisions on them so far."""

    def __init__(self, requests: Iterator[Request]) -> None:
        self._made: list[Request] = []
        self._rest = requests
        self.decisions: dict[int, Decision] = {}

    def request(self, number: int) -> Request | None:
        if number == len(self._made):
            following = next(self._rest, None)
            if following is None:
                return None
            self._made.append(following)
        return self._made[number]


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
