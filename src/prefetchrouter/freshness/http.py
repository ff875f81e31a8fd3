"""Rules F1 to F10: when a stored copy may be used, as plain HTTP has it (RFC 9111)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from prefetchrouter.freshness.cache_control import MOST_SECONDS
from prefetchrouter.freshness.received_response import Answer, Reader, seconds

Basis = Literal["s-maxage", "max-age", "expires", "heuristic", "status", "none"]
Validation = Literal["conditional", "full"]

HEURISTIC_STATUSES: Final = frozenset({200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501})
"""The status codes that are fresh for a while although nothing says so (RFC 9110 section 15.1)."""

_CHROMIUM_HEURISTIC: Final = frozenset({200, 203, 206})
_CHROMIUM_FOR_EVER: Final = frozenset({300, 301, 308, 410})


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long an answer is fresh, counted from its generation, and what says so.

    Args:
        seconds: The lifetime.
        basis: The directive or header that gave it, ``"none"`` when nothing did.
    """

    seconds: float
    basis: Basis


def storable(answer: Answer, *, shared: bool = False, reader: Reader = "http") -> bool:
    """F1: return whether a cache may keep the answer.

    Args:
        answer: The answer.
        shared: True for an edge, false for a browser.
        reader: Who reads the headers.

    Source: RFC 9111 sections 3, 5.2.2.5 and 5.2.2.7.

    Example:
        >>> private = Answer.from_headers({"cache-control": "private"})
        >>> storable(private), storable(private, shared=True)
        (True, False)
    """
    answer = answer.seen_by(reader, shared=shared)
    return not _says(answer, "no-store", reader) and not (shared and "private" in answer.cache_control)


def lifetime(answer: Answer, *, shared: bool = False, reader: Reader = "http") -> Lifetime:
    """F2: return how long the answer is fresh, counted from its generation.

    The first of s-maxage (edges only), max-age, Expires, a tenth of the time since Last-Modified, and 0.
    An unreadable max-age is 0, but browsers pass over it. Chromium has no heuristic with must-revalidate or
    for most errors, and takes 300, 301, 308 and 410 for fresh for ever when nothing speaks against it.

    Edges go by CDN-Cache-Control where there is a valid one, and then by no Expires.

    Source: RFC 9111 section 4.2.1; RFC 9213 section 2.2; the reading of browsers measured in Chromium 156 and
    Firefox ESR 153.7.

    Example:
        >>> lifetime(Answer.from_headers({"cache-control": "max-age=900, s-maxage=60"}), shared=True)
        Lifetime(seconds=60.0, basis='s-maxage')
    """
    answer = answer.seen_by(reader, shared=shared)
    control = answer.cache_control
    if shared and (given := control.seconds("s-maxage")) is not None:
        return Lifetime(float(given), "s-maxage")
    if (given := max_age(answer, reader)) is not None:
        return Lifetime(float(given), "max-age")
    made = answer.received if answer.date is None else answer.date
    if answer.expires is not None:
        return Lifetime(max(0.0, answer.expires - made), "expires")
    if answer.last_modified is not None and answer.last_modified < made and _has_heuristic(answer, reader):
        return Lifetime((made - answer.last_modified) * 0.1, "heuristic")
    if reader == "chromium" and answer.status in _CHROMIUM_FOR_EVER:
        return Lifetime(float(MOST_SECONDS), "status")
    return Lifetime(0.0, "none")


def _has_heuristic(answer: Answer, reader: Reader) -> bool:
    if reader == "chromium":
        return answer.status in _CHROMIUM_HEURISTIC and "must-revalidate" not in answer.cache_control
    return answer.status in HEURISTIC_STATUSES


def max_age(answer: Answer, reader: Reader = "http") -> int | None:
    """F2: return the max-age in seconds as one reader understands it, None when it finds none.

    Example:
        >>> answer = Answer.from_headers({"cache-control": 'max-age="900"'})
        >>> [max_age(answer, reader) for reader in ("http", "chromium", "firefox")]
        [0, None, None]
    """
    match reader:
        case "chromium":
            return answer.cache_control.chromium_seconds("max-age")
        case "firefox":
            return answer.cache_control.firefox_seconds("max-age")
        case "http":
            return answer.cache_control.seconds("max-age")


def age_on_receipt(answer: Answer, reader: Reader = "http") -> float:
    """F3: return how old the content was when the answer came, in seconds.

    The larger of what Date tells and what Age tells: an edge that takes Age away but keeps an old Date
    changes nothing.

    Source: RFC 9111 section 4.2.3.

    Example:
        >>> headers = {"date": "Thu, 01 Jan 1970 00:00:00 GMT"}
        >>> age_on_receipt(Answer.from_headers(headers, received=3600))
        3600.0
    """
    answer = answer.seen_by(reader)
    apparent = 0.0 if answer.date is None else max(0.0, answer.received - answer.date)
    return max(apparent, answer.age + (answer.received - answer.requested))


def age_after(answer: Answer, t: float, reader: Reader = "http") -> float:
    """F4: return how old the content is `t` seconds after the answer came.

    Source: RFC 9111 section 4.2.3.

    Example:
        >>> age_after(Answer.from_headers({"age": "840"}), 60)
        900.0
    """
    return age_on_receipt(answer, reader) + seconds(t, "the time since receipt")


def is_fresh(answer: Answer, t: float, *, shared: bool = False, reader: Reader = "http") -> bool:
    """F5: return whether the copy may be used without asking, `t` seconds after the answer came.

    The lifetime has to be more than the age, and F6 must not hold.

    Source: RFC 9111 section 4.2.

    Example:
        >>> answer = Answer.from_headers({"cache-control": "max-age=900", "age": "840"})
        >>> is_fresh(answer, 59.9), is_fresh(answer, 60)
        (True, False)
    """
    if validates_always(answer, reader, shared=shared):
        return False
    return lifetime(answer, shared=shared, reader=reader).seconds > age_after(answer, t, reader)


def validates_always(answer: Answer, reader: Reader = "http", *, shared: bool = False) -> bool:
    """F6: return whether every use asks the server first: ``no-cache``, or an old-style Pragma.

    Pragma counts only without Cache-Control, but browsers heed it always. A ``no-cache`` that names fields
    counts as one that names none, but Chromium passes over it.

    Source: RFC 9111 sections 5.2.2.4 and 5.4; browsers measured in Chromium 156 and Firefox ESR 153.7.

    Example:
        >>> validates_always(Answer.from_headers({"pragma": "no-cache"}))
        True
        >>> answer = Answer.from_headers({"pragma": "no-cache", "cache-control": "max-age=9"})
        >>> validates_always(answer), validates_always(answer, "firefox")
        (False, True)
    """
    answer = answer.seen_by(reader, shared=shared)
    if answer.pragma_no_cache and (reader != "http" or not answer.cache_control.directives):
        return True
    return _says(answer, "no-cache", reader)


def _says(answer: Answer, name: str, reader: Reader) -> bool:
    control = answer.cache_control
    return control.has_bare(name) if reader == "chromium" else name in control


def never_serves_stale(answer: Answer, reader: Reader = "http") -> bool:
    """F7: return whether a stale copy is never used unasked: ``must-revalidate``, which also ends F9.

    Source: RFC 9111 section 5.2.2.2.

    Example:
        >>> never_serves_stale(Answer.from_headers({"cache-control": "max-age=900, must-revalidate"}))
        True
    """
    return "must-revalidate" in answer.cache_control or validates_always(answer, reader)


def validation(answer: Answer) -> Validation:
    """F8: return how the server is asked again: conditionally (no body when nothing changed) or in full.

    Browsers ask conditionally only for what was a 200 or 206 (measured in Chromium 156).

    Source: RFC 9111 section 4.3.

    Example:
        >>> validation(Answer.from_headers({"etag": '"a"'})), validation(Answer())
        ('conditional', 'full')
    """
    return "conditional" if answer.validator and storable(answer) and answer.status in (200, 206) else "full"


def stale_seconds(answer: Answer, reader: Reader = "http") -> float:
    """F9: return how long a stale copy may still serve while a fresh one is fetched, in seconds.

    For navigations Firefox does this and Chromium does not (measured in ESR 153.7 and 156).

    Source: RFC 5861 section 3.

    Example:
        >>> stale_seconds(Answer.from_headers({"cache-control": "max-age=0, stale-while-revalidate=60"}))
        60.0
    """
    if never_serves_stale(answer, reader):
        return 0.0
    return float(answer.cache_control.seconds("stale-while-revalidate") or 0)


def variant_matches(answer: Answer, stored: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """F10: return whether a stored copy answers a request: the headers that Vary names are equal.

    Args:
        answer: The stored answer.
        stored: The headers of the request that it answered.
        asked: The headers of the new request.

    Source: RFC 9111 section 4.1.

    Example:
        >>> answer = Answer.from_headers({"vary": "Accept"})
        >>> variant_matches(answer, {"accept": "*/*"}, {"Accept": "text/html"})
        False
    """
    before = {name.lower(): value.strip() for name, value in stored.items()}
    now = {name.lower(): value.strip() for name, value in asked.items()}
    return "*" not in answer.vary and all(before.get(name) == now.get(name) for name in answer.vary)
