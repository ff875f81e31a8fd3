"""The requests that a comparison tries: made from the rules, plain ones first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Final

from prefetchrouter.analysis.prefixes import Prefixes, prefixes_of
from prefetchrouter.analysis.samples import is_about_path, paths_at_random
from prefetchrouter.analysis.witnesses import PlacedFeatures, places, witnesses
from prefetchrouter.comparison.requests_of_changes import requests_of_changes
from prefetchrouter.errors import RequestError
from prefetchrouter.evaluation import Evaluator
from prefetchrouter.http.message import Request
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.walk import comparisons

_MOST_VARIANTS: Final = 48
"""How many combinations of method, headers, query and so on are tried on each place."""
_SAMPLES: Final = 24
"""How many random paths are made for each condition on the path of a rule that differs."""
_FEW_SAMPLES: Final = 6
_MOST_REQUESTS: Final = 20_000
_FEWEST: Final = 2
_MOST_SAMPLED: Final = 1000
"""Of other rules fewer are made, and none where there are more rules than this."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request to try, and what it was made for.

    Args:
        request: The request.
        rule: For a rule that differs, the conditions that it was made for; empty for all others.
    """

    request: Request
    rule: str


def candidates(
    gone: Sequence[Rule], come: Sequence[Rule], others: Sequence[Rule], evaluator: Evaluator
) -> Iterator[Candidate]:
    """Yield the requests to try, each once.

    Args:
        gone: The old rules that differ.
        come: The new ones.
        others: All other rules.
        evaluator: Evaluates the rules that differ alone: of the others, only requests that these apply to
            are of interest.
    """
    seen: set[object] = set()
    changed = [place for rule in (*gone, *come) for place in places(rule)]
    unchanged = [place for rule in others for place in places(rule)]
    space = _Space(evaluator.host, _variants([*changed, *unchanged]))
    # Where hundreds of rules differ, each gets fewer requests, so that the time stays the same.
    allowance = max(_FEWEST, _MOST_REQUESTS // max(1, len(changed)))
    for place in changed:
        rule = repr(place.conditions)
        for request in islice(space.of(place, _SAMPLES, vary=True), allowance):
            if _is_new(request, seen):
                yield Candidate(request, rule)
    for place, request in requests_of_changes(gone, come, others, evaluator.host):
        if _is_new(request, seen):
            yield Candidate(request, repr(place.conditions))
    samples = _FEW_SAMPLES if len(unchanged) <= _MOST_SAMPLED else 0
    met = Prefixes(prefix for place in changed for prefix in prefixes_of(place))
    for place in unchanged:
        if not any(map(met.may_meet, prefixes_of(place))):
            continue
        for request in space.of(place, samples):
            if _is_new(request, seen) and evaluator.evaluate(request).matches:
                yield Candidate(request, "")


class _Space:
    """Makes the requests for features: plain ones, varied ones, and ones at random.

    Args:
        host: The host of requests whose conditions name none.
        variants: What rules ask for beside the path.
    """

    def __init__(self, host: str, variants: Sequence[tuple[Condition, ...]]) -> None:
        self._host = host
        self._variants = variants
        # Equal for every run, so that the same change always has the same witnesses.
        self._random = Random(0)

    def of(self, place: PlacedFeatures, samples: int, *, vary: bool = False) -> Iterator[Request]:
        yield from witnesses(place, self._host)
        for variant in self._variants if vary else ():
            yield from islice(self._with(place, variant), 2)
        for path in paths_at_random(place.conditions, self._random, samples):
            yield from islice(self._at(self._with(place, ()), path), 1)
            if self._variants:
                yield from islice(self._at(self._with(place, self._random.choice(self._variants)), path), 1)

    def _with(self, place: PlacedFeatures, variant: tuple[Condition, ...]) -> Iterator[Request]:
        # What the varied conditions ask for replaces what those of the place do, where both ask for it.
        return witnesses(PlacedFeatures(place.apply, (*place.conditions, *variant), place.number), self._host)

    def _at(self, requests: Iterable[Request], path: str) -> Iterator[Request]:
        for request in requests:
            try:
                yield Request(
                    f"{request.scheme}://{request.host}{path}{'?' if request.query else ''}{request.query}",
                    request.method, request.headers, request.cookies, request.facts,
                )  # fmt: skip
            except RequestError:
                return


def _variants(found: Iterable[PlacedFeatures]) -> list[tuple[Condition, ...]]:
    """Return what rules ask for beside the path, each once."""
    kept: dict[str, tuple[Condition, ...]] = {}
    for place in found:
        rest = tuple(part for condition in place.conditions if (part := _beside_path(condition)) is not None)
        if rest and len(kept) < _MOST_VARIANTS:
            kept.setdefault(repr(rest), rest)
    return list(kept.values())


def _beside_path(condition: Condition) -> Condition | None:
    match condition:
        case Comparison():
            return None if is_about_path(condition) else condition
        case AllOf(members=members):
            rest = tuple(part for member in members if (part := _beside_path(member)) is not None)
            return AllOf(rest) if len(rest) > 1 else next(iter(rest), None)
        case AnyOf(members=members):
            return None if any(is_about_path(test) for test in comparisons(condition)) else condition


def _is_new(request: Request, seen: set[object]) -> bool:
    key = (
        request.url, request.method, tuple(sorted(request.headers.items())),
        tuple(sorted(request.cookies.items())), repr(sorted(request.facts.items())),
    )  # fmt: skip
    if key in seen:
        return False
    seen.add(key)
    return True
