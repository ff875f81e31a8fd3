"""Requests that could be read in two ways: one reading, or none; nothing hidden reaches an origin."""

from __future__ import annotations

import re

import pytest

from edge.faults.site import run_scenario, site
from edge.serving import request

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\nHost: a\r\n"
GET = b"GET /a HTTP/1.1\r\nHost: a\r\n"
CHUNKS = b"0\r\n\r\n" + HIDDEN

REFUSED = {
    "length and coding": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
    "coding and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 43\r\n\r\n" + CHUNKS,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 34\r\n\r\n" + HIDDEN,
    "the same length twice": POST + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + HIDDEN,
    "a list of lengths": POST + b"Content-Length: 0, 34\r\n\r\n" + HIDDEN,
    "a signed length": POST + b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "a length in hexadecimal": POST + b"Content-Length: 0x0\r\n\r\n" + HIDDEN,
    "a length with an underscore": POST + b"Content-Length: 0_0\r\n\r\n" + HIDDEN,
    "a length without digits": POST + b"Content-Length:\r\n\r\n" + HIDDEN,
    "a length beyond all numbers": POST + b"Content-Length: 18446744073709551616\r\n\r\n" + HIDDEN,
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKS,
    "chunks within identity": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNKS,
    "the coding twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n" + CHUNKS,
    "a vertical tab in the coding": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n" + CHUNKS,
    "a coding with a space before its colon": POST + b"Transfer-Encoding : chunked\r\n\r\n" + CHUNKS,
    "a length with a space before its colon": POST + b"Content-Length : 34\r\n\r\n" + HIDDEN,
    "a folded coding": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n" + CHUNKS,
    "a folded header": GET + b"X-A: a\r\n b\r\n\r\n",
    "a bare line feed": POST.replace(b"\r\n", b"\n") + b"X-A: a\n\n" + HIDDEN,
    "a bare carriage return": GET + b"X-A: a\rX-B: b\r\n\r\n",
    "NUL in a value": GET + b"X-A: a\x00b\r\n\r\n",
    "NUL in a name": GET + b"X\x00A: a\r\n\r\n",
    "NUL in the target": b"GET /a\x00b HTTP/1.1\r\nHost: a\r\n\r\n",
    "a header without a name": GET + b": a\r\n\r\n",
    "a header without a colon": GET + b"nothing\r\n\r\n",
    "a space at the start of the head": b"GET /a HTTP/1.1\r\n Host: a\r\nHost: b\r\n\r\n",
    "two hosts": GET + b"Host: b\r\n\r\n",
    "no host": b"GET /a HTTP/1.1\r\n\r\n",
    "a host with a path": b"GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "a host with a user": b"GET /a HTTP/1.1\r\nHost: x@a\r\n\r\n",
    "two hosts in one": b"GET /a HTTP/1.1\r\nHost: a, b\r\n\r\n",
    "another host in the target": b"GET http://b/a HTTP/1.1\r\nHost: a\r\n\r\n",
    "another version": b"GET /a HTTP/1.2\r\nHost: a\r\n\r\n",
    "an old version": b"GET /a HTTP/0.9\r\nHost: a\r\n\r\n",
    "no version": b"GET /a\r\n\r\n",
    "the next version": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "spaces in the target": b"GET /a /b HTTP/1.1\r\nHost: a\r\n\r\n",
    "bytes beyond ASCII in the target": b"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a fragment": b"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
    "a tunnel": b"CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n",
    "an upgrade with a body": POST + b"Connection: upgrade\r\nUpgrade: x\r\nContent-Length: 3\r\n\r\nabc",
    "no number of a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + CHUNKS,
    "a signed chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n" + HIDDEN,
    "a chunk in hexadecimal": POST + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + HIDDEN,
    "a chunk too large": POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n" + HIDDEN,
    "a chunk that goes on": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n" + CHUNKS,
    "a chunk with a bare line feed": POST + b"Transfer-Encoding: chunked\r\n\r\n0\n\n" + HIDDEN,
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 and so on\r\n\r\n",
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str) -> None:
    """With one answer, after which the connection ends; a request that came before it on it is answered."""

    async def scenario() -> None:
        async with site() as running:
            for before in (b"", request("/before")):
                came = await running.raw(before + REFUSED[what])
                answers = re.split(rb"HTTP/1\.1 (?=\d{3} )", came)[1:]
                assert len(answers) == 1 + bool(before)
                assert answers[-1][:1] in (b"4", b"5"), answers[-1]
                assert b"connection: close" in answers[-1]
                assert b"cache-control: no-store" in answers[-1]
            assert set(running.origin.targets) <= {"GET /before", "POST /a"}
            assert all(b"hidden" not in turn.body for turn in running.origin.turns)
            assert len(running.cache) == 1

    run_scenario(scenario)


LENGTH = b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN
CODING = b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n"
ONE_READING = {
    "a GET with a body": GET + LENGTH,
    "a GET with chunks": GET + CODING + CHUNK + b"0\r\n\r\n",
    "a POST with a body": POST + LENGTH,
    "a DELETE with a body": POST.replace(b"POST", b"DELETE") + LENGTH,
    "a coding in capitals": POST + CODING.replace(b" chunked", b"\tCHUNKED") + CHUNK + b"0\r\n\r\n",
    "a chunk with an extension": POST + CODING + CHUNK.replace(b"\r\n", b";a=b\r\n", 1) + b"0\r\n\r\n",
    "trailers": POST + CODING + CHUNK + b"0\r\nX-Forwarded-Host: evil\r\n\r\n",
}


@pytest.mark.parametrize("what", ONE_READING)
def test_a_request_within_a_body_is_a_body(what: str) -> None:
    """At the origin too; and the next request on the connection gets its own response."""

    async def scenario() -> None:
        async with site() as running:
            for number in range(5):
                last = request(f"/next?{number}", "Connection: close")
                came = await running.raw(ONE_READING[what] + last)
                answers = re.split(rb"HTTP/1\.1 (?=\d{3} )", came)[1:]
                assert len(answers) == 2
                assert answers[-1].endswith(b"\r\n\r\n/next?%d" % number)
            bodies = [turn.body for turn in running.origin.turns if turn.target == "/a"]
            assert bodies == [HIDDEN] * 5
            assert "GET /hidden" not in running.origin.targets
            assert all(b"evil" not in turn.head for turn in running.origin.turns)
            if b"GET /a" in ONE_READING[what]:
                assert (await running.get("/a")).body == b"/a"
                assert running.told[-1].trace.cache == "miss"

    run_scenario(scenario)


def test_what_is_too_large_is_refused_before_it_has_come() -> None:
    """A head of 64 KiB, a body of 100 MiB; the origin gets neither."""

    async def scenario() -> None:
        async with site() as running:
            for long in (request("/" + "a" * 70_000), request("/", f"X-A: {'a' * 70_000}")):
                assert (await running.raw(long)).startswith(b"HTTP/1.1 431 ")
            much = request("/", f"Content-Length: {101 * 1024 * 1024}", method="POST")
            assert (await running.raw(much + b"begun")).startswith(b"HTTP/1.1 413 ")
            assert running.origin.turns == []
            assert (await running.get("/" + "a" * 60_000)).status == 200

    run_scenario(scenario)
