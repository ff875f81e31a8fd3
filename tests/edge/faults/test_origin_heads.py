"""Answers whose heads are nonsense, contradict themselves or are too large: a 502 each, and nothing kept."""

from __future__ import annotations

import pytest

from edge.faults.site import LIMITS, HangsUp, Turn, ok, run_scenario, site
from prefetchrouter import Router

TIMES = 2 * LIMITS.origin_connections
HEAD = b"HTTP/1.1 200 OK\r\n"
NONSENSE = {
    "garbage": b"\x00\xff\xfe\x80 nothing like it\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "no status": b"HTTP/1.1 OK\r\n\r\n",
    "status 0": b"HTTP/1.1 000 No\r\nContent-Length: 0\r\n\r\n",
    "an unasked switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nright",
    "a length and chunks": HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": HEAD + b"Content-Length: -5\r\n\r\nright",
    "an unknown coding": HEAD + b"Transfer-Encoding: br, chunked\r\n\r\n0\r\n\r\n",
    "a bare line feed and a field": HEAD + b"X-A: a\nX-B\x00: b\r\nContent-Length: 0\r\n\r\n",
    "a control character": HEAD + b"X-A: \x1b[2J\r\nContent-Length: 0\r\n\r\n",
    "space before the colon": HEAD + b"Content-Length : 0\r\n\r\n",
    "one huge header": HEAD + b"X-A: " + b"a" * 100_000 + b"\r\nContent-Length: 0\r\n\r\n",
    "many headers": HEAD + b"".join(b"X-%d: 1\r\n" % n for n in range(50_000)) + b"\r\n",
    "headers without an end": HEAD + b"X-A: 1\r\n" * 100_000,
    "interim answers alone": b"HTTP/1.1 100 Continue\r\n\r\n" * 20,
}


@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense(what: str) -> None:
    """Clients get a 502 of the edge's own words; the next request has a connection, and its own answer."""

    async def scenario() -> None:
        async def act(turn: Turn) -> None:
            await turn.write(NONSENSE[what])
            raise HangsUp

        async with site() as running:
            running.origin.answers["/bad"] = act
            for number in range(TIMES):
                answer = await running.get(f"/bad?{number}")
                assert (answer.status, answer.header("cache-control")) == (502, ["no-store"])
                assert b"nothing like it" not in answer.body
                assert b"\x1b" not in answer.body
            assert (await running.get("/a")).body == b"/a"
            assert len(running.cache) == 1

    run_scenario(scenario)


def test_nonsense_instead_of_a_fresh_copy() -> None:
    """Leaves the old one, where a rule lets it answer on errors."""

    async def scenario() -> None:
        rules = Router().match("/a", caching={"max_age": "1s", "stale_on_error": True})
        async with site(rules) as running:
            running.origin.answers["/a"] = ok(b"old")
            await running.get("/a")
            for bad in NONSENSE.values():
                running.age(30)

                async def act(turn: Turn, bad: bytes = bad) -> None:
                    await turn.write(bad)
                    raise HangsUp

                running.origin.answers["/a"] = act
                assert (await running.get("/a")).body == b"old"
                running.origin.answers["/a"] = ok(b"old")
                running.age(3600)
                assert (await running.get("/a")).body == b"old"

    run_scenario(scenario)


def test_interim_answers_before_the_real_one() -> None:
    """Are passed over."""

    async def scenario() -> None:
        hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nSet-Cookie: early=1\r\n\r\n"
        async with site() as running:
            running.origin.answers["/a"] = hints * 3 + ok(b"real", "ETag: 1")
            for _ in range(2):
                answer = await running.get("/a")
                assert (answer.status, answer.body) == (200, b"real")
                assert not answer.header("set-cookie")
                assert not answer.header("link")
            assert len(running.origin.turns) == 1

    run_scenario(scenario)


def test_two_answers_to_one_request() -> None:
    """The second belongs to no request, however late it comes: queue poisoning."""

    async def scenario() -> None:
        async with site() as running:
            running.origin.answers["/two"] = ok(b"first") + ok(b"second")
            for number in range(20):
                assert (await running.get(f"/two?{number}")).body == b"first"
                assert (await running.get(f"/a?{number}")).body == b"/a?%d" % number

    run_scenario(scenario)


def test_large_heads_within_the_limit_pass() -> None:
    async def scenario() -> None:
        async with site() as running:
            running.origin.answers["/a"] = ok(b"x", f"X-A: {'a' * 60_000}")
            for _ in range(2):
                assert (await running.get("/a")).header("x-a") == ["a" * 60_000]

    run_scenario(scenario)
