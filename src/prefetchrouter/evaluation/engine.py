"""`Evaluator`: follows the rules that may concern a request, and hands what applies to a `Decision`."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from prefetchrouter.evaluation.compile import Findings, Steps, follow, steps
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.decision import Decision
from prefetchrouter.evaluation.index import RuleIndex
from prefetchrouter.evaluation.index_keys import index_key_of
from prefetchrouter.evaluation.leaf import Leaf
from prefetchrouter.evaluation.merge import Merged, merge
from prefetchrouter.evaluation.request_url import rewrite_url
from prefetchrouter.evaluation.site_settings import SiteSettings
from prefetchrouter.http.message import Request
from prefetchrouter.http.request_target import TargetRefusal, encoded_slash, without_parameters
from prefetchrouter.rules.rule import Branch, HasRules, Rule
from prefetchrouter.rules.rule_set import RuleSet, property_of

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property

_MOST_KEPT = 1024
"""For how many combinations of features the merged values are cached."""


class RulePass(Protocol):
    """A change of a rule set that is made rule by rule: what an output can express, what a browser may see.

    It keeps the tests of path and method that a rule has, so that the index of the whole finds what is left.
    Equal passes have equal results, of which one is cached.
    """

    def rule(self, rule: Rule) -> Rule | None:
        """Return what becomes of a rule, or None if nothing is left of it."""

    def property(self, property: Property | None) -> Property | None:
        """Return what becomes of the site's settings."""


class Evaluator:
    """A rule set compiled for many requests.

    Args:
        rules: A `RuleSet` or a `Router`; what is added to a router later does not count.
        is_indexed: Whether an index finds the rules that a request concerns; without, each is tested.

    Example:
        >>> from prefetchrouter import Request, Router
        >>> evaluator = Evaluator(Router().match("/a", caching={"max_age": "1h"}))
        >>> [evaluator.evaluate(Request(path)).ttl() for path in ("/a", "/b")]
        ['1h', None]
    """

    def __init__(self, rules: HasRules, *, is_indexed: bool = True) -> None:
        self.is_indexed = is_indexed
        self.rules: tuple[Rule, ...] = rules.rules
        self.property: Property | None = property_of(rules)
        self.site = SiteSettings(self.property)
        self.host = self.site.host
        """The host of a request that names none: the first hostname of the property."""
        self._steps: list[Steps | None] = [None] * len(self.rules)
        self._merged: dict[tuple[Leaf, ...], Merged] = {}
        self._passed: dict[RulePass, Evaluator] = {}

    def evaluate(self, request: Request, *, assuming: Iterable[Branch] = ()) -> Decision:
        """Return what the rules say about a request.

        Args:
            request: The request, perhaps with the response to it.
            assuming: Branches whose condition is taken to be true, whatever the request says.

        Example:
            >>> from prefetchrouter import Request, Router
            >>> router = Router().match({"location": {"country": "DE"}}, caching={"max_age": "1m"})
            >>> evaluator = Evaluator(router)
            >>> page = Request("/", unknown=["location.country"])
            >>> (dependency,) = evaluator.evaluate(page).depends_on
            >>> evaluator.evaluate(page, assuming=[dependency.branch]).ttl()
            '1m'
        """
        context = RequestContext(request, self.host, self.site.fact_headers)
        assumed = tuple(assuming)
        if assumed:
            context.is_certain = False
        found = self._found(context, assumed)
        taken = tuple(found.taken)
        merged = self._merged.get(taken) or self._merge(taken)
        return Decision(context, found, merged, self._early(found) if found.late else merged, self.site)

    def before_response(self, decision: Decision) -> Decision:
        """Return the decision before there is a response: what an edge knows when the request arrives.

        Args:
            decision: A decision of this evaluator; itself if its request has no response.
        """
        if decision.request.response is None:
            return decision
        return self.evaluate(decision.request.with_response(None))

    def _found(self, context: RequestContext, assumed: tuple[Branch, ...]) -> Findings:
        """Return which features apply: none where the request is refused, of which the context says why."""
        if context.refusal is None:
            context.refusal = self._encoded_slash(context)
        if context.refusal is not None:
            return Findings()
        found = self._follow(context, assumed)
        if ";" in context.path:
            self._check_parameters(context, found)
        for leaf in found.taken:
            if leaf.rewrites:
                if rewrite_url(context, self._early(found)):
                    if context.refusal is None:
                        context.refusal = self._encoded_slash(context)
                    # Some conditions read the rewritten path, so all are tested again; only once, since a
                    # rewrite of what was rewritten could go on for ever.
                    found = self._follow(context, assumed)
                break
        return found if context.refusal is None else Findings()

    def _encoded_slash(self, context: RequestContext) -> TargetRefusal | None:
        return None if self.site.keeps_encoded_slashes else encoded_slash(context.sent_path)

    def _check_parameters(self, context: RequestContext, found: Findings) -> None:
        """Refuse a path such as ``/admin;x`` where rules apply to ``/admin`` that do not apply to it.

        Java servers take both for the same page, so a rule that protects it could be evaded.
        """
        if self.site.keeps_path_parameters:
            return
        other = RequestContext(context.request, self.host, self.site.fact_headers)
        other.is_certain = context.is_certain
        other.path = other.origin_path = path = without_parameters(context.path)
        other.lower_path = path.lower()
        applied = set(found.taken)
        without = self._follow(other, found.assumed)
        missed = next((leaf for leaf in without.taken if leaf not in applied and leaf.entries), None)
        if missed is not None:
            line = f"the rule is at {missed.apply.source}; " if missed.apply.source else ""
            context.refusal = TargetRefusal(
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
        return RuleIndex(map(index_key_of, self.rules))

    def _follow(self, context: RequestContext, assumed: tuple[Branch, ...]) -> Findings:
        found = Findings(assumed)
        # An assumed branch may belong to a rule that the path does not lead to.
        if assumed or not self.is_indexed:
            numbers: Sequence[int] = range(len(self.rules))
        elif context.origin_path is context.path:
            numbers = self._index.candidates(context.lower_path, context.method)
        else:
            numbers = self._index.candidates(context.lower_path, context.method, context.origin_path.lower())
        for number in numbers:
            follow(self._compiled(number), context, found)
        return found

    def _early(self, found: Findings) -> Merged:
        """Return the merged values of the features that do not wait for the response."""
        return self._merge(tuple(leaf for leaf in found.taken if leaf not in found.late))

    def _merge(self, taken: tuple[Leaf, ...]) -> Merged:
        """Return the merged values of features, the same object each time as long as it is cached."""
        found = self._merged.get(taken)
        if found is None:
            if len(self._merged) >= _MOST_KEPT:
                self._merged.clear()
            found = self._merged[taken] = merge(taken)
        return found

    def _compiled(self, number: int) -> Steps:
        made = self._steps[number]
        if made is None:
            made = self._steps[number] = self._made(number)
        return made

    def _made(self, number: int) -> Steps:
        rule = self._rule(number)
        return () if rule is None else steps(rule)

    def _rule(self, number: int) -> Rule | None:
        return self.rules[number]

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
    """The rules of another evaluator after a pass; both share the index, and `rules` are those before it."""

    def __init__(self, whole: Evaluator, change: RulePass) -> None:
        property = change.property(whole.property)
        super().__init__(RuleSet(rules=whole.rules, property=property), is_indexed=whole.is_indexed)
        self._whole = whole
        self._change = change

    @property
    def _index(self) -> RuleIndex:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self._whole._index

    def _rule(self, number: int) -> Rule | None:
        rule = self._whole._rule(number)
        return None if rule is None else self._change.rule(rule)


_KEPT: dict[int, tuple[weakref.ref[object], Evaluator]] = {}


def evaluate(rules: HasRules | Evaluator, request: Request, *, assuming: Iterable[Branch] = ()) -> Decision:
    """Return what a rule set says about a request.

    Args:
        rules: A `RuleSet`, a `Router`, or an `Evaluator`, which is the same made ready beforehand.
        request: The request, perhaps with the response to it.
        assuming: Branches whose condition is taken to be true; see `Evaluator.evaluate`.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/old", lambda route: route.redirect("/new", 301))
        >>> evaluate(router, Request("/old")).redirect
        Redirect(status=301, location='/new')
    """
    return evaluator_of(rules).evaluate(request, assuming=assuming)


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
