"""The section `access`: who is refused."""

from __future__ import annotations

from edge.features.rules import harness, path, shows, status, when

DENIED = {"access": {"deny_access": True}}
HOUR = {"caching": {"max_age": "1h", "service_worker_max_age": "1h"}}


@shows("access.deny_access")
async def test_a_refusal_without_cache_and_origin() -> None:
    there = harness(HOUR, {"headers": {"set_response_headers": {"x-own": "1"}}}, when(path("/a"), DENIED))
    for target in ("/a", "/a?edgio_prefetch=1"):
        got = await there.get(target)
        assert (got.status, got.trace.cache, got.headers["x-own"]) == (403, "synthetic", "1")
        assert "x-sw-cache-control" not in got.headers
    assert (await there.ask("/a", "POST", b"x")).status == 403
    assert there.origin.asked == []
    assert (await there.get("/b")).status == 200


@shows("access.deny_access")
async def test_who_is_refused_is_asked_for_each_client_of_a_copy() -> None:
    banned = when({"===": [{"request.cookie": "user"}, "eve"]}, DENIED)
    there = harness(HOUR, banned)
    expected = {"ann": 200, "eve": 403, "bob": 200}
    for _ in range(2):
        found = {user: (await there.get("/a", cookie=f"user={user}")).status for user in expected}
        assert found == expected
    assert len(there.origin.asked) == 1


@shows("access.deny_access")
async def test_a_refusal_goes_before_all_else() -> None:
    there = harness(
        {**DENIED, "url": {"url_redirect": {"destination": "/new"}}, "response": {"set_done": True}}
    )
    got = await there.get("/a")
    assert (got.status, "location" in got.headers) == (403, False)


@shows("access.deny_access")
async def test_a_refusal_after_the_origin_was_asked_shows_nothing_of_its_answer() -> None:
    there = harness(HOUR, when(status("404"), DENIED))
    there.answers("/a", b"secret", status=404, x_secret="1")
    for _ in range(2):
        got = await there.get("/a")
        assert (got.status, b"secret" in got.body, "x-secret" in got.headers) == (403, False, False)
