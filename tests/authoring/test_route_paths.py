"""What a helper's route writes into url: rewrites, redirects, files and proxied origins."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prefetchrouter import Router, RuleError, and_, compile_rules, exact, not_, or_, raw
from prefetchrouter.errors import HelperError

TAIL = r":optionalSlash(\/?)?:optionalQuery(\?.*)?"


def features(criteria: Any, helper: Any) -> Any:
    """The exported features of a rule for the criteria."""
    rule = compile_rules(Router().match(criteria, helper))[0]
    return rule["if"][1] if "if" in rule else rule


def pattern_rewrite(source: str, destination: str, *, slash: bool = True) -> dict[str, str]:
    return {
        "source": source + TAIL,
        "syntax": "path-to-regexp",
        "destination": destination + (":optionalSlash" if slash else "") + ":optionalQuery",
    }


def regex_rewrite(source: str, destination: str) -> dict[str, str]:
    return {"syntax": "regexp", "source": source, "destination": destination}


# The rule's path

WITHOUT_PATH: list[Any] = [
    ["/a", "/b"],
    not_("/a"),
    not_(re.compile("/a")),
    {"path": ["/a"]},
    {"path": not_("/a")},
    and_("/a"),
    or_("/a", "/b"),
    raw({"==": [{"request": "path"}, "/a"]}),
    {"method": "GET"},
    {},
]


@pytest.mark.parametrize(
    "criteria, rewrite",
    [
        ("/p/:id", pattern_rewrite("/p/:id", "/q")),
        ({"path": "/p/:id", "method": "GET"}, pattern_rewrite("/p/:id", "/q")),
        (exact("/p"), pattern_rewrite("/p", "/q")),
        (exact("/p(1)+a:b"), pattern_rewrite(r"/p\(1\)\+a\:b", "/q")),
        ({"path": exact("/p")}, pattern_rewrite("/p", "/q")),
        (re.compile("^/p/(.*)"), regex_rewrite("^/p/(.*)", "/q")),
        (re.compile(r"^\/P", re.I), regex_rewrite("(?i)^/P", "/q")),
        *[(criteria, pattern_rewrite("/:path*", "/q")) for criteria in WITHOUT_PATH],
    ],
)
def test_a_rewrite_starts_from_the_rules_own_path(criteria: Any, rewrite: Any) -> None:
    """From any path where the criteria do not name exactly one."""
    assert features(criteria, lambda route: route.update_path("/q")) == {"url": {"url_rewrite": [rewrite]}}


def test_verbs_chains_and_always_have_the_path_of_their_criteria() -> None:
    """`else_`, `always` and `catch` have none."""

    def helper(route: Any) -> None:
        route.update_path("/q")

    router = Router().get("/g", helper).always(helper).catch(404, helper)
    router.if_("/i", helper).elif_(re.compile("^/e"), helper).else_(helper)
    get, always, catch, chain = compile_rules(router)
    bodies = [get["if"][1], always, catch["if"][1], *chain["if"][1::2], chain["if"][-1]]
    anything = pattern_rewrite("/:path*", "/q")
    assert [body["url"]["url_rewrite"] for body in bodies] == [
        [pattern_rewrite("/g", "/q")],
        [anything],
        [anything],
        [pattern_rewrite("/i", "/q")],
        [regex_rewrite("^/e", "/q")],
        [anything],
    ]


def test_a_nested_routers_rules_do_not_inherit_the_path() -> None:
    """Each has its own criteria."""
    nested = Router().always(lambda route: route.update_path("/q"))
    assert features("/p/:id", nested)["url"]["url_rewrite"] == [pattern_rewrite("/:path*", "/q")]


def test_each_of_several_helpers_of_a_branch_has_the_path() -> None:
    """They belong to one rule."""
    router = Router().if_("/p", lambda route: route.update_path("/q"), lambda route: route.update_path("/r"))
    assert [body["url"]["url_rewrite"][0]["source"] for body in compile_rules(router)[0]["if"][1]] == [
        "/p" + TAIL
    ] * 2


# update_path


def test_several_rewrites_stand_in_order() -> None:
    """All of them are written."""
    url = features("/p", lambda route: route.update_path("/q").update_path("/r"))["url"]
    assert [rewrite["destination"] for rewrite in url["url_rewrite"]] == [
        "/q:optionalSlash:optionalQuery",
        "/r:optionalSlash:optionalQuery",
    ]


@pytest.mark.parametrize(
    "helper",
    [
        lambda route: route.update_path(7),
        lambda route: route.serve_static(None),
        lambda route: route.redirect(b"/a"),
        lambda route: route.service_worker(["a"]),
        lambda route: route.serve_static("a", edge_max_age_seconds=-1),
        lambda route: route.serve_static("a", edge_max_age_seconds=None),
    ],
)
def test_paths_are_text(helper: Any) -> None:
    """Anything else is refused, with its value."""
    with pytest.raises(HelperError, match="expected") as raised:
        Router().match("/a", helper)
    assert raised.value.code == "helper"


# proxy


@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, {"origin": {"set_origin": "api"}}),
        (
            {"path": "/q/:id"},
            {"origin": {"set_origin": "api"}, "url": {"url_rewrite": [pattern_rewrite("/p/:id", "/q/:id")]}},
        ),
        (
            {"headers": {"x-a": "1"}},
            {"origin": {"set_origin": "api"}, "headers": {"set_request_headers": {"x-a": "1"}}},
        ),
        ({"follow_redirects": True}, {"origin": {"set_origin": "api"}, "url": {"follow_redirects": True}}),
        ({"follow_redirects": False}, {"origin": {"set_origin": "api"}, "url": {"follow_redirects": False}}),
    ],
)
def test_proxy_sets_the_origin_and_its_options(options: Any, expected: Any) -> None:
    """Each option has its feature."""
    assert features("/p/:id", lambda route: route.proxy("api", **options)) == expected


def test_headers_of_proxy_add_to_those_that_are_there() -> None:
    """Later values win."""
    found = features(
        "/p",
        lambda route: (
            route.set_request_header("a", "1").set_request_header("b", "2").proxy("api", headers={"b": "3"})
        ),
    )
    assert found["headers"] == {"set_request_headers": {"a": "1", "b": "3"}}


# serve_static, service_worker, app_shell


def static(
    path: str, *, age: str = "1y", origin: str = "edgio_static", source: str = "/p/:id"
) -> dict[str, Any]:
    return {
        "caching": {"max_age": {"200": age}},
        "origin": {"set_origin": origin},
        "url": {"url_rewrite": [pattern_rewrite(source, path, slash=False)]},
    }


@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, static("/dist/:id")),
        ({"edge_max_age_seconds": 60}, static("/dist/:id", age="60s")),
        ({"edge_max_age_seconds": "1h"}, static("/dist/:id", age="1h")),
        ({"permanent": True}, static("/dist/:id", origin="edgio_permanent_static")),
        ({"rewrite_path_source": "/x/:id"}, static("/dist/:id", source="/x/:id")),
        ({"status_code": 404}, {**static("/dist/:id"), "response": {"set_status_code": 404}}),
    ],
)
def test_serve_static_serves_a_file_of_the_deployment(options: Any, expected: Any) -> None:
    """The trailing slash of the request is not kept, its query is."""
    assert features("/p/:id", lambda route: route.serve_static("dist/:id", **options)) == expected


def test_serve_static_with_zero_seconds_leaves_max_age_out() -> None:
    """As `cache` does."""
    found = features("/p/:id", lambda route: route.serve_static("dist/:id", edge_max_age_seconds=0))
    assert "caching" not in found


@pytest.mark.parametrize(
    "path, destination",
    [
        ("a.html", "/a.html"),
        ("/a.html", "/a.html"),
        ("./a.html", "/a.html"),
        (".\\dist\\a.html", "/dist/a.html"),
        ("dist\\:id", "/dist/:id"),
        ("../a.html", "/../a.html"),
        ("./:path*", "/:path*"),
    ],
)
def test_a_file_is_named_from_the_root_with_slashes(path: str, destination: str) -> None:
    """Backslashes are turned, a leading ./ goes, a slash stands in front."""
    rewrite = features("/p", lambda route: route.serve_static(path))["url"]["url_rewrite"][0]
    assert rewrite["destination"] == destination + ":optionalQuery"


def test_a_file_for_a_regex_path_is_written_as_it_is() -> None:
    """A regexp rewrite has no optional parts."""
    found = features(re.compile("^/a/(.*)"), lambda route: route.serve_static("dist/$1"))
    assert found["url"]["url_rewrite"] == [regex_rewrite("^/a/(.*)", "/dist/$1")]


def test_service_worker_is_long_at_the_edge_and_never_in_the_browsers_cache() -> None:
    """The browser must see each new version."""
    found = features("/service-worker.js", lambda route: route.service_worker("dist/service-worker.js"))
    expected = static("/dist/service-worker.js", source="/service-worker.js")
    expected["caching"]["bypass_client_cache"] = True
    assert found == expected


def test_app_shell_serves_one_html_file() -> None:
    """Its type is written first."""
    found = features("/p/:id", lambda route: route.app_shell("dist/index.html"))
    assert found == {
        "headers": {"set_response_headers": {"content-type": "text/html"}},
        **static("/dist/index.html"),
    }
    assert next(iter(found)) == "headers"


# redirect

SELF = [pattern_rewrite("/:path*", "/:path*")]


@pytest.mark.parametrize(
    "criteria, arguments, redirect",
    [
        ("/p/:id", ("/q/:id",), {"code": 302, "source": "/p/:id" + TAIL, "syntax": "path-to-regexp",
                                  "destination": "/q/:id:optionalSlash"}),
        ("/p/:id", ("/q/:id", 301), {"code": 301, "source": "/p/:id" + TAIL, "syntax": "path-to-regexp",
                                      "destination": "/q/:id:optionalSlash"}),
        ("/p", ("/q?a=1",), {"code": 302, "source": "/p" + TAIL, "syntax": "path-to-regexp",
                              "destination": "/q?a=1"}),
        ("/p", ("https://b.example/q",), {"code": 302, "source": "/p" + TAIL, "syntax": "path-to-regexp",
                                           "destination": "https://b.example/q:optionalSlash"}),
        (re.compile("^/p/(.*)", re.I), ("/q/$1",), {"code": 302, "source": "(?i)^/p/(.*)",
                                                    "destination": "/q/$1", "syntax": "regexp"}),
        ({}, ("/q",), {"code": 302, "destination": "/q"}),
        (["/a", "/b"], ("/q", 308), {"code": 308, "destination": "/q"}),
    ],
)  # fmt: skip
def test_redirect_leads_from_the_rules_path_to_another(criteria: Any, arguments: Any, redirect: Any) -> None:
    """A rewrite of every path to itself stands first; the query is matched, not copied."""
    found = features(criteria, lambda route: route.redirect(*arguments))
    assert found == {"url": {"url_rewrite": SELF, "url_redirect": redirect}}
    assert list(found["url"]) == ["url_rewrite", "url_redirect"]


@pytest.mark.parametrize(
    "criteria, helper, what",
    [
        ("/p/:id", lambda route: route.redirect("/q", query={"id": ":id"}), "query="),
        ("/p/:id", lambda route: route.redirect("/q", query={}), "query="),
        ("/p/:id", lambda route: route.redirect("/q?id=:id"), "parameters inside the query string"),
        (
            re.compile("^/p/(.*)"),
            lambda route: route.redirect("/q?id=$1"),
            "parameters inside the query string",
        ),
        (
            {"path": "/p", "query": {"id": ":id"}},
            lambda route: route.redirect("/q"),
            'the captured query parameter "id"',
        ),
    ],
)
def test_a_query_string_that_would_have_to_be_built_is_refused(criteria: Any, helper: Any, what: str) -> None:
    """The error says how it is written."""
    with pytest.raises(HelperError, match=re.escape(f"redirect: {what} cannot be written")) as raised:
        Router().match(criteria, helper)
    assert raised.value.code == "helper"


def test_a_query_criterion_with_plain_text_does_not_stand_in_the_way() -> None:
    """It captures nothing."""
    found = features({"path": "/p", "query": {"id": "7"}}, lambda route: route.redirect("/q"))
    assert found["url"]["url_redirect"]["destination"] == "/q:optionalSlash"


@pytest.mark.parametrize("code", ["301", 99, None])
def test_a_redirect_needs_a_status(code: Any) -> None:
    """As the feature does."""
    with pytest.raises(RuleError):
        Router().match("/p", lambda route: route.redirect("/q", code))


def test_a_wrong_pattern_is_reported_once() -> None:
    """As the rule's criterion, not again as the source of what a helper rewrites."""
    with pytest.raises(RuleError) as raised:
        Router().match("/api/*", lambda route: route.update_path("/x"))
    assert [found.code for found in raised.value.diagnostics] == ["path-pattern"]
