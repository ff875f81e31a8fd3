"""Asking again: after which answers, after how long, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import formatdate

import pytest

from edge.origins.raw_origin import get
from prefetchrouter.edge.origin_client import OriginRequest, OriginResponse
from prefetchrouter.edge.origins.retrying import fetch_with_retries, wait_before
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.rules.servers import Retry


async def _nothing() -> AsyncIterator[bytes]:
    for piece in list[bytes]():
        yield piece


def answer(status: int, **headers: str) -> OriginResponse:
    return OriginResponse(status, HeaderFields(headers), _nothing())


def ask(
    retry: Retry | None, *answers: OriginResponse, request: OriginRequest | None = None
) -> tuple[int, int, list[float]]:
    """Return the status in the end, how many requests there were, and the waits."""
    waits: list[float] = []
    asked = 0

    async def one(request: OriginRequest) -> OriginResponse:
        nonlocal asked
        asked += 1
        return answers[asked - 1]

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    found = asyncio.run(fetch_with_retries(one, request or get("/"), retry, sleep=sleep))
    return found.status, asked, waits


RETRY = Retry.read(
    {"status_codes": [502, 503], "max_requests": 3, "max_wait_seconds": 10, "after_seconds": 2}
)


def test_a_good_answer_is_taken() -> None:
    assert ask(RETRY, answer(200)) == (200, 1, [])
    assert ask(RETRY, answer(500)) == (500, 1, [])
    assert ask(None, answer(503)) == (503, 1, [])


def test_a_bad_answer_is_asked_for_again() -> None:
    assert ask(RETRY, answer(503), answer(502), answer(200)) == (200, 3, [2.0, 2.0])


def test_there_is_an_end_to_it() -> None:
    assert ask(RETRY, answer(503), answer(503), answer(503)) == (503, 3, [2.0, 2.0])


@pytest.mark.parametrize("most", [0, 1])
def test_one_request_at_the_most(most: int) -> None:
    retry = Retry(status_codes=[503], max_requests=most, max_wait_seconds=10)

    assert ask(retry, answer(503)) == (503, 1, [])


def test_a_wait_that_is_too_long_is_not_begun() -> None:
    late = answer(503, **{"retry-after": "9"})

    assert ask(RETRY, answer(503), late) == (503, 2, [2.0])
    assert ask(RETRY, late, answer(200)) == (200, 2, [9.0])


def test_a_streamed_body_is_sent_once() -> None:
    request = replace(get("/", "POST"), body=_nothing())

    assert ask(RETRY, answer(503), request=request) == (503, 1, [])
    assert ask(RETRY, answer(503), answer(200), request=replace(request, body=b"x")) == (200, 2, [2.0])


@pytest.mark.parametrize(
    "told, wait",
    [
        ("5", 5.0),
        (" 5 ", 5.0),
        ("1", 2.0),
        (formatdate(1_800_000_007, usegmt=True), 7.0),
        (formatdate(1_700_000_000, usegmt=True), 2.0),
        ("soon", 2.0),
        ("-5", 2.0),
        ("", 2.0),
        ("Wed, 99 Foo 2026 00:00:00 GMT", 2.0),
        ("٥", 2.0),
    ],
)
def test_how_long_to_wait(told: str, wait: float) -> None:
    late = answer(503, **{"retry-after": told})

    assert wait_before(late, RETRY, 1_800_000_000) == wait
    deaf = Retry.read(
        {
            "status_codes": [503],
            "max_requests": 2,
            "max_wait_seconds": 9,
            "ignore_retry_after_header": True,
        }
    )
    assert wait_before(late, deaf, 1_800_000_000) == 0.0
