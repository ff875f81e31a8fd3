"""Which rule a URL of a log belongs to: by the path that the rule names, as pages name it in beacons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Protocol

from prefetchrouter.browser_view import BrowserView
from prefetchrouter.errors import PatternError, RequestError
from prefetchrouter.evaluation import evaluator_of
from prefetchrouter.evaluation.request_key import without_own
from prefetchrouter.http.message import Request
from prefetchrouter.measurement.page_view import MOST_NAME
from prefetchrouter.navigation.pages import path_and_query
from prefetchrouter.rules.conditions import Condition
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.rule import HasRules
from prefetchrouter.rules.walk import comparisons, ways_in

_MOST_KEPT = 65536


class RuleNames(Protocol):
    """Names the rule of a URL."""

    def of(self, url: str) -> str:
        """Return the path of the rule of a URL; empty for one of no rule."""
        ...

    def line(self, name: str) -> str:
        """Return the line of the rule with a path, such as ``"routes.py:8"``; empty where it is not known."""
        ...


class NamesOfBeacons:
    """The rules as beacons name them, where there is no routes file: of several, the most specific.

    Example:
        >>> names = NamesOfBeacons(["/:page", "/products/:id", "=~ \\"^/v\\""])
        >>> names.of("/products/7?edgio_dt_pf=1"), names.of("/a/b/c")
        ('/products/:id', '')
    """

    def __init__(self, names: Iterable[str]) -> None:
        patterns = [pattern for name in set(names) if name.startswith("/") for pattern in _pattern(name)]
        self._patterns = sorted(patterns, key=lambda pattern: (pattern.specificity, pattern.text))
        self._of = lru_cache(_MOST_KEPT)(self._found)

    def of(self, url: str) -> str:
        """Return the path of the rule of a URL."""
        return self._of(path_and_query(url)[0])

    def line(self, name: str) -> str:
        """Return nothing: lines come from a routes file."""
        return ""

    def _found(self, path: str) -> str:
        return next((found.text for found in self._patterns if found.match(path) is not None), "")


class NamesOfRules:
    """The rules of a routes file.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().get("/products/:id", caching={"max_age": "1h", "service_worker_max_age": "5m"})
        >>> NamesOfRules(router).of("/products/7?edgio_dt_pf=1")
        '/products/:id'
    """

    def __init__(self, rules: HasRules) -> None:
        evaluator = evaluator_of(rules)
        self._rules = evaluator.through(BrowserView.of(evaluator.property))
        self._lines: dict[str, str] = {}
        self._of = lru_cache(_MOST_KEPT)(self._found)
        for rule in self._rules.rules:
            for reached in ways_in(rule):
                branch = reached.way[-1].branch if reached.way else None
                if branch is not None and reached.apply.features.caching is not None:
                    line = str(reached.apply.source or branch.source or "")
                    self._lines.update(dict.fromkeys(_names_of(branch.condition, None), line))

    def of(self, url: str) -> str:
        """Return the path of the rule of a URL."""
        path, query = path_and_query(url)
        query = without_own(query)
        return self._of(f"{path}?{query}" if query else path)

    def line(self, name: str) -> str:
        """Return the line of the last rule with a path."""
        return self._lines.get(name, "")

    def knows(self, name: str) -> bool:
        """Return whether a rule has this path."""
        return name in self._lines

    def _found(self, url: str) -> str:
        try:
            decision = self._rules.evaluate(Request(url))
        except RequestError:
            return ""
        path = url.partition("?")[0]
        for found in reversed(decision.rules):
            if found.branch is None or found.rule.features.caching is None:
                continue
            name = next(_names_of(found.branch.condition, path), None)
            if name is not None:
                return name
        return ""


def _pattern(text: str) -> Iterator[PathPattern]:
    try:
        yield PathPattern(text)
    except PatternError:
        return


def _names_of(condition: Condition, path: str | None) -> Iterator[str]:
    """Yield the paths that a condition names; of a list, the one that equals a path if that is given."""
    for test in comparisons(condition):
        variable, value = test.variable, test.value
        if variable is None or (variable.namespace, variable.name) != ("request", "path"):
            continue
        if test.operator == "in" and isinstance(value, tuple):
            yield from (text for text in map(str, value) if path is None or text.lower() == path.lower())
        elif test.operator in ("==", "==="):
            yield str(value)[:MOST_NAME]
        elif isinstance(value, str):
            yield f"{test.operator} {json.dumps(value, ensure_ascii=False)}"[:MOST_NAME]
