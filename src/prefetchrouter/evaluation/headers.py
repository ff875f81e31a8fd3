"""The headers that rules make: of the request to the origin, and of the response that a client sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, TypeAlias

from prefetchrouter.evaluation.facts import reader
from prefetchrouter.evaluation.situation import Situation
from prefetchrouter.evaluation.variables import filled
from prefetchrouter.freshness.dates import strict_date
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http.request_target import as_browsers_write
from prefetchrouter.rules.conditions import variable
from prefetchrouter.rules.features.reserved import is_framing

if TYPE_CHECKING:
    from prefetchrouter.evaluation.compile import Leaf

Fields: TypeAlias = dict[str, tuple[str, ...]]
"""The texts of each header, by its name in lower case."""

NEVER_STORED = "private, no-cache, no-store, must-revalidate"
"""The ``cache-control`` of `bypass_client_cache`."""

_LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT"


def request_headers(situation: Situation, given: Mapping[str, str], leaves: Iterable[Leaf]) -> HeaderFields:
    """Return the headers of the request to the origin: the client's, as the rules change them.

    Args:
        situation: The request.
        given: The client's headers by their names in lower case.
        leaves: The features that apply.
    """
    headers = {"host": situation.host, **given}
    for leaf in leaves:
        if not leaf.changes_headers:
            continue
        for name, value in _named(leaf, "set_request_headers"):
            _set(headers, name, filled(str(value), situation))
        for entry in leaf.entries:
            if entry.key == "headers.set_client_ip_custom_header" and not is_framing(str(entry.value)):
                address = reader(variable("request", "client_ip")).value(situation)
                _set(headers, str(entry.value).lower(), address or "")
    return HeaderFields.of({name: (text,) for name, text in headers.items()})


def _set(headers: dict[str, str], name: str, text: str) -> None:
    if name.startswith("+"):
        headers[name[1:]] = headers.get(name[1:], "") + text
    elif text:
        headers[name] = text
    else:
        headers.pop(name, None)


def kept_headers(situation: Situation, origin_headers: HeaderFields) -> HeaderFields:
    """Return the headers with which an answer is kept: the origin's, as the rules on those change them.

    Args:
        situation: The request, with the features that apply.
        origin_headers: What the origin answered.
    """
    leaves = [leaf for leaf in situation.taken if leaf.changes_origin_headers]
    if not leaves:
        return origin_headers
    headers = origin_headers.by_name()
    for leaf in leaves:
        _apply(headers, leaf, situation, "origin_")
    return _fields(headers)


def client_headers(
    situation: Situation, kept: HeaderFields, caching: Mapping[str, Any], location: str | None
) -> HeaderFields:
    """Return the headers that a client sees.

    Args:
        situation: The request, with the features that apply.
        kept: The headers with which the answer was kept.
        caching: The merged values of the section ``caching``.
        location: Where a redirect leads.
    """
    headers = kept.by_name()
    _client_caching(headers, caching)
    lifetime = caching.get("service_worker_max_age")
    if lifetime is not None:
        headers["x-sw-cache-control"] = (f"max-age={lifetime.seconds}",)
    for leaf in situation.taken:
        if leaf.changes_headers:
            _apply(headers, leaf, situation, "")
    if location is not None:
        headers["location"] = (location,)
    return _fields(headers)


def _fields(headers: Fields) -> HeaderFields:
    return HeaderFields.of({name: texts for name, texts in headers.items() if texts})


def _apply(headers: Fields, leaf: Leaf, situation: Situation, whose: str) -> None:
    """Remove, then set, then add, as one rule says; `whose` is "origin_" for the headers of the origin."""
    for name, _ in _named(leaf, f"remove_{whose}response_headers"):
        headers.pop(name, None)
    for name, value in _named(leaf, f"set_{whose}response_headers"):
        text = _text(value, situation, headers)
        if name == "location":
            text = as_browsers_write(text)
        if name.startswith("+"):
            own = headers.get(name[1:]) or ("",)
            headers[name[1:]] = (*own[:-1], own[-1] + text)
        elif text:
            headers[name] = (text,)
        else:
            headers.pop(name, None)
    for name, value in _named(leaf, f"add_{whose}response_headers"):
        name = name.removeprefix("+")
        headers[name] = (*headers.get(name, ()), _text(value, situation, headers))


def _named(leaf: Leaf, feature: str) -> Iterator[tuple[str, object]]:
    """Yield what a rule says about headers, but for those that no rule changes."""
    start = f"headers.{feature}."
    for entry in leaf.entries:
        if entry.key.startswith(start) and not is_framing(entry.key[len(start) :]):
            yield entry.key[len(start) :], entry.value


def _text(value: object, situation: Situation, headers: Fields) -> str:
    if isinstance(value, Mapping):
        ((namespace, name),) = value.items()
        return reader(variable(namespace, name)).value(situation) or ""
    return filled(str(value), situation, _fields(headers)) if "%" in str(value) else str(value)


def _client_caching(headers: Fields, caching: Mapping[str, Any]) -> None:
    if caching.get("bypass_client_cache"):
        headers["cache-control"] = (NEVER_STORED,)
        return
    age = caching.get("client_max_age")
    if age is None:
        return
    negative = age.seconds < 0
    made = "no-cache" if negative else f"max-age={age.seconds}"
    expires = _LONG_AGO if negative else _after(headers.get("date"), age.seconds)
    _treat(headers, "cache-control", made, caching.get("cache_control_header_treatment"))
    _treat(headers, "expires", expires, caching.get("expires_header_treatment"))


def _treat(headers: Fields, name: str, made: str | None, treatment: str | None) -> None:
    match treatment or "overwrite":
        case "pass":
            return
        case "if_missing" if name in headers:
            return
        case "remove":
            headers.pop(name, None)
        case _ if made is None:
            headers.pop(name, None)
        case _:
            headers[name] = (made,)


def _after(date: tuple[str, ...] | None, seconds: int) -> str | None:
    """Return the time that many seconds after a Date header, None without a readable one."""
    made = strict_date((date or ("",))[0].strip(" \t"))
    try:
        return None if made is None else formatdate(made + seconds, usegmt=True)
    except (ValueError, OverflowError, OSError):
        return None
