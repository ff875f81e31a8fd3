"""The index finds every rule that a path concerns, and few others."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Evaluator, PathPattern, Router, and_, exact, not_, or_
from prefetchrouter.errors import RuleError
from prefetchrouter.evaluation.index import RuleIndex
from prefetchrouter.evaluation.keys import Place, keys_of
from prefetchrouter.evaluation.shapes import shapes_of_pattern, shapes_of_regex
from prefetchrouter.regex import to_python


def found(criteria: Any, path: str, method: str = "GET") -> bool:
    """Return whether the index finds the one rule of a router, among others."""
    router = Router().match("/none", comment="none").match(criteria, comment="this")
    return 1 in Evaluator(router).candidates(path, method)


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


segments = st.text(alphabet="ab.-%:?*+(){}/|[]^$\\" + string.digits[:2], max_size=6)
texts = st.lists(segments, max_size=4).map(lambda parts: "/" + "/".join(parts))
plain_paths = st.lists(st.text(alphabet="abAB.-%/01", max_size=4), max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)


@given(texts, st.lists(plain_paths, min_size=1, max_size=10))
def test_whatever_fits_a_pattern_is_found(text: str, paths: list[str]) -> None:
    """For any text that is a pattern."""
    try:
        pattern = PathPattern(text)
    except RuleError:
        return
    index = RuleIndex([Place(keys_of(shapes_of_pattern(text)))])

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
    index = RuleIndex([Place(keys_of(shapes_of_regex(source)))])

    for path in paths:
        assert not regex.search(path) or list(index.candidates(path.lower())) == [0]
