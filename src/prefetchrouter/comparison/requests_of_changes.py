"""Requests for rules that differ: each value that they name, those that only one version names first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from prefetchrouter.analysis.boundary_requests import requests_around, requests_at_random
from prefetchrouter.analysis.tested_values import tested_values
from prefetchrouter.analysis.witnesses import PlacedFeatures, places
from prefetchrouter.http.message import Request
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.walk import comparisons, conditions_in

_MOST_REQUESTS: Final = 4000
"""About this many are tried in all: the more rules differ, the fewer for each."""
_MOST_RULES: Final = 400
"""Where more rules differ, each gets plain requests alone."""
_FEW_RULES: Final = 8
"""Up to this many rules that differ, each is tried with the values of all, since any may replace another."""
_MOST_COMBINED: Final = 50
"""Where there are more other rules, no values of all rules are combined."""
_COMBINED: Final = 400


def requests_of_changes(
    gone: Sequence[Rule], come: Sequence[Rule], others: Sequence[Rule], host: str
) -> Iterator[tuple[PlacedFeatures, Request]]:
    """Yield requests with values that the rules name, each with the features that it was made for.

    Args:
        gone: The old rules that differ.
        come: The new ones.
        others: All other rules.
        host: The host of the requests, if no condition names one.
    """
    rules = [*gone, *come]
    if len(rules) > _MOST_RULES:
        return
    values = {id(rule): tested_values(rule) for rule in rules}
    before, after = (Counter(each for rule in side for each in values[id(rule)]) for side in (gone, come))
    known = [{repr(test) for rule in side for test in _tests(rule)} for side in (come, gone)]
    allowance = _MOST_REQUESTS // max(1, len(rules))
    for side, tests in zip((gone, come), known, strict=True):
        for rule in side:
            found = values[id(rule)] if len(rules) > _FEW_RULES else list({**before, **after})
            # False sorts before True: what both versions name in equal number comes last.
            ordered = sorted(found, key=lambda each: before[each] == after[each])
            made = (
                (place, each)
                for place in places(rule)
                for each in requests_around(place, ordered, host, tests)
            )
            yield from islice(made, allowance)
    if len(rules) <= _FEW_RULES and len(others) <= _MOST_COMBINED:
        named = [*before, *after, *(each for rule in others for each in tested_values(rule))]
        all_places = [place for rule in rules for place in places(rule)]
        yield from requests_at_random(all_places, named, host, _COMBINED)


def _tests(rule: Rule) -> Iterator[object]:
    for condition in conditions_in(rule):
        yield from comparisons(condition)
