"""Requests that a rule applies to, made from its conditions and from the sources of its redirects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from prefetchrouter.analysis.examples import of_pattern, of_regex
from prefetchrouter.errors import RequestError, RuleError
from prefetchrouter.http.message import Fact, Request
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Scalar, Variable
from prefetchrouter.rules.features import SLASH_AND_QUERY
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.rule import Apply, Rule
from prefetchrouter.rules.walk import ways_in

_MOST_PATHS = 4
_PATHS = ("path", "origin_path")


@dataclass(frozen=True, slots=True)
class PlacedFeatures:
    """Features, and what leads to them.

    Args:
        apply: The features.
        conditions: The conditions of the branches around them, from the outside in.
        number: Which of the rules they are in.
    """

    apply: Apply
    conditions: tuple[Condition, ...]
    number: int = 0


def places(rule: Rule, *, number: int = 0) -> Iterator[PlacedFeatures]:
    """Yield every features object in a rule, with the conditions that lead to it.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/a", Router().match("/a/b", comment="note"))
        >>> [len(place.conditions) for rule in router.rules for place in places(rule)]
        [1, 2]
    """
    for apply, way in ways_in(rule):
        conditions = tuple(turn.branch.condition for turn in way if turn.branch is not None)
        yield PlacedFeatures(apply, conditions, number)


@dataclass(slots=True)
class _Wanted:
    """What a request has to have, as far as it could be read from conditions."""

    method: str = "GET"
    scheme: str = "https"
    host: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    query: list[str] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    may_be_root: bool = False

    def request(self, target: str) -> Request | None:
        path, _, query = target.partition("?")
        whole = "&".join([*self.query, *([query] if query else [])])
        address = f"{path}?{whole}" if whole else path
        if self.host is not None or self.scheme != "https":
            address = f"{self.scheme}://{self.host or 'localhost'}{address}"
        elif address.startswith("//"):
            address = f"https://localhost{address}"
        try:
            return Request(address, self.method, self.headers, self.cookies, self.facts)
        except RequestError:
            return None


def witnesses(
    place: PlacedFeatures, host: str, sources: Iterable[tuple[str, bool]] = (), *, is_fixed: bool = False
) -> Iterator[Request]:
    """Yield requests that may get to features; whether they do is for an evaluation to say.

    Each path comes with and without a slash at its end, with a query, and with two slashes in front; the root
    comes too.

    Args:
        place: The features, and their conditions.
        host: The host of the requests, if no condition names one.
        sources: The sources of redirects and rewrites, each with whether it is a path pattern.
        is_fixed: Whether nothing of the path gets into a destination, so that fewer requests are enough.

    Example:
        >>> from prefetchrouter import Router
        >>> (place,) = places(Router().post("/a/:id", comment="note").rules[0])
        >>> first = next(witnesses(place, "shop.example"))
        >>> first.method, first.url
        ('POST', 'https://shop.example/a/x')
    """
    wanted = _Wanted(host=host)
    for condition in place.conditions:
        _read(condition, wanted)
    paths = list(dict.fromkeys(wanted.paths))[:_MOST_PATHS]
    for source, is_pattern in sources:
        if len(paths) < _MOST_PATHS:
            paths += _of_source(source, is_pattern)[:2]
    for target in _targets(paths or ["/x/y"], wanted.may_be_root or not paths, is_fixed):
        request = wanted.request(target)
        if request is not None:
            yield request


def _targets(paths: list[str], may_be_root: bool, is_fixed: bool) -> Iterator[str]:
    """Yield targets, the plainest first, each once."""
    seen: set[str] = set()
    rooted = [
        path if path.startswith("/") else f"/x{path}" if path[:1] == "." else f"/{path}" for path in paths
    ]
    turned = [path[:-1] if path.endswith("/") else f"{path}/" for path in rooted if "?" not in path]
    both = [*rooted[:1], *turned[:1], *(["/"] if may_be_root else [])]
    queried = [f"{path}{'&' if '?' in path else '?'}q=1" for path in both]
    doubled = [f"/{path}" for path in both[:2]] if not is_fixed else []
    for target in (*rooted, *turned[:1], *both[2:], *(queried[:1] if is_fixed else queried), *doubled):
        if target and target not in seen:
            seen.add(target)
            yield target


def _of_source(source: str, is_pattern: bool) -> list[str]:
    text = source.removesuffix(SLASH_AND_QUERY)
    if not is_pattern:
        return list(of_regex(text))
    try:
        return list(of_pattern(PathPattern(text)))
    except RuleError:
        return []


def _read(condition: Condition, wanted: _Wanted) -> None:
    match condition:
        case AllOf(members=members):
            for member in members:
                _read(member, wanted)
        case AnyOf(members=members):
            if members and all(_is_about_path(member) for member in members):
                for member in members[:_MOST_PATHS]:
                    _read(member, wanted)
            elif members:
                _read(members[0], wanted)
        case Comparison():
            tested, values = condition.variable, _values(condition)
            if tested is not None and values:
                _note(tested, condition.operator, values, wanted)


def _is_about_path(condition: Condition) -> bool:
    return (
        isinstance(condition, Comparison)
        and condition.variable is not None
        and condition.variable.namespace == "request"
        and condition.variable.name in _PATHS
    )


def _values(test: Comparison) -> list[str]:
    """Return strings for which a comparison is true; empty if none can be found."""
    value = test.value
    match test.operator:
        case "===":
            return [_text(value)] if isinstance(value, str | bool | int | float) else []
        case "in" if isinstance(value, tuple):
            return [_text(part) for part in value[:_MOST_PATHS]]
        case "=~" if isinstance(value, str):
            return list(of_regex(value))
        case "==" if isinstance(value, str):
            return _of_source(value, True) or [value]
        case _:
            return []


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _note(tested: Variable, operator: str, values: list[str], wanted: _Wanted) -> None:
    name, value = str(tested.name), values[0]
    match tested.namespace:
        case "request" if name in _PATHS:
            wanted.paths += values
            wanted.may_be_root = wanted.may_be_root or "" in values or operator == "=~"
        case "request" if name == "method":
            wanted.method = value
        case "request" if name == "scheme":
            wanted.scheme = value.lower()
        case "request" if name in ("querystring", "origin_query_string"):
            wanted.query.append(value)
        case "request.header":
            wanted.headers[name] = value
        case "request.cookie":
            wanted.cookies[name] = value
        case "request.query" | "request.origin_query":
            wanted.query.append(f"{name}={value}")
        case "request.path" if name == "extension":
            wanted.paths.append(f"/x.{value.removeprefix('.')}")
        case "request.path" if name == "filename":
            wanted.paths.append(f"/{value}")
        case "request.path" if name == "directory":
            wanted.paths.append(f"{value.rstrip('/')}/x")
        case "variable" if name in ("host", "http_host"):
            wanted.host = value
        case "request" | "location" | "device" | "mtls" | "variable" | "random" if _is_fact(tested):
            wanted.facts[f"{tested.namespace}.{name}"] = value


def _is_fact(tested: Variable) -> bool:
    if tested.namespace == "request":
        return tested.name in ("client_ip", "pop_code", "referring_domain")
    return tested.namespace != "random"


def shown_url(request: Request, facts: Mapping[str, object] | None = None) -> str:
    """Return a request as a warning shows it: path and query.

    Example:
        >>> shown_url(Request("https://shop.example/a?b"))
        '/a?b'
    """
    return f"{request.path}?{request.query}" if request.query else request.path
