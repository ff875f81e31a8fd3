"""Where a request ends: origin, redirect, a response of the edge's own; and how long copies live."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prefetchrouter import Hostname, Origin, Property, Request, Router, RuleSet, evaluate
from prefetchrouter.evaluation import Redirect, Synthetic
from prefetchrouter.http.message import Response

SITE = Property(
    origins=[
        Origin(name="web", hosts=["origin.shop.example"]),
        Origin(name="files", hosts=["files.shop.example"]),
    ],
    hostnames=[
        Hostname(hostname="www.shop.example", default_origin_name="web"),
        Hostname(hostname="*.files.shop.example", default_origin_name="files"),
    ],
)


@pytest.mark.parametrize(
    "url, expected",
    [
        ("https://www.shop.example/", "web"),
        ("https://WWW.shop.example:8443/", "web"),
        ("https://a.files.shop.example/", "files"),
        ("https://a.b.files.shop.example/", "files"),
        ("https://other.example/", None),
        ("/", "web"),
    ],
)
def test_the_hostname_names_the_default_origin(url: str, expected: str | None) -> None:
    """A path alone stands for the first hostname of the site."""
    assert evaluate(RuleSet(rules=(), property=SITE), Request(url)).origin == expected


def test_a_rules_origin_goes_first() -> None:
    """`set_origin` of the last matching rule."""
    rules = Router().always(origin={"set_origin": "files"}).rules

    assert evaluate(RuleSet(rules=rules, property=SITE), Request("/")).origin == "files"


def test_a_path_alone_is_asked_on_the_first_hostname() -> None:
    """Conditions and variables see it."""
    router = Router().match(
        {"headers": {"host": "www.shop.example"}}, lambda route: route.redirect("https://%{host}/b")
    )

    decision = evaluate(RuleSet(rules=router.rules, property=SITE), Request("/a"))

    assert decision.redirect == Redirect(302, "https://www.shop.example/b")


@pytest.mark.parametrize(
    "url, expected",
    [
        ("/old/7", Redirect(301, "/new/7")),
        ("/old/7/", Redirect(301, "/new/7/")),
        ("/old/7?x=1", Redirect(301, "/new/7")),
        ("/other", None),
    ],
)
def test_a_helpers_redirect_keeps_the_slash_and_drops_the_query(url: str, expected: Redirect | None) -> None:
    """As the router writes it."""
    router = Router().match("/old/:id", lambda route: route.redirect("/new/:id", 301))

    assert evaluate(router, Request(url)).redirect == expected


def test_a_redirect_by_regular_expression_fills_in_groups() -> None:
    """And feature variables."""
    router = Router().match(
        re.compile("^/(en|fr)/old"), lambda route: route.redirect("https://%{host}/$1/new")
    )

    assert evaluate(router, Request("https://shop.example/fr/old")).redirect == Redirect(
        302, "https://shop.example/fr/new"
    )


def test_a_redirect_sees_the_rewritten_url() -> None:
    """Rewrites act before everything else."""
    router = Router().always(url={"url_redirect": {"source": "^/b$", "destination": "/c"}})
    router.match("/a", url={"url_rewrite": [{"source": "^/a", "destination": "/b"}]})

    assert evaluate(router, Request("/a")).redirect == Redirect(302, "/c")


def test_forced_https_is_a_redirect() -> None:
    """A location header with a redirecting status counts as one."""
    decision = evaluate(Router().force_https(), Request("http://shop.example//%62?x=1"))

    assert decision.redirect == Redirect(301, "https://shop.example/b?x=1")
    assert decision.status == 301
    assert evaluate(Router().force_https(), Request("https://shop.example/")).redirect is None


def test_a_redirecting_status_without_a_location_redirects_to_nothing() -> None:
    """There is no redirect without a target."""
    assert evaluate(Router().always(response={"set_status_code": 302}), Request("/")).redirect is None


@pytest.mark.parametrize(
    "features, expected",
    [
        ({"access": {"deny_access": True}}, Synthetic(403, None, asks_origin=False)),
        ({"response": {"set_done": True}}, Synthetic(200, None, asks_origin=False)),
        (
            {"response": {"set_done": True, "set_status_code": 410, "set_response_body": "gone: %{path}"}},
            Synthetic(410, "gone: /a", asks_origin=False),
        ),
        ({"response": {"set_response_body": "hi"}}, Synthetic(None, "hi", asks_origin=True)),
        ({"response": {"set_status_code": 404}}, None),
        ({}, None),
    ],
)
def test_the_edge_answers_itself(features: Any, expected: Synthetic | None) -> None:
    """By a refusal, by `set_done`, or by its own body."""
    assert evaluate(Router().always(features), Request("/a")).synthetic == expected


def test_a_status_may_be_text() -> None:
    """With a variable in it; text that is not a status sets none."""
    request = Request("/", headers={"x-code": "418"}, response=Response(200))

    assert evaluate(Router().always(response={"set_status_code": "%{http_x_code}"}), request).status == 418
    assert evaluate(Router().always(response={"set_status_code": "%{host}"}), request).status == 200


def test_a_refusal_goes_before_a_redirect() -> None:
    """No one is sent on from where no one may be."""
    router = Router().always(access={"deny_access": True}, url={"url_redirect": {"destination": "/b"}})

    decision = evaluate(router, Request("/"))

    assert (decision.status, decision.redirect, decision.ttl()) == (403, None, None)


@pytest.mark.parametrize(
    "caching, method, expected",
    [
        ({"max_age": "1h"}, "GET", {200: "1h"}),
        ({"max_age": "1h"}, "HEAD", {200: "1h"}),
        ({"max_age": "1h"}, "POST", {}),
        ({"max_age": "1h", "enable_caching_for_methods": ["POST"]}, "POST", {200: "1h"}),
        ({"max_age": {"200": "1h", "404": "1m"}}, "GET", {200: "1h", 404: "1m"}),
        ({"max_age": "1h", "bypass_cache": True}, "GET", {}),
        ({}, "GET", {}),
    ],
)
def test_how_long_the_edge_keeps_a_response(caching: Any, method: str, expected: dict[int, str]) -> None:
    """By status; nothing for what it does not keep at all."""
    decision = evaluate(Router().always(caching=caching), Request("/", method))

    assert expected == dict(decision.ttls)
    assert decision.ttl() == expected.get(200)
    assert decision.ttl(404) == expected.get(404)


def test_stale_while_revalidate_is_reported() -> None:
    """As the duration that the rule wrote."""
    decision = evaluate(Router().always(caching={"stale_while_revalidate": "1d"}), Request("/"))

    assert decision.stale_while_revalidate is not None
    assert decision.stale_while_revalidate.seconds == 86_400
