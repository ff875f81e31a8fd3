"""How long a copy is good, by what the origin said and what rules say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from edge.model.plain import Fields, value_of, without
from edge.model.rules import Settings


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


_DICTIONARY = re.compile(r"[a-z][a-z0-9-]*(=[0-9a-z]+)?(, ?[a-z][a-z0-9-]*(=[0-9a-z]+)?)*")


def heeded(headers: Fields) -> Fields:
    """The fields as an edge heeds them: a valid CDN-Cache-Control in place of those that it overrides."""
    targeted = value_of(headers, "cdn-cache-control")
    if targeted is None or not _DICTIONARY.fullmatch(targeted):
        return headers
    return (*without(headers, "cache-control", "expires", "pragma"), ("cache-control", targeted))


def whole(text: str | None) -> int | None:
    """A directive's number of seconds; 0 when it is invalid; None if the directive is missing."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() else 0


def moment(text: str | None) -> float | None:
    """The time of an HTTP date, or None if it is invalid."""
    try:
        return None if text is None else parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None


def age_on_arrival(headers: Fields, now: float) -> float:
    """RFC 9111, section 4.2.3, for an origin that answers in no time."""
    date = moment(value_of(headers, "date"))
    return max(0.0, 0.0 if date is None else now - date, float(whole(value_of(headers, "age")) or 0))


def _by_origin(headers: Fields, now: float) -> float | None:
    """What is left on arrival of the time that the origin gives."""
    control = directives(value_of(headers, "cache-control"))
    age = age_on_arrival(headers, now)
    for name in ("s-maxage", "max-age"):
        said = whole(control.get(name))
        if said is not None:
            return said - age
    expires = value_of(headers, "expires")
    if expires is None:
        return None
    date = moment(value_of(headers, "date"))
    end = moment(expires)
    return (0 if end is None else max(0, end - (now if date is None else date))) - age


@dataclass(frozen=True)
class Terms:
    """Until when a copy is used: at once, while a fresh one is fetched, when the origin fails."""

    fresh: float
    stale: float
    error: float


def terms_of(status: int, headers: Fields, settings: Settings, now: float) -> Terms | None:
    """On what terms an answer to a request that may be kept is kept; None if it is not (E10 to E12)."""
    headers = heeded(headers)
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
    pragma = {} if control else directives(value_of(headers, "pragma"))
    no_cache = ("no-cache" in control or "no-cache" in pragma) and not overruled
    found = _time(status, headers, settings, now, no_cache=no_cache)
    if found is None:
        return None
    seconds, by_rule = found
    has_validator = value_of(headers, "etag") is not None or value_of(headers, "last-modified") is not None
    if seconds <= 0 and (by_rule or not has_validator):
        return None
    end = now + seconds
    if no_cache:
        return None if by_rule else Terms(now, now, now)
    return Terms(
        end,
        end + _stale(control, settings, by_rule=by_rule),
        end + _error(status, control, settings, by_rule=by_rule),
    )


def _time(
    status: int, headers: Fields, settings: Settings, now: float, *, no_cache: bool
) -> tuple[float, bool] | None:
    """Return how long a response is fresh from its arrival, and whether a rule says so; None without."""
    ruled = settings.by_status["max_age"].get(status)
    if ruled is not None:
        return ruled, True
    heard = status == 200 or status in (settings.get("cacheable_status_codes") or ())
    said = _by_origin(headers, now) if heard else None
    if said is not None:
        return (0, False) if no_cache else (said, False)
    ruled = settings.by_status["default_internal_max_age"].get(status)
    if ruled is not None:
        return ruled, True
    return (0, False) if heard and no_cache else None


def _stale(control: dict[str, str], settings: Settings, *, by_rule: bool) -> int:
    if not by_rule and not control.keys().isdisjoint(("must-revalidate", "proxy-revalidate", "s-maxage")):
        return 0
    ruled = settings.duration("stale_while_revalidate")
    return whole(control.get("stale-while-revalidate")) or 0 if ruled is None else ruled


def _error(status: int, control: dict[str, str], settings: Settings, *, by_rule: bool) -> int:
    if "must-revalidate" in control or "proxy-revalidate" in control:
        return 0
    if not by_rule and "s-maxage" in control:
        return 0
    told = whole(control.get("stale-if-error")) or 0
    if not settings.get("stale_on_error"):
        return told
    return max(told, settings.by_status["revalidate_after_origin_unavailable"].get(status, 120))
