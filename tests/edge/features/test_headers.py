"""The section `headers`: what origins are reported, what is kept, what clients see."""

from __future__ import annotations

from edge.features.rules import harness, path, shows, status, when

HOUR = {"caching": {"max_age": "1h"}}


def written(**headers: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return a rule that sets response headers; in their names, _ stands for -."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return {"headers": {"set_response_headers": named}}


@shows("headers.set_response_headers")
async def test_response_headers_on_a_miss_on_a_hit_and_in_short() -> None:
    there = harness(HOUR, written(x_own="1", server="edge", x_gone=""))
    there.answers("/a", b"0123", etag='"1"', server="origin", x_gone="1")
    for asked, expected in (
        ({}, 200),
        ({}, 200),
        ({"if_none_match": '"1"'}, 304),
        ({"range": "bytes=0-1"}, 206),
    ):
        got = await there.get("/a", **asked)
        assert (got.status, got.headers["x-own"]) == (expected, "1")
        assert got.headers.get("server") == (None if expected == 304 else "edge") or expected == 304
        assert "x-gone" not in got.headers


@shows("headers.set_response_headers")
async def test_variables_of_request_and_response_for_each_client_of_one_copy() -> None:
    """What a header is filled with is asked for each client, not kept with the copy."""
    there = harness(
        HOUR,
        written(
            x_for="%{http_x_user:=nobody}",
            x_cookie="%{cookie_lang}",
            x_type="%{resp_content_type}",
            x_status="%{status}",
            x_query="%{query_string}",
        ),
    )
    there.answers("/a", content_type="text/html")
    for user, lang, cache in (("ann", "de", "miss"), ("bob", "en", "hit"), ("ann", "fr", "hit")):
        got = await there.get("/a", x_user=user, cookie=f"lang={lang}; id=1")
        assert got.trace.cache == cache
        told = [got.headers[name] for name in ("x-for", "x-cookie", "x-type", "x-status")]
        assert told == [user, lang, "text/html", "200"]
    prefetched = await there.get("/a?edgio_prefetch=1")
    assert (prefetched.headers["x-for"], "x-cookie" in prefetched.headers) == ("nobody", False)
    assert len(there.origin.asked) == 1


@shows("headers.set_response_headers")
async def test_headers_that_hang_on_the_response() -> None:
    missing = {"max_age": {"200": "1h", "404": "1h"}}
    there = harness({"caching": missing}, when(status("404"), written(x_missing="1"), written(x_there="1")))
    there.answers("/gone", status=404)
    for cache in ("miss", "hit"):
        gone, found = await there.get("/gone"), await there.get("/a")
        assert (gone.trace.cache, found.trace.cache) == (cache, cache)
        assert ("x-missing" in gone.headers, "x-there" in gone.headers) == (True, False)
        assert ("x-missing" in found.headers, "x-there" in found.headers) == (False, True)


@shows("headers.set_response_headers")
async def test_a_plus_appends_each_time_once() -> None:
    there = harness(HOUR, {"headers": {"set_response_headers": {"+vary": ", x-a", "+x-new": "1"}}})
    there.answers("/a", vary="accept")
    for _ in range(2):
        got = await there.get("/a")
        assert (got.headers["vary"], got.headers["x-new"]) == ("accept, x-a", "1")


@shows("headers.set_response_headers")
async def test_a_random_part_of_the_requests_also_from_one_copy() -> None:
    drawn = {"<": [{"random": 99}, 50]}
    there = harness(HOUR, when(drawn, written(x_part="1")))
    found = {"x-part" in (await there.get("/a")).headers for _ in range(100)}
    assert found == {True, False}
    assert len(there.origin.asked) == 1


@shows("headers.set_response_headers")
async def test_facts_that_are_reported_about_every_visitor() -> None:
    german = when({"===": [{"location": "country"}, "DE"]}, written(x_land="%{geo_country}"))
    there = harness(HOUR, german, facts={"location.country": "DE"})
    for _ in range(2):
        assert (await there.get("/a")).headers["x-land"] == "DE"
    there = harness(HOUR, german, facts={"location.country": "FR"})
    assert "x-land" not in (await there.get("/a")).headers


@shows("headers.add_response_headers")
async def test_added_headers_stand_beside_others() -> None:
    def added(text: str) -> dict[str, dict[str, dict[str, str]]]:
        return {"headers": {"add_response_headers": {"link": text}}}

    there = harness(HOUR, added("<a>"), added("<b>; to=%{path}"))
    there.answers("/a", link="<own>")
    for _ in range(2):
        assert (await there.get("/a")).headers.all("link") == ("<own>", "<a>", "<b>; to=/a")
        assert (await there.get("/b")).headers.all("link") == ("<a>", "<b>; to=/b")


@shows("headers.remove_response_headers")
async def test_what_clients_do_not_see_still_counts_for_the_cache() -> None:
    there = harness({"headers": {"remove_response_headers": ["Cache-Control", "x-secret"]}})
    there.answers("/a", cache_control="max-age=60", x_secret="1", x_other="1")
    for cache in ("miss", "hit"):
        got = await there.get("/a")
        assert (got.trace.cache, set(got.headers)) == (cache, {"age", "date", "x-other"})


@shows("headers.remove_origin_response_headers")
async def test_what_is_taken_from_an_answer_before_it_is_kept() -> None:
    there = harness(HOUR, {"headers": {"remove_origin_response_headers": ["Set-Cookie", "vary"]}})
    there.answers("/a", set_cookie="user=1", vary="cookie")
    stories = [(await there.get("/a", cookie=f"user={number}")).trace.cache for number in range(3)]
    assert stories == ["miss", "hit", "hit"]
    assert "set-cookie" not in (await there.get("/a")).headers


@shows("headers.set_origin_response_headers")
async def test_what_an_answer_is_given_before_it_is_kept() -> None:
    words = {"Cache-Control": "max-age=60", "vary": "x-tier", "x-made": "%{resp_server}"}
    there = harness({"headers": {"set_origin_response_headers": words}})
    there.answers("/a", cache_control="no-store", server="origin")
    assert [(await there.get("/a", x_tier="gold")).trace.cache for _ in range(2)] == ["miss", "hit"]
    other = await there.get("/a", x_tier="tin")
    assert (other.trace.cache, other.trace.ttl, other.headers["x-made"]) == ("miss", 60, "origin")


@shows("headers.age_response_header")
async def test_the_age_may_be_kept_back() -> None:
    there = harness(HOUR, {"headers": {"age_response_header": False}})
    there.answers("/a", age="100", etag='"1"')
    for asked in ({}, {}, {"if_none_match": '"1"'}):
        assert "age" not in (await there.get("/a", **asked)).headers


@shows("headers.age_response_header")
async def test_the_age_may_be_kept_back_by_path() -> None:
    there = harness(HOUR, when(path("/a"), {"headers": {"age_response_header": False}}))
    for target, has_age in (("/a", False), ("/b", True)) * 2:
        assert ("age" in (await there.get(target)).headers) is has_age


@shows("headers.debug_header")
async def test_a_request_may_ask_what_the_cache_made_of_it() -> None:
    there = harness(HOUR, {"headers": {"debug_header": True}})
    names = "x-ec-cache, x-ec-cache-remote, x-ec-check-cacheable, x-ec-cache-key, x-ec-cache-state"
    for target, status_text, cacheable in (
        ("/a", "TCP_MISS", "YES"),
        ("/a", "TCP_HIT", "YES"),
        ("/b?edgio_prefetch=1", "TCP_MISS", "NO"),
    ):
        got = await there.get(target, x_ec_debug=names)
        assert got.headers["x-ec-cache"] == got.headers["x-ec-cache-remote"] == status_text
        assert got.headers["x-ec-check-cacheable"] == cacheable
        assert got.headers["x-ec-cache-key"] == f"shop.example{target.partition('?')[0]}"
    assert not {name for name in (await there.get("/a")).headers if name.startswith("x-ec-")}
    there.now += 60
    state = (await there.get("/a", x_ec_debug="x-ec-cache-state")).headers["x-ec-cache-state"]
    assert state == "max-age=3600; cache-age=60; remaining-ttl=3540"


@shows("headers.set_request_headers")
async def test_what_the_origin_is_reported() -> None:
    told = {
        "x-secret": "s",
        "x-path": "%{path}",
        "+x-more": ",edge",
        "accept-language": "",
        "x-user": "%{cookie_user}",
    }
    there = harness({"headers": {"set_request_headers": told}})
    await there.get("/a", x_more="client", accept_language="de", cookie="user=ann")
    await there.get("/b", cookie="user=bob")
    first, second = (asked.headers for asked in there.origin.asked)
    assert [first[name] for name in ("x-secret", "x-path", "x-more", "x-user")] == [
        "s",
        "/a",
        "client,edge",
        "ann",
    ]
    assert "accept-language" not in first
    assert [second[name] for name in ("x-path", "x-more", "x-user")] == ["/b", ",edge", "bob"]


@shows("headers.set_request_headers")
async def test_what_the_origin_is_reported_when_a_copy_is_checked() -> None:
    there = harness({"headers": {"set_request_headers": {"x-secret": "s"}}}, {"caching": {"max_age": "1m"}})
    there.answers("/a", etag='"1"')
    await there.get("/a")
    there.now += 61
    await there.get("/a", if_none_match='"other"')
    checked = there.origin.asked[1].headers
    assert (checked["x-secret"], checked["if-none-match"]) == ("s", '"1"')


@shows("headers.set_client_ip_custom_header")
async def test_the_origin_finds_the_visitors_address_where_it_likes() -> None:
    there = harness({"headers": {"set_client_ip_custom_header": "X-Visitor"}})
    await there.get("/a", x_visitor="203.0.113.9")
    assert there.origin.asked[0].headers.all("x-visitor") == ("127.0.0.1",)
