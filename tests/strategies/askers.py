"""Rules that ask for headers, cookies and facts in every way there is, and requests that have them.

The names are few and near each other, so that a name left out is soon one that counts.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

HEADERS = ("x-ab", "x_ab", "x.ab", "accept", "via", "host", "referer")
COOKIES = ("s-a", "s_a", "S_A", "tier", "Tier")
TEMPLATES = (
    "%{http_x_ab}", "%{HTTP_ACCEPT:=none}", "a%{http_via/=(.)/$1}", "%{cookie_s_a}", "%{cookie_tier^^}",
    "%{host}", "%{http_host}", "%{referring_domain}", "%{virt_dst_addr}", "%{geo_country}", "%{resp_etag}",
    "%{status}", "%{uri}", "plain", "301", "%{http_x_ab:=%{http_via}}", "%{http_cookie}",
)  # fmt: skip

_texts = st.sampled_from(TEMPLATES)
_words = st.sampled_from(["1", "22", "https://a.test/b", "a.test"])
values = _words | st.just("")

_asked = st.one_of(
    st.sampled_from(HEADERS).map(lambda name: {"request.header": name}),
    st.sampled_from(COOKIES).map(lambda name: {"request.cookie": name}),
    st.sampled_from(
        [
            {"variable": "http_x_ab"}, {"variable": "http_accept"}, {"variable": "cookie_s_a"},
            {"variable": "cookie_S_A"}, {"variable": "host"}, {"variable": "referring_domain"},
            {"request": "referring_domain"}, {"request": "client_ip"}, {"request": "path"},
            {"variable": "virt_dst_addr"}, {"variable": "resp_vary"}, {"response": "status_code"},
            {"location": "country"},
        ]
    ),
)  # fmt: skip
_comparisons = st.one_of(
    st.builds(lambda asked, text: {"===": [asked, text]}, _asked, _words),
    st.builds(lambda asked: {"=~": [asked, "."]}, _asked),
    st.builds(lambda one, other: {"!==": [one, other]}, _asked, _asked),
    st.builds(lambda asked: {"!~": [asked, "2"]}, _asked),
    st.builds(lambda one, other: {"in": [one, other]}, _asked, st.lists(_words, max_size=2)),
    st.just({"<": [{"random": 9}, 5]}),
)
_conditions = st.recursive(
    _comparisons,
    lambda inner: st.builds(
        lambda operator, members: {operator: members},
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=2),
    ),
    max_leaves=3,
)

_names = st.sampled_from(["x-ab", "x_ab", "accept", "x-new"])
_request_headers = st.dictionaries(_names | st.sampled_from(["+via", "+X-Ab"]), _texts, max_size=2)
_response_headers = st.dictionaries(
    st.sampled_from(["x-a", "+x-b", "location"]), _texts | _asked, min_size=1, max_size=2
)
_key = st.fixed_dictionaries(
    {},
    optional={
        "include_headers": st.lists(st.sampled_from(["X-Ab", "x_ab", "accept"]), min_size=1, max_size=2),
        "include_cookies": st.lists(st.sampled_from(["tier", "S_A", "s-a"]), min_size=1, max_size=2),
        "include_expressions": st.lists(_texts, min_size=1, max_size=2),
    },
)


def _leading(kind: str) -> st.SearchStrategy[Any]:
    """A feature that leads from an address to another one, of the path and a text."""
    made: dict[str, Any] = {"source": "^/(.*)$", "destination": "/$1/"}
    return _texts.map(
        lambda text: {**made, "destination": f"/$1/{text}", **({"syntax": "regexp"} if kind else {})}
    )


def _long(headers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return headers | headers.map(lambda found: {"headers": found, "execute_on_shield": False})


_features = st.fixed_dictionaries(
    {},
    optional={
        "caching": st.fixed_dictionaries(
            {}, optional={"max_age": st.just("1h"), "cache_key": _key, "cache_key_rewrite": _leading("")}
        ),
        "headers": st.fixed_dictionaries(
            {},
            optional={
                "set_request_headers": _long(_request_headers),
                "set_response_headers": _long(_response_headers),
                "add_response_headers": _long(_response_headers),
                "set_origin_response_headers": _response_headers,
                "set_client_ip_custom_header": st.just("x-from"),
            },
        ),
        "response": st.fixed_dictionaries(
            {},
            optional={
                "set_status_code": _texts | st.sampled_from([200, 302, "%{http_accept}"]),
                "set_response_body": _texts,
                "set_done": st.booleans(),
            },
        ),
        "url": st.fixed_dictionaries(
            {},
            optional={
                "url_redirect": _leading("url") | _texts.map(lambda text: {"destination": text}),
                "url_rewrite": st.lists(_leading("url"), min_size=1, max_size=2),
            },
        ),
    },
)
_inner = _features | st.lists(_features, min_size=1, max_size=2)
_rules = _features | st.builds(
    lambda parts, otherwise: {"if": [part for branch in parts for part in branch] + otherwise},
    st.lists(st.tuples(_conditions, _inner), min_size=1, max_size=2),
    st.lists(_inner, max_size=1),
)

rule_lists = st.lists(_rules, min_size=1, max_size=2)
"""The rules of a small rule set, in raw form."""

headers = st.lists(st.tuples(st.sampled_from(HEADERS), values), unique_by=lambda pair: pair[0])
"""Request headers, in any order."""

cookies = st.lists(st.tuples(st.sampled_from(COOKIES), values), unique_by=lambda pair: pair[0])
"""Cookies, in any order."""
