"""Bodies of requests on their way to an origin."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from edge.origins.raw_origin import (
    LIMITS,
    OK,
    RawOrigin,
    answering,
    asked_in_turn,
    failure,
    get,
    raw_origin,
    reaching,
    started,
    whole,
)
from edge.waiting import pass_by, run_by_hand, settled
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.origins import UrlUpstream


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET", "PROPFIND"])
def test_a_body_in_one_piece_has_its_length(method: str) -> None:
    request = replace(get("/", method), body=b"four")
    origin, _, _ = asked_in_turn(answering(OK), request)

    assert origin.bodies == [b"four"]
    assert origin.heads[0].split(b"\r\n")[1:-2] == [b"host: shop.example", b"content-length: 4"]


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        await asyncio.sleep(0)
        yield piece


def test_a_streamed_body_keeps_the_length_that_is_known() -> None:
    known = replace(get("/", "POST", **{"content-length": "4"}), body=_pieces(b"fo", b"ur"))
    unknown = replace(get("/", "PUT"), body=_pieces(b"fo", b"ur"))
    origin, _, _ = asked_in_turn(answering(OK), known, unknown)

    assert origin.bodies == [b"four", b"four"]
    assert b"content-length: 4\r\n" in origin.heads[0]
    assert b"chunked" not in origin.heads[0].lower()
    assert b"transfer-encoding: chunked" in origin.heads[1].lower()


@pytest.mark.parametrize("length", ["3", "5"])
def test_a_streamed_body_of_another_length_is_not_passed_off_as_whole(length: str) -> None:
    request = replace(get("/", "POST", **{"content-length": length}), body=_pieces(b"fo", b"ur"))

    with pytest.raises(OriginError, match="the body"):
        asked_in_turn(answering(OK), request)


def test_why_a_streamed_body_broke_off_is_reported_as_it_was() -> None:
    class Gone(Exception):
        pass

    async def broken() -> AsyncIterator[bytes]:
        yield b"fo"
        raise Gone

    async def run() -> RawOrigin:
        async with raw_origin(answering(OK)) as origin:
            async with started(UrlUpstream("http", "127.0.0.1", origin.port, limits=LIMITS)) as upstream:
                with pytest.raises(Gone):
                    await upstream.fetch(replace(get("/", "POST"), body=broken()))
            return origin

    assert asyncio.run(run()).heads == []


def test_a_slow_upload_is_not_a_slow_answer() -> None:
    async def slow() -> AsyncIterator[bytes]:
        for _ in range(6):
            pass_by(LIMITS.answer_seconds * 0.9)
            await settled()
            yield b"x"

    async def run() -> list[bytes]:
        async with raw_origin(answering(OK)) as origin, reaching(origin, LIMITS) as upstream:
            await whole(await upstream.fetch(replace(get("/", "POST"), body=slow())))
            return origin.bodies

    assert run_by_hand(run()) == [b"xxxxxx"]


async def _never_reads(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, origin: RawOrigin) -> None:
    await asyncio.sleep(60)


def test_an_origin_that_does_not_take_the_body() -> None:
    request = replace(get("/", "POST"), body=b"x" * 30_000_000)

    assert failure(_never_reads, request, replace(LIMITS, answer_seconds=0.2))[0] == "timeout"
