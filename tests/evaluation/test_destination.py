"""Destinations are valid URLs, and what a request puts into one stays in its place."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.evaluation.destination import Destination

PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
PATH, QUERY = rf"(?:/{PCHAR}*)+", rf"(?:{PCHAR}|[/?])*"
AUTHORITY = r"[A-Za-z0-9\-._~%]+(?::[0-9]*)?"
TARGET = re.compile(rf"{PATH}(?:\?{QUERY})?")
REFERENCE = re.compile(rf"(?:(?:(?:https?:)?//{AUTHORITY}(?:{PATH})?|{PATH})(?:\?{QUERY})?(?:#{QUERY})?)")
"""What RFC 3986 allows, written down once more."""


@pytest.mark.parametrize(
    "criteria, helper, url, location",
    [
        ("/docs", lambda route: route.redirect("/docs/"), "/docs", "/docs/"),
        ("/docs", lambda route: route.redirect("/docs/"), "/docs/", None),
        ("/(.*)/", lambda route: route.redirect("/:0"), "/a/", "/a"),
        ("/(.*)/", lambda route: route.redirect("/:0"), "/", None),
        ("/blog/:rest*", lambda route: route.redirect("/:rest*"), "/blog", "/"),
        ("/blog/:rest*", lambda route: route.redirect("/:rest*"), "/blog/", "/"),
        ("/blog/:rest*", lambda route: route.redirect("/:rest*?a=1"), "/blog", "/?a=1"),
        (re.compile(r"^(/.*[^/])$"), lambda route: route.redirect("$1/"), "/a?x=1", "/a/?x=1"),
        (re.compile(r"^/(.+)/$"), lambda route: route.redirect("/$1"), "//evil.example/", "/evil.example"),
        (re.compile(r"^/(.+)/$"), lambda route: route.redirect("$1"), "//evil.example/", "/evil.example"),
        (re.compile(r"^/r/(.*)$"), lambda r: r.redirect("$1"), "/r/https://x.example", "/https:/x.example"),
        ("/:a?/b", lambda route: route.redirect("/x/:a/y"), "/b", "/x/y"),
        ("/uni", lambda route: route.redirect("/neu ä/x"), "/uni", "/neu%20%C3%A4/x"),
        ("/up", lambda route: route.redirect("/a/../../x"), "/up", "/x"),
        ("/idn", lambda route: route.redirect("https://münchen.example/ä"), "/idn",
         "https://xn--mnchen-3ya.example/%C3%A4"),
        ("/p", lambda route: route.redirect("https://[::1]:8080/p"), "/p", "https://[::1]:8080/p"),
        ("/p", lambda route: route.redirect("//cdn.example/p"), "/p", "//cdn.example/p"),
    ],
)  # fmt: skip
def test_a_redirect_is_what_its_author_means(
    criteria: Any, helper: Any, url: str, location: str | None
) -> None:
    """A page that is there already is not redirected, and no capture names a host."""
    redirect = evaluate(Router().match(criteria, helper), Request(url)).redirect
    assert location == (redirect and redirect.location)


@pytest.mark.parametrize(
    "criteria, destination, url, path",
    [
        ("/shop/:id", "/läden/:id", "/shop/7", "/l%C3%A4den/7"),
        ("/sp/:id", "/a b/:id", "/sp/7", "/a%20b/7"),
        ("/old", "/new/", "/old/", "/new/"),
        ("/q/(.*)", "/q/:0.html", "/q/a?x=1", "/q/a.html?x=1"),
        ("/fn/:rest*", "/bar?url=:rest*", "/fn/a?x=1", "/bar?url=a&x=1"),
        ("/fn/:rest*", "/bar?url=:rest*", "/fn/a/?x=1", "/bar?url=a&x=1"),
        ("/fn/:rest*", "/bar?url=:rest*", "/fn/a&b=c+d", "/bar?url=a%26b=c%2Bd"),
        ("/a/:id", "/a/:id?fixed=1", "/a/7?x=1", "/a/7?fixed=1&x=1"),
        (re.compile(r"^/a/([^?]*)(\?.*)?$"), "/b?p=$1$2", "/a/7?x=1", "/b?p=7&x=1"),
        (re.compile(r"^/a\?(.*)$"), "/b?$1", "/a?x=1&y=2", "/a?x=1&y=2"),
        ("/n", "/n#top", "/n", "/n%23top"),
    ],
)
def test_a_rewrite_is_what_its_author_means(criteria: Any, destination: str, url: str, path: str) -> None:
    """Two queries are joined with an ampersand, by whatever helper and source."""
    for helper in (lambda r: r.update_path(destination), lambda r: r.proxy("web", path=destination)):
        assert path == evaluate(Router().match(criteria, helper), Request(url)).path


@pytest.mark.parametrize(
    "destination, url, location",
    [
        ("https://%{host}%{request_uri}", "http://shop.example/a?b", "https://shop.example/a?b"),
        ("%{scheme}://www.%{host}%{uri}", "https://shop.example//a", "https://www.shop.example/a"),
        ("%{request_uri}/b", "https://shop.example//evil.example", "/evil.example/b"),
        ("https://%{http_none}%{request_uri}", "http://shop.example/a", None),
        ("/b/%{http_x}/c?q=%{http_x}", "/a", "/b/1%3F2%23&3/x/c?q=1?2%23%263/../x"),
        ("/new?b=2%{is_args}%{query_string}", "/a?x=1", "/new?b=2&x=1"),
        ("/new?b=2%{is_args}%{query_string}", "/a", "/new?b=2"),
        ("%{http_referer}", "/a", "https://shop.example/from?x=1"),
    ],
)  # fmt: skip
def test_variables_stay_in_their_place(destination: str, url: str, location: str | None) -> None:
    """A header begins no query and climbs to no other folder; only at the start it is the URL."""
    router = Router().always(url={"url_redirect": {"destination": destination}})
    request = Request(url, headers={"x": "1?2#&3/../x", "referer": "https://shop.example/from?x=1"})
    redirect = evaluate(router, request).redirect
    assert location == (redirect and redirect.location)


@pytest.mark.parametrize(
    "source, destination, url, location",
    [
        ("(.*)", "https://$1", "http://x/evil.example", None),
        ("(.*)", "https://%{host}$1", "http://x//evil.example", "https://x/evil.example"),
        ("^/(.*)", "https://www.shop.example$1", "/.evil.example", "https://www.shop.example/.evil.example"),
        ("^/(.*)", "https://www.shop.example$1", "/@evil.example", "https://www.shop.example/evil.example"),
        ("^/t/([a-z]+)", "https://$1.shop.example/", "/t/de", "https://de.shop.example/"),
    ],
)
def test_a_capture_is_not_a_host(source: str, destination: str, url: str, location: str | None) -> None:
    """Behind a whole host name it is the path; without any host there is no redirect."""
    router = Router().always(url={"url_redirect": {"source": source, "destination": destination}})
    redirect = evaluate(router, Request(url)).redirect
    assert location == (redirect and redirect.location)


TEXTS = st.text(alphabet='/.?#&%:@ \\aä\r\n[]"2e', max_size=8)
PIECES = st.lists(
    st.tuples(
        st.sampled_from(["text", "captured", "query", "http_x", "request_uri", "host", "slash"]), TEXTS
    ),
    max_size=6,
)


@given(
    PIECES, st.sampled_from(["/", "/a/", "https://shop.example", "https://shop.example/", ""]), st.booleans()
)
def test_whatever_is_put_together_is_a_url(
    pieces: list[tuple[str, str]], start: str, is_target: bool
) -> None:
    """It names no host but the author's, and holds neither control characters nor dot segments."""
    made = Destination(is_target=is_target)
    made.add_text(start)
    for kind, text in pieces:
        match kind:
            case "text":
                is_host = start.endswith("example")
                made.add_text(text if start and not is_host else f"/{text.lstrip('/:')}")
            case "captured" | "query":
                made.add_captured(text, of_query=kind == "query")
            case "slash":
                made.add_slash()
            case name:
                made.add_variable(name, text)
    url = made.url()
    if url is None:
        return
    if is_target:
        assert TARGET.fullmatch(url)
        assert not url.startswith("//")
    elif start.startswith("https"):
        assert REFERENCE.fullmatch(url)
    elif start:
        assert REFERENCE.fullmatch(url)
        assert not url.startswith("//")
    path = re.sub(r"[?#].*", "", url)
    if path.startswith("/"):
        assert not re.search(r"/(?:\.|%2[Ee]){1,2}(?:/|\Z)", path)
