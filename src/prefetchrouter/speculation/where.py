"""For which links a browser may speculate: the `where` of each rule that makes pages prefetchable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Final, TypeAlias

from prefetchrouter.browser.names import NAMES
from prefetchrouter.catalog import keys
from prefetchrouter.lowering import Lowered, LoweredRule, Plan
from prefetchrouter.lowering.guards import FALSE, TRUE, Guard, every, negation
from prefetchrouter.regex.language import TooLargeError, common_text, language
from prefetchrouter.source import Source
from prefetchrouter.speculation import link_tests
from prefetchrouter.speculation.bounds import Bounds
from prefetchrouter.speculation.link_tests import (
    NO_LINK,
    All,
    Href,
    LinkTest,
    NotTest,
    Selector,
)
from prefetchrouter.speculation.prefetchable import (
    PrefetchablePlace,
    Says,
    assuming,
    last_wins,
    literals,
    places,
    says_cached,
    says_kept,
    says_lifetime,
)
from prefetchrouter.speculation.url_patterns import javascript

Action: TypeAlias = str
"""``"prefetch"`` or ``"prerender"``."""

EAGERNESS: Final = "moderate"
"""When no rule says anything: the visitor's pointer rests on the link."""

OTHER_SPELLINGS: Final = (
    r"%(?![89a-fA-F][0-9a-fA-F])|%[cC][01]|%[eE]0%[89]|%[fF](?:0%8|[5-9a-fA-F])|[\x2f\x5c]{2}"
)
"""Paths in a spelling that rules and servers may read in two ways: escapes of ASCII characters, invalid and
overlong ones, and doubled slashes. Links are written without them, so little is lost."""

OPTED_OUT: Final = Selector("[download], [data-prefetch='false'], [data-prefetch='false'] *")
"""The links that the page's script leaves out, too."""


NO_VARY_SEARCH: Final = keys.headers.set_response_headers.entry("no-vary-search")

WITH_SCRIPT: Final = Selector(f"html:has(script[src*='{NAMES.install_path.rpartition('/')[0]}/']) *")
"""The links of pages with the page's script: it prefetches them, and browsers would download them again."""


@dataclass(frozen=True, slots=True)
class Speculation:
    """What a browser may do with some links.

    Args:
        action: Prefetch them, or also render them.
        eagerness: When: ``"conservative"``, ``"moderate"``, ``"eager"`` or ``"immediate"``.
        where: Which links.
        source: The line that makes them prefetchable.
        is_default: Whether no rule says when.
        no_vary_search: The ``No-Vary-Search`` that rules give the response; None if it has none.
    """

    action: Action
    eagerness: str
    where: LinkTest
    source: Source | None
    is_default: bool = False
    no_vary_search: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Links that rules make prefetchable and that no test of links can name.

    Args:
        source: The line that makes them prefetchable.
        why: What of a request links do not show, in words.
        is_all: Whether none of the line's links is left.
    """

    source: Source | None
    why: str
    is_all: bool


def speculations(
    rules: Lowered, bounds: Bounds, *, path_parameters: bool = False
) -> tuple[list[Speculation], list[LeftOut]]:
    """Return what browsers may speculate on, in the order of the rules, and what had to be left out.

    Args:
        rules: The rules, all phases.
        bounds: What links can decide of them.
        path_parameters: Whether paths with ``;`` mean nothing special at the edge.
    """
    found: list[Speculation] = []
    left_out: list[LeftOut] = []
    near = _Near(rules)
    for place in places(rules):
        bounds.unknown.clear()
        made = list(_at(place, near.rules(place), bounds, path_parameters=path_parameters))
        found += made
        if bounds.unknown:
            left_out.append(LeftOut(place.source, bounds.unknown_in_words, is_all=not made))
    return found, left_out


def _at(
    place: PrefetchablePlace, rules: Lowered, bounds: Bounds, *, path_parameters: bool
) -> Iterator[Speculation]:
    decided = _Decided(place.guard, bounds)
    reached = assuming(place.guard, bounds.truth)

    def left(says: Says, otherwise: bool) -> Guard:
        return assuming(last_wins(rules, rules.steps, says, otherwise=otherwise), decided)

    allowed = every((left(says_lifetime, False), left(says_kept, False), left(says_cached, True), reached))
    if allowed == FALSE:
        return
    written = _eagerness_in(rules)
    ignored = next(
        (text for text in _ignored_in(rules) if left(_says(NO_VARY_SEARCH, text), False) == TRUE), None
    )
    for eagerness, prerenders in product(dict.fromkeys((EAGERNESS, *written)), (False, True)):
        chosen = left(_says(keys.speculation.eagerness, eagerness), eagerness == EAGERNESS)
        prerendered = left(_says(keys.speculation.prerender, True), False)
        guard = every((allowed, chosen, prerendered if prerenders else negation(prerendered)))
        where = bounds.links(guard)
        if where == NO_LINK:
            continue
        # Browsers that do not prerender still prefetch; Chromium prerenders from that one response.
        for action in ("prefetch", "prerender") if prerenders else ("prefetch",):
            yield Speculation(
                action,
                eagerness,
                link_tests.every((_of_the_site(where), *_never(action, path_parameters=path_parameters))),
                place.source,
                is_default=eagerness == EAGERNESS and EAGERNESS not in written and not prerenders,
                no_vary_search=ignored,
            )


def _of_the_site(where: LinkTest) -> LinkTest:
    """Return a test that only links of the page's origin pass, as those that match a pattern of a path."""
    members = where.members if isinstance(where, All) else (where,)
    if any(isinstance(member, Href) and member.component == "pathname" for member in members):
        return where
    return link_tests.every((Href("pathname", "/*"), where))


def _says(key: str, wanted: object) -> Says:
    def says(plan: Plan) -> bool | None:
        value = plan.values.get(key)
        return None if value is None else value == wanted

    return says


def _eagerness_in(rules: Lowered) -> list[str]:
    key = keys.speculation.eagerness
    return sorted({str(plan.values[key]) for plan in rules.plans if key in plan.values})


def _ignored_in(rules: Lowered) -> list[str]:
    """Return what rules set ``No-Vary-Search`` to, where that is the same for all requests."""
    values = {str(plan.values[NO_VARY_SEARCH]) for plan in rules.plans if NO_VARY_SEARCH in plan.values}
    return sorted(text for text in values if text and "%{" not in text)


def _never(action: Action, *, path_parameters: bool) -> Iterator[LinkTest]:
    # An edge refuses parameters in a path where a rule matches only without them.
    parameters = () if path_parameters else (";",)
    yield NotTest(
        Href("pathname", f"{{/}}?(.*(?:{'|'.join((OTHER_SPELLINGS, *parameters, _logging_out()))}).*)")
    )
    yield NotTest(Href("search", f"(.*(?:{_logging_out()}).*)"))
    yield NotTest(OPTED_OUT)
    if action == "prefetch":
        yield NotTest(WITH_SCRIPT)


@lru_cache(maxsize=1)
def _logging_out() -> str:
    found = javascript(f"(?i){NAMES.logging_out}")
    assert found is not None
    return found


class _Near:
    """Finds the rules that may concern the same URLs as a place, so that each place looks at few."""

    def __init__(self, rules: Lowered) -> None:
        self._rules = rules
        self._by_segment: dict[str, list[LoweredRule]] = {}
        self._anywhere: list[LoweredRule] = []
        for rule in rules.rules:
            if rule.segments is None:
                self._anywhere.append(rule)
            else:
                for segment in rule.segments:
                    self._by_segment.setdefault(segment, []).append(rule)

    def rules(self, place: PrefetchablePlace) -> Lowered:
        """Return the rules whose first segments the place's rule shares."""
        segments = next(rule for rule in self._rules.rules if rule.number == place.rule).segments
        if segments is None:
            return self._rules
        found = {rule.number: rule for rule in self._anywhere}
        for segment in segments:
            found.update({rule.number: rule for rule in self._by_segment.get(segment, ())})
        chosen = tuple(found[number] for number in sorted(found))
        return replace(self._rules, rules=chosen)


class _Decided:
    """Says whether a test is true or false wherever a guard is true; None if it may be either."""

    def __init__(self, guard: Guard, bounds: Bounds) -> None:
        self._bounds = bounds
        self._known = {found.test: not found.negated for found in literals([guard])}
        self._paths = [
            language(expression)
            for number, is_true in self._known.items()
            if is_true and (expression := bounds.path_expression(number)) is not None
        ]
        self._found: dict[int, bool | None] = {}

    def __call__(self, test: int) -> bool | None:
        if test not in self._found:
            self._found[test] = self._look(test)
        return self._found[test]

    def _look(self, test: int) -> bool | None:
        if test in self._known:
            return self._known[test]
        truth = self._bounds.truth(test)
        expression = self._bounds.path_expression(test)
        if truth is not None or expression is None or not self._paths:
            return truth
        tested = language(expression)
        if tested is None:
            return None
        try:
            if common_text([*self._paths, tested]) is None:
                return False
            if tested.is_exact and common_text(self._paths, [tested]) is None:
                return True
        except TooLargeError:
            pass
        return None
