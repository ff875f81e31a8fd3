"""The field types of features: each an annotated type whose check is in `value_checks.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args

from prefetchrouter.rules.duration import Duration, duration
from prefetchrouter.rules.features import containers, value_checks
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.value_checks import Check, Checked
from prefetchrouter.rules.node import FrozenDict
from prefetchrouter.rules.size import Size, size

S = TypeVar("S", bound=Section)
T = TypeVar("T")

HeaderValue = str | FrozenDict[str, str | int]
"""A header's text, or a condition variable such as `{"request": "path"}` whose value is sent."""
RequestHeadersInput = Mapping[str, str]
ResponseHeadersInput = Mapping[str, str] | Mapping[str, str | Mapping[str, Any]]
TextsInput = list[str] | tuple[str, ...]
_AGE = str | Mapping[str, str] | Mapping[int, str]


def signed_duration(value: object) -> Duration:
    """A duration that may be negative, which means "already expired"."""
    return duration(value, signed=True)


def _by_status(check: Check[Duration]) -> Check[Duration | FrozenDict[str, Duration]]:
    by_status = containers.mapping_of(value_checks.status_key, check, '{"200": "1h"}')

    def either(value: object) -> Duration | FrozenDict[str, Duration]:
        return by_status(value) if isinstance(value, Mapping) else check(value)

    return either


def or_options(check: Check[T], model: type[S]) -> Check[T | S]:
    """Return a check for a plain value or the mapping form of it that `model` describes."""

    def either(value: object) -> T | S:
        return model.read(value) if isinstance(value, (Mapping, model)) else check(value)

    return either


def _header_value(value: object) -> str | FrozenDict[str, str | int]:
    if not isinstance(value, str) and isinstance(value, Mapping):
        return containers.variable(value)
    return value_checks.ascii_line(value)


def _words(options: Any) -> Checked:
    words = get_args(options)
    return Checked(value_checks.choice(*words), options, ", ".join(f'"{word}"' for word in words))


def _list(
    check: Check[Any], each: str, accepts: Any = TextsInput, *, least: int = 0, most: int | None = None
) -> Checked:
    bounds = "" if not least else f", {least} to {most}" if most else f", at least {least}"
    return Checked(containers.list_of(check, least=least, most=most), accepts, f"list of {each}{bounds}")


header_names = containers.list_of(value_checks.header_name)
request_headers = containers.mapping_of(
    value_checks.header_name, value_checks.ascii_line, '{"x-tier": "gold"}'
)
response_headers = containers.mapping_of(value_checks.header_name, _header_value, '{"x-tier": "gold"}')
_variables = containers.mapping_of(value_checks.variable_name, value_checks.ascii_line, '{"tier": "gold"}')

Flag = Annotated[bool, Checked(value_checks.flag, bool, "true or false")]
Integer = Annotated[int, Checked(value_checks.integer, int, "whole number")]
Natural = Annotated[int, Checked(value_checks.natural, int, "whole number, 0 or more")]
Number = Annotated[int | float, Checked(value_checks.number, float, "number")]
Status = Annotated[int, Checked(value_checks.status, int, "status code")]

Text = Annotated[str, Checked(value_checks.text, str, "text")]
UrlText = Annotated[str, Checked(value_checks.url_text, str, "text")]
SomeText = Annotated[str, Checked(value_checks.some_text, str, "text, not empty")]
CommentText = Annotated[str, Checked(value_checks.comment, str, "text")]
TokenName = Annotated[str, Checked(value_checks.token_name, str, "name")]
StatusOrLine = Annotated[
    int | str, Checked(value_checks.status_or_line, int | str, "status code, or text that gives one")
]

Treatment = Literal["pass", "overwrite", "if_missing", "remove"]
"""How the edge treats an origin's header that it also sets itself."""
TreatmentWord = Annotated[Treatment, _words(Treatment)]
Eagerness = Literal["conservative", "moderate", "eager", "immediate"]
"""How soon browsers speculate on a link: at mouse down, at a hover, in view, without a gesture."""
EagernessWord = Annotated[Eagerness, _words(Eagerness)]
Syntax = Literal["regexp", "path-to-regexp"]
SyntaxWord = Annotated[Syntax, _words(Syntax)]
TokenVersion = Literal["v2", "v3"]
TokenVersionWord = Annotated[TokenVersion, _words(TokenVersion)]
CachedMethod = Literal["GET", "POST", "PUT"]

Span = Annotated[Duration, Checked(duration, str, "duration")]
SignedSpan = Annotated[Duration, Checked(signed_duration, str, "duration, may be negative")]
Bytes = Annotated[Size, Checked(size, str, "size")]
Age = Annotated[
    Duration | FrozenDict[str, Duration],
    Checked(_by_status(duration), _AGE, "duration, or one by status code"),
]
SignedAge = Annotated[
    Duration | FrozenDict[str, Duration],
    Checked(_by_status(signed_duration), _AGE, "duration, or one by status code; may be negative"),
]

Statuses = Annotated[tuple[int, ...], _list(value_checks.status, "status codes", Sequence[int])]
CachedMethods = Annotated[
    tuple[CachedMethod, ...],
    _list(value_checks.choice(*get_args(CachedMethod)), '"GET", "POST", "PUT"', Sequence[CachedMethod]),
]
HeaderNames = Annotated[tuple[str, ...], _list(value_checks.header_name, "header names")]
SomeHeaderNames = Annotated[tuple[str, ...], _list(value_checks.header_name, "names", least=1)]
Texts = Annotated[tuple[str, ...], _list(value_checks.some_text, "texts")]
SomeTexts = Annotated[tuple[str, ...], _list(value_checks.some_text, "texts", least=1)]
Lines = Annotated[tuple[str, ...], _list(value_checks.ascii_line, "lines of ASCII")]
SomeLines = Annotated[tuple[str, ...], _list(value_checks.ascii_line, "lines of ASCII", least=1)]
TokenNames = Annotated[tuple[str, ...], _list(value_checks.token_name, "names")]
MediaTypes = Annotated[tuple[str, ...], _list(value_checks.media_type, "media types")]
Extensions = Annotated[tuple[str, ...], _list(value_checks.extensions, "file extensions")]
PurgeTags = Annotated[tuple[str, ...], _list(value_checks.some_text, "texts", least=1, most=10)]

RequestHeaderMap = Annotated[
    FrozenDict[str, str], Checked(request_headers, RequestHeadersInput, "values by header name")
]
ResponseHeaderMap = Annotated[
    FrozenDict[str, HeaderValue], Checked(response_headers, ResponseHeadersInput, "values by header name")
]
VariableMap = Annotated[FrozenDict[str, str], Checked(_variables, Mapping[str, str], "values by name")]
