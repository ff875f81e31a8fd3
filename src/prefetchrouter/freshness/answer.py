"""An answer as a cache sees it: the headers that decide freshness, read once, and when it came."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from prefetchrouter.errors import FreshnessError, shown
from prefetchrouter.freshness.cache_control import CacheControl, delta_seconds

Headers = Mapping[str, str] | Iterable[tuple[str, str]]

_NO_CONTROL: Final = CacheControl()


@dataclass(frozen=True, slots=True)
class Answer:
    """The facts of one answer. Moments are in seconds on any one clock, lengths of time in seconds.

    Args:
        status: The status code.
        cache_control: The directives.
        pragma_no_cache: ``Pragma: no-cache`` was sent; it counts only without Cache-Control.
        age: What the Age header says; absent or unreadable is 0.
        date: When it was made, from Date; None without one.
        expires: When it goes stale, from Expires; minus infinity when unreadable, None without one.
        last_modified: From Last-Modified; None without one.
        validator: Whether there is an ETag or Last-Modified.
        vary: The request headers that Vary names, in lower case.
        requested: When the request left.
        received: When the answer came.

    Example:
        >>> Answer.from_headers({"cache-control": "max-age=900", "age": "840"}).age
        840.0
    """

    status: int = 200
    cache_control: CacheControl = _NO_CONTROL
    pragma_no_cache: bool = False
    age: float = 0.0
    date: float | None = None
    expires: float | None = None
    last_modified: float | None = None
    validator: bool = False
    vary: tuple[str, ...] = ()
    requested: float = 0.0
    received: float = 0.0

    @classmethod
    def from_headers(
        cls, headers: Headers, *, status: int = 200, received: float | None = None, delay: float = 0.0
    ) -> Answer:
        """Return the facts of an answer's headers; no header text is refused.

        Args:
            headers: Names in any case, or pairs where a name may come more than once.
            status: The status code.
            received: When it came, in seconds since 1970. Without it the Date header is taken as current, and
                without that too an Expires counts as past: nothing says how far away it is.
            delay: Seconds between the request and the answer.

        Raises:
            FreshnessError: `received` or `delay` is not a usable number.

        Example:
            >>> answer = Answer.from_headers([("Vary", "Cookie"), ("Vary", "Accept"), ("ETag", '"a"')])
            >>> answer.vary, answer.validator
            (('cookie', 'accept'), True)
        """
        fields = _joined(headers)
        date = http_date(fields.get("date", ""))
        last_modified = http_date(fields.get("last-modified", ""))
        came = date if received is None else seconds(received, "the time of receipt")
        expires = http_date(fields["expires"]) if "expires" in fields else None
        if "expires" in fields and (expires is None or came is None):
            expires = -math.inf
        came = came or 0.0
        return cls(
            status=status,
            cache_control=CacheControl.parse(fields.get("cache-control", "")),
            pragma_no_cache="no-cache" in CacheControl.parse(fields.get("pragma", "")),
            age=age_value(fields.get("age", "")),
            date=date,
            expires=expires,
            last_modified=last_modified,
            validator="etag" in fields or "last-modified" in fields,
            vary=tuple(
                name for member in fields.get("vary", "").split(",") if (name := member.strip().lower())
            ),
            requested=came - seconds(delay, "the delay"),
            received=came,
        )


def age_value(text: str) -> float:
    """Return the seconds of an Age header: the first member of a list, 0 when it cannot be read.

    Source: RFC 9111 section 5.1; measured in Chromium 156 and Firefox ESR 153.7.

    Example:
        >>> age_value("10, 901"), age_value("abc")
        (10.0, 0.0)
    """
    return float(delta_seconds(text.split(",")[0].strip()) or 0)


def http_date(text: str) -> float | None:
    """Return the seconds since 1970 of an HTTP date, None for any other text.

    Source: RFC 9110 section 5.6.7.

    Example:
        >>> http_date("Thu, 01 Jan 1970 00:15:00 GMT"), http_date("0")
        (900.0, None)
    """
    try:
        moment = parsedate_to_datetime(text[:64])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def seconds(value: object, what: str) -> float:
    """Return a number of seconds that can be computed with.

    Raises:
        FreshnessError: It is no number, not finite, negative, or more than a thousand years.

    Example:
        >>> seconds(-1, "the click")
        Traceback (most recent call last):
        prefetchrouter.errors.FreshnessError: the click: -1 is not a length of time; expected seconds, \
from 0 on [seconds]
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 31_536_000_000:
        return float(value)
    message = f"{what}: {shown(value)} is not a length of time"
    raise FreshnessError.of("seconds", message, expected="seconds, from 0 on")


def _joined(headers: Headers) -> dict[str, str]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    fields: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
    return fields
