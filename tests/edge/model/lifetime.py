"""How long a copy is good, by what the origin said and what rules say."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from edge.model.plain import Fields, value_of
from edge.model.rules import Settings

NEVER = float("-inf")


def directives(text: str | None) -> dict[str, str]:
    """The directives of a `Cache-Control`, names in lower case.

    Example:
        >>> directives("max-age=5, Private")
        {'max-age': '5', 'private': ''}
    """
    found: dict[str, str] = {}
    for part in (text or "").split(","):
        name, _, value = part.strip().partition("=")
        if name:
            found.setdefault(name.lower(), value.strip('"'))
    return found


def whole(text: str | None) -> int | None:
    """A directive's number of seconds; 0 when it is none; None when the directive is missing."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() else 0


def moment(text: str | None) -> float | None:
    """The time that an HTTP date tells, None when it tells none."""
    try:
        return None if text is None else parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None


def age_on_arrival(headers: Fields, now: float) -> float:
    """RFC 9111, section 4.2.3, for an origin that answers in no time."""
    date = moment(value_of(headers, "date"))
    return max(0.0, 0.0 if date is None else now - date, float(whole(value_of(headers, "age")) or 0))


@dataclass(frozen=True)
class Lifetime:
    """How long an answer is good, from its arrival.

    Args:
        seconds: For how long; not above 0 when it came expired.
        by_rule: Whether a rule says so.
    """

    seconds: float
    by_rule: bool


def lifetime(status: int, headers: Fields, settings: Settings, now: float) -> Lifetime | None:
    """How long an answer is good; None when nobody says so (E11)."""
    ruled = settings.by_status["max_age"].get(status)
    if ruled is not None:
        return Lifetime(ruled, by_rule=True)
    if status == 200 or status in (settings.get("cacheable_status_codes") or ()):
        said = _by_origin(headers, now)
        if said is not None:
            return Lifetime(said - age_on_arrival(headers, now) if said > 0 else NEVER, by_rule=False)
    ruled = settings.by_status["default_internal_max_age"].get(status)
    return None if ruled is None else Lifetime(ruled, by_rule=True)


def _by_origin(headers: Fields, now: float) -> float | None:
    control = directives(value_of(headers, "cache-control"))
    for name in ("s-maxage", "max-age"):
        said = whole(control.get(name))
        if said is not None:
            return said
    expires = value_of(headers, "expires")
    if expires is None:
        return None
    date = moment(value_of(headers, "date"))
    end = moment(expires)
    return 0 if end is None else end - (now if date is None else date)


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is kept, and on what terms.

    Args:
        end: When it expires, in seconds since 1970.
        by_rule: Whether a rule set its time.
        each_time: Whether the origin is asked each time.
    """

    end: float
    by_rule: bool
    each_time: bool


def verdict(status: int, headers: Fields, settings: Settings, now: float) -> Verdict | None:
    """On what terms an answer to a request that may be kept is kept; None when it is not (E10 to E12)."""
    if status < 200 or status in (206, 304):
        return None
    if value_of(headers, "set-cookie") is not None:
        return None
    if "*" in [name.strip() for name in (value_of(headers, "vary") or "").split(",")]:
        return None
    control = directives(value_of(headers, "cache-control"))
    overruled = status in (settings.get("ignore_origin_no_cache") or ())
    if not overruled and ("no-store" in control or "private" in control):
        return None
    no_cache = "no-cache" in control and not overruled
    found = lifetime(status, headers, settings, now)
    if found is not None and found.by_rule:
        return None if no_cache or found.seconds <= 0 else Verdict(now + found.seconds, True, False)
    checked = value_of(headers, "etag") is not None or value_of(headers, "last-modified") is not None
    if no_cache and checked and (status == 200 or status in (settings.get("cacheable_status_codes") or ())):
        return Verdict(now if found is None else max(now, now + found.seconds), False, True)
    if found is None:
        return None
    if found.seconds == NEVER:
        return Verdict(now, False, True) if checked else None
    return Verdict(now + found.seconds, False, False)
