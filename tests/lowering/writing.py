"""Texts and headers as lowered data says: what an engine writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from email.utils import formatdate

from lowering.reading import Seen, read
from prefetchrouter.catalog import keys
from prefetchrouter.http.header_fields import HeaderFields
from prefetchrouter.http.http_dates import strict_date
from prefetchrouter.http.request_target import as_browsers_write
from prefetchrouter.lowering import Plan
from prefetchrouter.lowering.header_operations import HeaderOperation
from prefetchrouter.lowering.parts import (
    Capture,
    ChangeCase,
    Default,
    Filled,
    Form,
    GroupText,
    Instead,
    Parts,
    RemoveStart,
    Replace,
    Replacement,
    Slice,
)
from prefetchrouter.regex import to_python

Fields = dict[str, tuple[str, ...]]
_CASES: dict[str, Callable[[str], str]] = {"upper": str.upper, "lower": str.lower, "": str}


def text_of(parts: Parts, seen: Seen) -> str:
    """Return a text with its variables filled in."""
    return "".join(part if isinstance(part, str) else value_of(part, seen) for part in parts)


def value_of(part: Filled, seen: Seen) -> str:
    """Return what a variable gives."""
    if part.reading.kind == "response-header-like" and seen.shown is not None:
        seen = replace(seen, response=(0, seen.shown))
    return formed(part.form, read(part.reading, seen))


def formed(form: Form | None, value: str | None) -> str:
    """Return what a form makes of a value."""
    match form:
        case Default(text=text, only_missing=only_missing):
            return text if value is None or (not value and not only_missing) else value
        case Instead(text=text, or_empty=or_empty):
            return text if value or (value == "" and or_empty) else ""
        case _ if not value:
            return ""
        case None:
            return value
        case Slice(offset=offset, length=length):
            start = max(0, len(value) + offset) if offset < 0 else offset
            end = None if length is None else start + length
            if length is not None and length < 0:
                start, end = max(0, start + length), start
            return value[start:end]
        case RemoveStart(regex=regex):
            return to_python(regex).sub("", value, count=1) if to_python(regex).match(value) else value
        case Replace(regex=regex, new=new, all=all_):
            return to_python(regex).sub(lambda m: _new(new, m), value, count=0 if all_ else 1)
        case Capture(regex=regex, new=new):
            found = to_python(regex).search(value)
            return _new(new, found) if found else ""
        case ChangeCase(case=case, regex=regex, all=all_):
            if regex is None:
                return _CASES[case](value)
            return to_python(regex).sub(lambda m: _CASES[case](m[0]), value, count=0 if all_ else 1)


def _new(new: Replacement, found: re.Match[str]) -> str:
    def text(piece: GroupText) -> str:
        group = (found[piece.number] or "") if piece.number <= found.re.groups else ""
        return _CASES[piece.case](group)

    return "".join(text(piece) if isinstance(piece, GroupText) else piece for piece in new)


def header_fields(
    given: Mapping[str, tuple[str, ...]], done: Iterable[HeaderOperation], seen: Seen
) -> HeaderFields:
    """Return headers after operations on a request: an appended header is one line."""
    fields = dict(given)
    for operation in done:
        if operation.action == "append":
            fields[operation.name] = ("".join(fields.get(operation.name, ())),)
        _do(fields, operation, text_of(operation.text, seen))
    return HeaderFields.of({name: texts for name, texts in fields.items() if texts})


def response_headers(
    given: HeaderFields, keep: Plan, client: Plan, location: str | None, seen: Seen
) -> HeaderFields:
    """Return the headers of a response as clients see it, from those of the origin."""
    fields: Fields = given.by_name()
    for operation in keep.headers("origin_response"):
        _do_on_response(fields, operation, seen)
    fields = {name: texts for name, texts in fields.items() if texts}
    _caching(fields, client)
    lifetime = client.value(keys.caching.service_worker_max_age)
    if lifetime is not None:
        fields["x-sw-cache-control"] = (f"max-age={lifetime.seconds}",)
    for operation in client.headers("response"):
        _do_on_response(fields, operation, seen)
    if location is not None:
        fields["location"] = (location,)
    return HeaderFields.of({name: texts for name, texts in fields.items() if texts})


def _do_on_response(fields: Fields, operation: HeaderOperation, seen: Seen) -> None:
    shown = HeaderFields.of({name: texts for name, texts in fields.items() if texts})
    text = text_of(operation.text, replace(seen, shown=shown))
    is_url = operation.name == "location" and operation.action == "set"
    _do(fields, operation, as_browsers_write(text) if is_url else text)


def _do(fields: Fields, operation: HeaderOperation, text: str) -> None:
    name = operation.name
    before = fields.get(name, ())
    match operation.action:
        case "set" if text:
            fields[name] = (text,)
        case "set" | "remove":
            fields.pop(name, None)
        case "append":
            fields[name] = (*before[:-1], (before[-1] if before else "") + text)
        case "add":
            fields[name] = (*before, text)


def _caching(fields: Fields, client: Plan) -> None:
    if client.value(keys.caching.bypass_client_cache):
        fields["cache-control"] = ("private, no-cache, no-store, must-revalidate",)
        return
    age = client.value(keys.caching.client_max_age)
    if age is None:
        return
    date = strict_date((fields.get("date") or ("",))[0])
    expires = None if date is None else formatdate(date + age.seconds, usegmt=True)
    made = f"max-age={age.seconds}"
    if age.seconds < 0:
        made, expires = "no-cache", "Thu, 01 Jan 1970 00:00:00 GMT"
    for name, text, how in (
        ("cache-control", made, client.value(keys.caching.cache_control_header_treatment)),
        ("expires", expires, client.value(keys.caching.expires_header_treatment)),
    ):
        if how == "pass" or (how == "if_missing" and name in fields):
            continue
        fields.pop(name, None)
        if how != "remove" and text is not None:
            fields[name] = (text,)
