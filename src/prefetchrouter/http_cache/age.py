"""How old an answer is, and the headers that say so."""

from __future__ import annotations

from email.utils import formatdate

from prefetchrouter.freshness.cache_control import MOST_SECONDS
from prefetchrouter.freshness.dates import strict_date
from prefetchrouter.freshness.received_response import age_value
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.fields import changed


def initial_age(headers: HeaderFields, *, asked: float, arrived: float) -> float:
    """Return how old an answer is when it comes, in seconds from 0 to `MOST_SECONDS`.

    The larger of what Date tells, and of what Age tells with the time on the way added.

    Args:
        headers: The headers of the answer.
        asked: When the request was sent, in seconds since 1970.
        arrived: When the answer came, in seconds since 1970.

    Source: RFC 9111 section 4.2.3.

    Example:
        >>> initial_age(HeaderFields({"age": "840"}), asked=1000, arrived=1002)
        842.0
        >>> initial_age(HeaderFields({"date": "Thu, 01 Jan 1970 00:15:00 GMT"}), asked=1000, arrived=1000)
        100.0
    """
    made = _date(headers, arrived)
    apparent = 0.0 if made is None else arrived - made
    told = age_value(headers.get("age", "")) + max(0.0, arrived - asked)
    return min(max(0.0, apparent, told), float(MOST_SECONDS))


def with_age(headers: HeaderFields, age: float) -> HeaderFields:
    """Return the headers of a copy with its Age in whole seconds, in place of any that it came with.

    Args:
        headers: The headers of the copy.
        age: How old it is, in seconds.

    Source: RFC 9111 section 5.1.

    Example:
        >>> with_age(HeaderFields({"Age": "840", "ETag": '"a"'}), 901.7).fields()
        (('age', '901'), ('etag', '"a"'))
    """
    return changed(headers, {"age": str(int(min(max(0.0, age), MOST_SECONDS)))})


def with_date(headers: HeaderFields, arrived: float) -> HeaderFields:
    """Return the headers of an answer with a Date: its own, or the time of arrival without a readable one.

    Args:
        headers: The headers of the answer.
        arrived: When it came, in seconds since 1970.

    Source: RFC 9110 section 6.6.1.

    Example:
        >>> with_date(HeaderFields({"date": "today"}), 900)["date"]
        'Thu, 01 Jan 1970 00:15:00 GMT'
    """
    if _date(headers, arrived) is not None:
        return headers
    return changed(headers, {"date": formatdate(arrived, usegmt=True)})


def _date(headers: HeaderFields, now: float) -> float | None:
    """Return what Date says, None without exactly one that is valid."""
    texts = headers.all("date")
    return strict_date(texts[0].strip(" \t"), now=now) if len(texts) == 1 else None
