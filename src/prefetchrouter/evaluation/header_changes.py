"""The headers that rules make: of the request to the origin, and of the response that a client sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from email.utils import formatdate
from typing import Any, TypeAlias

from prefetchrouter.evaluation.accessors import accessor
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.leaf import CLIENT_IP, HeaderChanges, Leaf
from prefetchrouter.evaluation.variable_values import filled
from prefetchrouter.http.header_fields import HeaderFields
from prefetchrouter.http.http_dates import strict_date
from prefetchrouter.http.request_target import as_browsers_write
from prefetchrouter.rules.conditions import variable

Fields: TypeAlias = dict[str, tuple[str, ...]]
"""The texts of each header, by its name in lower case."""

_OF_REQUESTS = frozenset({"set_request_headers", CLIENT_IP})

NEVER_STORED = "private, no-cache, no-store, must-revalidate"
"""The ``cache-control`` of `bypass_client_cache`."""

_LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT"


def request_headers(
    context: RequestContext, given: Mapping[str, str], leaves: Iterable[Leaf]
) -> HeaderFields:
    """Return the headers of the request to the origin: the client's, as the rules change them.

    Args:
        context: The request.
        given: The client's headers by their names in lower case.
        leaves: The features that apply.
    """
    fields = given.joined() if isinstance(given, HeaderFields) else {name: (given[name],) for name in given}
    headers: Fields = {"host": (context.host,), **fields}
    for leaf in leaves:
        if _OF_REQUESTS.isdisjoint(leaf.header_changes):
            continue
        for name, value in leaf.header_changes.get("set_request_headers", ()):
            _set(headers, name, filled(str(value), context))
        for name, _ in leaf.header_changes.get(CLIENT_IP, ()):
            _set(headers, name, accessor(variable("request", "client_ip")).value(context) or "")
    return HeaderFields.of(headers)


def _set(headers: Fields, name: str, text: str) -> None:
    if name.startswith("+"):
        headers[name[1:]] = ("".join(headers.get(name[1:], ())) + text,)
    elif text:
        headers[name] = (text,)
    else:
        headers.pop(name, None)


def stored_headers(
    context: RequestContext, leaves: Iterable[Leaf], origin_headers: HeaderFields
) -> HeaderFields:
    """Return the headers with which a response is stored: the origin's, as the rules on those change them.

    Args:
        context: The request.
        leaves: The features that apply.
        origin_headers: The headers of the origin's response.
    """
    changing = [leaf for leaf in leaves if leaf.changes_origin_headers]
    if not changing:
        return origin_headers
    headers = origin_headers.by_name()
    for leaf in changing:
        _apply(headers, leaf.header_changes, context, "origin_")
    return _fields(headers)


def client_headers(
    context: RequestContext,
    leaves: Iterable[Leaf],
    stored: HeaderFields,
    caching: Mapping[str, Any],
    location: str | None,
) -> HeaderFields:
    """Return the headers that a client sees.

    Args:
        context: The request.
        leaves: The features that apply.
        stored: The headers with which the response was stored.
        caching: The merged values of the section ``caching``.
        location: Where a redirect leads.
    """
    headers = stored.by_name()
    _client_caching(headers, caching)
    lifetime = caching.get("service_worker_max_age")
    if lifetime is not None:
        headers["x-sw-cache-control"] = (f"max-age={lifetime.seconds}",)
    for leaf in leaves:
        if leaf.header_changes:
            _apply(headers, leaf.header_changes, context, "")
    if location is not None:
        headers["location"] = (location,)
    return _fields(headers)


def _fields(headers: Fields) -> HeaderFields:
    return HeaderFields.of({name: texts for name, texts in headers.items() if texts})


def _apply(headers: Fields, changes: HeaderChanges, context: RequestContext, whose: str) -> None:
    """Remove, then set, then add, as one rule says; `whose` is "origin_" for the headers of the origin."""
    for name, _ in changes.get(f"remove_{whose}response_headers", ()):
        headers.pop(name, None)
    for name, value in changes.get(f"set_{whose}response_headers", ()):
        text = _text(value, context, headers)
        if name == "location":
            text = as_browsers_write(text)
        if name.startswith("+"):
            own = headers.get(name[1:]) or ("",)
            headers[name[1:]] = (*own[:-1], own[-1] + text)
        elif text:
            headers[name] = (text,)
        else:
            headers.pop(name, None)
    for name, value in changes.get(f"add_{whose}response_headers", ()):
        name = name.removeprefix("+")
        headers[name] = (*headers.get(name, ()), _text(value, context, headers))


def _text(value: object, context: RequestContext, headers: Fields) -> str:
    if isinstance(value, Mapping):
        ((namespace, name),) = value.items()
        return accessor(variable(namespace, name)).value(context) or ""
    return filled(str(value), context, _fields(headers)) if "%" in str(value) else str(value)


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
