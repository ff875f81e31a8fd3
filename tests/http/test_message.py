"""Requests and responses: what is read from them, and what is refused."""

from __future__ import annotations

import contextlib
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Request
from prefetchrouter.errors import PrefetchRouterError, RequestError
from prefetchrouter.http.message import HeaderFields, Response


@pytest.mark.parametrize(
    "url, expected",
    [
        ("https://shop.example/a?b=1#c", ("https", "shop.example", "/a", "b=1")),
        ("HTTP://Shop.Example:80", ("http", "shop.example", "/", "")),
        ("https://shop.example:443?x", ("https", "shop.example", "/", "x")),
        ("https://shop.example:8443/", ("https", "shop.example:8443", "/", "")),
        ("https://me:secret@shop.example/", ("https", "shop.example", "/", "")),
        ("http://[::1]:8080/a", ("http", "[::1]:8080", "/a", "")),
        ("/a?b=c?d", ("https", None, "/a", "b=c?d")),
        ("/", ("https", None, "/", "")),
        ("//a//", ("https", None, "//a//", "")),
        ("/%61/b/%7e?%69d=%2f", ("https", None, "/a/b/~", "id=%2F")),
        ("/café au lait?q=ü", ("https", None, "/caf%C3%A9%20au%20lait", "q=%C3%BC")),
    ],
)
def test_a_url_is_taken_apart(url: str, expected: tuple[str, str | None, str, str]) -> None:
    """Path and query are in canonical form: nothing is resolved, and only needless escapes are decoded."""
    request = Request(url)

    assert expected == (request.scheme, request.host, request.path, request.query)


@pytest.mark.parametrize(
    "arguments",
    [
        {"url": "shop.example/a"},
        {"url": "ftp://shop.example/"},
        {"url": ""},
        {"url": "?a=1"},
        {"url": "#a"},
        {"url": "https:///a"},
        {"url": "https://münchen.example/"},
        {"url": "https://shop example/"},
        {"url": "/\ud800"},
        {"url": b"/"},
        {"url": None},
        {"url": "/", "method": "GET /"},
        {"url": "/", "method": 1},
        {"url": "/", "headers": {"x": 1}},
        {"url": "/", "headers": {1: "x"}},
        {"url": "/", "headers": [("x", "1")]},
        {"url": "/", "cookies": {"": "1"}},
        {"url": "/", "facts": {"location.contry": "DE"}},
        {"url": "/", "facts": {"request.path": "/a"}},
        {"url": "/", "facts": {"response.status_code": 200}},
        {"url": "/", "facts": {"location.country": None}},
        {"url": "/", "facts": ["location.country"]},
        {"url": "/", "headers": None},
        {"url": "/", "cookies": []},
        {"url": "/", "facts": ""},
        {"url": "/", "unknown": None},
        {"url": "/", "unknown": "*"},
        {"url": "/", "unknown": (1,)},
        {"url": "/", "response": 200},
    ],
)
def test_what_is_not_a_request_is_refused(arguments: dict[str, Any]) -> None:
    """Each mistake has a coded error."""
    with pytest.raises(RequestError) as raised:
        Request(**arguments)

    assert raised.value.code == "request"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/a/../b", "dot-segment"),
        ("/a\nb", "control-character"),
        ("/a?\x7f", "control-character"),
        ("/a\\b", "backslash"),
        ("/100%", "invalid-escape"),
    ],
)
def test_what_no_edge_takes_is_a_request_with_its_refusal(url: str, reason: str) -> None:
    """So that readers can show what the edge does; text for people holds no control characters."""
    request = Request(url)
    assert request.refusal is not None
    assert request.refusal.reason == reason
    assert (request.path + request.query).isprintable()


def test_a_misspelled_fact_gets_a_proposal() -> None:
    """So that it is not silently missing."""
    with pytest.raises(RequestError, match=r'did you mean "location\.country"'):
        Request("/", facts={"location.contry": "DE"})


@given(
    st.text(max_size=30),
    st.text(max_size=5),
    st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2),
)
def test_any_text_makes_a_request_or_a_coded_error(url: str, method: str, texts: dict[str, str]) -> None:
    """No other exception comes out."""
    for arguments in (
        {"url": url},
        {"url": "/" + url, "method": method, "headers": texts},
        {"url": "/", "cookies": texts},
        {"url": "/", "facts": texts},
        {"url": "/", "unknown": tuple(texts)},
    ):
        with contextlib.suppress(PrefetchRouterError):
            Request(**arguments)


def test_names_of_headers_ignore_case_and_methods_are_upper_case() -> None:
    """As HTTP has it."""
    request = Request("/", "post", headers={"X-Tier": "gold"})

    assert (request.method, request.headers) == ("POST", {"x-tier": "gold"})


def test_cookies_and_the_cookie_header_tell_the_same() -> None:
    """Whichever is given; the first of a name counts, and those given by name win."""
    from_header = Request("/", headers={"cookie": "a=1; b=2;a=3; flag"})
    from_names = Request("/", headers={"cookie": "a=1"}, cookies={"a": "2", "c": "3"})

    assert from_header.cookies == {"a": "1", "b": "2"}
    assert from_names.headers["cookie"] == "a=2; c=3"


def test_facts_are_text() -> None:
    """Numbers and flags count as they are written in JSON."""
    request = Request("/", facts={"device.is_tablet": True, "random": 7, "device.resolution_width": 768.0})

    assert request.facts == {"device.is_tablet": "true", "random": "7", "device.resolution_width": "768"}


def test_a_request_is_frozen_and_can_be_compared() -> None:
    """It can be changed only by making another one."""
    request = Request("/a", facts={"random": 1})

    with pytest.raises(FrozenInstanceError):
        request.method = "POST"  # type: ignore[misc]
    assert replace(request, url="/b").path == "/b"
    assert request == Request("/a", facts={"random": 1})
    assert len({request, Request("/a", facts={"random": 1})}) == 1
    assert {Request("/")} == {Request("/", headers={}, cookies={}, facts={}, unknown=[])}  # type: ignore[arg-type]


def test_header_fields_keep_the_fields_of_a_name_apart() -> None:
    """And join them as a mapping."""
    fields = HeaderFields([("Set-Cookie", "a=1"), ("X-A", "1"), ("set-cookie", "b=2")])

    assert dict(fields) == {"set-cookie": "a=1, b=2", "x-a": "1"}
    assert fields.all("SET-COOKIE") == ("a=1", "b=2")
    assert fields.fields() == (("set-cookie", "a=1"), ("set-cookie", "b=2"), ("x-a", "1"))
    assert fields == HeaderFields({"x-a": "1", "set-cookie": ["a=1", "b=2"]})


def test_header_fields_of_a_mapping_that_is_theirs_are_like_any_other() -> None:
    """They only were not checked."""
    fields = HeaderFields.of({"set-cookie": ("a=1", "b=2"), "x-a": ("1",)})

    assert fields == HeaderFields([("Set-Cookie", "a=1"), ("X-A", "1"), ("set-cookie", "b=2")])
    assert fields["Set-Cookie"] == "a=1, b=2"
    assert HeaderFields(fields) == fields
    assert hash(fields) == hash(HeaderFields(dict(fields.items()) | {"set-cookie": ["a=1", "b=2"]}))


@pytest.mark.parametrize("fields", ["x", 5, [("a",)], {"a": 1}, {1: "a"}, [1]])
def test_what_are_not_header_fields_is_refused(fields: Any) -> None:
    """With a coded error."""
    with pytest.raises(RequestError):
        HeaderFields(fields)


@pytest.mark.parametrize("status", [99, 1000, "200", True, None])
def test_what_is_not_a_status_is_refused(status: Any) -> None:
    """A response has a number of three digits."""
    with pytest.raises(RequestError):
        Response(status)
