"""What rules say about a page of the log: how long it stays fresh at the edge and in browsers."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import lru_cache
from typing import NamedTuple

from prefetchrouter.browser_view import BrowserView
from prefetchrouter.catalog import keys
from prefetchrouter.errors import RequestError
from prefetchrouter.evaluation import Decision, evaluator_of
from prefetchrouter.http.message import Request
from prefetchrouter.rules.rule import HasRules
from prefetchrouter.simulation.path_globs import PathGlob

_MOST_KEPT = 65536


class PageFacts(NamedTuple):
    """What counts of a page.

    Args:
        max_age: For how many seconds the edge keeps it fresh; 0: it is not stored.
        kept: For how many seconds browsers use a prefetch of it.
        is_prefetchable: Whether pages prefetch it.
        line: The line that says how long it stays fresh, such as ``"routes.py:5"``; None if none does.
    """

    max_age: float
    kept: float
    is_prefetchable: bool
    line: str | None


NOT_STORED = PageFacts(0.0, 0.0, False, None)


class SiteFacts:
    """Facts about the pages of a site, by its rules.

    Args:
        rules: A `RuleSet` or a `Router`; None: every page is prefetchable, as long as it stays fresh.
        max_age: Lifetimes at the edge in seconds that replace those of the rules, by globs of paths; the last
            one that matches counts.

    Example:
        >>> from prefetchrouter import Router
        >>> rules = Router().match("/blog/:id", caching={"max_age": "1h", "service_worker_max_age": "5m"})
        >>> SiteFacts(rules, {PathGlob("/blog/*"): 60.0}).of("/blog/7")[:3]
        (60.0, 300.0, True)
    """

    def __init__(
        self, rules: HasRules | None = None, max_age: Mapping[PathGlob, float] | None = None
    ) -> None:
        self._rules = None if rules is None else evaluator_of(rules)
        self._seen = (
            None if self._rules is None else self._rules.through(BrowserView.of(self._rules.property))
        )
        self._max_age = dict(max_age or {})
        self._factors: dict[str | None, float] = {}
        self._by_rules = lru_cache(_MOST_KEPT)(self._made_by_rules)

    def lengthened(self, factor: float, line: str | None = None) -> SiteFacts:
        """Return the same with longer lifetimes at the edge.

        Args:
            factor: By what they are multiplied.
            line: The line whose lifetimes are; all when not given.
        """
        made = copy(self)
        made._factors = {line: factor}
        return made

    def of(self, page: str) -> PageFacts:
        """Return what counts of a page."""
        facts = self._by_rules(page)
        factor = self._factors.get(None) or self._factors.get(facts.line)
        return facts if factor is None else facts._replace(max_age=facts.max_age * factor)

    def _made_by_rules(self, page: str) -> PageFacts:
        facts = self._decided(page)
        path = page.partition("?")[0]
        for glob, seconds in self._max_age.items():
            if not glob.matches(path):
                continue
            if self._rules is None:
                facts = PageFacts(seconds, seconds, True, f"--max-age {glob.text}")
            else:
                facts = facts._replace(max_age=seconds, line=f"--max-age {glob.text}")
        return facts

    def _decided(self, page: str) -> PageFacts:
        if self._rules is None or self._seen is None:
            return NOT_STORED
        try:
            decision = self._rules.evaluate(Request(page))
            seen = self._seen.evaluate(Request(page))
        except RequestError:
            return NOT_STORED
        if decision.get(keys.caching.bypass_cache):
            return NOT_STORED
        ttl, kept = decision.ttl(), decision.get(keys.caching.service_worker_max_age)
        return PageFacts(
            0.0 if ttl is None else max(0.0, float(ttl.seconds)),
            0.0 if kept is None else float(kept.seconds),
            decision.prefetchable and seen.prefetchable,
            _line(decision),
        )


def _line(decision: Decision) -> str | None:
    value = decision.value(keys.caching.max_age.entry(200))
    return None if value is None or value.rule.source is None else str(value.rule.source)
