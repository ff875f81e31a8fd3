"""Where redirects and rewrites lead is tried at build; evaluate confirms what each warning shows."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Request, Router, RuleSet, evaluate, exact
from prefetchrouter.analysis import destination_texts
from prefetchrouter.analysis.destinations import destination_warnings
from prefetchrouter.analysis.prefixes import _of_pattern
from prefetchrouter.errors import Diagnostic, PatternError
from prefetchrouter.evaluation.redirect_target import followed
from prefetchrouter.rules.features import UrlRedirect
from prefetchrouter.rules.pattern import PathPattern


def redirect(to: str, **options: Any) -> Any:
    return lambda route: route.redirect(to, **options)


def rewrite(to: str) -> Any:
    return lambda route: route.update_path(to)


def feature(destination: str, source: str | None = None, syntax: str = "regexp") -> Any:
    wanted = {"destination": destination} | ({"source": source, "syntax": syntax} if source else {})
    return {"url": {"url_redirect": wanted}}


def warnings_of(*rules: tuple[Any, Any]) -> list[Diagnostic]:
    router = Router()
    for criteria, body in rules:
        router.match(criteria, body)
    return list(destination_warnings(router))


WRONG: list[tuple[str, list[tuple[Any, Any]], str]] = [
    ("redirect-loop", [("/docs", redirect("/docs/"))], "/docs/ -> /docs/"),
    ("redirect-loop", [({"path": "/docs"}, redirect("/docs/"))], "/docs/ -> /docs/"),
    ("redirect-loop", [(exact("/docs"), redirect("/docs"))], "/docs -> /docs"),
    ("redirect-loop", [(["/a", "/b"], redirect("/b"))], "/b -> /b"),
    ("redirect-loop", [(re.compile("^/docs"), redirect("/docs/"))], "/docs/ -> /docs/"),
    ("redirect-loop", [("/:p", feature("/:p", "/:p", "path-to-regexp"))], "/x -> /x"),
    ("redirect-loop", [("/x", feature("%{request_uri}"))], "/x -> /x"),
    ("redirect-loop", [({}, redirect("https://localhost%{request_uri}"))], "-> https://localhost"),
    ("redirect-loop", [({"method": "POST", "path": "/f"}, redirect("/f", status_code=307))], "/f -> /f"),
    ("redirect-loop", [("/:p*", redirect("/en/:p*"))], "do not end"),
    ("redirect-loop", [(re.compile("^/(.*)$"), redirect("/en/$1"))], "do not end"),
    ("redirect-loop", [("/a", redirect("/b")), ("/b", redirect("/a"))], "/a -> /b -> /a"),
    ("redirect-loop", [("/a/:x", redirect("/b/:x")), ("/b/:x", redirect("/c")), ("/c", redirect("/a/1"))],
     "circle"),
    ("redirect-loop", [({}, lambda r: r.trailing_slash("never")), ("/a", redirect("/b/")),
                       (exact("/b"), redirect("/a"))], "circle"),
    ("no-effect", [("/a", redirect("/b")), ({}, lambda r: r.trailing_slash("never"))], "never acts"),
    ("destination", [({"scheme": "HTTP"}, feature("https://$1", "(.*)"))], "names no host"),
    ("destination", [("/a", redirect("//cdn.example/a"))], "names the host cdn.example"),
    ("destination", [("/a/:x", rewrite("/b//:x"))], "/a/x -> /b//x"),
    ("destination", [("/a/:x", redirect("https://b.example/c//:x"))], "two slashes"),
    ("destination", [("/a", rewrite("/b?x=1?y=2"))], "second ?"),
    ("destination", [("/a", redirect("neu"))], "relative"),
    ("destination", [("/a", redirect("www.shop.example/neu"))], "not a host"),
    ("destination", [("/a", redirect("%{host}/neu"))], "not a host"),
    ("destination", [("/a", redirect(" /neu"))], "blank"),
    ("destination", [("/a", rewrite("/../x"))], "dot segment"),
    ("destination", [("/a", redirect("/b/./c"))], "dot segment"),
    ("destination", [("/a", rewrite("/b#c"))], "fragment"),
    ("destination", [("/a", feature("https://$host$request_uri"))], "not a variable"),
    ("destination", [("/a", feature("https://b.example${path}"))], "not a variable"),
    ("destination", [("/login", feature("%{arg_next}"))], "names the site"),
    ("destination", [(re.compile("^/t/(.+)$"), redirect("https://$1"))], "the path names the host"),
    ("destination", [("/t/:to", redirect("https://www.:to/"))], "the path names the host"),
    ("destination", [(re.compile(r"^/d/(.*)/m/.*$"), rewrite("/d/$1"))], "the query is lost"),
    ("redirect-loop", [({}, feature("https://%{host}%{request_uri}"))], "-> https://localhost"),
    ("destination", [("/a", rewrite("https://b.example/c"))], "names a host"),
    ("destination", [("/a", rewrite("b"))], "slash"),
    ("destination", [("/b/:p*", rewrite("/wp/:p*")), ({}, lambda r: r.trailing_slash("never"))],
     "/b/x/ -> /wp/x"),
    ("no-effect", [("/z/:x", lambda r: r.update_path("/b/:x").redirect("/c/:x"))], "/z/x -> /b/x"),
    ("no-effect", [("/z/:x", redirect("/c/:x")), ("/:p*", rewrite("/site/:p*"))], "/z/x -> /site/z/x"),
    ("destination", [({"scheme": "HTTP"}, feature("https:%{request_uri}"))], "names no host"),
    ("destination", [("/a", feature("https:b.example/c"))], "names no host"),
    ("destination", [("/a", redirect("htps://b.example/"))], "begins with no scheme"),
    ("destination", [("/a", redirect("https//b.example/"))], "begins with no scheme"),
    ("destination", [("/a", feature("javascript:alert(1)"))], "no browser follows"),
    ("destination", [("/a", redirect("https://b c.example/"))], "is not a host"),
    ("destination", [("/a", redirect("https://b.example:99999/"))], "no port"),
    ("destination", [("/a", redirect("/b\\c"))], "backslash"),
    ("destination", [("/a", redirect("/b%0d%0ax"))], "answered with 400"),
    ("destination", [({"scheme": "HTTP"}, feature("www.b.example%{request_uri}"))], "not a host"),
]  # fmt: skip


@pytest.mark.parametrize("code, rules, text", WRONG)
def test_what_cannot_be_meant_is_a_warning(code: str, rules: list[tuple[Any, Any]], text: str) -> None:
    """However its source is written, and with whatever helper."""
    found = [warning for warning in warnings_of(*rules) if text in warning.message]
    assert [code] == [warning.code for warning in found]
    assert all(warning.hint and warning.source and warning.severity == "warning" for warning in found)


RIGHT: list[list[tuple[Any, Any]]] = [
    [("/old/:id", redirect("/new/:id"))],
    [("/old/:id", redirect("/new/:id", keep_query=True))],
    [(exact("/docs"), redirect("/docs/"))],
    [({"scheme": "HTTP"}, feature("https://%{host}$1", "(.*)"))],
    [("/t/:tenant", redirect("https://:tenant.shop.example/"))],
    [("/login", feature("/%{arg_next}"))],
    [({"method": "POST", "path": "/form"}, redirect("/form", status_code=303))],
    [({}, lambda r: r.trailing_slash("never"))],
    [({}, lambda r: r.trailing_slash("always"))],
    [("/app", lambda r: r.redirect("%{request_uri}").add_response_cookie("seen", "1"))],
    [("/blog/:rest*", redirect("/:rest*"))],
    [("/(.*)/", redirect("/:0"))],
    [(re.compile(r"^(/.*[^/])$"), redirect("$1/"))],
    [(re.compile(r"^/(.+)/$"), redirect("/$1"))],
    [("/q/(.*)", rewrite("/q/:0.html"))],
    [("/old", rewrite("/new/"))],
    [("/fn/:rest*", rewrite("/bar?url=:rest*"))],
    [("/a", redirect("/b")), ("/b", redirect("/c"))],
    [("/a", redirect("https://other.example/a"))],
    [("/a", redirect("mailto:shop@shop.example"))],
    [("/", redirect("/en"))],
    [("/api/:p*", lambda r: r.proxy("api", path="/:p*"))],
    [("/spa/:p*", lambda r: r.app_shell("dist/index.html"))],
]


@pytest.mark.parametrize("rules", RIGHT)
def test_what_may_be_meant_is_not_a_mistake(rules: list[tuple[Any, Any]]) -> None:
    assert warnings_of(*rules) == []


CURES: list[tuple[str, Any, str, str]] = [
    ("/x/:id", redirect, "/y/{id}", "/y/:id"),
    ("/x/:id", redirect, "/y/<int:id>", "/y/:id"),
    ("/x/:id", rewrite, "/y/[id]", "/y/:id"),
    ("/x/:id", redirect, "/y/\\1", "/y/:id"),
    ("/x/:p*", redirect, "/y/*", "/y/:p"),
    ("/x/:id", redirect, "../y", "/y"),
    ("/x/:id", redirect, '"/y"', "/y"),
    ("/x/:id", redirect, "www.b.example/y/:id", "https://www.b.example/y/:id"),
    ("/x/:id", redirect, "htp://b.example/y", "http://b.example/y"),
]


@pytest.mark.parametrize("path, helper, wrong, right", CURES)
def test_a_cure_that_is_pasted_has_no_warning(path: str, helper: Any, wrong: str, right: str) -> None:
    """Parameters of other programs, relative URLs and misspelled schemes."""
    assert f'write "{right}"' in [warning.hint for warning in warnings_of((path, helper(wrong)))]
    assert warnings_of((path, helper(right))) == []


def test_the_page_is_not_asked_for_under_another_host() -> None:
    """The canonical host redirects only its counterpart."""
    assert list(destination_warnings(Router().canonical_host("www.shop.example"))) == []


def test_a_circle_is_reported_once() -> None:
    rules = [("/a", redirect("/b")), ("/b", redirect("/c")), ("/c", redirect("/a"))]
    assert len(warnings_of(*rules)) == 1


def test_a_witness_has_what_the_conditions_ask_for() -> None:
    """Country, cookie, header, method: whatever is not in the path."""
    router = Router().match({"location": {"country": "DE"}}, redirect("/de"))
    (warning,) = destination_warnings(router)
    assert warning.message.startswith("/de -> /de")
    facts = {"location.country": "DE"}
    assert evaluate(router, Request("/x", facts=facts)).redirect is not None
    assert evaluate(router, Request("/de", facts=facts)).redirect is None


SOURCES = st.sampled_from(["/a", "/a/", "/a/:x", "/:p*", "/a/:p*", "/(.*)/", "/b", "/b/:x?", "/c"])
TARGETS = st.sampled_from(
    [
        "/a",
        "/a/",
        "/b",
        "/b/:x",
        "/:p*",
        "/a//b",
        "/c?x=1",
        "/c/:0",
        "/en/:p*",
        "//h.example/x",
        "x",
        "https://$1",
        "/",
    ]
)
RULES = st.lists(
    st.tuples(SOURCES, TARGETS, st.sampled_from(["redirect", "update_path"])), min_size=1, max_size=4
)


@given(RULES)
def test_each_witness_is_confirmed_by_evaluate(rules: list[tuple[str, str, str]]) -> None:
    """The URL on the left of an arrow leads to the one on its right."""
    router = Router()
    for source, target, helper in rules:
        router.match(source, redirect(target) if helper == "redirect" else rewrite(target))
    rule_set = RuleSet(rules=router.rules)
    for warning in destination_warnings(router):
        trail = warning.message.partition(": ")[0].split(" -> ")
        if len(trail) < 2 or "names no host" in warning.message or "sees the rewritten" in warning.message:
            continue
        for left, right in pairwise(trail):
            if right == "...":
                break
            decision = evaluate(rule_set, Request(f"https://localhost{left}"))
            if "redirected to itself" in warning.message:
                assert decision.redirect is None
                assert f"https://localhost{left}" == followed(decision.request, "localhost", right)
            elif decision.redirect is not None and right != decision.path:
                there = followed(decision.request, "localhost", decision.redirect.location)
                alone = _locations(rule_set, left)
                assert right in (decision.redirect.location, there.removeprefix("https://localhost"), *alone)
            else:
                assert right in (decision.path, *_locations(rule_set, left))


def _locations(rules: RuleSet, url: str) -> list[str | None]:
    """Where each redirect that applies leads by itself; a later rule may overrule it."""
    decision = evaluate(rules, Request(f"https://localhost{url}"))
    redirects = [rule.rule.features.url.url_redirect for rule in decision.rules if rule.rule.features.url]
    return [decision.downstream.location_of(wanted) for wanted in redirects if wanted is not None]


PATHS = st.text(alphabet="ab/.x-", max_size=10).map(lambda text: f"/{text}")
QUERIES = st.sampled_from(["", "?", "?q=1", "?a=/&b=//x/"])
HELPERS = st.sampled_from(
    [
        lambda r: r.trailing_slash("never"),
        lambda r: r.trailing_slash("always"),
        lambda r: r.redirect("/new/:p*"),
        lambda r: r.redirect("/new/:p*", keep_query=True),
    ]
)


@given(HELPERS, PATHS, QUERIES, st.sampled_from(["GET", "POST"]))
def test_helpers_end_after_one_redirect(helper: Any, path: str, query: str, method: str) -> None:
    """Whatever the path; the query is as it was, and no other host is named."""
    router = Router().canonical_host("www.shop.example")
    router.match("/old/:p*", helper) if "new" in repr(helper.__code__.co_consts) else router.always(helper)
    request = Request(f"https://www.shop.example{path}{query}", method)
    first = evaluate(router, request).redirect
    if first is None:
        return
    url = followed(request, "www.shop.example", first.location)
    assert url.startswith("https://www.shop.example/")
    assert request.query == Request(url).query
    assert evaluate(router, Request(url, method)).redirect is None


@given(PATHS, QUERIES)
def test_the_two_ways_to_end_a_path_are_each_others_inverse(path: str, query: str) -> None:
    """What "always" gives a slash, "never" takes it."""
    always = Router().always(lambda r: r.trailing_slash("always"))
    never = Router().always(lambda r: r.trailing_slash("never"))
    given_slash = evaluate(always, Request(f"https://localhost{path}{query}")).redirect
    if given_slash is not None:
        taken = evaluate(never, Request(f"https://localhost{given_slash.location}")).redirect
        assert taken is not None
        assert taken.location == re.sub("//+", "/", path) + query.rstrip("?")


ORDINARY_PARTS = [
    "https://www.shop.example",
    "http://a",
    "/",
    "/a",
    "/:id",
    "/b.html",
    "/~x",
    "a",
    "?",
    ":",
    "..",
    "$1",
    "{id}",
]


@given(st.lists(st.sampled_from(ORDINARY_PARTS), max_size=5).map("".join))
def test_an_ordinary_destination_has_no_fault(text: str) -> None:
    """As the closer look finds, which is spared nearly all destinations of a large router."""
    if destination_texts._ORDINARY.fullmatch(text):
        with patch.object(destination_texts, "_ORDINARY", re.compile("(?!)")):
            assert not list(destination_texts.text_faults(UrlRedirect(destination=text)))


@given(
    st.lists(
        st.sampled_from(["/", "/a", "/:b", "/:c?", "/:d*", "/:e+", "/:f.json", "/g.html"]), max_size=4
    ).map("".join)
)
def test_the_beginning_of_an_ordinary_pattern_is_that_of_its_parsed_form(text: str) -> None:
    """It is not parsed for that."""
    try:
        expected = PathPattern(text).literal_prefix
    except PatternError:
        return
    assert _of_pattern(text) == expected
