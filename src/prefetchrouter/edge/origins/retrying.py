"""Retries after certain statuses of an origin."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from prefetchrouter.edge.origin_client import OriginRequest, OriginResponse
from prefetchrouter.http.http_dates import strict_date
from prefetchrouter.rules.servers import Retry

Ask = Callable[[OriginRequest], Awaitable[OriginResponse]]


async def fetch_with_retries(
    ask: Ask,
    request: OriginRequest,
    retry: Retry | None,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> OriginResponse:
    """Return a response, after as many retries as the origin's description allows.

    The wait before each is the longer of `after_seconds` and the response's `Retry-After`. A response whose
    wait would exceed `max_wait_seconds` in all is returned as it is. A streamed body is sent only once.

    Args:
        ask: Sends the request to the origin.
        request: The request.
        retry: After which statuses, and how often; None for never.
        sleep: Waits for a number of seconds.

    Raises:
        OriginError: There is no response.
    """
    answer = await ask(request)
    if retry is None or not (request.body is None or isinstance(request.body, bytes)):
        return answer
    waited = 0.0
    for _ in range(1, retry.max_requests):
        if answer.status not in retry.status_codes:
            break
        wait = wait_before(answer, retry, time.time())
        waited += wait
        if waited > retry.max_wait_seconds:
            break
        await answer.close()
        await sleep(wait)
        answer = await ask(request)
    return answer


def wait_before(answer: OriginResponse, retry: Retry, now: float) -> float:
    """Return how many seconds to wait after a response.

    Args:
        answer: The response that causes the retry.
        retry: The retry settings of the origin.
        now: The time, in seconds since 1970.

    Source:
        RFC 9110, section 10.2.3: `Retry-After` is a number of seconds or a date.
    """
    least = max(0.0, float(retry.after_seconds or 0))
    requested = "" if retry.ignore_retry_after_header else answer.headers.get("retry-after", "").strip(" \t")
    if requested.isascii() and requested.isdigit():
        return max(least, float(requested))
    until = strict_date(requested, now=now)
    return least if until is None else max(least, until - now)
