"""What decisions of a rule set depend on, found without any request.

An edge that remembers decisions needs it: requests that are equal in everything the rules can read have the
same decision. So it may hold more than rules ever read, and never less: whatever is missing here would give
one visitor the decision of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.accessors import accessor
from prefetchrouter.evaluation.entries import FeatureEntry, entries_of
from prefetchrouter.evaluation.templates import variables_in
from prefetchrouter.evaluation.variable_values import normalized_name
from prefetchrouter.http.message import cookies_in
from prefetchrouter.rules.conditions import Comparison, Variable, variable
from prefetchrouter.rules.facts import header_facts
from prefetchrouter.rules.features import CacheKeyOptions, Section, items
from prefetchrouter.rules.property_settings import facts_of
from prefetchrouter.rules.rule import Apply, Rule
from prefetchrouter.rules.rule_set import property_of
from prefetchrouter.rules.variables import lookup
from prefetchrouter.rules.walk import walk

if TYPE_CHECKING:
    from prefetchrouter.rules.rule import HasRules

HeaderPairs: TypeAlias = tuple[tuple[str, str], ...]
"""Names of headers in lower case, with their texts."""

_OF_EACH_REQUEST = ("random", "request.client_ip", "mtls.", "variable.virt_", "variable.is_subrequest")
"""How the names of facts begin that differ from request to request and are in no header."""

_HEADERS_OF = {"host": "host", "http_host": "host", "referring_domain": "referer"}
"""The header that a feature variable is read from, where its name does not say so."""


@dataclass(frozen=True, slots=True)
class RequestDependencies:
    """What a rule set can read of a request, besides method, scheme, host, path and query.

    Args:
        headers: The names of request headers, in lower case.
        cookies: The names of cookies.
        loose_headers: Names as feature variables spell them, such as ``"x_tier"`` of ``%{http_x_tier}``: each
            request header counts whose name is this one, once all but letters and digits is replaced by _.
        loose_cookies: Names of cookies, likewise.
        facts: The names of facts that no header carries, such as ``"location.country"`` or ``"random"``.
        response: Whether anything depends on the response. The headers that `Downstream.stored_headers` and
            `Downstream.client_headers` are given do not count: rules change them without reading them.
    """

    headers: frozenset[str] = frozenset()
    cookies: frozenset[str] = frozenset()
    loose_headers: frozenset[str] = frozenset()
    loose_cookies: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    response: bool = False

    @property
    def draws(self) -> bool:
        """Whether a fact counts that differs for each request: a random number, the client's address.

        The location and the device of the client are taken to be the same for all requests of an edge.
        """
        return any(name.startswith(_OF_EACH_REQUEST) for name in self.facts)


def dependencies_of(rules: HasRules) -> RequestDependencies:
    """Return what decisions of a rule set depend on.

    Args:
        rules: A `RuleSet` or a `Router`.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match({"cookies": {"tier": "gold"}}, origin={"set_origin": "gold"})
        >>> found = dependencies_of(router.always(headers={"set_request_headers": {"x-a": "%{http_via}"}}))
        >>> sorted(found.cookies), sorted(found.loose_headers), found.draws
        (['tier'], ['via'], False)
    """
    gathered = _Gathered()
    for rule in rules.rules:
        gathered.rule(rule)
    for fact, header in header_facts(facts_of(property_of(rules))).items():
        if fact in gathered.facts:
            gathered.headers.add(header)
    return gathered.found()


def relevant_headers(dependencies: RequestDependencies) -> Callable[[Mapping[str, str]], HeaderPairs]:
    """Return what a rule set can see of a request's headers, as a function of them by name in lower case.

    Two requests have the same decision if they are equal in method, scheme, host, path, query, facts and
    response, and in what this function returns; a request with only these headers has that decision too, but
    for the other headers that an origin gets.

    Args:
        dependencies: What the rule set depends on.

    Example:
        >>> found = RequestDependencies(headers=frozenset({"accept"}), cookies=frozenset({"tier"}))
        >>> seen = relevant_headers(found)
        >>> seen({"via": "1.1 a", "accept": "text/html", "cookie": "id=7; tier=gold"})
        (('accept', 'text/html'), ('cookie', 'tier=gold'))
    """
    names, loose = dependencies.headers, dependencies.loose_headers
    is_whole = "cookie" in names or "cookie" in loose
    has_cookies = not is_whole and bool(dependencies.cookies or dependencies.loose_cookies)

    def cookies(headers: Mapping[str, str]) -> HeaderPairs:
        if not has_cookies or "cookie" not in headers:
            return ()
        kept = [
            f"{name}={text}"
            for name, text in cookies_in(headers).items()
            if name in dependencies.cookies or _is_spelt(name, dependencies.loose_cookies)
        ]
        return (("cookie", "; ".join(kept)),) if kept else ()

    if loose:
        return lambda headers: (
            *[(name, headers[name]) for name in headers if name in names or _is_spelt(name, loose)],
            *cookies(headers),
        )
    if not names:
        return cookies if has_cookies else lambda headers: ()
    ordered = tuple(sorted(names))
    return lambda headers: (
        *[(name, headers[name]) for name in ordered if name in headers],
        *cookies(headers),
    )


_spelt = lru_cache(maxsize=4096)(normalized_name)


def _is_spelt(name: str, loose: frozenset[str]) -> bool:
    return name in loose or _spelt(name) in loose


class _Gathered:
    """What was found so far on a walk over rules."""

    def __init__(self) -> None:
        self.headers: set[str] = set()
        self.cookies: set[str] = set()
        self.loose_headers: set[str] = set()
        self.loose_cookies: set[str] = set()
        self.facts: set[str] = set()
        self.response = False

    def found(self) -> RequestDependencies:
        return RequestDependencies(
            frozenset(self.headers),
            frozenset(self.cookies),
            frozenset(self.loose_headers),
            frozenset(self.loose_cookies),
            frozenset(self.facts),
            self.response,
        )

    def rule(self, rule: Rule) -> None:
        for node in walk(rule):
            if isinstance(node, Apply):
                self.features(node)
            elif isinstance(node, Comparison):
                for operand in node.operands:
                    if isinstance(operand, Variable):
                        self.variable(operand)

    def features(self, apply: Apply) -> None:
        for entry in entries_of(apply):
            self.entry(entry)
            for part in _variables(entry.value):
                self.variable(part)

    def entry(self, entry: FeatureEntry) -> None:
        """Note what a value reads although no text in it names a variable."""
        name = entry.key.partition(".")[2]
        if name.startswith("set_request_headers.+"):  # it is appended to what the client sent
            self.headers.add(name.partition("+")[2])
        elif name == "set_client_ip_custom_header":
            self.variable(variable("request", "client_ip"))
        elif entry.key == keys.response.set_status_code and not _is_plain_status(entry.value):
            self.response = True  # the Location of a redirect may be the origin's
        elif isinstance(entry.value, CacheKeyOptions):
            self.headers |= {name.lower() for name in entry.value.include_headers or ()}
            self.cookies |= set(entry.value.include_cookies or ())

    def variable(self, wanted: Variable) -> None:
        read = accessor(wanted)
        self.response = self.response or read.is_late
        self.facts |= {
            name for name in read.names if not name.startswith(("request.header.", "request.cookie."))
        }
        match wanted.namespace:
            case "request.header":
                self.headers.add(str(wanted.name).lower())
            case "request.cookie":
                self.cookies.add(str(wanted.name))
            case "random":
                self.facts.add("random")
            case "response":
                self.facts.add("variable.status")
            case "variable":
                self.feature_variable(str(wanted.name))
            case "request" if wanted.name == "referring_domain":
                self.feature_variable("referring_domain")

    def feature_variable(self, name: str) -> None:
        self.facts.add(f"variable.{name}")
        if name == "referring_domain":
            self.facts.add("request.referring_domain")
        start, _, rest = name.partition("_")
        if name in _HEADERS_OF:
            self.headers.add(_HEADERS_OF[name])
        elif start == "http":
            self.loose_headers.add(rest)
        elif start == "cookie":
            self.loose_cookies.add(rest)


def _is_plain_status(value: object) -> bool:
    return isinstance(value, int) and not 300 <= value < 400


def _variables(value: object) -> Iterator[Variable]:
    """Yield each variable that a feature's value names, in texts and as itself, at any depth."""
    if isinstance(value, str):
        if "%{" in value:
            yield from (variable("variable", name) for name in variables_in(value))
    elif isinstance(value, Section):
        for _, part in items(value):
            yield from _variables(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _variables(part)
    elif isinstance(value, Mapping):
        if len(value) == 1:
            ((namespace, name),) = value.items()
            if isinstance(name, str | int) and lookup(namespace, name) is not None:
                yield variable(namespace, name)
        for part in value.values():
            yield from _variables(part)
