"""Only programs of the same machine see the pages, and only by names of that machine."""

from __future__ import annotations

import pytest

from prefetchrouter.edge.hosts import is_local_name, is_loopback
from prefetchrouter.edge.pages.guard import is_from_page, refusal
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.message import HeaderFields


@pytest.mark.parametrize(
    "address, expected",
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:192.0.2.1", False),
        ("fe80::1%lo", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_the_address_of_the_client_decides(address: str, expected: bool) -> None:
    """By number; names are not looked up."""
    assert is_loopback(address) is expected


@pytest.mark.parametrize(
    "host, expected",
    [
        ("localhost", True),
        ("LOCALHOST:8080", True),
        ("localhost.", True),
        ("shop.localhost:1", True),
        ("127.0.0.1:80", True),
        ("[::1]:80", True),
        ("[::2]", False),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("notlocalhost", False),
        ("localhost:80:90", False),
        ("user@localhost", False),
        ("", False),
    ],
)
def test_foreign_names_are_refused_wherever_they_lead(host: str, expected: bool) -> None:
    """A foreign name that was made to point at this machine must not read its pages (DNS rebinding)."""
    assert is_local_name(host) is expected


@pytest.mark.parametrize(
    "client, host, is_refused",
    [
        ("127.0.0.1", "localhost:8080", False),
        ("192.0.2.1", "localhost:8080", True),
        ("127.0.0.1", "evil.example", True),
        ("::1", "[::1]", False),
    ],
)
def test_both_must_be_right(client: str, host: str, is_refused: bool) -> None:
    """The client and the name."""
    request = EdgeRequest("GET", "http", host, "/", client=client, host_header=host)
    assert (refusal(request) is not None) is is_refused


@pytest.mark.parametrize(
    "headers, is_refused",
    [
        ({"x-forwarded-for": "192.0.2.1"}, True),
        ({"x-forwarded-proto": "https"}, True),
        ({"forwarded": "for=192.0.2.1"}, True),
        ({"via": "1.1 proxy"}, True),
        ({"x-real-ip": "127.0.0.1"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, True),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, False),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, False),
        ({"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}, False),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": "http://localhost:8080"}, False),
        ({}, False),
    ],
)
def test_no_one_else_asks_through_a_client_of_this_machine(headers: dict[str, str], is_refused: bool) -> None:
    """Neither through a proxy, such as a tunnel that shows this machine to the world, nor through a page."""
    given = HeaderFields({"host": "localhost:8080", **headers})
    request = EdgeRequest("GET", "http", "localhost:8080", "/", headers=given, host_header="localhost:8080")
    assert (refusal(request) is not None) is is_refused


@pytest.mark.parametrize(
    "headers, expected",
    [
        ({}, True),
        ({"origin": "http://localhost:8080"}, True),
        ({"origin": "http://localhost:8080", "sec-fetch-site": "same-origin"}, True),
        ({"origin": "http://localhost:9090"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
    ],
)
def test_changes_come_from_our_own_pages(headers: dict[str, str], expected: bool) -> None:
    """As far as the browser tells; the token of the form tells the rest."""
    given = HeaderFields({"host": "localhost:8080", **headers})
    assert is_from_page(EdgeRequest("POST", "http", "localhost:8080", "/", headers=given)) is expected
