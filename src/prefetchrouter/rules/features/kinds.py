"""The field types of features: each an annotated type whose check is in `text.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args

from prefetchrouter.rules.base import FrozenDict
from prefetchrouter.rules.duration import Duration, duration
from prefetchrouter.rules.features import text
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.text import Check, Checked
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
    by_status = text.mapping_of(text.status_key, check, '{"200": "1h"}')

    def either(value: object) -> Duration | FrozenDict[str, Duration]:
        return by_status(value) if isinstance(value, Mapping) else check(value)

    return either


def or_options(check: Check[T], model: type[S]) -> Check[T | S]:
    """Return a check for a plain value or the mapping form of it that `model` describes."""

    def either(value: object) -> T | S:
        return model.read(value) if isinstance(value, (Mapping, model)) else check(value)

    return either


def _header_value(value: object) -> str | FrozenDict[str, str | int]:
    return text.variable(value) if isinstance(value, Mapping) else text.ascii_line(value)


header_names = text.list_of(text.header_name)
request_headers = text.mapping_of(text.header_name, text.ascii_line, '{"x-tier": "gold"}')
response_headers = text.mapping_of(text.header_name, _header_value, '{"x-tier": "gold"}')

Flag = Annotated[bool, Checked(text.flag, bool)]
Integer = Annotated[int, Checked(text.integer, int)]
Natural = Annotated[int, Checked(text.natural, int)]
Number = Annotated[int | float, Checked(text.number, float)]
Status = Annotated[int, Checked(text.status, int)]

Treatment = Literal["pass", "overwrite", "if_missing", "remove"]
"""What becomes of an origin's header when the edge has one of its own."""
TreatmentWord = Annotated[Treatment, Checked(text.choice(*get_args(Treatment)), Treatment)]
Syntax = Literal["regexp", "path-to-regexp"]
SyntaxWord = Annotated[Syntax, Checked(text.choice(*get_args(Syntax)), Syntax)]
TokenVersion = Literal["v2", "v3"]
TokenVersionWord = Annotated[TokenVersion, Checked(text.choice(*get_args(TokenVersion)), TokenVersion)]
CachedMethod = Literal["GET", "POST", "PUT"]
CachedMethods = Annotated[
    tuple[CachedMethod, ...],
    Checked(text.list_of(text.choice(*get_args(CachedMethod))), Sequence[CachedMethod]),
]

Text = Annotated[str, Checked(text.text, str)]
SomeText = Annotated[str, Checked(text.some_text, str)]
CommentText = Annotated[str, Checked(text.comment, str)]
Line = Annotated[str, Checked(text.ascii_line, str)]
TokenName = Annotated[str, Checked(text.token_name, str)]
StatusOrLine = Annotated[int | str, Checked(text.status_or_line, int | str)]

Span = Annotated[Duration, Checked(duration, str)]
SignedSpan = Annotated[Duration, Checked(signed_duration, str)]
Bytes = Annotated[Size, Checked(size, str)]
Age = Annotated[Duration | FrozenDict[str, Duration], Checked(_by_status(duration), _AGE)]
SignedAge = Annotated[Duration | FrozenDict[str, Duration], Checked(_by_status(signed_duration), _AGE)]


Statuses = Annotated[tuple[int, ...], Checked(text.list_of(text.status), Sequence[int])]
HeaderNames = Annotated[tuple[str, ...], Checked(header_names, TextsInput)]
RequestHeaderMap = Annotated[FrozenDict[str, str], Checked(request_headers, RequestHeadersInput)]
ResponseHeaderMap = Annotated[FrozenDict[str, HeaderValue], Checked(response_headers, ResponseHeadersInput)]
VariableMap = Annotated[
    FrozenDict[str, str],
    Checked(text.mapping_of(text.variable_name, text.ascii_line, '{"tier": "gold"}'), Mapping[str, str]),
]
SomeHeaderNames = Annotated[tuple[str, ...], Checked(text.list_of(text.header_name, least=1), TextsInput)]
SomeTexts = Annotated[tuple[str, ...], Checked(text.list_of(text.some_text, least=1), TextsInput)]
Texts = Annotated[tuple[str, ...], Checked(text.list_of(text.some_text), TextsInput)]
Lines = Annotated[tuple[str, ...], Checked(text.list_of(text.ascii_line), TextsInput)]
SomeLines = Annotated[tuple[str, ...], Checked(text.list_of(text.ascii_line, least=1), TextsInput)]
TokenNames = Annotated[tuple[str, ...], Checked(text.list_of(text.token_name), TextsInput)]
MediaTypes = Annotated[tuple[str, ...], Checked(text.list_of(text.media_type), TextsInput)]
Extensions = Annotated[tuple[str, ...], Checked(text.list_of(text.extensions), TextsInput)]
PurgeTags = Annotated[tuple[str, ...], Checked(text.list_of(text.some_text, least=1, most=10), TextsInput)]
