"""Which requests are prefetches by others, which pages are guarded from them, which statuses show no page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Property, Request, Router, evaluate
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.prefetches import Announced, announced, foreign_prefetch, guards, shows_no_page


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("prefetch", "prefetch"),
        (" prefetch ", "prefetch"),
        ("prefetch;prerender", "prerender"),
        ("prefetch; prerender", "prerender"),
        ("prefetch;prerender=?1", "prerender"),
        ("prefetch;prerender=?0", "prefetch"),
        ("prefetch;anonymous-client-ip", "prefetch"),
        ("prefetch;anonymous-client-ip;prerender", "prerender"),
        ('prefetch;why="a;prerender"', "prefetch"),
        ("prefetch;new=1;prerender;x=:YQ==:", "prerender"),
        ("", None),
        ("prefetching", None),
        ("no-prefetch", None),
        ("prefetch-src", None),
        ('"prefetch"', None),
        ("Prefetch", "prefetch"),
        ("prerender", None),
        ("foo;prefetch", None),
        ("prefetch;", "prefetch"),
        ("prefetch,", "prefetch"),
        ("prefetch prerender", None),
        ("prefetch;Prerender", "prerender"),
        ("prefetch ;prerender", "prerender"),
        ("x, prefetch", "prefetch"),
        ("prefetch;;", "prefetch"),
    ],
)
def test_sec_purpose_is_an_item_with_parameters(text: str, way: Announced | None) -> None:
    """Parsed, not compared (RFC 9651 section 3.3); an invalid Item errs on the side of the origin."""
    assert announced(HeaderFields({"Sec-Purpose": text})) == way


@pytest.mark.parametrize(
    ("name", "text", "way"),
    [
        ("Purpose", "prefetch", "prefetch"),
        ("Purpose", " PREFETCH ", "prefetch"),
        ("X-Moz", "prefetch", "prefetch"),
        ("X-Purpose", "preview", "preview"),
        ("X-Purpose", "prefetch", "prefetch"),
        ("Purpose", "navigate", None),
        ("X-Moz", "", None),
        ("X-Prefetch", "prefetch", None),
    ],
)
def test_older_announcements_count_too(name: str, text: str, way: Announced | None) -> None:
    assert announced(HeaderFields({name: text})) == way


def test_each_field_of_sec_purpose_counts() -> None:
    assert announced(HeaderFields({"Sec-Purpose": ["x", "prefetch"]})) == "prefetch"


def test_what_cannot_be_parsed_leaves_the_older_header() -> None:
    assert announced(HeaderFields({"Sec-Purpose": "?", "Purpose": "prefetch"})) == "prefetch"


@pytest.mark.parametrize("query", ["edgio_prefetch=1", "a=1&edgio_dt_pf=1", "edgio_x"])
def test_with_a_parameter_of_ours_it_is_ours(query: str) -> None:
    headers = HeaderFields({"Sec-Purpose": "prefetch"})
    assert foreign_prefetch(headers, query) is None
    assert foreign_prefetch(headers, f"x{query}".replace("&", "&x")) == "prefetch"


@pytest.mark.parametrize(
    ("caching", "guarded"),
    [
        ({"max_age": "1h", "service_worker_max_age": "1h"}, True),
        ({"max_age": "1h"}, False),
        ({"service_worker_max_age": "1h"}, False),
        ({"max_age": "1h", "service_worker_max_age": "0s"}, False),
        ({"max_age": "1h", "service_worker_max_age": "1h", "bypass_cache": True}, False),
    ],
)
def test_prefetchable_pages_are_guarded(caching: dict[str, object], guarded: bool) -> None:
    features: dict[str, object] = {"caching": caching}
    router = Router().match("/a", **features)  # type: ignore[arg-type]
    assert guards(evaluate(router, Request("/a")), None) is guarded
    assert not guards(evaluate(router, Request("/a", method="POST")), None)


def test_the_site_or_a_rule_can_let_them_pass() -> None:
    caching = {"max_age": "1h", "service_worker_max_age": "1h"}
    router = Router().match("/a", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    decision = evaluate(router, Request("/a"))
    assert guards(decision, Property(name="shop"))
    assert guards(decision, Property(foreign_prefetch="refuse"))
    assert not guards(decision, Property(foreign_prefetch="allow"))
    features: dict[str, object] = {
        "caching": caching,
        "response": {"allow_prefetching_uncached_content": True},
    }
    assert not guards(evaluate(Router().match("/a", **features), Request("/a")), None)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [*range(200, 207), 226, 300, 301, 304, 404, 412, 503])
def test_a_page_needs_a_document_and_the_whole_of_it(status: int) -> None:
    assert shows_no_page(status, HeaderFields()) is (status in (204, 205, 206, 304))
    part = HeaderFields({"Range": "bytes=0-1"})
    assert shows_no_page(status, part) is (status in (204, 205, 304))
    known = HeaderFields({"If-None-Match": '"a"'})
    assert shows_no_page(status, known) is (status in (204, 205, 206))


@given(st.text(alphabet='prefetch;render=?01", :\\é', max_size=40))
def test_no_text_raises(text: str) -> None:
    assert announced(HeaderFields({"sec-purpose": text})) in (None, "prefetch", "prerender")
