"""Random rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from hypothesis import strategies as st

from edge.model.rules import Rule

AGES = ("5s", "10s", "10s", "20s", "1m")
WIDE_AGES = (*AGES, *AGES, "0s", "-5s")
WINDOWS = ("5s", "10s", "20s", "20s", "0s")


@st.composite
def some(draw: st.DrawFn, choices: Mapping[str, st.SearchStrategy[Any]], most: int) -> dict[str, Any]:
    """A few entries of a table, each with its own value."""
    names = draw(st.lists(st.sampled_from(sorted(choices)), unique=True, min_size=1, max_size=most))
    return {name: draw(choices[name]) for name in names}


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
    {"max_age": "10s", "stale_on_error": True, "revalidate_while_stale_timer": 5},
    {"max_age": "5s", "stale_while_revalidate": "10s", "stale_on_error": True},
    {"max_age": "5s", "stale_on_error": True, "revalidate_while_stale_timer": 10},
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
    "caching": some(_CACHING, 4),
    "headers": some(_HEADERS, 2),
    "origin": st.just({"set_origin": "api"}),
    "response": st.sampled_from(
        (
            {"allow_prefetching_uncached_content": True},
            {"allow_prefetching_uncached_content": True},
            {"set_response_body": "ruled"},
            {"set_status_code": 203},
        )
    ),
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
    "caching": some(
        {
            "max_age": st.dictionaries(st.sampled_from(("404", "301")), st.sampled_from(AGES), min_size=1),
            "service_worker_max_age": st.just("10m"),
            "client_max_age": st.just("1m"),
        },
        2,
    ),
    "headers": st.just({"set_response_headers": {"x-own": "late"}}),
}


_Place = tuple[Literal["all", "path", "below"], str]
_PLACES: tuple[_Place, ...] = (("all", ""), ("path", "/a"), ("path", "/a"), ("path", "/b"), ("below", "/d"))
_places = st.sampled_from(_PLACES)
_methods = st.sampled_from((None, None, None, "GET", "POST"))
_headers = st.sampled_from((None, None, None, ("x-kind", "k")))
_statuses = st.sampled_from(("404", "301"))
_late = some(_LATE, 2)
_features = some(_SECTIONS, 2)
_usual = st.sampled_from(_USUAL) | some(_FREQUENT, 4)
_for_all = st.builds(lambda caching: [Rule("all", "", {"caching": caching})], _usual)
_made = st.sampled_from(_MADE)


@st.composite
def _rule(draw: st.DrawFn) -> Rule:
    where, what = draw(_places)
    features = draw(_features)
    if where == "all":
        return Rule("all", "", features)
    return Rule(where, what, features, draw(_methods), draw(_headers))


_rules = st.lists(st.one_of(*[_rule()] * 5, st.builds(Rule, st.just("status"), _statuses, _late)), max_size=4)
_nothing: st.SearchStrategy[list[Rule]] = st.just([])
_first = st.one_of(_for_all, _for_all, _for_all, _nothing)


@st.composite
def rule_lists(draw: st.DrawFn) -> list[Rule]:
    """Rules for the paths of the sequences."""
    return [
        *draw(_first),
        *draw(_rules),
        Rule("path", "/old", {"url": {"url_rewrite": [_REWRITE]}}),
        Rule("path", "/made", draw(_made)),
    ]
