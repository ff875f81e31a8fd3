"""The body of a request, piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from edge.serving import never
from prefetchrouter.edge.clients.request_body import (
    BodyTooLarge,
    BodyTooSlow,
    ClientDisconnected,
    RequestBody,
)


def receiving(*pieces: bytes | None, more: bool = False) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Give pieces; None for a client that leaves; with `more` wait for ever at the end."""
    messages = [
        {"type": "http.request", "body": piece, "more_body": more or number < len(pieces)}
        if piece is not None
        else {"type": "http.disconnect"}
        for number, piece in enumerate(pieces, 1)
    ]

    async def receive() -> dict[str, Any]:
        if not messages:
            await never()
        return messages.pop(0)

    return receive


def read(receive: Any, *, most: int = 10) -> tuple[list[bytes], RequestBody]:
    body = RequestBody(receive, most=most, seconds=0.01)

    async def main() -> list[bytes]:
        return [piece async for piece in body]

    return asyncio.run(main()), body


def test_pieces_come_in_order_and_none_is_empty() -> None:
    """Up to exactly what is allowed."""
    pieces, body = read(receiving(b"ab", b"", b"cdefgh", b"ij"))
    assert pieces == [b"ab", b"cdefgh", b"ij"]
    assert body.error is None


def test_it_can_be_asked_again_after_its_end() -> None:
    """And has nothing more."""
    _, body = read(receiving(b"ab"))

    async def again() -> list[bytes]:
        return [piece async for piece in body]

    assert asyncio.run(again()) == []


@pytest.mark.parametrize(
    "receive, error, status",
    [
        (receiving(b"abcdef", b"ghijk"), BodyTooLarge, 413),
        (receiving(b"a", more=True), BodyTooSlow, 408),
        (receiving(b"a", None), ClientDisconnected, 400),
    ],
)
def test_what_went_wrong_stays_known(receive: Any, error: type[Exception], status: int) -> None:
    """Asking again gives the same error."""
    body = RequestBody(receive, most=10, seconds=0.01)

    async def main() -> None:
        with pytest.raises(error):
            [piece async for piece in body]
        with pytest.raises(error):
            await anext(body)

    asyncio.run(main())
    assert isinstance(body.error, error)
    assert body.error.status == status
