"""Lines whose fields have names: JSON, W3C extended (IIS, CloudFront), tables with a header."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from prefetchrouter.navigation.log_facts import FIELDS, OLD_PURPOSES, PREFETCH_FIELD
from prefetchrouter.navigation.log_line import LogLine, is_purpose, without_port
from prefetchrouter.navigation.log_times import any_time

Parse = Callable[[str], LogLine | None]
_MOST_DIGITS = 15
_PURPOSES = frozenset(FIELDS["purpose"])
_HEADERS = frozenset({"referer", "user_agent", "sec_purpose", "purpose", "x_moz"})


def json_line(text: str) -> LogLine | None:
    """Return a line of JSON, or None if it is unreadable: of nginx, Caddy, Fastly, Cloudflare, or ours.

    Example:
        >>> line = json_line('{"ip": "192.0.2.1", "time": "2015-05-17T10:05:03Z", "url": "/a", "code": 304}')
        >>> line.method, line.url, line.status
        ('GET', '/a', 304)
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    request = found.get("request")
    of_logpush = found.get("RequestHeaders")
    if isinstance(of_logpush, dict):
        found = {**_headers(of_logpush), **found}
    if isinstance(request, dict):
        found = {**found, **_flat(request)}
    elif isinstance(request, str) and request:
        method, _, rest = request.partition(" ")
        found = {"method": method, "url": rest.rpartition(" HTTP/")[0] or rest, **found}
    return line_of(found)


def _flat(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a request of Caddy, whose headers have lists of values."""
    headers = request.get("headers")
    made = {name: value for name, value in request.items() if name not in ("headers", "host")}
    if isinstance(headers, dict):
        made["sec_purpose"] = "-"  # all headers are logged, so this one would be
        made.update(_headers(headers))
    return made


def _headers(headers: Mapping[str, Any]) -> dict[str, str]:
    """Return the known headers by the names of fields; clients send others, such as one named `Status`."""
    made = {}
    for name, values in headers.items():
        known = name.lower().replace("-", "_")
        value = values[0] if isinstance(values, list) and values else values
        if known in _HEADERS and isinstance(value, str):
            made[known] = value
    return made


def line_of(fields: Mapping[str, Any]) -> LogLine | None:
    """Return the line that has these fields, or None if address, time or URL is missing or unreadable."""
    address, time, url = (_first(fields, name) for name in ("address", "time", "url"))
    if not isinstance(address, str) or not address or not isinstance(url, str) or not url:
        return None
    try:
        at = any_time(time)
        status = _number(_first(fields, "status"), 200)
    except (ValueError, OverflowError):
        return None
    size = _first(fields, "size")
    try:
        sent = _number(size, 0)
    except ValueError:
        sent = 0
    method, referer, agent = (_text(_first(fields, name)) for name in ("method", "referer", "agent"))
    return LogLine(
        without_port(address), at, method or "GET", url, status, sent, referer, agent, _purpose(fields)
    )


def _purpose(fields: Mapping[str, Any]) -> str:
    """Return the `Sec-Purpose`, or "prefetch" where an edge of ours says so: its URLs may have no query."""
    for name in (*FIELDS["purpose"], *OLD_PURPOSES):
        found = _text(fields.get(name))
        if is_purpose(found):
            return found
    if fields.get(PREFETCH_FIELD) not in (None, "", "-", "0", 0):
        return "prefetch"
    is_logged = PREFETCH_FIELD in fields or any(name in fields for name in _PURPOSES)
    return "-" if is_logged else ""


def _first(fields: Mapping[str, Any], name: str) -> Any:
    for known in FIELDS[name]:
        value = fields.get(known)
        if value is not None:
            return value
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value != "-" else ""


def _number(value: Any, default: int) -> int:
    if value is None or value in ("", "-"):
        return default
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        raise ValueError(text)
    return int(text)


def w3c_parser(fields: Sequence[str], *, is_tabbed: bool) -> Parse:
    """Return what reads the lines of a W3C extended log after a line ``#Fields:``.

    Args:
        fields: The names of the columns.
        is_tabbed: Whether tabs separate them, as in logs of CloudFront; else blanks, as in those of IIS.

    Source: https://www.w3.org/TR/WD-logfile

    Example:
        >>> fields = "date time c-ip cs-method cs-uri-stem cs-uri-query sc-status".split()
        >>> parse = w3c_parser(fields, is_tabbed=False)
        >>> parse("2015-05-17 10:05:03 192.0.2.1 GET /a b=1 200").url
        '/a?b=1'
    """
    separator = "\t" if is_tabbed else None

    def parse(text: str) -> LogLine | None:
        values = text.split(separator)
        if len(values) != len(fields):
            return None
        row: dict[str, Any] = {
            name: value
            for name, value in zip(fields, values, strict=True)
            if value != "-" or name in _PURPOSES
        }
        if "date" in row and "time" in row:
            row["timestamp"] = f"{row['date']}T{row['time']}Z"
        stem, query = row.get("cs-uri-stem"), row.get("cs-uri-query")
        if stem is not None:
            row["cs-uri"] = f"{stem}?{query}" if query else stem
        for name in ("cs(User-Agent)", "cs(Referer)"):
            if name in row:
                row[name] = _decoded(row[name], is_tabbed)
        return line_of(row)

    return parse


@lru_cache(maxsize=65536)
def _decoded(text: str, is_twice: bool) -> str:
    """Return a header as the client sent it: CloudFront encodes it, IIS writes blanks as ``+``."""
    return unquote(unquote(text)) if is_twice else text.replace("+", " ")


def table_parser(header: str) -> Parse | None:
    r"""Return what reads the lines of a table whose header names columns of a log, or None if it does not.

    Example:
        >>> parse = table_parser("host\tlogname\ttime\tmethod\turl\tresponse\tbytes")
        >>> parse("192.0.2.1\t-\t807256800\tGET\t/shuttle/\t200\t1713").status
        200
    """
    separator = "\t" if "\t" in header else ","
    columns = [name.strip().strip('"') for name in header.split(separator)]
    known = set(columns)
    if "host" in known and not known.intersection(FIELDS["address"]):
        # In tables of very old logs this is the client; in JSON it is the site.
        columns[columns.index("host")] = "ip"
        known.add("ip")
    if not all(known.intersection(FIELDS[name]) for name in ("address", "time", "url")):
        return None

    def parse(text: str) -> LogLine | None:
        if separator == "\t":
            values = text.split("\t")
        else:
            try:
                values = next(csv.reader([text]), [])
            except csv.Error:
                return None
        if len(values) < len(columns):
            values += [""] * (len(columns) - len(values))
        row = {
            name: value
            for name, value in zip(columns, values, strict=False)
            if value not in ("", "-") or name in _PURPOSES
        }
        return line_of(row)

    return parse
