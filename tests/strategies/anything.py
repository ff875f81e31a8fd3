"""Anything at all, where a routes file or a rule set may hold it, and the calls that must bear it."""

from __future__ import annotations

import json
import re
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, get_args

from hypothesis import strategies as st

from prefetchrouter import CacheKey, PrefetchRouterError, Router, RuleSet, and_, build, exact, not_, or_, raw
from prefetchrouter.errors import Code

_CODES = get_args(Code)
DIGITS = int("9" * 4000) ** 25  # 100,000 digits, more than Python prints

awkward = st.sampled_from(
    [
        "", " ", "\0", "\n", "\ud800", "\u2028", "</script>", "é", "😀", "/", "//", "/*", ":", "/:", "/:a:a",
        "(", "/(", "[", "\\", "{", "}", "/{a", "*", "?", "%", "%{host}", "(?i)", "(?P<a>.)", "(a+)+$", r"\1",
        "$1", "{{ 1 }}", "1h", "1hr", "-1h", "200", "GET", "cache-manifest-ignore", "a" * 10_000, "(" * 1000,
        "9" * 5000,
    ]
)  # fmt: skip
numbers = st.sampled_from([0, -1, 404, 2**63, 10**4000, 1.5, float("nan"), float("inf"), True, False, None])
texts = awkward | st.text(max_size=12) | st.text("/:()[]{}*+?\\.^$|-,=<>!a1 ", max_size=20)


def compiled(text: str) -> Any:
    """A regular expression, or the text where Python does not take it."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return text


regexes = texts.map(compiled)
known = st.sampled_from(
    [
        "path", "method", "headers", "query", "cookies", "device", "response", "status_code", "is_mobile",
        "request", "caching", "max_age", "service_worker_max_age", "bypass_cache", "cache_key", "url",
        "set_response_headers", "url_rewrite", "source", "destination", "origin", "set_origin", "comment",
        "edge_function", "if", "and", "or", "===", "==", "=~", "in", "<=", "random", "request.path",
        "extension", "name", "origins", "hosts", "hostnames",
    ]
)  # fmt: skip
leaves = texts | numbers | regexes | st.binary(max_size=3) | st.builds(object)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner),
        st.dictionaries(known | texts, inner, max_size=3),
        inner.map(exact),
        inner.map(not_),
        inner.map(raw),
        st.lists(inner, max_size=3).map(lambda members: and_(*members)),
        st.lists(inner, max_size=3).map(lambda members: or_(*members)),
    ),
    max_leaves=6,
)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail when the block takes more processor time; what runs beside it does not count."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def outcome(make: Callable[[], Any]) -> Any:
    """A result that can be built, or a coded error whose text can be printed; anything else is raised."""
    try:
        made = make()
    except PrefetchRouterError as error:
        made = error
    if isinstance(made, PrefetchRouterError):
        for found in made.diagnostics:
            assert found.code in _CODES
            assert str(found).isprintable()
            assert len(str(found)) < 5000
    elif isinstance(made, Router | RuleSet):
        built = build(made)
        json.loads(built["ruleset.json"], parse_constant=_refuse)
        assert built["cache-manifest.js"].count("\n") == 1
    return made


def pair(name: Any, value: Any) -> dict[Any, Any]:
    """A mapping of one entry; a name that cannot be one is taken as its value."""
    return {name: value} if isinstance(name, str | int | float | bytes | None) else {"headers": name}


CALLS: list[Callable[[Any, Any, Any], Any]] = [
    lambda router, a, b: router.match(a, b),
    lambda router, a, b: router.get(a, {"comment": b}),
    lambda router, a, b: router.match("/a", pair(a, b)),
    lambda router, a, b: router.match("/a", caching=pair(a, b)),
    lambda router, a, b: router.match("/a", headers={"set_response_headers": pair(a, b)}),
    lambda router, a, b: router.match(pair(a, b), {}),
    lambda router, a, b: router.match({"headers": pair(a, b), "query": pair(b, a)}, {}),
    lambda router, a, b: router.always(a),
    lambda router, a, b: router.catch(a, {"edge_function": b}),
    lambda router, a, b: router.if_(a, b).elif_(b, a).else_(a, b),
    lambda router, a, b: router.conditional(a),
    lambda router, a, b: router.conditional({"if": [a, b]}),
    lambda router, a, b: router.conditional({"if": [{"===": [a, b]}, {}]}),
    lambda router, a, b: router.match(raw(pair(a, b)), {}),
    lambda router, a, b: router.match(raw({"in": [{"request": "path"}, [a, b]]}), {}),
    lambda router, a, b: router.match(raw({"===": [{"random": a}, b]}), {}),
    lambda router, a, b: router.force_https(redirect_code=a, hsts_max_age=b),
]
HELPERS: list[Callable[[Any, Any, Any], Any]] = [
    lambda route, a, b: route.add_features(a),
    lambda route, a, b: route.cache(edge=a, browser=b),
    lambda route, a, b: route.cache(edge={"max_age_seconds": a}, browser={"service_worker_seconds": b}),
    lambda route, a, b: route.cache(key=CacheKey().add_header(a).exclude_query_parameters(b)),
    lambda route, a, b: route.cache(cacheable_status_codes=a, enable_caching_methods=b),
    lambda route, a, b: route.serve_static(a, edge_max_age_seconds=b),
    lambda route, a, b: route.serve_static("a", rewrite_path_source=a, status_code=b),
    lambda route, a, b: route.proxy(a, path=b),
    lambda route, a, b: route.proxy("web", headers=a, follow_redirects=b),
    lambda route, a, b: route.redirect(a, b),
    lambda route, a, b: route.set_response_header(a, b).set_response_header(b, a),
    lambda route, a, b: route.remove_response_header(a),
    lambda route, a, b: route.update_response_header(a, b, a),
    lambda route, a, b: route.update_request_header("x", a, b),
    lambda route, a, b: route.send(a, b),
    lambda route, a, b: route.set_comment(a).set_comment(b, append=True),
    lambda route, a, b: route.add_response_cookie(a, b),
    lambda route, a, b: route.add_response_cookie("a", "b", path=a, max_age=b),
    lambda route, a, b: route.allow_cors(a, methods=b),
    lambda route, a, b: route.allow_cors(headers=a, max_age=b),
    lambda route, a, b: route.set_security_headers(x_frame_options=a, referrer_policy=b),
    lambda route, a, b: route.optimize_images(a),
]
