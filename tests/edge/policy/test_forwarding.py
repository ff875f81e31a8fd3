"""Headers that pass the edge, and those that end there: rule E3."""

from __future__ import annotations

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.edge.message import EdgeRequest
from prefetchrouter.edge.policy.forwarding import origin_headers
from prefetchrouter.http import HeaderFields
from prefetchrouter.http_cache.hop_by_hop import HOP_BY_HOP

FOR_THE_EDGE = [
    "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port",
    "X-Forwarded-Anything", "X-Real-IP", "X-Host", "X-Original-Host", "X-Original-URL", "X-Rewrite-URL",
    "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "Expect", "Proxy", "Proxy-Anything",
]  # fmt: skip
ADDED = {
    "x-forwarded-for": "192.0.2.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "shop.example",
    "via": "1.1 prefetchrouter",
}


def sent(
    client: dict[str, str | list[str]],
    rules: dict[str, str] | None = None,
    special: tuple[str, ...] | None = (),
) -> HeaderFields:
    """What an origin gets of a client's headers, after rules that set some."""
    headers = HeaderFields(client)
    request = EdgeRequest("GET", "https", "shop.example", "/", headers=headers, client="192.0.2.7")
    return origin_headers(HeaderFields({**headers, **(rules or {})}), request, special=special)


@pytest.mark.parametrize("name", sorted(HOP_BY_HOP))
def test_what_is_for_the_connection_goes_no_further(name: str) -> None:
    headers = {name: "x", "x-kept": "1"}
    assert sent({**headers}).fields() == (("x-kept", "1"),)


@pytest.mark.parametrize("name", FOR_THE_EDGE)
def test_a_client_cannot_speak_for_the_edge(name: str) -> None:
    assert sent({name: "spoofed", "x-kept": "1"}).fields() == (("x-kept", "1"),)
    assert sent({name: ["spoofed", "twice"], "x-kept": "1"}).fields() == (("x-kept", "1"),)
    assert "spoofed" not in str(sent({name: "spoofed"}, special=None))


def test_blanks_do_not_make_a_header_a_rules() -> None:
    assert sent({"x-real-ip": " spoofed "}, {"x-real-ip": "spoofed"}).fields() == ()


def test_what_a_rule_wrote_is_sent() -> None:
    assert sent({"x-real-ip": "spoofed"}, {"x-real-ip": "192.0.2.7"})["x-real-ip"] == "192.0.2.7"
    assert sent({}, {"x-real-ip": "192.0.2.7"})["x-real-ip"] == "192.0.2.7"
    written = sent({"x-forwarded-host": "spoofed"}, {"x-forwarded-host": "inner.example"}, special=None)
    assert written["x-forwarded-host"] == "inner.example"


def test_the_custom_header_for_the_address_survives_a_client_that_sends_it_too() -> None:
    router = Router().match("/", headers={"set_client_ip_custom_header": "X-Real-IP"})
    for own in ("203.0.113.5", "192.0.2.7"):
        headers = {"x-real-ip": own}
        facts = {"request.client_ip": "192.0.2.7"}
        decision = evaluate(router, Request("https://shop.example/", headers=headers, facts=facts))
        request = EdgeRequest(
            "GET", "https", "shop.example", "/", headers=HeaderFields(headers), client="192.0.2.7"
        )
        assert origin_headers(decision.request_headers, request, special=())["x-real-ip"] == "192.0.2.7"


def test_the_edges_own_headers() -> None:
    client: dict[str, str | list[str]] = {"host": "shop.example", "accept-encoding": "br"}
    assert sent(client, special=None) == HeaderFields({**client, **ADDED})
    assert sent(client) == HeaderFields(client)
    assert sent(client, special=("Via", "x-forwarded-proto", "x-unknown")) == HeaderFields(
        {**client, "x-forwarded-proto": "https", "via": "1.1 prefetchrouter"}
    )


def test_via_is_appended() -> None:
    assert sent({"via": ["1.0 fred", "1.1 p.example"]}, special=None)["via"] == (
        "1.0 fred, 1.1 p.example, 1.1 prefetchrouter"
    )
    assert sent({"via": "1.0 fred"})["via"] == "1.0 fred"
