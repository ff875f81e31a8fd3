"""Walks a rule set for a request."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.cache_key import parted
from prefetchrouter.evaluation.compile import Leaf, Steps, Test, steps, walk
from prefetchrouter.evaluation.decision import Decision
from prefetchrouter.evaluation.index import RuleIndex
from prefetchrouter.evaluation.keys import place_of
from prefetchrouter.evaluation.merge import Merged, merge
from prefetchrouter.evaluation.rewrite import rewritten
from prefetchrouter.evaluation.situation import DEFAULT_HOST, Situation
from prefetchrouter.evaluation.variables import value
from prefetchrouter.http.message import Request
from prefetchrouter.http.request_target import (
    TargetRefusal,
    canonical_target,
    encoded_slash,
    without_parameters,
)
from prefetchrouter.rules.features.rewrite_checks import leads_to_its_source
from prefetchrouter.rules.property import Hostname, Property, keeps_encoded_slashes
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.rule_set import RuleSet

if TYPE_CHECKING:
    from prefetchrouter.rules.rule import HasRules

_MOST_KEPT = 1024
"""For how many ways in which features come together it is kept what they make."""

Made = TypeVar("Made")


class RulePass(Protocol):
    """A change of a rule set that is made rule by rule: what an output can express, what a browser may see.

    It keeps the tests of path and method that a rule has, so that the index of the whole finds what is left.
    Passes that are equal change rules alike: the result is kept for each.
    """

    def rule(self, rule: Rule) -> Rule | None:
        """Return what becomes of a rule, None when nothing is left of it."""

    def property(self, property: Property | None) -> Property | None:
        """Return what becomes of the site's settings."""


class Evaluator:
    """A rule set made ready for many requests.

    Args:
        rules: A `RuleSet` or a `Router`; what is added to a router later does not count.
        is_indexed: Whether an index finds the rules that a request concerns; without, each is asked.

    Example:
        >>> from prefetchrouter import Request, Router
        >>> evaluator = Evaluator(Router().match("/a", caching={"max_age": "1h"}))
        >>> [evaluator.evaluate(Request(path)).ttl() for path in ("/a", "/b")]
        ['1h', None]
    """

    def __init__(self, rules: HasRules, *, is_indexed: bool = True) -> None:
        self.is_indexed = is_indexed
        self.rules: tuple[Rule, ...] = rules.rules
        self.property: Property | None = rules.property if isinstance(rules, RuleSet) else None
        self._keeps_encoded_slashes = keeps_encoded_slashes(self.property)
        self._keeps_path_parameters = self.property is not None and self.property.path_parameters == "keep"
        self._steps: list[Steps | None] = [None] * len(self.rules)
        self._merged: dict[tuple[Leaf, ...], Merged] = {}
        self._lines: dict[tuple[Leaf, ...], tuple[str, ...]] = {}
        self._passed: dict[RulePass, Evaluator] = {}

    def evaluate(self, request: Request) -> Decision:
        """Return what the rules make of a request."""
        return self.evaluate_assuming(request, frozenset())

    def evaluate_assuming(self, request: Request, assumed: frozenset[Test]) -> Decision:
        """Return what the rules make of a request if some of their branches are taken."""
        situation = Situation(request, self.host)
        if assumed:
            situation.assumed, situation.is_certain = assumed, False
        self._decide(situation)
        if situation.refusal is not None:
            situation.start()
        return Decision(self, situation)

    def _decide(self, situation: Situation) -> None:
        """Find the rules that apply; set why the request is refused, when it is."""
        if situation.refusal is None:
            situation.refusal = self._encoded_slash(situation)
        if situation.refusal is not None:
            return
        self._walk(situation)
        if ";" in situation.path:
            self._check_parameters(situation)
        for leaf in situation.taken:
            if leaf.rewrites:
                if _rewrite(situation):
                    situation.start()
                    if situation.refusal is None:
                        situation.refusal = self._encoded_slash(situation)
                    self._walk(situation)
                break

    def _encoded_slash(self, situation: Situation) -> TargetRefusal | None:
        return None if self._keeps_encoded_slashes else encoded_slash(situation.sent_path)

    def _check_parameters(self, situation: Situation) -> None:
        """Refuse a path such as ``/admin;x`` where rules apply to ``/admin`` that do not apply to it.

        Java servers take both for the same page, so a rule that protects it could be evaded.
        """
        if self._keeps_path_parameters:
            return
        other = Situation(situation.request, self.host)
        other.assumed, other.is_certain = situation.assumed, situation.is_certain
        other.path = other.origin_path = path = without_parameters(situation.path)
        other.lower_path = path.lower()
        self._walk(other)
        applied = set(situation.taken)
        missed = next((leaf for leaf in other.taken if leaf not in applied and leaf.entries), None)
        if missed is not None:
            line = f"the rule is at {missed.apply.source}; " if missed.apply.source else ""
            situation.refusal = TargetRefusal(
                "ambiguous-path",
                "the path has parameters after a semicolon, and a rule applies to it only without them",
                f'{line}Property(path_parameters="keep") takes such paths as they are',
            )

    def candidates(self, path: str, method: str = "GET") -> Sequence[int]:
        """Return the numbers of the rules that may concern a request, in order; few others are among them.

        Args:
            path: The path of the request.
            method: Its method.

        Example:
            >>> from prefetchrouter import Router
            >>> router = Router().match("/a", comment="a").match("/b/:id", comment="b")
            >>> Evaluator(router).candidates("/B/1")
            [1]
        """
        return self._index.candidates(path.lower(), method)

    @cached_property
    def _index(self) -> RuleIndex:
        return RuleIndex(map(place_of, self.rules))

    def _walk(self, situation: Situation) -> None:
        if (
            not self.is_indexed or situation.assumed
        ):  # What is assumed may be of a rule that no path leads to.
            numbers: Sequence[int] = range(len(self.rules))
        elif situation.origin_path is situation.path:
            numbers = self._index.candidates(situation.lower_path, situation.method)
        else:
            numbers = self._index.candidates(
                situation.lower_path, situation.method, situation.origin_path.lower()
            )
        for number in numbers:
            walk(self._compiled(number), situation)

    def merged(self, taken: Iterable[Leaf]) -> Merged:
        """Return what is merged of features: the same for all requests to which the same ones apply.

        Args:
            taken: The features that apply, in order.
        """
        return _kept(self._merged, tuple(taken), merge)

    def lines(self, taken: Iterable[Leaf]) -> tuple[str, ...]:
        """Return the lines of features, each once, as texts.

        Args:
            taken: The features that apply, in order.
        """
        return _kept(self._lines, tuple(taken), _lines_of)

    def _compiled(self, number: int) -> Steps:
        made = self._steps[number]
        if made is None:
            made = self._steps[number] = self._made(number)
        return made

    def _made(self, number: int) -> Steps:
        return steps(self.rules[number])

    @cached_property
    def host(self) -> str:
        """The host of a request that names none: the first hostname of the property."""
        names = [found.hostname for found in (self.property and self.property.hostnames) or ()]
        return next((name.lower() for name in names if not name.startswith("*")), DEFAULT_HOST)

    def default_origin(self, host: str) -> str | None:
        """Return the origin of a host when no rule sets one, None when the property names none."""
        known = self._hostnames
        if not known:
            return None
        name = host.partition(":")[0]
        found = known.get(name) or next(
            (known[f"*.{parent}"] for parent in _parents(name) if f"*.{parent}" in known), None
        )
        return None if found is None else found.default_origin_name

    @cached_property
    def _hostnames(self) -> Mapping[str, Hostname]:
        return {found.hostname.lower(): found for found in (self.property and self.property.hostnames) or ()}

    def through(self, change: RulePass) -> Evaluator:
        """Return what evaluates the same rules after a pass, the same one each time.

        A rule is passed when a request first concerns it: of a large file few ever are.

        Args:
            change: The pass.

        Example:
            >>> from prefetchrouter import Request, Router
            >>> from prefetchrouter.browser_view import BrowserView
            >>> router = Router().match({"path": "/a", "cookies": {"a": "1"}}, caching={"max_age": "1h"})
            >>> evaluator = Evaluator(router)
            >>> evaluator.through(BrowserView()).evaluate(Request("/a")).ttl()
            '1h'
        """
        passed = self._passed.get(change)
        if passed is None:
            passed = self._passed[change] = _Passed(self, change)
        return passed


class _Passed(Evaluator):
    """The rules of another evaluator after a pass; both share one index."""

    def __init__(self, whole: Evaluator, change: RulePass) -> None:
        property = change.property(whole.property)
        super().__init__(RuleSet(rules=whole.rules, property=property), is_indexed=whole.is_indexed)
        self._whole = whole
        self._change = change

    @property
    def _index(self) -> RuleIndex:
        return self._whole._index

    def _made(self, number: int) -> Steps:
        passed = self._change.rule(self.rules[number])
        return () if passed is None else steps(passed)


def _parents(name: str) -> list[str]:
    labels = name.split(".")
    return [".".join(labels[start:]) for start in range(1, len(labels))]


def _rewrite(situation: Situation) -> bool:
    """Set the URL that the merged rewrites lead to, or why that is refused; return whether it changed."""
    early = merge(leaf for leaf in situation.taken if leaf not in situation.late)
    before = situation.sent_path, situation.origin_query
    for wanted in early.value(keys.url.url_rewrite) or ():
        if wanted.source is None or wanted.destination is None or leads_to_its_source(wanted):
            continue
        seen, own = parted(situation.origin_query)
        target = rewritten(
            situation.origin_uri, seen, wanted.source, wanted.destination, wanted.syntax,
            lambda name: value(name, situation), is_target=True,
        )  # fmt: skip
        if target is not None:
            path, _, query = target.partition("?")
            query = f"{query}&{own}" if query and own else query or own
            found = canonical_target(path, query)
            if isinstance(found, TargetRefusal):
                message = f"a rewrite leads to {path}: {found.message}"
                situation.refusal = found._replace(message=message, hint=None)
                return True
            situation.rewrite(found.path, found.query)
    return before != (situation.sent_path, situation.origin_query)


def _kept(
    known: dict[tuple[Leaf, ...], Made], taken: tuple[Leaf, ...], make: Callable[[tuple[Leaf, ...]], Made]
) -> Made:
    """Return what is made of features, each time the same object as long as it is kept."""
    found = known.get(taken)
    if found is None:
        if len(known) >= _MOST_KEPT:
            known.clear()
        found = known[taken] = make(taken)
    return found


def _lines_of(taken: tuple[Leaf, ...]) -> tuple[str, ...]:
    sources = (leaf.apply.source for leaf in taken)
    return tuple(dict.fromkeys(str(source) for source in sources if source is not None))


_KEPT: dict[int, tuple[weakref.ref[object], Evaluator]] = {}


def evaluate(rules: HasRules | Evaluator, request: Request) -> Decision:
    """Return what a rule set makes of a request.

    Args:
        rules: A `RuleSet`, a `Router`, or an `Evaluator`, which is the same made ready beforehand.
        request: The request, perhaps with the response to it.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/old", lambda route: route.redirect("/new", 301))
        >>> evaluate(router, Request("/old")).redirect
        Redirect(status=301, location='/new')
    """
    return (rules if isinstance(rules, Evaluator) else evaluator_of(rules)).evaluate(request)


def evaluator_of(rules: HasRules | Evaluator) -> Evaluator:
    """Return the evaluator of a rule set, the same one as long as its rules stay the same.

    Args:
        rules: A `RuleSet` or a `Router`; an `Evaluator` is returned as it is.
    """
    if isinstance(rules, Evaluator):
        return rules
    number, found = id(rules), _KEPT.get(id(rules))
    if found is not None and found[0]() is rules:
        kept = found[1]
        if isinstance(rules, RuleSet) or kept.rules == rules.rules:
            return kept
    made = Evaluator(rules)
    _KEPT[number] = weakref.ref(rules, lambda _: _KEPT.pop(number, None)), made
    return made
