"""Rules F1 to F10: when a stored response may be used, by plain HTTP (RFC 9111)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from prefetchrouter.freshness.cache_control import MOST_SECONDS
from prefetchrouter.freshness.received_response import Reader, ReceivedResponse, seconds

Basis = Literal["s-maxage", "max-age", "expires", "heuristic", "status", "none"]
Validation = Literal["conditional", "full"]

HEURISTIC_STATUSES: Final = frozenset({200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501})
"""The status codes that are fresh for a while although nothing says so (RFC 9110 section 15.1)."""

_CHROMIUM_HEURISTIC: Final = frozenset({200, 203, 206})
_CHROMIUM_FOR_EVER: Final = frozenset({300, 301, 308, 410})


@dataclass(frozen=True, slots=True)
class FreshnessLifetime:
    """How long a response is fresh, counted from its generation, and what says so.

    Args:
        seconds: The lifetime.
        basis: The directive or header that gave it, ``"none"`` when nothing did.
    """

    seconds: float
    basis: Basis


def storable(response: ReceivedResponse, *, shared: bool = False, reader: Reader = "http") -> bool:
    """F1: return whether a cache may store the response.

    Args:
        response: The response.
        shared: True for an edge, false for a browser.
        reader: Who reads the headers.

    Source: RFC 9111 sections 3, 5.2.2.5 and 5.2.2.7.

    Example:
        >>> private = ReceivedResponse.from_headers({"cache-control": "private"})
        >>> storable(private), storable(private, shared=True)
        (True, False)
    """
    response = response.seen_by(reader, shared=shared)
    return not _says(response, "no-store", reader) and not (shared and "private" in response.cache_control)


def freshness_lifetime(
    response: ReceivedResponse, *, shared: bool = False, reader: Reader = "http"
) -> FreshnessLifetime:
    """F2: return how long the response is fresh, counted from its generation.

    The first of s-maxage (edges only), max-age, Expires, a tenth of the time since Last-Modified, and 0.
    An unreadable max-age is 0, but browsers pass over it. Chromium has no heuristic with must-revalidate or
    for most errors, and takes 300, 301, 308 and 410 for fresh for ever when nothing speaks against it.

    Edges go by CDN-Cache-Control where there is a valid one, and then by no Expires.

    Source: RFC 9111 section 4.2.1; RFC 9213 section 2.2; the reading of browsers measured in Chromium 156 and
    Firefox ESR 153.7.

    Example:
        >>> response = ReceivedResponse.from_headers({"cache-control": "max-age=900, s-maxage=60"})
        >>> freshness_lifetime(response, shared=True)
        FreshnessLifetime(seconds=60.0, basis='s-maxage')
    """
    response = response.seen_by(reader, shared=shared)
    control = response.cache_control
    if shared and (given := control.seconds("s-maxage")) is not None:
        return FreshnessLifetime(float(given), "s-maxage")
    if (given := max_age(response, reader)) is not None:
        return FreshnessLifetime(float(given), "max-age")
    date_value = response.response_time if response.date is None else response.date
    if response.expires is not None:
        return FreshnessLifetime(max(0.0, response.expires - date_value), "expires")
    if (
        response.last_modified is not None
        and response.last_modified < date_value
        and _has_heuristic(response, reader)
    ):
        return FreshnessLifetime((date_value - response.last_modified) * 0.1, "heuristic")
    if reader == "chromium" and response.status in _CHROMIUM_FOR_EVER:
        return FreshnessLifetime(float(MOST_SECONDS), "status")
    return FreshnessLifetime(0.0, "none")


def _has_heuristic(response: ReceivedResponse, reader: Reader) -> bool:
    if reader == "chromium":
        return response.status in _CHROMIUM_HEURISTIC and "must-revalidate" not in response.cache_control
    return response.status in HEURISTIC_STATUSES


def max_age(response: ReceivedResponse, reader: Reader = "http") -> int | None:
    """F2: return the max-age in seconds as one reader understands it, None if it finds none.

    Example:
        >>> response = ReceivedResponse.from_headers({"cache-control": 'max-age="900"'})
        >>> [max_age(response, reader) for reader in ("http", "chromium", "firefox")]
        [0, None, None]
    """
    match reader:
        case "chromium":
            return response.cache_control.chromium_seconds("max-age")
        case "firefox":
            return response.cache_control.firefox_seconds("max-age")
        case "http":
            return response.cache_control.seconds("max-age")


def corrected_initial_age(response: ReceivedResponse, reader: Reader = "http") -> float:
    """F3: return how old the content was when the response was received, in seconds.

    The larger of ``apparent_age``, by Date, and ``corrected_age_value``, by Age: an edge that removes Age but
    keeps an old Date changes nothing.

    Source: RFC 9111 section 4.2.3.

    Example:
        >>> headers = {"date": "Thu, 01 Jan 1970 00:00:00 GMT"}
        >>> corrected_initial_age(ReceivedResponse.from_headers(headers, response_time=3600))
        3600.0
    """
    response = response.seen_by(reader)
    apparent = 0.0 if response.date is None else max(0.0, response.response_time - response.date)
    return max(apparent, response.age + (response.response_time - response.request_time))


def current_age(response: ReceivedResponse, t: float, reader: Reader = "http") -> float:
    """F4: return how old the content is `t` seconds after the response was received (``resident_time``).

    Source: RFC 9111 section 4.2.3.

    Example:
        >>> current_age(ReceivedResponse.from_headers({"age": "840"}), 60)
        900.0
    """
    return corrected_initial_age(response, reader) + seconds(t, "the time since receipt")


def is_fresh(response: ReceivedResponse, t: float, *, shared: bool = False, reader: Reader = "http") -> bool:
    """F5: return whether the stored response may be used without validation `t` seconds after receipt.

    The lifetime has to be more than the age, and F6 must not hold.

    Source: RFC 9111 section 4.2.

    Example:
        >>> response = ReceivedResponse.from_headers({"cache-control": "max-age=900", "age": "840"})
        >>> is_fresh(response, 59.9), is_fresh(response, 60)
        (True, False)
    """
    if validates_always(response, reader, shared=shared):
        return False
    return freshness_lifetime(response, shared=shared, reader=reader).seconds > current_age(
        response, t, reader
    )


def validates_always(response: ReceivedResponse, reader: Reader = "http", *, shared: bool = False) -> bool:
    """F6: return whether it is validated before every use: ``no-cache``, or an old-style Pragma.

    Pragma counts only without Cache-Control, but browsers heed it always. A ``no-cache`` that names fields
    counts as one that names none, but Chromium passes over it.

    Source: RFC 9111 sections 5.2.2.4 and 5.4; browsers measured in Chromium 156 and Firefox ESR 153.7.

    Example:
        >>> validates_always(ReceivedResponse.from_headers({"pragma": "no-cache"}))
        True
        >>> response = ReceivedResponse.from_headers({"pragma": "no-cache", "cache-control": "max-age=9"})
        >>> validates_always(response), validates_always(response, "firefox")
        (False, True)
    """
    response = response.seen_by(reader, shared=shared)
    if response.pragma_no_cache and (reader != "http" or not response.cache_control.directives):
        return True
    return _says(response, "no-cache", reader)


def _says(response: ReceivedResponse, name: str, reader: Reader) -> bool:
    control = response.cache_control
    return control.has_bare(name) if reader == "chromium" else name in control


def never_serves_stale(response: ReceivedResponse, reader: Reader = "http") -> bool:
    """F7: return whether it is never used stale without validation: ``must-revalidate``, which also ends F9.

    Source: RFC 9111 section 5.2.2.2.

    Example:
        >>> headers = {"cache-control": "max-age=900, must-revalidate"}
        >>> never_serves_stale(ReceivedResponse.from_headers(headers))
        True
    """
    return "must-revalidate" in response.cache_control or validates_always(response, reader)


def validation(response: ReceivedResponse) -> Validation:
    """F8: return how it is requested again: by a conditional request (no body if nothing changed) or in full.

    Browsers send conditional requests only for what was a 200 or 206 (measured in Chromium 156).

    Source: RFC 9111 section 4.3.

    Example:
        >>> validation(ReceivedResponse.from_headers({"etag": '"a"'})), validation(ReceivedResponse())
        ('conditional', 'full')
    """
    return (
        "conditional"
        if response.validator and storable(response) and response.status in (200, 206)
        else "full"
    )


def stale_seconds(response: ReceivedResponse, reader: Reader = "http") -> float:
    """F9: return how long a stale response may still be used while it is revalidated, in seconds.

    For navigations Firefox does this and Chromium does not (measured in ESR 153.7 and 156).

    Source: RFC 5861 section 3.

    Example:
        >>> headers = {"cache-control": "max-age=0, stale-while-revalidate=60"}
        >>> stale_seconds(ReceivedResponse.from_headers(headers))
        60.0
    """
    if never_serves_stale(response, reader):
        return 0.0
    return float(response.cache_control.seconds("stale-while-revalidate") or 0)


def variant_matches(response: ReceivedResponse, stored: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """F10: return whether a stored response is selected by a request: the headers that Vary names are equal.

    Args:
        response: The stored response.
        stored: The headers of the request that it answered.
        new: The headers of the new request.

    Source: RFC 9111 section 4.1.

    Example:
        >>> response = ReceivedResponse.from_headers({"vary": "Accept"})
        >>> variant_matches(response, {"accept": "*/*"}, {"Accept": "text/html"})
        False
    """
    before = {name.lower(): value.strip() for name, value in stored.items()}
    now = {name.lower(): value.strip() for name, value in new.items()}
    return "*" not in response.vary and all(before.get(name) == now.get(name) for name in response.vary)
