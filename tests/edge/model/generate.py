"""Random rules and random sequences of what happens to an edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from edge.model.origin import Page, State, http_date
from edge.model.plain import Ask
from edge.model.rules import Rule

START = 1_790_000_000
"""When each sequence begins, in seconds since 1970."""

PATHS = (*["/a"] * 8, "/b", "/b", "/d/x", "/d/y", "/old", "/made")
ETAGS = ('"one"', '"two"', 'W/"one"')
AGES = ("5s", "10s", "10s", "20s", "1m")
WIDE_AGES = (*AGES, *AGES, "0s", "-5s")
WINDOWS = ("5s", "10s", "20s", "20s", "0s")
STATUSES = (*[200] * 12, 404, 404, 301, 204, 410)


@dataclass(frozen=True)
class Wait:
    """Time goes by: so many seconds, or to a moment around the end of some copy."""

    seconds: int
    towards: int | None = None
    """Which of the coming moments; `seconds` is then how far from it."""


@dataclass(frozen=True)
class Change:
    """The origin has something else at a path from now on."""

    path: str
    page: Page


@dataclass(frozen=True)
class Turn:
    """The origin goes down, or comes back."""

    state: State


@dataclass(frozen=True)
class Crowd:
    """Several clients ask the same at once."""

    ask: Ask
    times: int


Step = Wait | Change | Turn | Ask | Crowd


def _some(choices: Mapping[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[dict[str, Any]]:
    """A few entries of a table, each with a value of its own."""
    names = st.lists(st.sampled_from(sorted(choices)), unique=True, min_size=1, max_size=most)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: choices[name] for name in chosen}))


def _ages(ages: tuple[str, ...]) -> st.SearchStrategy[str | dict[str, str]]:
    codes = st.sampled_from(("200", "404", "301", "503"))
    by_status = st.dictionaries(codes, st.sampled_from(ages), min_size=1, max_size=3)
    return st.sampled_from(ages) | by_status


_true = st.just(True)
_flag = st.sampled_from((True, True, False))
_CACHE_KEYS: tuple[dict[str, Any], ...] = (
    {"exclude_all_query_params": True},
    {"include_query_params": ["x"]},
    {"include_all_query_params_except": ["x"]},
    {"include_headers": ["x-kind"]},
    {"include_headers": ["Authorization"]},
    {"include_cookies": ["who"], "include_query_params": ["y", "x"]},
    {"include_all_query_params": True, "include_hostname": True},
)
_FREQUENT = {
    "max_age": _ages(WIDE_AGES),
    "stale_while_revalidate": st.sampled_from(WINDOWS),
    "stale_on_error": _flag,
    "service_worker_max_age": st.sampled_from(("1m", "5m")),
}
_USUAL: tuple[dict[str, Any], ...] = (
    {"max_age": "10s", "stale_on_error": True},
    {"max_age": "5s", "stale_while_revalidate": "10s", "stale_on_error": True},
    {"stale_on_error": True, "revalidate_after_origin_unavailable": "20s", "service_worker_max_age": "1m"},
)
_CACHING = {
    **_FREQUENT,
    "bypass_cache": _flag,
    "bypass_client_cache": _flag,
    "cache_control_header_treatment": st.sampled_from(("pass", "overwrite", "if_missing", "remove")),
    "cache_key": st.sampled_from(_CACHE_KEYS),
    "cacheable_status_codes": st.sampled_from(([404], [301, 410])),
    "client_max_age": st.sampled_from(("5m", "0s", "-5s")),
    "default_internal_max_age": _ages(WIDE_AGES),
    "enable_caching_for_methods": st.sampled_from((["POST"], ["POST", "PUT"])),
    "expires_header_treatment": st.sampled_from(("pass", "overwrite", "if_missing", "remove")),
    "honor_no_cache_request_header": _flag,
    "ignore_origin_no_cache": st.sampled_from(([200], [200, 404])),
    "ignore_unsatisfiable_ranges": _flag,
    "prevalidate_cached_content": st.sampled_from(("3s", "10s", "1m")),
    "refresh_zero_byte_cache_files": _flag,
    "revalidate_while_stale_timer": st.sampled_from((5, 10)),
    "revalidate_after_origin_unavailable": _ages(WINDOWS[:4]),
}
_HEADERS = {
    "set_response_headers": st.sampled_from(({"x-own": "1"}, {"cache-control": "max-age=7"}, {"x-own": "2"})),
    "add_response_headers": st.sampled_from(({"x-own": "more"}, {"x-more": "1"})),
    "remove_response_headers": st.sampled_from((["x-version"], ["x-own", "etag"])),
    "remove_origin_response_headers": st.sampled_from(
        (["set-cookie"], ["set-cookie", "x-version"], ["etag"])
    ),
    "set_origin_response_headers": st.sampled_from(({"x-version": "ruled"}, {"cache-control": "max-age=10"})),
}
_SECTIONS = {
    "caching": _some(_CACHING, 4),
    "headers": _some(_HEADERS, 2),
    "origin": st.just({"set_origin": "api"}),
    "response": st.just({"allow_prefetching_uncached_content": True}),
}
_MADE: tuple[dict[str, Any], ...] = (
    {"access": {"deny_access": True}},
    {"url": {"url_redirect": {"destination": "/elsewhere"}}},
    {"url": {"url_redirect": {"code": 301, "destination": "https://other.example/x"}}},
    {"response": {"set_done": True, "set_response_body": "ruled", "set_status_code": 203}},
    {"response": {"set_done": True, "set_response_body": "ruled"}},
)
_REWRITE = {"source": "/old", "destination": "/a", "syntax": "path-to-regexp"}
_LATE = {
    "caching": _some(
        {
            "max_age": st.dictionaries(st.sampled_from(("404", "301")), st.sampled_from(AGES), min_size=1),
            "service_worker_max_age": st.just("10m"),
            "client_max_age": st.just("1m"),
        },
        2,
    ),
    "headers": st.just({"set_response_headers": {"x-own": "late"}}),
}


@st.composite
def _rule(draw: st.DrawFn) -> Rule:
    where = draw(st.sampled_from(("all", "path", "path", "below", "status")))
    if where == "status":
        return Rule("status", draw(st.sampled_from(("404", "301"))), draw(_some(_LATE, 2)))
    what = {"all": "", "path": draw(st.sampled_from(("/a", "/b"))), "below": "/d"}[where]
    method = draw(st.sampled_from((None, None, None, "GET", "POST")))
    header = draw(st.sampled_from((None, None, None, ("x-kind", "k"))))
    features = draw(_some(_SECTIONS, 2))
    if where == "all":
        return Rule("all", "", features)
    return Rule("path" if where == "path" else "below", what, features, method, header)


@st.composite
def rule_lists(draw: st.DrawFn) -> list[Rule]:
    """Rules for the paths of the sequences."""
    rules = draw(st.lists(_rule(), max_size=4))
    if draw(st.integers(0, 3)):
        rules.insert(0, Rule("all", "", {"caching": draw(st.sampled_from(_USUAL) | _some(_FREQUENT, 4))}))
    rules.append(Rule("path", "/old", {"url": {"url_rewrite": [_REWRITE]}}))
    rules.append(Rule("path", "/made", draw(st.sampled_from(_MADE))))
    return rules


_CONTROLS = (
    "max-age=10",
    "max-age=20",
    "max-age=10, stale-while-revalidate=10, stale-if-error=30",
    "max-age=20, stale-while-revalidate=10",
    "max-age=10, stale-if-error=20",
    "max-age=10, must-revalidate",
    "max-age=5, s-maxage=10, stale-while-revalidate=20",
    "s-maxage=0, max-age=10",
    "max-age=0",
    "max-age=0, stale-while-revalidate=20, stale-if-error=20",
    "max-age=abc",
    "public",
    "no-cache",
    "no-cache, max-age=10",
    "No-Store",
    "private, max-age=10",
    "max-age=10, proxy-revalidate, stale-if-error=20",
    "MAX-AGE=10, stale-while-revalidate=5",
)
_EXTRA = {
    "age": st.sampled_from(("3", "10", "30")),
    "set-cookie": st.sampled_from(("who=me", "b=1; Path=/")),
    "content-location": st.sampled_from(("/b", "/a?x=1", "http://other.example/a")),
    "location": st.sampled_from(("/b", "d/x", "http://shop.example/a", "//other.example/a")),
}


_VARY = ("Accept-Language", "accept-language", "X-Kind", "X-Kind, Accept-Language", "*")


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """What an origin may have at a path."""
    fields: dict[str, str] = {"x-version": str(draw(st.integers(1, 9)))}
    control = draw(st.sampled_from((None, *_CONTROLS)))
    if control is not None:
        fields["cache-control"] = control
    if draw(st.integers(0, 3)) == 0:
        fields.update(draw(_some(_EXTRA, 2)))
    if draw(st.integers(0, 4)) == 0:
        fields["vary"] = draw(st.sampled_from(_VARY))
    return Page(
        status=draw(st.sampled_from(STATUSES)),
        body=draw(st.sampled_from((b"page", b"another page", b"0123456789"))),
        headers=tuple(fields.items()),
        etag=draw(st.sampled_from((None, *ETAGS))),
        modified=draw(st.sampled_from((None, None, START - 1000, START - 2000))),
        date=draw(st.sampled_from((0, 0, 0, None, -4))),
        expires=draw(st.sampled_from((None, None, None, 10, 0, -100))),
    )


_QUERIES = (
    *[""] * 12,
    "x=1",
    "x=2&y=1",
    "y=1&x=1",
    "x=1&edgio_prefetch=1",
    "edgio_prefetch=0&edgio_prefetch=1",
    "edgio_prefetch=0",
    "edgio_prefetch=11",
    "x=edgio_prefetch=1",
    "edgio%5Fprefetch=1",
    "edgio_dpl=7&x=1",
)
_ASKED = {
    "accept-language": st.sampled_from(("de", "en", "de, en", "de,en")),
    "authorization": st.sampled_from(("Basic eDp5", "Basic eDp6")),
    "cache-control": st.sampled_from(("no-cache", "only-if-cached", "no-store", "max-age=0", "max-stale=9")),
    "cookie": st.sampled_from(("who=me", "who=you; b=1")),
    "if-modified-since": st.sampled_from(
        (http_date(START - 1000), http_date(START - 1500), http_date(START + 5))
    ),
    "if-none-match": st.sampled_from((*ETAGS, "*", '"none", "two"')),
    "pragma": st.just("no-cache"),
    "range": st.sampled_from(("bytes=0-1", "bytes=2-", "bytes=-3", "bytes=90-99", "bytes=5-2", "lines=1-2")),
    "x-kind": st.sampled_from(("k", "l")),
}


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    """What a client may ask."""
    path = draw(st.sampled_from(PATHS))
    fields = draw(_some(_ASKED, 2)) if draw(st.integers(0, 2)) == 0 else {}
    if "range" in fields and draw(st.booleans()):
        fields["if-range"] = draw(st.sampled_from((*ETAGS, http_date(START - 1000))))
    method = draw(st.sampled_from(("GET",) * 9 + ("HEAD", "POST", "PUT", "DELETE", "OPTIONS")))
    body = draw(st.sampled_from((b"", b"q=1", b"q=2"))) if method in ("POST", "PUT") else b""
    host = draw(st.sampled_from(("shop.example",) * 7 + ("other.example",)))
    return Ask(method, host, path, draw(st.sampled_from(_QUERIES)), tuple(sorted(fields.items())), body)


_moments = st.builds(Wait, st.sampled_from((-1, 0, 0, 1)), st.sampled_from((0, 0, 1, 2, 3)))
_waits = _moments | st.builds(Wait, st.sampled_from((1, 3, 5, 10, 30)))
_failing = st.builds(Turn, st.sampled_from(("unreachable", "slow", 500, 502, 503, 504, 501, "breaking")))
_working = Turn("up")


@st.composite
def sequences(draw: st.DrawFn, most: int = 8) -> list[Step]:
    """What happens to an edge, from its start: scenes, most of them about one page."""
    usual = draw(asks())
    plain = replace(usual, method="GET", body=b"")
    hurried = replace(plain, query=f"{plain.query}&edgio_prefetch=1" if plain.query else "edgio_prefetch=1")
    german, english = (replace(plain, headers=(("accept-language", name),)) for name in ("de", "en"))
    near = (plain, plain, plain, usual, hurried, replace(plain, method="HEAD"), german, english)
    variant = st.sampled_from(near) | asks()
    about = usual.path if usual.path in ("/a", "/b", "/d/x", "/d/y") else "/a"
    change = st.builds(Change, st.just(about), pages())
    elsewhere = st.builds(Change, st.sampled_from(PATHS), pages())
    crowd = st.builds(Crowd, variant, st.integers(2, 4))
    scenes = (
        st.tuples(variant),
        st.tuples(crowd),
        st.tuples(st.just(plain), _moments, crowd),
        st.tuples(change, crowd, _moments, variant),
        st.tuples(_failing, crowd, _moments, crowd, st.just(_working)),
        st.tuples(variant, variant),
        st.tuples(st.just(plain), _waits, variant),
        st.tuples(st.just(plain), _moments, variant, st.just(plain)),
        st.tuples(st.just(plain), change, _moments, variant, variant),
        st.tuples(st.just(plain), _failing, _moments, variant, _waits, variant, st.just(_working)),
        st.tuples(st.just(plain), _moments, _failing, variant, variant, st.just(_working), variant),
        st.tuples(elsewhere, asks(), asks()),
        st.tuples(change),
        st.tuples(_waits, _waits),
    )
    first: list[Step] = [Change(about, draw(pages()))]
    played = draw(st.lists(st.one_of(scenes), min_size=2, max_size=most))
    return first + [step for scene in played for step in scene]
