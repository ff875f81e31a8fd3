"""What one client sends must not change what another gets: headers, methods, parts, names of parameters."""

from __future__ import annotations

import pytest

from edge.faults.site import Site, Turn, ok, run_scenario, site
from edge.serving import request
from prefetchrouter import Router

EVIL = "evil.example"
UNKEYED = [
    "Forwarded", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Forwarded-Port",
    "X-Forwarded-Server", "X-Forwarded-Scheme", "X-Forwarded-Prefix", "X-Forwarded-Path", "X-Host",
    "X-Original-Host", "X-Original-URL", "X-Rewrite-URL", "X-Real-IP", "X-HTTP-Method-Override",
    "X-HTTP-Method", "X-Method-Override", "Proxy", "Proxy-Connection", "TE", "Upgrade", "Expect",
]  # fmt: skip


async def reflect(turn: Turn) -> None:
    """Answer with the whole head, as an origin does that builds links from headers."""
    await turn.write(ok(turn.head))


@pytest.mark.parametrize("name", UNKEYED)
@pytest.mark.parametrize("spelt", [str, str.upper, lambda name: name.replace("-", "_")])
def test_headers_by_which_a_client_could_speak_for_the_edge(name: str, spelt: object) -> None:
    """Reach no origin, so nothing of them gets into an answer that others are given.

    Not with _ either: an origin that makes variables of headers, as of CGI, takes it for -.
    """

    async def scenario() -> None:
        async with site() as running:
            running.origin.answers["/a"] = reflect
            text = "100-continue" if name == "Expect" else EVIL
            client = await running.client()
            await client.send(request("/a", f"{spelt(name)}: {text}", "Connection: close"))  # type: ignore[operator]
            got = await client.rest()
            assert b" 200 OK" in got
            assert text.encode() not in got
            assert text.encode() not in (await running.get("/a")).body
            assert len(running.origin.turns) == 1

    run_scenario(scenario)


def test_what_the_origin_gets_instead() -> None:
    """Is what the edge knows itself."""

    async def scenario() -> None:
        async with site() as running:
            lies = [f"{name}: {EVIL}" for name in UNKEYED if name not in ("Upgrade", "Expect")]
            await running.get("/a", *lies)
            (turn,) = running.origin.turns
            assert turn.header("x-forwarded-for") == ["127.0.0.1"]
            assert turn.header("x-forwarded-proto") == ["https"]
            assert turn.header("x-forwarded-host") == ["a"]
            assert turn.header("host") == ["a"]
            assert EVIL.encode() not in turn.head

    run_scenario(scenario)


@pytest.mark.parametrize(
    "named", ["cookie", "authorization", "cache-control", "host", "vary", "x-forwarded-for"]
)
def test_what_connection_names_does_not_take_away_what_counts(named: str) -> None:
    """Without a cookie or a host another answer would be kept than the client's own."""

    async def scenario() -> None:
        async with site() as running:
            running.origin.answers["/a"] = reflect
            await running.get("/a", f"Connection: {named}", "Cookie: a=1", "Authorization: b", "Host2: c")
            (turn,) = running.origin.turns
            assert turn.header("cookie") == ["a=1"]
            assert turn.header("authorization") == ["b"]
            assert turn.header("host") == ["a"]
            assert turn.header("x-forwarded-for") == ["127.0.0.1"]
            assert len(running.cache) == 0

    run_scenario(scenario)


def test_hosts_do_not_share_copies() -> None:
    async def scenario() -> None:
        async with site() as running:
            running.origin.answers["/a"] = reflect
            for host, seen in (("a", "a"), (EVIL, EVIL), ("a.", "a"), ("A:443", "a"), ("a:81", "a:81")):
                client = await running.client()
                await client.send(f"GET /a HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                assert f"\r\nhost: {seen}\r\n".encode() in (await client.answer()).body
            assert len(running.cache) == len(running.origin.turns) == 3

    run_scenario(scenario)


@pytest.mark.parametrize(
    "one, other",
    [
        ("/a%3Ab", "/a:b"),
        ("/a;b", "/a"),
        ("/a/", "/a"),
        ("//a", "/a"),
        ("/A", "/a"),
        ("/a%3Fb=1", "/a?b=1"),
        ("/a?b=1&c=2", "/a?b=1;c=2"),
        ("/a?b=1", "/a?b=1&b=2"),
        ("/a?", "/a?b="),
        ("/a?b", "/a?b="),
        ("/a%23b", "/a"),
        ("/a?EDGIO_prefetch=1", "/a"),
        ("/a?x=edgio_prefetch=1", "/a"),
        ("/a?b=1%26edgio_prefetch=1", "/a?b=1"),
    ],
)
def test_what_is_spelt_differently_is_another_page(one: str, other: str) -> None:
    """With its own copy; the origin gets each as the client wrote it."""

    async def scenario() -> None:
        async with site() as running:
            for _ in range(2):
                for target in (one, other):
                    assert (await running.get(target)).body.decode() == target.removesuffix("?")
            assert [turn.target for turn in running.origin.turns] == [one.removesuffix("?"), other]
            assert len(running.cache) == 2

    run_scenario(scenario)


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("/a%61", "/aa"),
        ("/%61%2D%7e", "/a-~"),
        ("/a%3ab", "/a%3Ab"),
        ("/a?%62=%31", "/a?b=1"),
        ("/a?ids[]=1", "/a?ids%5B%5D=1"),
        ("/a?%65dgio%5fdt_pf=1&b", "/a?b"),
    ],
)
def test_one_page_in_two_spellings_has_one_copy(spelling: str, canonical: str) -> None:
    """The origin gets the canonical one (RFC 3986, section 6.2.2)."""

    async def scenario() -> None:
        async with site() as running:
            for target in (spelling, canonical):
                assert (await running.get(target)).body.decode() == canonical
            assert [turn.target for turn in running.origin.turns] == [canonical]
            assert len(running.cache) == 1

    run_scenario(scenario)


@pytest.mark.parametrize(
    "target",
    ["/a%2Fb", "/a%5cb", "/a\\b", "/a%00", "/a%0d%0aX-A:%20b", "/a%", "/a%4", "/a%zz", "/a?b=%"],
)
def test_what_origins_read_in_different_ways_reaches_none(target: str) -> None:
    async def scenario() -> None:
        async with site() as running:
            assert (await running.get(target)).status == 400
            assert running.origin.turns == []

    run_scenario(scenario)


@pytest.mark.parametrize(
    "target",
    [
        "/a/../b",
        "/a/%2e%2e/b",
        "/a/.%2E/b",
        "/./a",
        "/a/..",
        "/%2e",
        "/a/%2E%2e?b",
        "/a/..%2fb",
        "/a/..;/b",
        "/a%5c.%2e/",
    ],
)
def test_dot_segments_are_refused(target: str) -> None:
    async def scenario() -> None:
        async with site() as running:
            assert (await running.get(target)).status == 400
            assert running.origin.turns == []

    run_scenario(scenario)


def test_own_parameters_reach_no_origin_and_no_key() -> None:
    """Whatever their values; others with such words in them stay as they are."""

    async def scenario() -> None:
        async with site() as running:
            for query in ("", "?edgio_dt_pf=1", "?edgio_x=<script>", "?edgio_a=1&edgio_b=2", "?edgio_c"):
                assert (await running.get(f"/a{query}")).body == b"/a"
            assert running.origin.targets == ["GET /a"]
            assert (await running.get("/a?b=2&edgio_x=1&b=1")).body == b"/a?b=2&b=1"

    run_scenario(scenario)


async def same_for_all(running: Site, target: str, *headers: str, method: str = "GET") -> None:
    """Send something evil, then see that an honest visitor is not told anything evil."""
    await running.get(target, *headers, method=method)
    await running.idle()
    honest = await running.get(target)
    assert (honest.status, honest.body) == (200, b"honest")
    assert EVIL not in str(honest.headers)


def by_method_or_header(turn: Turn) -> bytes:
    if turn.method == "HEAD":
        return b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-For: evil.example\r\n\r\n"
    if turn.header("range"):
        return ok(b"ho", "Content-Range: bytes 0-1/6", f"X-For: {EVIL}", status="206 Partial Content")
    if turn.header("x-fail"):
        return ok(b"no", f"X-For: {EVIL}", status="400 Bad Request")
    if turn.header("if-none-match"):
        return b"HTTP/1.1 304 Not Modified\r\nX-For: evil.example\r\n\r\n"
    if turn.body:
        return ok(b"of a body")
    if turn.header("content-type") or turn.method != "GET":
        return ok(b"of another method")
    return ok(b"honest")


async def changeable(turn: Turn) -> None:
    await turn.write(by_method_or_header(turn))


def test_an_answer_to_another_question_is_not_kept() -> None:
    """Not that to HEAD or another method, not a part, not an error, not a 304 that no one asked for."""

    async def scenario() -> None:
        rules = Router().match("/:path*", caching={"max_age": {"200": "1h"}})
        async with site(rules) as running:
            running.origin.answers["/a"] = changeable
            await same_for_all(running, "/a?1", method="HEAD")
            await same_for_all(running, "/a?2", "Range: bytes=0-1")
            await same_for_all(running, "/a?3", "X-Fail: 1")
            await same_for_all(running, "/a?4", 'If-None-Match: "x"')
            await same_for_all(running, "/a?5", "Content-Type: text/evil", method="POST")
            await same_for_all(running, "/a?6", method="OPTIONS")
            await same_for_all(running, "/a?7", method="PURGE")
            for framing, body in (
                (b"Content-Length: 4", b"fat!"),
                (b"Transfer-Encoding: chunked", b"4\r\nfat!\r\n0\r\n\r\n"),
            ):
                fat = b"GET /a?8 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + framing + b"\r\n\r\n" + body
                assert (await running.raw(fat)).endswith(b"of a body")
                assert (await running.get("/a?8")).body == b"honest"

    run_scenario(scenario)


def test_a_range_that_an_origin_ignores_or_makes_up() -> None:
    """The edge requests the whole; a client that requested a part gets that part."""

    async def scenario() -> None:
        async with site() as running:
            running.origin.answers["/a"] = ok(b"0123456789")
            part = await running.get("/a", "Range: bytes=2-4")
            assert (part.status, part.body) == (206, b"234")
            assert not running.origin.turns[0].header("range")
            made_up = ok(b"evil", "Content-Range: bytes 0-3/10", status="206 Partial Content")
            running.origin.answers["/b"] = made_up
            await running.get("/b")
            running.origin.answers["/b"] = ok(b"0123456789")
            assert (await running.get("/b")).body == b"0123456789"

    run_scenario(scenario)


def test_errors_are_kept_only_where_a_rule_says_so() -> None:
    async def scenario() -> None:
        rules = Router().match("/:path*", caching={"max_age": {"200": "1h"}})
        rules.match("/kept", caching={"max_age": {"404": "1h"}})
        async with site(rules) as running:
            for status in ("400 No", "403 No", "404 No", "405 No", "414 No", "431 No", "500 No", "501 No"):
                running.origin.answers["/a"] = ok(b"no", "Cache-Control: max-age=60", status=status)
                assert (await running.get("/a")).status == int(status[:3])
            running.origin.answers["/a"] = ok(b"honest")
            assert (await running.get("/a")).body == b"honest"
            running.origin.answers["/kept"] = ok(b"no", status="404 No")
            for _ in range(2):
                assert (await running.get("/kept")).status == 404
            assert running.origin.targets.count("GET /kept") == 1

    run_scenario(scenario)


def test_vary_is_kept_apart_and_bounded() -> None:
    """A client that sends a thousand values replaces its own stored responses, not others' pages."""

    async def scenario() -> None:
        async def varied(turn: Turn) -> None:
            await turn.write(ok(turn.header("accept-language")[0].encode(), "Vary: Accept-Language"))

        async with site() as running:
            running.origin.answers["/a"] = varied
            assert (await running.get("/b")).body == b"/b"
            client = await running.client()
            for number in range(200):
                await client.send(request("/a", f"Accept-Language: x{number}"))
                assert (await client.answer()).body == b"x%d" % number
            assert (await running.get("/a", "Accept-Language: de")).body == b"de"
            assert (await running.get("/a", "Accept-Language: fr")).body == b"fr"
            assert (await running.get("/a", "Accept-Language: de")).body == b"de"
            assert len(running.cache) <= 1 + 32
            assert running.origin.targets.count("GET /b") == 1

    run_scenario(scenario)
