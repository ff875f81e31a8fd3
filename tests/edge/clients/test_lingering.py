"""Heads go out with their bodies, and never later than what is due now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from prefetchrouter.edge.clients.lingering import LingeringTransport

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


class Transport(asyncio.Transport):
    """Remembers each write to the system."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.ends = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

    def is_closing(self) -> bool:
        return self.ends


def written(*pieces: bytes, ends: bool = False) -> tuple[list[bytes], list[bytes]]:
    """Return what was written at once, and what a turn of the event loop later."""

    async def run() -> tuple[list[bytes], list[bytes]]:
        transport = Transport()
        lingering = LingeringTransport(transport, lambda: None)
        for piece in pieces:
            lingering.write(piece)
        at_once = [*transport.writes]
        transport.ends = ends
        await asyncio.sleep(0)
        return at_once, transport.writes

    return asyncio.run(run())


@pytest.mark.parametrize("body", [b"ok", b"", b"x" * 1_000_000])
def test_a_head_goes_out_with_the_first_piece_of_its_body(body: bytes) -> None:
    at_once, all_of_it = written(HEAD, body, b"more")
    assert at_once == all_of_it == [HEAD + body, b"more"]


def test_a_head_whose_body_is_still_to_come_does_not_wait_for_it() -> None:
    assert written(HEAD) == ([], [HEAD])


def test_an_interim_answer_does_not_wait() -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    assert written(interim, HEAD, b"ok")[0] == [interim, HEAD + b"ok"]


def test_a_body_that_looks_like_a_head_is_written_all_the_same() -> None:
    assert written(HEAD, HEAD, HEAD) == ([HEAD + HEAD], [HEAD + HEAD, HEAD])


def test_nothing_is_written_to_a_connection_that_ends() -> None:
    assert written(HEAD, ends=True) == ([], [])
