"""What rules read of a request and its response, as expressions of VCL.

Before there is a response, everything is read of `req`. Conditions on the response are decided twice: for the
origin's response (`beresp`), and for what a client gets (`resp`); see `vcl_late.py`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from prefetchrouter.http.request_target import is_cookie_name, named_parameter
from prefetchrouter.lowering.readings import Reading
from prefetchrouter.targets.varnish.vcl_text import Vcl, is_header_name, literal_regex, regex, string


@dataclass(frozen=True, slots=True)
class VclMessages:
    """Which subroutines an expression is for.

    Args:
        request: The request: ``"req"`` or ``"bereq"``.
        response: The response: ``"resp"`` or ``"beresp"``.
    """

    request: str
    response: str


CLIENT: Final = VclMessages("req", "resp")
ORIGIN: Final = VclMessages("bereq", "beresp")


@dataclass(frozen=True, slots=True)
class Read:
    """How something is read.

    Args:
        value: The expression of its text; the empty text where there is no such thing.
        present: The condition that it is there; None if it always is.
    """

    value: Vcl
    present: Vcl | None = None


_PLAIN: Final = {
    "path": "pr_path", "origin-path": "pr_origin_path", "uri": "pr_uri", "origin-uri": "pr_origin_uri",
    "scheme": "pr_scheme", "query": "pr_query", "host-and-port": "host",
}  # fmt: skip
_DERIVED: Final = {
    "file-name": r'regsub({http}.pr_path, "^.*/", "")',
    "extension": r'regsub({http}.pr_path, "^.*?(?:\.([^./]*))?\z", "\1")',
    "directory": r'regsub({http}.pr_path, "/[^/]*\z", "")',
    "method": "{request}.method",
    "upper-scheme": "std.toupper({http}.pr_scheme)",
    "host": r'regsub({http}.host, ":[0-9]+\z", "")',
    "protocol": '"HTTP/1.1"',
    "is-args": r'regsub({http}.pr_query, "^.+\z", "?")',
    "is-amp": r'regsub({http}.pr_query, "^.+\z", "&")',
    "client-address": '"" + client.ip',
}
"""What is made of something else: expressions, with the request and its headers to be put in."""

_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")


def read(reading: Reading, place: VclMessages = CLIENT) -> Read:
    """Return how a reading is read; one that this engine does not have gives nothing.

    Example:
        >>> read(Reading("header", "accept"))
        Read(value='req.http.accept', present='req.http.accept')
    """
    found = _alone(reading, place)
    if (
        reading.empty is not None
        or reading.otherwise is not None
        or reading.before
        or reading.missing is not None
    ):
        name = composed_name(reading)
        return Read(Vcl(f"req.http.{name}"), None if reading.missing is not None else Vcl(f"req.http.{name}"))
    return found


def composed_name(reading: Reading) -> str:
    """Return the header of ours that holds a reading which is put together of several."""
    if reading.missing not in (None, "?"):
        digest = hashlib.sha256(repr(reading).encode()).hexdigest()[:8]
        return f"pr_v_{digest}"
    return (
        "pr_v_"
        + re.sub("[^a-z0-9]", "_", f"{reading.kind}_{reading.name}".lower())
        + ("_or" if reading.otherwise is not None else "")
        + ("_q" if reading.missing is not None else "")
    )


def composing(reading: Reading) -> list[str]:
    """Return the lines that put a reading together, once for each request; none for a plain one."""
    if read(reading).value != f"req.http.{composed_name(reading)}":
        return []
    name = f"req.http.{composed_name(reading)}"
    lines = [f"unset {name};"]
    for part in reading.all():
        found = _alone(part, CLIENT)
        condition = found.present or Vcl("true")
        if part.empty is not None:
            condition = Vcl(f"{condition} && {found.value} != {string(part.empty)}")
        value = f"{string(part.before)} + {found.value}" if part.before else found.value
        if found.value != NOTHING:
            lines.append(f"if (!{name} && {condition}) {{ set {name} = {value}; }}")
    if reading.missing is not None:
        lines.append(f"if (!{name}) {{ set {name} = {string(reading.missing)}; }}")
    return lines


NOTHING: Final = Vcl('""')
_NO: Final = Read(NOTHING, Vcl("false"))


def _alone(reading: Reading, place: VclMessages) -> Read:
    http, name = f"{place.request}.http", reading.name
    kind = reading.kind
    if kind in _PLAIN:
        return Read(Vcl(f"{http}.{_PLAIN[kind]}"))
    if kind in _DERIVED:
        return Read(Vcl(_DERIVED[kind].replace("{http}", http).replace("{request}", place.request)))
    match kind:
        case "request-uri":
            return Read(Vcl(f"{http}.pr_request_uri"))
        case "request-line":
            return Read(Vcl(f'{place.request}.method + " " + {http}.pr_request_uri + " HTTP/1.1"'))
        case "rule-query":
            return Read(Vcl(f"{http}.pr_rule_query"))
        case "rule-origin-query":
            return Read(Vcl(f"{http}.pr_rule_origin_query"))
        case "parameter":
            return _parameter(http, name)
        case "encoded-parameter":
            pattern = parameter_name_regex(name)
            return Read(
                _found(f"{http}.pr_query", f"(?:^|&){pattern}(?:=([^&]*))?(?:&|$)", _first(pattern)),
                Vcl(f"{http}.pr_query ~ {regex(f'(?:^|&){pattern}(?:=|&|$)')}"),
            )
        case "header":
            return _header(http, name)
        case "header-like":
            return _header(http, name.replace("_", "-"))
        case "response-header-like":
            return _header(f"{place.response}.http", name.replace("_", "-"))
        case "cookie" | "cookie-like":
            return _cookie(http, name, is_like=kind == "cookie-like")
        case "referring-domain":
            host = regex("(?i)^[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]*).*$")
            value = f'std.tolower(regsub({http}.referer, {host}, "\\1"))'
            return Read(Vcl(value), Vcl(f'{http}.referer ~ "(?i)^[a-z][a-z0-9+.-]*://[^/?#]"'))
        case "random":
            return Read(Vcl(f"{http}.pr_random_{name}"))
        case "status":
            return Read(Vcl(f"{http}.pr_origin_status"))
        case "content-length":
            return _header(f"{place.response}.http", "content-length")
        case "fact":
            header = Vcl(f"{http}.{fact_header(name)}")
            return Read(header, header)
        case _:
            return _NO


def fact_header(name: str) -> str:
    """Return the header of ours that holds a fact.

    Example:
        >>> fact_header("location.country")
        'pr_fact_location_country'
    """
    return "pr_fact_" + re.sub("[^A-Za-z0-9]", "_", name)


def _header(http: str, name: str) -> Read:
    if not is_header_name(name):
        return _NO
    return Read(Vcl(f"{http}.{name}"), Vcl(f"{http}.{name}"))


def _found(text: str, pattern: str, whole: str) -> Vcl:
    return Vcl(f'regsub({text}, {regex(whole)}, "\\1")')


def _first(pattern: str) -> str:
    return f"^(?:[^&]*&)*?{pattern}(?:=([^&]*))?(?:&.*)?$"


def parameter_name_regex(name: str) -> str:
    """Return the expression that finds a decoded name in a query in canonical form."""
    made = ""
    for character in name:
        if _UNRESERVED.fullmatch(character):
            made += literal_regex(character)
            continue
        spellings = [quote(character, safe="")]
        if character == " ":
            spellings.append("\\+")
        elif character.isascii() and character not in "+&=#%":
            spellings.append(literal_regex(character))
        made += f"(?:{'|'.join(spellings)})"
    return made


def _parameter(http: str, name: str) -> Read:
    pattern = parameter_name_regex(named_parameter(name))
    query = f"{http}.pr_origin_query"
    raw = f'regsub({query}, {regex(_first(pattern))}, "\\1")'
    value = Vcl(f'blob.transcode(decoding=URL, encoding=IDENTITY, encoded=regsuball({raw}, "\\+", " "))')
    return Read(value, Vcl(f"{query} ~ {regex(f'(?:^|&){pattern}(?:=|&|$)')}"))


def _cookie(http: str, name: str, *, is_like: bool) -> Read:
    if not is_cookie_name(name):
        return Read(string(""), Vcl("false"))
    pattern = "".join(
        literal_regex(character) if character != "_" or not is_like else "[^A-Za-z0-9;=]"
        for character in name
    )
    if is_like:
        pattern = f"(?i:{pattern})"
    whole = f"^(?:[^;]*;)*?[ \\t]*{pattern}=([^;]*?)[ \\t]*(?:;.*)?$"
    present = regex(f"(?:^|;)[ \\t]*{pattern}=")
    return Read(
        Vcl(f'regsub({http}.cookie, {regex(whole)}, "\\1")'),
        Vcl(f"{http}.cookie ~ {present}"),
    )
