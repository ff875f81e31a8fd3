"""The headers that the origin gets, and those that a client sees."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.http.message import Response

HOME = Request("https://shop.example/")


def seen(features: Any, origin: Any = None, request: Request = HOME) -> dict[str, str]:
    """Return the headers that a client sees for one rule's features."""
    return dict(evaluate(Router().always(features), request).response_headers(origin))


def test_a_header_is_set_over_the_origins() -> None:
    """A plain name sets or overwrites, in any case."""
    assert seen({"headers": {"set_response_headers": {"X-A": "1"}}}, {"x-a": "0", "x-b": "2"}) == {
        "x-a": "1",
        "x-b": "2",
    }


def test_a_plus_appends_without_anything_between() -> None:
    """It adds a missing header."""
    features = {"headers": {"set_response_headers": {"+cache-tag": "b"}}}

    assert seen(features, {"cache-tag": "a,"}) == {"cache-tag": "a,b"}
    assert seen(features) == {"cache-tag": "b"}


def test_an_empty_text_deletes() -> None:
    """As a removed header does."""
    assert seen({"headers": {"set_response_headers": {"server-x": ""}}}, {"server-x": "1"}) == {}
    assert seen({"headers": {"remove_response_headers": ["Server-X"]}}, {"server-x": "1"}) == {}


def test_headers_are_added_beside_others() -> None:
    """Cookies stay apart."""
    router = Router().always(lambda route: route.add_response_cookie("b", "2"))

    headers = evaluate(router, HOME).response_headers({"set-cookie": "a=1"})

    assert headers.all("set-cookie") == ("a=1", "b=2")


def test_rules_act_one_after_another() -> None:
    """A later rule removes what an earlier one set, and the other way round."""
    router = Router().always(headers={"set_response_headers": {"x-a": "1"}})
    router.always(headers={"remove_response_headers": ["x-a"]})
    assert "x-a" not in evaluate(router, HOME).response_headers()

    router.always(headers={"set_response_headers": {"x-a": "2", "+x-a": "3"}})
    assert evaluate(router, HOME).response_headers()["x-a"] == "23"


def test_one_rule_removes_before_it_sets() -> None:
    """So that it can replace the origin's header by its own."""
    features = {"headers": {"set_response_headers": {"x-a": "1"}, "remove_response_headers": ["x-a"]}}

    assert seen(features, {"x-a": "0"}) == {"x-a": "1"}


def test_changes_as_if_by_the_origin_come_first() -> None:
    """Then the browser's caching headers, then all else."""
    features = {
        "headers": {
            "set_origin_response_headers": {"cache-control": "no-store", "x-a": "1"},
            "remove_origin_response_headers": ["set-cookie"],
        },
        "caching": {"client_max_age": "1h", "cache_control_header_treatment": "if_missing"},
    }

    assert seen(features, {"set-cookie": "a=1"}) == {"cache-control": "no-store", "x-a": "1"}


def test_values_may_hold_variables() -> None:
    """Also such as read the response's own headers as they are by then."""
    router = Router().always(headers={"set_response_headers": {"location": "http://a/%{geo_country:=XX}"}})
    router.always(
        lambda route: route.update_response_header("location", re.compile("^http:"), "https:", count=1)
    )

    assert evaluate(router, HOME).response_headers()["location"] == "https://a/XX"


def test_a_value_may_be_a_variable_of_the_rule_language() -> None:
    """The header then holds what a condition would see."""
    assert seen({"headers": {"set_response_headers": {"x-path": {"request": "path"}}}}) == {"x-path": "/"}


@pytest.mark.parametrize(
    "caching, origin, expected",
    [
        ({"client_max_age": "1h"}, {"cache-control": "no-store"}, "max-age=3600"),
        ({"client_max_age": "-1s"}, {}, "no-cache"),
        (
            {"client_max_age": "1h", "cache_control_header_treatment": "pass"},
            {"cache-control": "no-store"},
            "no-store",
        ),
        ({"client_max_age": "1h", "cache_control_header_treatment": "pass"}, {}, None),
        ({"client_max_age": "1h", "cache_control_header_treatment": "if_missing"}, {}, "max-age=3600"),
        (
            {"client_max_age": "1h", "cache_control_header_treatment": "if_missing"},
            {"cache-control": "no-store"},
            "no-store",
        ),
        (
            {"client_max_age": "1h", "cache_control_header_treatment": "remove"},
            {"cache-control": "no-store"},
            None,
        ),
        ({"cache_control_header_treatment": "remove"}, {"cache-control": "no-store"}, "no-store"),
        ({"bypass_client_cache": True}, {}, "private, no-cache, no-store, must-revalidate"),
        (
            {"bypass_client_cache": True, "client_max_age": "1h"},
            {},
            "private, no-cache, no-store, must-revalidate",
        ),
        ({"bypass_client_cache": False}, {"cache-control": "public"}, "public"),
        ({"max_age": "1h"}, {"cache-control": "public"}, "public"),
    ],
)
def test_what_becomes_of_cache_control(caching: Any, origin: dict[str, str], expected: str | None) -> None:
    """`client_max_age` makes it, the treatment says how it meets the origin's."""
    assert expected == seen({"caching": caching}, origin).get("cache-control")


def test_expires_follows_the_origins_date() -> None:
    """Without a date no one can tell when; below zero it lies in the past."""
    date = "Sat, 21 Nov 2026 12:00:00 GMT"

    assert (
        seen({"caching": {"client_max_age": "1h"}}, {"date": date})["expires"]
        == "Sat, 21 Nov 2026 13:00:00 GMT"
    )
    assert "expires" not in seen({"caching": {"client_max_age": "1h"}}, {"expires": date})
    assert seen({"caching": {"client_max_age": "-1s"}})["expires"] == "Thu, 01 Jan 1970 00:00:00 GMT"
    treated = {"caching": {"client_max_age": "1h", "expires_header_treatment": "pass"}}
    assert seen(treated, {"expires": date})["expires"] == date


def test_a_date_that_cannot_be_read_gives_no_expires() -> None:
    """The origin's fault is not an error of ours."""
    assert "expires" not in seen({"caching": {"client_max_age": "9999999y"}}, {"date": "soon"})


def test_a_rules_own_cache_control_wins() -> None:
    """Setting the header by hand is the manual way."""
    headers = {"set_response_headers": {"Cache-Control": "max-age=5"}}
    features = {"caching": {"client_max_age": "1h"}, "headers": headers}

    assert seen(features)["cache-control"] == "max-age=5"


@pytest.mark.parametrize(
    "age, expected", [("10m", "max-age=600"), ("1w", "max-age=604800"), ("0s", "max-age=0")]
)
def test_the_service_worker_gets_the_lifetime_of_a_response(age: str, expected: str) -> None:
    """In seconds, in its own header."""
    assert seen({"caching": {"service_worker_max_age": age}})["x-sw-cache-control"] == expected


def test_the_response_of_the_request_counts_when_no_headers_are_given() -> None:
    """Either of both tells what the origin answered."""
    decision = evaluate(Router(), Request("/", response=Response(200, {"x-a": "1"})))

    assert dict(decision.response_headers()) == {"x-a": "1"}
    assert dict(decision.response_headers({"x-b": "2"})) == {"x-b": "2"}


def test_an_origin_that_is_not_asked_sends_no_headers() -> None:
    """A redirect, a refusal and a response of the edge's own have only the rules' headers."""
    for features in (
        {"access": {"deny_access": True}},
        {"response": {"set_done": True, "set_response_body": "x"}},
    ):
        assert seen(features, {"x-a": "1"}) == {}
    redirect = evaluate(Router().always(url={"url_redirect": {"destination": "/b"}}), HOME)
    assert dict(redirect.response_headers({"x-a": "1"})) == {"location": "/b"}


def test_the_origin_gets_the_clients_headers_as_the_rules_change_them() -> None:
    """Set, appended, deleted; the client's address in its own header."""
    router = Router().always(
        headers={
            "set_request_headers": {"X-Tier": "gold", "+accept": ",*/*", "cookie": "", "x-host": "%{host}"},
            "set_client_ip_custom_header": "X-Client",
        }
    )
    request = Request(
        "https://shop.example/", headers={"Accept": "text/html"}, cookies={"a": "1"},
        facts={"request.client_ip": "5.5.5.5"},
    )  # fmt: skip

    assert dict(evaluate(router, request).request_headers) == {
        "host": "shop.example",
        "accept": "text/html,*/*",
        "x-tier": "gold",
        "x-host": "shop.example",
        "x-client": "5.5.5.5",
    }
