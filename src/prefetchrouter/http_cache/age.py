"""The age of a response, and the headers that give it (RFC 9111 section 4.2.3)."""

from __future__ import annotations

from email.utils import formatdate

from prefetchrouter.freshness.cache_control import MOST_SECONDS
from prefetchrouter.freshness.received_response import age_value
from prefetchrouter.http.http_dates import strict_date
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed


def corrected_initial_age(headers: HeaderFields, *, request_time: float, response_time: float) -> float:
    """Return how old a response is when it is received, in seconds from 0 to `MOST_SECONDS`.

    The larger of ``apparent_age``, by Date, and ``corrected_age_value``, by Age and the time on the way.

    Args:
        headers: The headers of the response.
        request_time: When the request was sent, in seconds since 1970.
        response_time: When the response was received, in seconds since 1970.

    Source: RFC 9111 section 4.2.3.

    Example:
        >>> corrected_initial_age(HeaderFields({"age": "840"}), request_time=1000, response_time=1002)
        842.0
        >>> headers = HeaderFields({"date": "Thu, 01 Jan 1970 00:15:00 GMT"})
        >>> corrected_initial_age(headers, request_time=1000, response_time=1000)
        100.0
    """
    date_value = _date_value(headers, response_time)
    apparent_age = 0.0 if date_value is None else max(0.0, response_time - date_value)
    response_delay = max(0.0, response_time - request_time)
    corrected_age_value = age_value(headers.get("age", "")) + response_delay
    return min(max(apparent_age, corrected_age_value), float(MOST_SECONDS))


def with_age(headers: HeaderFields, current_age: float) -> HeaderFields:
    """Return the headers of a stored response with its Age in whole seconds, in place of any it came with.

    Args:
        headers: The headers of the stored response.
        current_age: How old it is, in seconds.

    Source: RFC 9111 section 5.1.

    Example:
        >>> with_age(HeaderFields({"Age": "840", "ETag": '"a"'}), 901.7).fields()
        (('age', '901'), ('etag', '"a"'))
    """
    return changed(headers, {"age": str(int(min(max(0.0, current_age), MOST_SECONDS)))})


def with_date(headers: HeaderFields, response_time: float) -> HeaderFields:
    """Return the headers of a response with a Date: its own, or without a valid one when it was received.

    Args:
        headers: The headers of the response.
        response_time: When it was received, in seconds since 1970.

    Source: RFC 9110 section 6.6.1.

    Example:
        >>> with_date(HeaderFields({"date": "today"}), 900)["date"]
        'Thu, 01 Jan 1970 00:15:00 GMT'
    """
    if _date_value(headers, response_time) is not None:
        return headers
    return changed(headers, {"date": formatdate(response_time, usegmt=True)})


def _date_value(headers: HeaderFields, now: float) -> float | None:
    """Return the time in Date; None without exactly one that is valid."""
    texts = headers.all("date")
    return strict_date(texts[0].strip(" \t"), now=now) if len(texts) == 1 else None
