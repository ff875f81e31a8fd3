"""The index finds every rule that a path concerns, and few others."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Evaluator, PathPattern, Request, Router, and_, exact, not_, or_
from prefetchrouter.errors import RuleError
from prefetchrouter.evaluation.index import RuleIndex
from prefetchrouter.evaluation.index_keys import IndexKey, keys_of
from prefetchrouter.evaluation.shapes import shapes_of_pattern, shapes_of_regex
from prefetchrouter.regex import to_python


def found(criteria: Any, path: str, method: str = "GET") -> bool:
    """Return whether the index finds the one rule of a router, among others."""
    router = Router().match("/none", comment="none").match(criteria, comment="this")
    return 1 in Evaluator(router).candidates(path, method)


MANY = "|".join(f"a{number}" for number in range(40))
"""More alternatives than are distinguished."""


@pytest.mark.parametrize(
    "criteria, fits, fits_not",
    [
        ("/about", ["/about", "/ABOUT/"], ["/about/us", "/"]),
        ("/", ["/", "//"], ["/a"]),
        ("/x/", ["/x/", "/X//"], ["/y/"]),
        ("/team/:id", ["/team/7", "/Team/7/"], ["/team", "/team/7/x", "/other/7"]),
        ("/team/:id?", ["/team", "/team/7"], ["/other"]),
        ("/docs/:rest*", ["/docs", "/docs/a/b"], ["/doc", "/"]),
        ("/docs/:rest+", ["/docs/a", "/docs/a/b"], ["/other/a"]),
        ("/:path*", ["/", "/a/b/c"], []),
        ("/:lang(en|fr)/about", ["/en/about", "/fr/about/"], ["/de/about", "/en/other"]),
        ("/v:n(\\d+)/x", ["/v12/x"], ["/w12/x", "/v12/y"]),
        ("/:path*/:file.:ext(js|css)", ["/a/b/main.js", "/x.CSS/"], ["/a/b/main.png", "/js"]),
        ("/:path*.json", ["/a/b.json", "/b.json"], ["/a/b.xml"]),
        ("/:path*/edit", ["/a/b/edit", "/edit/"], ["/a/b", "/edit/b"]),
        ("/shop/:rest*/edit", ["/shop/edit", "/shop/a/edit"], ["/shop/a", "/blog/a/edit"]),
        ("/item-:slug", ["/item-7"], ["/thing-7"]),
        ("/:a{-:b}?", ["/x", "/x-y"], []),
        ("/logs/(.*)", ["/logs/", "/logs/a/b"], ["/log"]),
        (exact("/Shop/"), ["/Shop/"], ["/other"]),
        (["/a", "/B/c"], ["/a", "/B/c"], ["/b"]),
        (re.compile("^/(api|v1)/"), ["/api/x", "/v1/"], ["/v2/x"]),
        (re.compile(r"^/p/(\d+)$"), ["/p/12"], ["/p", "/q/12", "/p/1/2"]),
        (re.compile(r"\.(js|css)$"), ["/a/main.js"], ["/a/main.png"]),
        (re.compile("/edit$"), ["/a/edit"], ["/a/edit/b"]),
        (re.compile("/items/"), ["/a/items/", "/items/b"], ["/a/b"]),
        (re.compile("shop", re.I), ["/a/eshop", "/SHOP"], ["/a/b"]),
        (re.compile("^/s?"), ["/", "/s", "/x"], []),
        (re.compile("^/static/v123-.*[.]map$"), ["/static/v123-x/a.map"], ["/static/w123-x/a.map"]),
        (re.compile("a|b"), ["/a", "/x"], []),
        (re.compile("^//*"), ["/", "//"], []),
        (re.compile("^/a/(/b)?$"), ["/a/", "/a//b"], ["/b"]),
        ("/shop/:id?.json", ["/shop.json", "/shop/7.json", "/SHOP.JSON/"], ["/shop", "/other.json"]),
        ("/docs/:rest*.html", ["/docs.html", "/docs/a/b.html"], ["/docs", "/docs/a"]),
        ("/feed/:tag?.:ext(xml|json)", ["/feed.xml", "/feed/a.json"], ["/feed", "/feed/a/b"]),
        ("/api/:v?-old", ["/api-old", "/api/1-old"], ["/api"]),
        ("/:id?", ["/", "//", "/a"], ["/a/b"]),
        ("{/}?", ["/", "//"], ["/a"]),
        ("/{:a/}+", ["/x/", "/x/y/"], []),
        ("/a{b}*/c", ["/a/c", "/abb/c"], ["/b/c"]),
        (re.compile("^/admin/?"), ["/admin", "/admin/", "/admin.php", "/admin-old"], ["/adm", "/x/admin"]),
        (re.compile("^/docs(/.*)?"), ["/docs", "/docs-old", "/docs/a"], ["/doc"]),
        (re.compile("^/en/?"), ["/en", "/en-us", "/en/us"], ["/de"]),
        (re.compile("^/(?:/en)*"), ["/", "//en", "/x"], []),
        (re.compile("^/docs(?:/a)*-x"), ["/docs-x", "/docs/a/a-x"], ["/other-x"]),
        (re.compile("^/a|^/b$"), ["/a", "/ab", "/b"], ["/c", "/bc"]),
        (re.compile("^/shop(?:$|/|-)"), ["/shop", "/shop-a", "/shop/a"], ["/sho"]),
        (re.compile("^/x(?:/a|b)*$"), ["/x", "/xb", "/x/a", "/xb/a"], ["/y"]),
        (re.compile("^/x(?:/a|b)*/y$"), ["/x/y", "/xb/y", "/x/a/y"], ["/y/y", "/x/z"]),
        (re.compile(rf"^/w/(?:{MANY}|)$"), ["/w/", "/w/a1"], ["/v/a1"]),
        (re.compile(rf"^/w/(?:{MANY})?/z$"), ["/w//z", "/w/a1/z"], ["/v/a1/z"]),
        (re.compile(rf"^/w/(?:{MANY}|/)$"), ["/w//", "/w/a1"], ["/v/a1"]),
        (re.compile("^/shop[/]item[.]js$"), ["/shop/item.js"], ["/shop/item-js"]),
        (and_("/a/:rest*", {"method": "GET"}), ["/a/b"], ["/b"]),
        (or_("/a", "/b/:id"), ["/a", "/b/1"], ["/c"]),
        (not_("/a"), ["/a", "/b"], []),
        ({"origin_path": "/a"}, ["/a"], ["/b"]),
        ({"method": "GET"}, ["/", "/a/b"], []),
    ],
)  # fmt: skip
def test_a_rule_is_found_by_its_path(criteria: Any, fits: list[str], fits_not: list[str]) -> None:
    """Under every path that it may concern, and not under others that are easily told apart."""
    assert [True] * len(fits) == [found(criteria, path) for path in fits]
    assert [False] * len(fits_not) == [found(criteria, path) for path in fits_not]


def test_a_rule_is_found_by_its_method() -> None:
    """Also for methods that no rule names."""
    assert found({"path": "/a", "method": "POST"}, "/a", "POST")
    assert not found({"path": "/a", "method": "POST"}, "/a", "GET")
    assert not found({"path": "/a", "method": ["POST", "PUT"]}, "/a", "PROPFIND")
    assert found("/a", "/a", "PROPFIND")


def test_candidates_come_in_rule_order_each_once() -> None:
    """Whatever part of the index they come from."""
    router = Router()
    for criteria in (
        re.compile("bc"),
        "/:any",
        "/abc",
        {"method": "GET"},
        or_("/abc", "/:x"),
        "/:p*.x",
        "/other",
    ):
        router.match(criteria, comment="x")  # type: ignore[arg-type]

    assert list(Evaluator(router).candidates("/abc")) == [0, 1, 2, 3, 4]


TWICE = [
    (re.compile("/en(?:/|$)"), "/en/intro"),
    (re.compile("^/(?:shop|shops)"), "/shops"),
    (re.compile("^/product-(?:a|b)"), "/product-a"),
    (re.compile("(?:api/|api)"), "/api/x"),
    (re.compile(r"(?:a|b)\.js$"), "/a.js"),
    (re.compile("(?:/x|y/x)$"), "/y/x"),
    ("/product-:id(a|b):x(c|d)?", "/product-ac"),
    (or_("/a/:x", "/a/:y"), "/a/b"),
    (["/a", "/A"], "/a"),
]
"""Criteria of which a path satisfies several keys."""


@pytest.mark.parametrize("criteria, path", TWICE)
def test_a_rule_applies_once_however_many_of_its_keys_a_path_satisfies(criteria: Any, path: str) -> None:
    """Alone in its router, where nothing else makes the candidates a set."""
    evaluator = Evaluator(Router().match(criteria, headers={"add_response_headers": {"set-cookie": "a=1"}}))

    assert list(evaluator.candidates(path)) == [0]
    assert evaluator.evaluate(Request(path)).response_headers().all("set-cookie") == ("a=1",)


@pytest.mark.parametrize("path", ["/a#b", "/a?b", "/ä", "/b/ſ", "a", "*", ""])
def test_all_rules_are_candidates_of_what_no_request_line_could_hold(path: str) -> None:
    """A rewrite may lead there; keys claim nothing of such a path."""
    index = RuleIndex(IndexKey(origin_keys=keys_of(shapes_of_pattern(text))) for text in ("/a", "/b/:id"))

    assert list(index.candidates("/a")) == [0]
    assert list(index.candidates("/a", origin_path=path)) == [0, 1]


def test_an_assumed_branch_counts_after_a_rewrite_too() -> None:
    """Its rule is asked although the rewritten path no longer leads to it."""
    rewrite: Any = [{"source": "^/a$", "destination": "/b", "syntax": "regexp"}]
    router = Router().match(
        {"origin_path": "/a", "location": {"country": "DE"}}, url={"url_rewrite": rewrite}
    )
    request = Request("/a", unknown=("location.country",))
    answers = []
    for is_indexed in (True, False):
        evaluator = Evaluator(router, is_indexed=is_indexed)
        (dependency,) = evaluator.evaluate(request).depends_on
        other = evaluator.evaluate(request, assuming=[dependency.branch])
        answers.append((other.path, len(other.rules)))

    assert answers == [("/b", 1), ("/b", 1)]


segments = st.text(alphabet="ab.-%:?*+(){}/|[]^$\\" + string.digits[:2], max_size=6)
texts = st.lists(segments, max_size=4).map(lambda parts: "/" + "/".join(parts))
plain_paths = st.lists(st.text(alphabet="abAB.-%/01", max_size=4), max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)


@given(texts, st.lists(plain_paths, min_size=1, max_size=10))
def test_whatever_matches_a_pattern_is_found(text: str, paths: list[str]) -> None:
    """For any text that is a pattern."""
    try:
        pattern = PathPattern(text)
    except RuleError:
        return
    index = RuleIndex([IndexKey(keys_of(shapes_of_pattern(text)))])

    for path in paths:
        assert not pattern.match(path) or list(index.candidates(path.lower())) == [0]


@given(texts | segments, st.booleans(), st.booleans(), st.lists(plain_paths, min_size=1, max_size=10))
def test_whatever_a_regular_expression_is_found_in_is_found(
    text: str, anchored: bool, any_case: bool, paths: list[str]
) -> None:
    """For any text that is one."""
    source = ("(?i)" if any_case else "") + ("^" if anchored else "") + text
    try:
        regex = to_python(source)
    except RuleError:
        return
    index = RuleIndex([IndexKey(keys_of(shapes_of_regex(source)))])

    for path in paths:
        assert not regex.search(path) or list(index.candidates(path.lower())) == [0]
