"""Requests, with facts given, left out and declared unknown."""

from __future__ import annotations

from hypothesis import strategies as st

from prefetchrouter import Request
from prefetchrouter.http.message import Response
from strategies.paths import paths, urls

words = st.sampled_from(["1", "de", "new", "x y", "Apple", "true", "404", "ümläut", ""])
_facts = st.dictionaries(
    st.sampled_from(
        [
            "location.country", "location.city", "device.is_mobile", "device.brand_name", "request.client_ip",
            "device.resolution_height", "variable.geo_country", "request.referring_domain", "random",
        ]
    ),
    words | st.integers(0, 1200) | st.booleans(),
    max_size=4,
)  # fmt: skip
_unknown = st.lists(
    st.sampled_from(
        ["*", "location.*", "location.country", "device.is_mobile", "request.header.x-ab", "random"]
    ),
    max_size=2,
)
_headers = st.dictionaries(st.sampled_from(["x-ab", "User-Agent", "accept-language"]), words, max_size=2)
_responses = st.builds(Response, st.sampled_from([200, 301, 404, 500]), st.just({"x-a": "b"}))


@st.composite
def requests(draw: st.DrawFn, *, certain: bool = False) -> Request:
    """A request to the URLs that `patterns` can match.

    Args:
        draw: Given by hypothesis.
        certain: Whether nothing is declared unknown, and a random number is given.
    """
    address = draw(urls() | paths())
    facts = draw(_facts)
    if certain:
        facts = {"random": 5, **facts}
    return Request(
        draw(st.sampled_from(["https://shop.example", "http://shop.example", ""])) + address,
        draw(st.sampled_from(["GET", "GET", "POST", "PUT", "HEAD"])),
        headers=draw(_headers),
        cookies=draw(st.dictionaries(st.sampled_from(["session", "ab"]), words, max_size=1)),
        facts=facts,
        response=draw(st.none() | _responses),
        unknown=() if certain else tuple(draw(_unknown)),
    )
