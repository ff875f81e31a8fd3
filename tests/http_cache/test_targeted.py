"""CDN-Cache-Control decides what the edge stores, in place of Cache-Control and Expires (RFC 9213)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.freshness import CacheControl, ReceivedResponse
from prefetchrouter.freshness.http import freshness_lifetime, is_fresh, storable, validates_always
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http.structured_fields import dictionary
from prefetchrouter.http_cache.conditional import headers_of_304
from prefetchrouter.http_cache.storage import NotStorable, storage_policy
from prefetchrouter.http_cache.storage import StoragePolicy as Policy

DATE = {"date": "Thu, 01 Jan 2026 00:00:00 GMT"}
EXPIRES = {**DATE, "expires": "Thu, 01 Jan 2026 01:00:00 GMT"}
Headers = Mapping[str, str | Sequence[str]]


def kept(targeted: str | Sequence[str], asked: Headers | None = None, /, **more: Any) -> Policy | str:
    """What is stored of a response with this CDN-Cache-Control and other headers, or why nothing is."""
    features: dict[str, Any] = {"caching": {name: more.pop(name) for name in list(more) if "_" in name}}
    response = {name.replace("control", "cache-control"): text for name, text in more.items()}
    headers = HeaderFields({**DATE, "etag": '"a"', **response, "cdn-cache-control": targeted})
    request = Request("https://shop.example/a", response=Response(200, headers), headers=dict(asked or {}))  # type: ignore[arg-type]
    router = Router().match("/a", **features) if features["caching"] else Router()
    found = storage_policy(evaluate(router, request), "GET", HeaderFields(asked or {}), 200, headers, age=0)
    return found.reason if isinstance(found, NotStorable) else found


@pytest.mark.parametrize(
    ("targeted", "expected"),
    [
        ("max-age=60", Policy(60, 0, 0, "max-age")),
        ("s-maxage=30, max-age=60", Policy(30, 0, 0, "s-maxage")),
        ("max-age=60, s-maxage=30, stale-if-error=9", Policy(30, 0, 0, "s-maxage")),
        ("max-age=60, stale-while-revalidate=9", Policy(60, 9, 0, "max-age")),
        ("max-age=60, stale-if-error=9", Policy(60, 0, 9, "max-age")),
        (
            "max-age=60, stale-if-error=9, stale-while-revalidate=9, must-revalidate",
            Policy(60, 0, 0, "max-age"),
        ),
        ("max-age=60, stale-if-error=9, proxy-revalidate", Policy(60, 0, 0, "max-age")),
        ("max-age=60;unknown=1;p, x=:YQ==:, y=(1 2)", Policy(60, 0, 0, "max-age")),
        ("max-age=1, max-age=60", Policy(60, 0, 0, "max-age")),
        ("max-age=999999999999999", Policy(2**31, 0, 0, "max-age")),
        (["max-age=1", "max-age=60"], Policy(60, 0, 0, "max-age")),
        ("max-age=0", Policy(0, 0, 0, "max-age")),
        ("max-age=-5", Policy(0, 0, 0, "max-age")),
        ("max-age=60.0", Policy(0, 0, 0, "max-age")),
        ('max-age="60"', Policy(0, 0, 0, "max-age")),
        ("max-age=abc", Policy(0, 0, 0, "max-age")),
        ("max-age", Policy(0, 0, 0, "max-age")),
        ("no-cache", Policy(0, 0, 0, "no-cache")),
        ("no-cache, max-age=60", Policy(0, 0, 0, "no-cache")),
        ('no-cache="set-cookie", max-age=60', Policy(0, 0, 0, "no-cache")),
        ("no-store", "no-store in cdn-cache-control"),
        ("no-store=?0, max-age=60", "no-store in cdn-cache-control"),
        ("private, max-age=60", "private in cdn-cache-control"),
        ('private="x-who", max-age=60', "private in cdn-cache-control"),
        ("none", "no lifetime"),
        ("public", "no lifetime"),
    ],
)
@pytest.mark.parametrize("control", ["no-store", "private", "max-age=3600", "no-cache", None])
def test_the_targeted_field_alone_counts(
    targeted: str | Sequence[str], expected: Policy | str, control: str | None
) -> None:
    """Whatever Cache-Control, Expires and Pragma say."""
    others = {"expires": EXPIRES["expires"], "pragma": "no-cache"}
    if control is not None:
        others["control"] = control
    assert kept(targeted, **others) == expected


INVALID = [
    "", " ", "max-age=60,", ",max-age=60", "max-age=60, &", "max-age=60 private", "MAX-AGE=60", "Private",
    "max-age =60", "max-age= 60", "max-age=60; ", "max-age=+60", "max-age=60, no-cache=", 'no-cache="x',
    "max-age=1234567890123456", "max-age='60'", "máx-age=60", "max-age=60\x00", "x" * 70_000,
]  # fmt: skip


@pytest.mark.parametrize("targeted", INVALID)
def test_an_invalid_or_empty_field_is_as_if_it_were_not_there(targeted: str) -> None:
    """RFC 9213 section 2.1; then the dangerous side is that of Cache-Control."""
    assert kept(targeted, control="private") == "private"
    assert kept(targeted, control="max-age=30") == Policy(30, 0, 0, "max-age")
    assert kept(targeted, expires=EXPIRES["expires"]) == Policy(3600, 0, 0, "expires")


def test_a_second_line_that_is_invalid_spoils_the_first() -> None:
    assert kept(["max-age=60", "&"], control="private") == "private"


def test_rules_go_before_it_as_they_go_before_cache_control() -> None:
    assert kept("max-age=60", max_age="1h") == Policy(3600, 0, 0, "rule")
    assert kept("private", max_age="1h") == "private in cdn-cache-control"
    assert kept("private", max_age="1h", ignore_origin_no_cache=[200]) == Policy(3600, 0, 0, "rule")
    assert kept("max-age=60", control="private", max_age="1h") == Policy(3600, 0, 0, "rule")
    assert kept("none", default_internal_max_age={"200": "9s"}) == Policy(9, 0, 0, "default")
    assert kept("max-age=60", stale_while_revalidate="5s") == Policy(60, 5, 0, "max-age")


def test_it_shares_nothing_that_is_one_visitors() -> None:
    """Not with Authorization, which only a cache key opens, nor with Set-Cookie."""
    assert kept("public, s-maxage=60", {"authorization": "Basic eDp5"}) == "authorization"
    headers = HeaderFields({"cdn-cache-control": "max-age=60", "set-cookie": "a=b"})
    decision = evaluate(Router(), Request("/a", response=Response(200, headers)))
    assert storage_policy(decision, "GET", HeaderFields(), 200, headers, age=0) == NotStorable("set-cookie")


def test_browsers_do_not_know_it() -> None:
    response = ReceivedResponse.from_headers({"cache-control": "no-store", "cdn-cache-control": "max-age=60"})
    assert storable(response, shared=True)
    assert not storable(response)
    assert freshness_lifetime(response, shared=True).seconds == 60
    assert is_fresh(response, 59, shared=True)
    assert not is_fresh(response, 60, shared=True)
    response = ReceivedResponse.from_headers({"cache-control": "max-age=60", "cdn-cache-control": "no-cache"})
    assert is_fresh(response, 1)
    assert validates_always(response, shared=True)
    assert not validates_always(response)


def test_a_304_tells_it_too() -> None:
    """Caches behind this one update what they have (RFC 9110 section 15.4.5)."""
    headers = HeaderFields({"cdn-cache-control": "max-age=5", "etag": '"a"', "content-type": "text/html"})
    assert "cdn-cache-control" in headers_of_304(headers)


@given(st.text(alphabet='max-ge=60,; "()?:@%privt\\é', max_size=60))
def test_no_text_of_the_field_raises(text: str) -> None:
    """And what is taken has at least one directive."""
    found = CacheControl.parse_targeted(text)
    assert found is None or found.directives
    assert (found is None) == (not dictionary(text))
