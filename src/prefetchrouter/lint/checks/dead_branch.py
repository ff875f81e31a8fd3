"""Branches of a chain whose requests always take an earlier branch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from prefetchrouter.analysis.boundary_requests import requests_around
from prefetchrouter.analysis.tested_values import tested_values
from prefetchrouter.analysis.witnesses import PlacedFeatures, places, shown_url
from prefetchrouter.evaluation import Evaluator
from prefetchrouter.http.message import Request
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site
from prefetchrouter.rules.rule import Chain, Rule
from prefetchrouter.rules.rule_set import RuleSet

_MOST_AROUND = 1000
_LEAST_REQUESTS = 3
"""Of fewer requests nothing is concluded."""


def _run(site: Site) -> Iterator[Finding]:
    # Where it is proven, a warning of every build says so already.
    proven = {warning.source for warning in site.warnings if warning.code == "never-matches"}
    for rule in site.rules.rules:
        if isinstance(rule, Chain) and len(rule.branches) > 1:
            for number, branch in enumerate(rule.branches[1:], start=1):
                if branch.source in proven:
                    continue
                yield from _of_branch(site, rule, number)


def _of_branch(site: Site, rule: Chain, number: int) -> Iterator[Finding]:
    branch = rule.branches[number]
    alone = _evaluator(site, Chain((branch,)))
    earlier = _evaluator(site, Chain(rule.branches[:number]))
    found: list[Request] = []
    for place in places(Chain((branch,))):
        plain = site.requests(PlacedFeatures(place.apply, place.conditions, place.number))
        # Made when they are read: an ordinary branch is reached by the first request.
        around = (
            each for _ in (0,) for each in requests_around(place, tested_values(rule), site.evaluator.host)
        )
        for request in chain(plain, islice(around, _MOST_AROUND)):
            if alone.evaluate(request).matches:
                if not earlier.evaluate(request).matches:
                    return
                found.append(request)
    if len(found) < _LEAST_REQUESTS:
        return
    yield CHECK.finding(
        f"an earlier branch of the chain takes every request that was tried, such as {shown_url(found[0])}",
        branch.source,
        hint="put the narrower condition first, or remove the branch",
        witness=found[0],
    )


def _around(site: Site, rule: Chain, place: PlacedFeatures) -> Iterator[Request]:
    """Yield requests with the values of all branches, for a branch that no plain request takes."""
    yield from islice(requests_around(place, tested_values(rule), site.evaluator.host), _MOST_AROUND)


def _evaluator(site: Site, rule: Rule) -> Evaluator:
    return Evaluator(RuleSet(rules=(rule,), property=site.property))


CHECK = Check("lint/dead-branch", "An `elif_` whose requests all take an earlier branch.", _run)
