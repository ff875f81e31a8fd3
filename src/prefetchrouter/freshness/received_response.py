"""A response as a cache sees it: the headers that decide freshness, parsed once, and when it was received."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from prefetchrouter.errors import FreshnessError, shown
from prefetchrouter.freshness.cache_control import CacheControl, delta_seconds
from prefetchrouter.http.http_dates import lax_date, strict_date

Headers = Mapping[str, str] | Iterable[tuple[str, str]]

Reader = Literal["http", "chromium", "firefox"]
"""Who reads the headers: the safe reading of RFC 9111, or a browser with its own."""

Dates = tuple[float | None, float | None, float | None]
"""Date, Expires and Last-Modified, as an `ReceivedResponse` has them."""

_NO_CONTROL: Final = CacheControl()


@dataclass(frozen=True, slots=True)
class ReceivedResponse:
    """The facts of one response. Moments are in seconds on any one clock, lengths of time in seconds.

    Args:
        status: The status code.
        cache_control: The directives.
        pragma_no_cache: ``Pragma: no-cache`` was sent; it counts only without Cache-Control.
        age: What the Age header says; absent or unreadable is 0.
        date: When it was generated, from Date; None without one.
        expires: When it goes stale, from Expires; minus infinity when unreadable, None without one.
        last_modified: From Last-Modified; None without one.
        validator: Whether there is an ETag or a Last-Modified.
        vary: The request headers that Vary names, in lower case.
        request_time: When the request was sent (RFC 9111 section 4.2.3).
        response_time: When the response was received.
        targeted: The directives of CDN-Cache-Control, which edges heed in place of `cache_control` and
            `expires`; None without a valid one.
        browser_dates: The three dates as browsers read them, where that differs.

    Example:
        >>> ReceivedResponse.from_headers({"cache-control": "max-age=900", "age": "840"}).age
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
    request_time: float = 0.0
    response_time: float = 0.0
    targeted: CacheControl | None = None
    browser_dates: Dates | None = field(default=None, repr=False)

    def seen_by(self, reader: Reader = "http", *, shared: bool = False) -> ReceivedResponse:
        """Return the response as one reader sees it: the fields that it heeds, the dates that it can read.

        A shared cache in front of a site heeds CDN-Cache-Control in place of Cache-Control, Expires and
        Pragma. A browser knows nothing of it, and reads malformed dates as well.

        Args:
            reader: Who reads the headers.
            shared: True for an edge, false for a browser.

        Source: RFC 9213 section 2.2.

        Example:
            >>> headers = {"cache-control": "no-store", "cdn-cache-control": "max-age=9"}
            >>> response = ReceivedResponse.from_headers(headers)
            >>> str(response.seen_by(shared=True).cache_control)
            'max-age=9'
            >>> str(response.seen_by("firefox").cache_control)
            'no-store'
        """
        if shared:
            if self.targeted is None:
                return self
            return replace(
                self, cache_control=self.targeted, targeted=None, expires=None, pragma_no_cache=False
            )
        if reader == "http" or self.browser_dates is None:
            return self
        date, expires, last_modified = self.browser_dates
        return replace(self, date=date, expires=expires, last_modified=last_modified, browser_dates=None)

    @classmethod
    def from_headers(
        cls, headers: Headers, *, status: int = 200, response_time: float | None = None, delay: float = 0.0
    ) -> ReceivedResponse:
        """Return the facts of a response's headers; no header text is refused.

        Args:
            headers: Names in any case, or pairs where a name may come more than once.
            status: The status code.
            response_time: When it was received, in seconds since 1970. Without it Date is taken as current,
                and without that too an Expires counts as past: nothing says how far away it is.
            delay: Seconds between the request and the response.

        Raises:
            FreshnessError: `response_time` or `delay` is not a usable number.

        Example:
            >>> headers = [("Vary", "Cookie"), ("Vary", "Accept"), ("ETag", '"a"')]
            >>> response = ReceivedResponse.from_headers(headers)
            >>> response.vary, response.validator
            (('cookie', 'accept'), True)
        """
        fields = _joined(headers)
        if response_time is not None:
            response_time = seconds(response_time, "the time of receipt")
        strict = _dates(fields, lambda text: strict_date(text, now=response_time), response_time)
        is_exact = all(
            date is not None and date != -math.inf
            for date, name in zip(strict, ("date", "expires", "last-modified"), strict=True)
            if name in fields
        )
        lax = (
            strict
            if is_exact
            else _dates(fields, lambda text: _by_browsers(text, response_time), response_time)
        )
        if response_time is None:
            response_time = next((date for date, *_ in (strict, lax) if date is not None), 0.0)
        targeted = fields.get("cdn-cache-control")
        return cls(
            status=status,
            cache_control=CacheControl.parse(fields.get("cache-control", "")),
            pragma_no_cache="no-cache" in CacheControl.parse(fields.get("pragma", "")),
            age=age_value(fields.get("age", "")),
            date=strict[0],
            expires=strict[1],
            last_modified=strict[2],
            validator="etag" in fields or "last-modified" in fields,
            vary=tuple(
                name for member in fields.get("vary", "").split(",") if (name := member.strip().lower())
            ),
            request_time=response_time - seconds(delay, "the delay"),
            response_time=response_time,
            targeted=None if targeted is None else CacheControl.parse_targeted(targeted),
            browser_dates=None if lax == strict else lax,
        )


def _by_browsers(text: str, now: float | None) -> float | None:
    exact = strict_date(text, now=now)
    return lax_date(text) if exact is None else exact


def _dates(
    fields: Mapping[str, str], read: Callable[[str], float | None], response_time: float | None
) -> Dates:
    """Return what one reader makes of Date, Expires and Last-Modified.

    Without any clock, `response_time` or a Date, an Expires counts as past: nothing says how far away it is.
    """
    date, last_modified = (read(fields.get(name, "").strip(" \t")) for name in ("date", "last-modified"))
    expires = None
    if "expires" in fields:
        expires = read(fields["expires"].strip(" \t"))
        if expires is None or (response_time is None and date is None):
            expires = -math.inf
    return date, expires, last_modified


def age_value(text: str) -> float:
    """Return the seconds of an Age header: the first member of a list, 0 when it cannot be read.

    Source: RFC 9111 section 5.1; measured in Chromium 156 and Firefox ESR 153.7.

    Example:
        >>> age_value("10, 901"), age_value("abc")
        (10.0, 0.0)
    """
    return float(delta_seconds(text.split(",")[0].strip()) or 0)


def seconds(value: object, what: str) -> float:
    """Return a number of seconds that can be computed with.

    Raises:
        FreshnessError: It is not a number, not finite, negative, or more than a thousand years.

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
        key = name.lower()  # pyright: ignore[reportAttributeAccessIssue]
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
    return fields
