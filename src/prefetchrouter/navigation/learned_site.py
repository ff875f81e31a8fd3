"""What a site's rules say about pages: which URLs are one, which may be listed, how long they stay fresh."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol, TypeAlias

from prefetchrouter.browser_view import BrowserView
from prefetchrouter.browser_view.filter import is_hidden
from prefetchrouter.errors import PatternError, RequestError
from prefetchrouter.evaluation import Decision, Evaluator, evaluator_of
from prefetchrouter.http.message import Request
from prefetchrouter.navigation.pages import MOST_URL, PlainPages, Spelling, path_and_query, plain_query
from prefetchrouter.navigation.patterns import Bound
from prefetchrouter.navigation.private_pages import has_identifier, is_private
from prefetchrouter.rules.conditions import Comparison, Condition, Variable
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_tokens import Parameter
from prefetchrouter.rules.rule import Apply, Branch, Chain, HasRules, Rule
from prefetchrouter.rules.walk import comparisons, walk
from prefetchrouter.targets.page_navigation import is_page_key, page_key

Unlisted: TypeAlias = Literal["hidden", "not prefetchable", "private"]
"""Why a page is not listed: a rule with ``cache-manifest-ignore`` covers it, the rules do not make it
prefetchable, or its URL has a part that looks like a secret."""
_MOST_KEPT = 65536


class KnownSite(Protocol):
    """What is known about the pages of a site."""

    has_rules: bool

    def spelling(self, url: str) -> Spelling | None:
        """Return the page of a URL, or None if it is not a page."""

    def of(self, page: str) -> Bound | None:
        """Return the pattern of a page, or None if it has none."""

    def unlisted(self, page: str) -> Unlisted | None:
        """Return why a page is not listed, or None if it may be."""

    def source(self, page: str) -> str | None:
        """Return what a page is named where steps begin: itself if it may be listed; None if it has no name.

        Visitors often start on a page that is not prefetchable itself. Its URL may not be published, so its
        steps have a `page_key` instead.
        """

    def max_age(self, page: str) -> float | None:
        """Return for how many seconds the edge keeps a page fresh, or None if that is not known."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the hosts of the site, as far as they are known."""
        ...


class PlainSite:
    """A site whose rules are not known: every page may be listed, if its URL has no private part."""

    has_rules = False
    hosts: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._pages = PlainPages()

    def spelling(self, url: str) -> Spelling | None:
        """Return the page of a URL, or None if it is not a page."""
        return self._pages.spelling(url)

    def of(self, page: str) -> Bound | None:
        """Return None: patterns come from rules."""
        return None

    def unlisted(self, page: str) -> Unlisted | None:
        """Return why a page is not listed, or None if it may be."""
        return "private" if is_private(page) else None

    def source(self, page: str) -> str | None:
        """Return what a page is named where steps begin: itself, or None if it may not be listed."""
        return page if self.unlisted(page) is None else None

    def max_age(self, page: str) -> float | None:
        """Return None."""
        return None


class _Facts(NamedTuple):
    """What rules say about a page.

    Args:
        unlisted: Why it is not listed.
        bound: Its pattern.
        max_age: For how many seconds the edge keeps it fresh.
    """

    unlisted: Unlisted | None
    bound: Bound | None
    max_age: float | None


class RuleSite:
    """A site with rules.

    Args:
        rules: A `RuleSet`, a `Router` or an `Evaluator`.

    Example:
        >>> from prefetchrouter import Router
        >>> ages = {"max_age": "1h", "service_worker_max_age": "5m"}
        >>> site = RuleSite(Router().get("/products/:id", caching=ages))
        >>> site.of("/products/7"), site.max_age("/products/7")
        (Bound(pattern='/products/:id', name='id', value='7'), 3600.0)
        >>> site.unlisted("/cart")
        'not prefetchable'
    """

    has_rules = True

    def __init__(self, rules: HasRules | Evaluator) -> None:
        self._rules = evaluator_of(rules)
        self._seen = self._rules.through(BrowserView.of(self._rules.property))
        self._hidden = {id(found) for rule in self._rules.rules for found in _hidden_parts(rule)}
        self._facts = lru_cache(_MOST_KEPT)(self._made_facts)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of the site's property, without ``www.``."""
        property = self._rules.property
        names = () if property is None else property.hostnames or ()
        return tuple(dict.fromkeys(name.hostname.lower().removeprefix("www.") for name in names))

    def spelling(self, url: str) -> Spelling | None:
        """Return the page of a URL: all URLs that share a cache key are one."""
        path, query = path_and_query(url)
        query = plain_query(query)
        if not path.startswith("/") or len(url) > MOST_URL:
            return None
        try:
            request = Request(f"{path}?{query}" if query else path)
        except RequestError:
            return None
        decision = self._rules.evaluate(request)
        if decision.refusal is not None:
            return None
        shown = f"{request.path}?{request.query}" if request.query else request.path
        return Spelling("\n".join(decision.cache_key), shown)

    def of(self, page: str) -> Bound | None:
        """Return the most specific path pattern of the rules that match a page, with what it binds."""
        return self._facts(page).bound

    def unlisted(self, page: str) -> Unlisted | None:
        """Return why a page is not listed, or None if it may be."""
        return self._facts(page).unlisted

    def source(self, page: str) -> str | None:
        """Return what a page is named where steps begin: itself if it may be listed, else a `page_key`.

        None for a page that rules hide or whose URL looks private, and for one that is not prefetchable and
        has an identifier: such URLs can be counted through until one has the key.

        Example:
            >>> from prefetchrouter import Router
            >>> ages = {"max_age": "1h", "service_worker_max_age": "5m"}
            >>> site = RuleSite(Router().get("/sale", caching=ages))
            >>> site.source("/sale"), site.source("/"), site.source("/orders/4711")
            ('/sale', '#2a0c975e', None)
        """
        if is_page_key(page):
            return page
        match self.unlisted(page):
            case None:
                return page
            case "not prefetchable" if not is_private(page) and not has_identifier(page):
                return page_key(page)
            case _:
                return None

    def max_age(self, page: str) -> float | None:
        """Return for how many seconds the edge keeps a page fresh, or None if rules do not say."""
        return self._facts(page).max_age

    def _made_facts(self, page: str) -> _Facts:
        if is_page_key(page):
            return _Facts("not prefetchable", None, None)
        try:
            decision = self._rules.evaluate(Request(page))
            anyone = self._rules.evaluate(Request(page, unknown=("*",)))
            seen = self._seen.evaluate(Request(page))
        except RequestError:
            return _Facts("not prefetchable", None, None)
        bound, values = _bound(decision, page.partition("?")[0])
        age = decision.ttl()
        seconds = None if age is None else float(age.seconds)
        if self._is_hidden(anyone):
            return _Facts("hidden", bound, seconds)
        if not decision.prefetchable or not seen.prefetchable:
            return _Facts("not prefetchable", bound, seconds)
        return _Facts("private" if is_private(page, values) else None, bound, seconds)

    def _is_hidden(self, decision: Decision) -> bool:
        """Return whether a hidden rule covers a page, for all visitors or for some."""
        matched: list[Apply | Branch | None] = [
            part for found in decision.rules for part in (found.rule, found.branch)
        ]
        open_branches = [found.branch for found in (*decision.depends_on, *decision.awaiting_response)]
        return any(id(part) in self._hidden for part in (*matched, *open_branches) if part is not None)


def _hidden_parts(rule: Rule) -> list[Apply | Branch]:
    """Return the branches and features that a marker in their comment hides."""
    found: list[Apply | Branch] = []
    for node in walk(rule):
        if isinstance(node, Apply | Chain) and is_hidden(node):
            found += [part for part in walk(node) if isinstance(part, Apply | Branch)]
        elif isinstance(node, Branch) and is_hidden(node.rule):
            found.append(node)
    return found


def _bound(decision: Decision, path: str) -> tuple[Bound | None, tuple[str, ...]]:
    """Return the most specific pattern of the rules that apply, and the values bound to segments."""
    best: tuple[tuple[int, int, int, int], Bound | None] | None = None
    values: list[str] = []
    for found in decision.rules:
        for pattern in _patterns(found.branch.condition) if found.branch is not None else ():
            matched = pattern.match(path)
            if matched is None:
                continue
            named = [parameter for parameter in pattern.parameters if parameter.name is not None]
            values += [
                value
                for parameter, value in zip(named, matched, strict=True)
                if value and not parameter.spans_segments
            ]
            if best is None or pattern.specificity < best[0]:
                best = pattern.specificity, _first(pattern, named, matched)
    return (None if best is None else best[1]), tuple(values)


def _first(pattern: PathPattern, named: list[Parameter], matched: tuple[str | None, ...]) -> Bound | None:
    if not named or not matched[0]:
        return None
    return Bound(pattern.text, str(named[0].name), matched[0])


def bound_by(text: str, page: str) -> Bound | None:
    """Return what a pattern binds in a page, or None if it does not match.

    Example:
        >>> bound_by("/products/:id", "/products/7")
        Bound(pattern='/products/:id', name='id', value='7')
    """
    pattern = _pattern(text)
    matched = None if pattern is None else pattern.match(page.partition("?")[0])
    if pattern is None or matched is None:
        return None
    return _first(pattern, [part for part in pattern.parameters if part.name is not None], matched)


def _patterns(condition: Condition) -> list[PathPattern]:
    return [pattern for test in comparisons(condition) for pattern in _of_test(test)]


def _of_test(test: Comparison) -> list[PathPattern]:
    variable = test.variable
    if test.operator != "==" or not isinstance(variable, Variable) or not isinstance(test.value, str):
        return []
    if (variable.namespace, variable.name) != ("request", "path"):
        return []
    pattern = _pattern(test.value)
    return [] if pattern is None else [pattern]


@lru_cache(maxsize=4096)
def _pattern(text: str) -> PathPattern | None:
    try:
        return PathPattern(text)
    except PatternError:
        return None


def cached_probability(views: float, seconds: float, max_age: float | None, places: int = 1) -> float:
    """Return how likely the edge has a fresh response for a page: 1 - exp(-rate of views * max_age).

    Args:
        views: How many views the page had.
        seconds: In how long.
        max_age: For how many seconds the edge keeps it fresh; None if that is not known.
        places: At how many places the edge stores responses, each for itself.

    Example:
        >>> round(cached_probability(24, 86400, 3600), 3), cached_probability(24, 86400, None)
        (0.632, 1.0)
    """
    if max_age is None or seconds <= 0:
        return 1.0
    return 1.0 - math.exp(-views / seconds / places * max_age)
