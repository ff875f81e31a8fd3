"""Beacons: what a page sends is read, and what no page sends is refused by its kind."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.beacon_samples import made_views, query_of
from prefetchrouter.measurement.page_view import BeaconError, PageView, view_of_data, view_of_query

GOOD: dict[str, Any] = {"browser": "firefox", "source": "store", "navigation": "click"}
QUERY = "edgio_view=1&browser=firefox&source=store&navigation=click"


def test_a_view_is_the_same_by_query_and_as_data() -> None:
    """The script has both forms: a request, and an object for a function."""
    for view in made_views(50):
        assert view_of_query(query_of(view), view.time) == view
        assert view_of_data(json.loads(json.dumps(view.data()))) == view


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", "another version"),
        (QUERY.replace("=1", "=2"), "another version"),
        (QUERY.replace("firefox", "lynx"), "no such browser"),
        (QUERY.replace("store", "moon"), "no such source"),
        (f"{QUERY}&group=vip", "no such group"),
        (f"{QUERY}&lcp=-1", "no number"),
        (f"{QUERY}&lcp=9e9", "no number"),
        (f"{QUERY}&lcp=%D9%A3", "no number"),
        (f"{QUERY}&lcp=600001", "a number that cannot be"),
        (f"{QUERY}&ttfb=500&lcp=100", "painted before its first byte"),
        (f"{QUERY}&share=nan", "a number that cannot be"),
        (f"{QUERY}&share=x", "no number"),
        (f"{QUERY}&rule={'a' * 121}", "no name of a rule"),
        (f"{QUERY}&rule=%0Aroot", "no name of a rule"),
        (f"{QUERY}&by=1", "wrong prefetches by rule"),
        (f"{QUERY}&by=1001+0+0+/a", "wrong prefetches by rule"),
        (f"{QUERY}{'&by=1+0+0+/a' * 41}", "wrong prefetches by rule"),
        (f"{QUERY}{'&a=1' * 200}", "too many fields"),
        (f"{QUERY}&a={'a' * 5000}", "too long"),
    ],
)
def test_what_no_page_sends_is_refused(query: str, problem: str) -> None:
    """Anybody can send a beacon."""
    with pytest.raises(BeaconError, match=f"^{problem}$"):
        view_of_query(query)


@pytest.mark.parametrize(
    "wrong",
    [
        {"browser": None},
        {"browser": ["firefox"]},
        {"lcp": True},
        {"lcp": "12"},
        {"lcp": float("inf")},
        {"rule": 7},
        {"rules": {}},
        {"rules": ["/a"]},
        {"rules": [{"rule": "/a", "used": 1.5}]},
        {"time": -1},
    ],
)
def test_data_of_wrong_types_is_refused(wrong: dict[str, Any]) -> None:
    """A function of a site may send what it likes."""
    with pytest.raises(BeaconError):
        view_of_data({**GOOD, **wrong})


@given(st.text(max_size=200) | st.text(alphabet="edgio_view=1&browser0 %+/;\x00\n", max_size=200))
def test_any_text_is_a_view_or_refused(text: str) -> None:
    """The input comes from the network."""
    for query in (text, f"{QUERY}&{text}"):
        try:
            assert isinstance(view_of_query(query), PageView)
        except BeaconError:
            continue


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from([*PageView._fields, "x"]), VALUES))
def test_any_data_is_a_view_or_refused(data: dict[str, Any]) -> None:
    """Lines of JSON may come from elsewhere."""
    for found in (data, {**GOOD, **data}):
        try:
            assert isinstance(view_of_data(found), PageView)
        except BeaconError:
            continue
