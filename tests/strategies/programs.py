"""Routers: criteria, features, helper functions, and whole programs of calls.

A program is a list of calls, so that a failing one prints as it would be typed; `run` makes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from prefetchrouter import CacheKey, Route, Router, and_, exact, not_, or_, raw
from strategies.paths import paths, patterns
from strategies.rule_sets import durations, max_ages, rules

WORDS = ("1", "de", "new", "x y", "Apple", "ümläut", '<&"')
words = st.sampled_from(WORDS)
methods = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get", "Put"])

regexes = st.builds(
    re.compile,
    st.sampled_from(
        [
            "^/(en|fr)/", "/sale", r"^/p/(\d+)$", r"[.](jpg|png|webp)$", "foo|bar", r"^/x/[a-z]{2,4}/?$",
            "^(GET|HEAD)$", "^.*$", "^$",
        ]
    ),
    st.sampled_from([0, re.IGNORECASE]),
)  # fmt: skip

plain_values = words | regexes | st.lists(words, min_size=1, max_size=3) | words.map(exact)
values = plain_values | plain_values.map(not_)
path_values = (
    (plain_paths := patterns() | paths().map(exact) | regexes | st.lists(paths(), min_size=1, max_size=3))
    | plain_paths.map(not_)
)  # fmt: skip


def named(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping of some of the names to values."""
    return st.dictionaries(st.sampled_from(names), values, min_size=1, max_size=2)


_ENTRIES: dict[str, st.SearchStrategy[Any]] = {
    "path": path_values,
    "origin_path": path_values,
    "scheme": st.sampled_from(["HTTP", "HTTPS"]),
    "method": methods | methods.map(not_) | st.just(re.compile("^(GET|HEAD)$")),
    "headers": named("x-ab", "User-Agent", "accept-language"),
    "query": named("q", "id", "utm") | st.just({"q": ":id"}),
    "cookies": named("session", "ab"),
    "device": named("is_mobile", "brand_name"),
    "location": named("country", "city"),
    "variable": named("geo_country", "http_x"),
    "client_ip": values,
    "referring_domain": values,
    "response": st.fixed_dictionaries({"status_code": st.just(re.compile(r"^(4|5)\d{2}$"))}),
}


def mappings(*, without: str = "", min_size: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    """Criteria as a mapping."""
    entries = {name: value for name, value in _ENTRIES.items() if name != without}
    chosen = st.lists(st.sampled_from(sorted(entries)), unique=True, min_size=min_size, max_size=4)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: entries[name] for name in names}))


raw_conditions: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"<": [{"random": 99}, 10]},
        {"<=": [720, {"device": "resolution_height"}, 1080]},
        {"and": [{"===": [{"request.path": "extension"}, "html"]}, {"===": [{"request": "method"}, "GET"]}]},
    ]
)
branch_criteria = st.recursive(
    path_values | mappings(min_size=1) | raw_conditions.map(raw),
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda members: st.sampled_from([and_(*members), or_(*members)])
    ),
    max_leaves=4,
)
"""Criteria that test something, as branches need them."""

criteria = branch_criteria | mappings()
"""Criteria as `Router.match` takes them; the empty mapping too."""

caching = st.fixed_dictionaries(
    {},
    optional={
        "max_age": max_ages,
        "service_worker_max_age": durations,
        "client_max_age": durations,
        "stale_while_revalidate": durations,
        "bypass_cache": st.booleans(),
        "bypass_client_cache": st.booleans(),
        "cacheable_status_codes": st.lists(st.sampled_from([301, 404]), min_size=1, max_size=2, unique=True),
    },
)
comments = st.sampled_from(["a note", "cache-manifest-ignore", "note; cache-manifest-ignore please"])
features = st.fixed_dictionaries(
    {},
    optional={
        "caching": caching,
        "headers": st.just({"set_response_headers": {"x-a": "b", "+cache-tag": "c"}}),
        "origin": st.sampled_from(["web", "api"]).map(lambda name: {"set_origin": name}),
        "response": st.just({"set_response_body": 'Hello, <wörld> & "you"', "set_status_code": 200}),
        "url": st.just({"url_rewrite": [{"source": "/a/:id", "destination": "/b/:id"}]}),
        "access": st.just({"deny_access": True}),
        "edge_function": st.just("edge/transform.js"),
        "comment": comments,
    },
)


@dataclass(frozen=True)
class Call:
    """One call on a router or on a helper's route."""

    method: str
    arguments: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()

    def __repr__(self) -> str:
        options = [f"{name}={value!r}" for name, value in self.options]
        return f".{self.method}({', '.join([*map(repr, self.arguments), *options])})"

    def on(self, target: Any) -> None:
        """Make the call."""
        arguments = [
            given.target() if isinstance(given, Program | Helper) else given for given in self.arguments
        ]
        getattr(target, self.method)(*arguments, **dict(self.options))


@dataclass(frozen=True)
class Program:
    """The calls of a whole router."""

    calls: tuple[Call, ...]

    def __repr__(self) -> str:
        return "Router()" + "".join(map(repr, self.calls))

    def target(self) -> Router:
        """Return the router on which the calls were made."""
        return run(self)


@dataclass(frozen=True)
class Helper:
    """The calls of a helper function."""

    calls: tuple[Call, ...]

    def __repr__(self) -> str:
        return "lambda route: route" + "".join(map(repr, self.calls))

    def target(self) -> Callable[[Route], None]:
        """Return the helper function."""

        def helper(route: Route) -> None:
            for call in self.calls:
                call.on(route)

        return helper


def run(program: Program) -> Router:
    """Return a router on which the calls of a program were made."""
    router = Router()
    for call in program.calls:
        call.on(router)
    return router


def _call(method: str, *arguments: Any, **options: Any) -> Call:
    return Call(method, arguments, tuple(options.items()))


helper_calls = st.sampled_from(
    [
        _call("set_response_header", "x-h", "1"),
        _call("add_response_header", "x-i", "2"),
        _call("set_request_header", "x-q", "3"),
        _call("remove_response_header", "server"),
        _call("remove_upstream_response_header", "set-cookie"),
        _call("set_response_code", 404),
        _call("set_response_body", "<p>hi</p>", 200, True),
        _call("update_path", "/q/:path*"),
        _call("serve_static", "./public/:path*"),
        _call("service_worker", "dist/service-worker.js"),
        _call("proxy", "legacy", path="/old/:path*"),
        _call("allow_cors", methods=["get", "post"], max_age=3600, credentials=True),
        _call("add_response_cookie", "c", "v", path="/", http_only=True),
        _call("set_security_headers"),
        _call("optimize_images"),
        _call("cache", edge={"max_age_seconds": 3600}, browser={"service_worker_seconds": 60}),
        _call("cache", edge=False, browser=False),
        _call("cache", key=CacheKey().exclude_all_query_parameters().add_header("accept-language")),
        _call("update_response_header", "location", re.compile("http://(.*)", re.I), "https://$1"),
    ]
)
helpers = st.lists(helper_calls, max_size=3, unique_by=lambda call: call.method).map(
    lambda calls: Helper(tuple(calls))
)
_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")


@cache
def programs(depth: int = 1) -> st.SearchStrategy[Program]:
    """A whole router: every kind of call, with nested routers `depth` deep."""
    targets: st.SearchStrategy[Any] = st.one_of(features, helpers)
    if depth:
        targets = st.one_of(features, features, helpers, programs(depth - 1))
    steps = st.one_of(_rules(targets), _rules(targets), _chains(targets))
    return st.lists(steps, max_size=4).map(
        lambda made: Program(tuple(call for calls in made for call in calls))
    )


@st.composite
def _rules(draw: st.DrawFn, targets: st.SearchStrategy[Any]) -> list[Call]:
    """One rule of any kind but a chain."""
    match draw(st.sampled_from(["match", "verb", "always", "catch", "conditional", "force_https"])):
        case "match":
            return [_call("match", draw(criteria), draw(targets))]
        case "verb":
            return [_call(draw(st.sampled_from(_VERBS)), draw(_VERB_CRITERIA), draw(targets))]
        case "always":
            return [_call("always", draw(targets))]
        case "catch":
            return [_call("catch", draw(st.sampled_from([404, "500", re.compile("^5")])), draw(targets))]
        case "conditional":
            return [_call("conditional", draw(rules()))]
        case _:
            return [_call("force_https", hsts=draw(st.booleans()), hsts_preload=draw(st.booleans()))]


_VERB_CRITERIA = path_values | mappings(without="method")


@st.composite
def _chains(draw: st.DrawFn, targets: st.SearchStrategy[Any]) -> list[Call]:
    """The calls of one chain."""
    more = st.lists(targets, min_size=1, max_size=2)
    calls = [_call("if_", draw(branch_criteria), *draw(more))]
    for branch in draw(st.lists(branch_criteria, max_size=2)):
        calls.append(_call("elif_", branch, *draw(more)))
    return [*calls, _call("else_", *draw(more))] if draw(st.booleans()) else calls
