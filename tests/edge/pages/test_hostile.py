"""Whatever a request holds, it is shown as text: no element, no attribute and no script comes from it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.exchanges import exchange, origin_request
from edge.pages.asking import Page, Site, view
from prefetchrouter.printable import printable

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "</title><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "<!--",
    "]]>",
    "&lt;b&gt;&amp;",
    "\x00\x1b[2J\u202e",
    "\ud800",
)
PATHS = ("requests", "cache", "origin", "requests/1")
KNOWN = {
    *("html", "head", "meta", "title", "style", "body", "a", "header", "div", "p", "nav", "button", "dl"),
    *("dt", "dd", "main", "script", "section", "h1", "h2", "h3", "ul", "li", "span", "code", "time"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "strong", "br", "link"),
    *("details", "summary"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "class", "href", "id", "type", "hidden", "aria-pressed", "role"),
    *("aria-label", "aria-current", "scope", "rel", "colspan", "datetime", "data-at", "title"),
}


def site_with(text: str) -> Site:
    """An edge that met a text in every place."""
    one: Any = exchange(
        f"/{text}",
        query=text,
        method=text,
        host=text,
        cache="miss",
        prefetch="hit",
        ttl=1,
        age=1,
        key=text,
        reason=text,
        rules=(text,),
        origin_calls=[text],
        asked={text: text, "cookie": f"{text}={text}", "authorization": text},
        sent={text: text, "set-cookie": text, "x-sw-cache-control": text},
    )
    site = Site(one, copies=(view(key=(text, text), vary=((text, text),), basis=text),))
    site.request_log.note_origin(
        origin_request(url=text, origin=text, method=text, failure=text, status=None)
    )
    return site


def pages_of(text: str) -> list[Page]:
    site = site_with(text)
    return [site.html(path) for path in PATHS]


HARMLESS = [page.shape for page in pages_of("harmless")]


def check(pages: list[Page]) -> None:
    """Lists have the same elements whatever the texts; an explanation has only known ones."""
    *lists, explained = pages
    assert [page.shape for page in lists] == HARMLESS[:-1]
    assert explained.open == []
    assert {tag for tag, _ in explained.elements} <= KNOWN
    assert {name for _, found in explained.elements for name in found} <= ATTRIBUTES
    for tag, attributes in explained.elements:
        assert tag != "script" or attributes == {}
    assert [tag for tag, _ in explained.elements].count("script") == 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_known_attacks_are_text(attack: str) -> None:
    """The pages have the same elements as with a harmless text, and show it whole."""
    check(pages_of(attack))
    seen = site_with(attack).html("requests").text
    assert printable(attack) in seen


markup = st.text(st.sampled_from("<>\"'&/=;!-{}%#()[]\\ \n\tabscriptonx\u2028\x00é"), max_size=40)


@given(markup | st.text(max_size=40))
def test_no_text_becomes_markup(text: str) -> None:
    """Random markup and random text alike."""
    check(pages_of(f"x{text}"))


@given(markup | st.text(max_size=40))
def test_an_explanation_of_any_url_and_header_is_text(text: str) -> None:
    """Where host and method are sound, so that the rules are asked."""
    one = exchange(
        f"/pages/{text}", query=text, asked={"x-a": text, "cookie": f"session={text}"}, sent={"x-b": text}
    )
    assert one.request.host == "localhost"
    check([*pages_of("harmless")[:-1], Site(one).html("requests/1")])


@given(markup | st.text(max_size=40))
def test_links_lead_only_to_our_pages_and_the_site(text: str) -> None:
    """No address comes from a request."""
    places = ("/", "#content", "#words")
    for page in pages_of(text):
        assert all(link in places or link.startswith("/__edgio__/") for link in page.links())


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_path_and_query_of_a_request_for_pages_is_taken(path: str, query: str) -> None:
    """Nothing that is asked for brings an error."""
    site = Site(exchange())
    for name in ("requests/", "cache", "requests?show=", ""):
        response = site.ask(f"{name}{path}?{query}")
        assert response.status in (200, 302, 404)
