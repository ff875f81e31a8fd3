"""Headers that pass the edge, and those that end there: rule E3."""

from __future__ import annotations

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.edge.policy.forwarding import HeadersByRules, origin_headers
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.hop_by_hop import HOP_BY_HOP
from prefetchrouter.http_cache.spoofable import HEADER_GROUPS

FOR_THE_EDGE = sorted(
    {f"{name.removesuffix('*')}{'any' * name.endswith('*')}" for kind in HEADER_GROUPS for name in kind.names}
)
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
    ruled = HeadersByRules(frozenset(name.lower() for name in rules or {}))
    return origin_headers(HeaderFields({**headers, **(rules or {})}), request, special=special, ruled=ruled)


@pytest.mark.parametrize("name", sorted(HOP_BY_HOP))
def test_what_is_for_the_connection_goes_no_further(name: str) -> None:
    headers = {name: "x", "x-kept": "1"}
    assert sent({**headers}).fields() == (("x-kept", "1"),)


@pytest.mark.parametrize("name", FOR_THE_EDGE)
def test_a_client_cannot_speak_for_the_edge(name: str) -> None:
    """In any case, and as origins spell it that take _ and - for the same."""
    for spelled in (
        name,
        name.title(),
        name.upper(),
        name.replace("-", "_"),
        name.replace("-", "_", 1).title(),
    ):
        assert sent({spelled: "spoofed", "x-kept": "1"}).fields() == (("x-kept", "1"),)
        assert sent({spelled: ["spoofed", "twice"], "x-kept": "1"}).fields() == (("x-kept", "1"),)
        assert "spoofed" not in str(sent({spelled: "spoofed"}, special=None))


@pytest.mark.parametrize(
    "name", ["transfer_encoding", "Content_Length", "cookie_", "accept.language", "x!real!ip", "hos_t"]
)
def test_a_name_that_gateways_read_as_another_ends_here(name: str) -> None:
    assert sent({name: "spoofed", "x-kept": "1"}).fields() == (("x-kept", "1"),)


@pytest.mark.parametrize("name", ["x-forwarded-host", "x-scheme", "remote-user", "x_api_key", "expect"])
@pytest.mark.parametrize("client", [{}, {"sent": "spoofed"}, {"sent": "the rule's"}])
def test_what_a_rule_wrote_is_sent_whatever_the_client_sends(name: str, client: dict[str, str]) -> None:
    given: dict[str, str | list[str]] = {name: client["sent"]} if client else {}
    assert sent(given, {name: "the rule's"})[name] == "the rule's"


def test_what_a_rule_appends_is_sent_without_what_the_client_put_before_it() -> None:
    router = Router().match("/", headers={"set_request_headers": {"+x-forwarded-for": ", 192.0.2.9"}})
    headers = HeaderFields({"x-forwarded-for": "203.0.113.5"})
    request = EdgeRequest("GET", "https", "shop.example", "/", headers=headers, client="192.0.2.7")
    decision = evaluate(router, Request("https://shop.example/", headers=dict(headers)))
    ruled = HeadersByRules.of(decision)
    assert decision.request_headers["x-forwarded-for"] == "203.0.113.5, 192.0.2.9"
    found = origin_headers(decision.request_headers, request, special=(), ruled=ruled)
    assert found["x-forwarded-for"] == ", 192.0.2.9"


def test_the_custom_header_for_the_address_survives_a_client_that_sends_it_too() -> None:
    router = Router().match("/", headers={"set_client_ip_custom_header": "X-Real-IP"})
    for own in ("203.0.113.5", "192.0.2.7"):
        headers = {"x-real-ip": own}
        facts = {"request.client_ip": "192.0.2.7"}
        decision = evaluate(router, Request("https://shop.example/", headers=headers, facts=facts))
        request = EdgeRequest(
            "GET", "https", "shop.example", "/", headers=HeaderFields(headers), client="192.0.2.7"
        )
        ruled = HeadersByRules.of(decision)
        found = origin_headers(decision.request_headers, request, special=(), ruled=ruled)
        assert found["x-real-ip"] == "192.0.2.7"


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
