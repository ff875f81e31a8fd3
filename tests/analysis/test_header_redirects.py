"""A `Location` header beside a status of 3xx is a destination, and checked as one."""

from __future__ import annotations

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.analysis.header_redirects import header_redirect_warnings


def router_of(location: str, status: int = 302) -> Router:
    return Router().match(
        "/a",
        headers={"set_response_headers": {"Location": location}},
        response={"set_status_code": status},
    )


@pytest.mark.parametrize(
    "location, text",
    [
        ("", "empty"),
        ("//home", "names the host home"),
        ("https:///a", "names no host"),
        ("https://%{request_uri}", "names no host"),
        ("https:/home", "names no host"),
        ("home", "relative"),
        ("/b//c", "two slashes"),
        ("/b/../c", "dot segment"),
        ("%{arg_next}", "names the site"),
        ("/b/{id}", "not a parameter"),
        ("/a", "redirected to itself"),
    ],
)
def test_a_location_that_cannot_be_meant_is_a_warning(location: str, text: str) -> None:
    found = [warning for warning in header_redirect_warnings(router_of(location)) if text in warning.message]
    assert len(found) == 1
    assert found[0].hint
    assert found[0].source


@pytest.mark.parametrize("location", ["/b", "https://b.example%{request_uri}", "/b?to=%{uri}", "/b c"])
def test_a_location_that_may_be_meant_has_none(location: str) -> None:
    assert list(header_redirect_warnings(router_of(location))) == []


def test_a_location_of_a_page_that_was_made_is_not_a_redirect() -> None:
    assert list(header_redirect_warnings(router_of("//home", 201))) == []


def test_blanks_are_percent_encoded() -> None:
    """As in redirects, so that no client reads half of it."""
    redirect = evaluate(router_of("/b c"), Request("/a")).redirect
    assert redirect is not None
    assert redirect.location == "/b%20c"


def test_a_path_behind_a_whole_host_keeps_its_slashes() -> None:
    """And never becomes part of the host's name."""
    router = Router().always(url={"url_redirect": {"source": "/(.*)", "destination": "https://b.example$1"}})
    found = [evaluate(router, Request(path)).redirect for path in ("/c/d", "/.evil.example/x")]
    assert [redirect and redirect.location for redirect in found] == [
        "https://b.example/c/d",
        "https://b.example/.evil.example/x",
    ]


@pytest.mark.parametrize("text", [" /a", "/a ", '"/a"', "\ufeff/a", "/a\r"])
def test_what_stands_around_a_path_is_reported_with_the_path(text: str) -> None:
    """As it is read from a CSV file."""
    (warning,) = Router().match(text, comment="note").warnings
    assert warning.hint == 'write "/a"'
