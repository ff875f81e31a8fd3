"""The section `caching`: what browsers and the service worker are reported."""

from __future__ import annotations

from edge.features.rules import harness, shows, status, when
from edge.harness import Answer
from prefetchrouter.edge.origin_client import OriginError

DAY = {"max_age": "1d"}
DOWN = Answer(error=OriginError("unreachable", "nobody is there"))


@shows("caching.bypass_client_cache")
async def test_browsers_keep_nothing_and_the_edge_does() -> None:
    there = harness({"caching": {**DAY, "bypass_client_cache": True, "client_max_age": "1h"}})
    there.answers("/a", b"0123456789", etag='"1"', cache_control="max-age=5", x_page="1")
    for asked, expected in (
        ({}, 200),
        ({}, 200),
        ({"if_none_match": '"1"'}, 304),
        ({"range": "bytes=0-1"}, 206),
    ):
        got = await there.get("/a", **asked)
        assert got.status == expected
        assert got.headers["cache-control"] == "private, no-cache, no-store, must-revalidate"
        assert "expires" not in got.headers
    assert len(there.origin.asked) == 1


@shows("caching.client_max_age")
async def test_what_browsers_are_reported_on_a_miss_and_on_a_hit() -> None:
    """Expires stays what Date and the time make: both count from the making of the answer, as Age does."""
    there = harness({"caching": {**DAY, "client_max_age": "10m"}})
    made = "Fri, 15 Jan 2027 08:00:00 GMT"
    there.answers(
        "/a", etag='"1"', cache_control="max-age=1", date=made, expires="Fri, 15 Jan 2027 08:00:01 GMT"
    )
    for age in (0, 100):
        got = await there.get("/a")
        assert got.headers["cache-control"] == "max-age=600"
        assert got.headers["expires"] == "Fri, 15 Jan 2027 08:10:00 GMT"
        assert (got.headers["date"], got.headers["age"]) == (made, str(age))
        there.now += 100
    known = await there.get("/a", if_none_match='"1"')
    assert (known.status, known.headers["cache-control"]) == (304, "max-age=600")


@shows("caching.client_max_age")
async def test_a_negative_time_means_that_browsers_ask_each_time() -> None:
    there = harness({"caching": {**DAY, "client_max_age": "-1s"}})
    for _ in range(2):
        got = await there.get("/a")
        assert got.headers["cache-control"] == "no-cache"
        assert got.headers["expires"] == "Thu, 01 Jan 1970 00:00:00 GMT"


@shows("caching.cache_control_header_treatment", "caching.expires_header_treatment")
async def test_what_becomes_of_the_origins_own_words() -> None:
    origins = {"cache-control": "max-age=5", "expires": "Fri, 15 Jan 2027 08:00:05 GMT"}
    both = ("cache_control_header_treatment", "expires_header_treatment")
    made = {"cache-control": "max-age=60", "expires": "Fri, 15 Jan 2027 08:01:00 GMT"}
    nothing: dict[str, str] = {}
    for treatment, with_own, without_own in (
        ("pass", origins, nothing),
        ("overwrite", made, made),
        ("if_missing", origins, made),
        ("remove", nothing, nothing),
    ):
        there = harness({"caching": {**DAY, "client_max_age": "1m", **dict.fromkeys(both, treatment)}})
        there.origin.answers["/own"] = Answer(headers=origins)
        for target, expected in (("/own", with_own), ("/none", without_own)) * 2:
            headers = (await there.get(target)).headers
            assert {name: headers[name] for name in made if name in headers} == expected


@shows("caching.service_worker_max_age")
async def test_what_the_service_worker_gets() -> None:
    """With every answer of the site, whole, in part, or unchanged; never with the edge's own no."""
    there = harness({"caching": {"max_age": {"200": "1d", "404": "1d"}, "service_worker_max_age": "10m"}})
    there.answers("/a", b"0123", etag='"1"')
    there.answers("/gone", status=404)
    for target, asked, expected in (
        ("/a", {}, 200),
        ("/a", {"if_none_match": '"1"'}, 304),
        ("/a", {"range": "bytes=0-1"}, 206),
        ("/a?edgio_prefetch=1", {}, 200),
        ("/gone", {}, 404),
        ("/gone?edgio_prefetch=1", {}, 404),
    ):
        got = await there.get(target, **asked)
        assert (got.status, got.headers.get("x-sw-cache-control")) == (expected, "max-age=600")
    there.origin.answers["/down"] = DOWN
    for target, expected in (("/b?edgio_prefetch=1", 412), ("/down", 502)):
        got = await there.get(target)
        assert (got.status, "x-sw-cache-control" in got.headers) == (expected, False)


@shows("caching.service_worker_max_age")
async def test_its_time_may_hang_on_the_response() -> None:
    there = harness({"caching": DAY}, when(status("200"), {"caching": {"service_worker_max_age": "1m"}}))
    for _ in range(2):
        assert (await there.get("/a")).headers["x-sw-cache-control"] == "max-age=60"
