"""Values of features, conditions and texts with variables, in the form that the runtime reads.

`worker/src/rules/data.ts` has the types of all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.entries import FeatureEntry
from prefetchrouter.lowering.guards import Every, Guard, Is, Some
from prefetchrouter.lowering.parts import (
    Capture,
    ChangeCase,
    Default,
    Filled,
    GroupText,
    Instead,
    Parts,
    RemoveStart,
    Replace,
    Replacement,
    Slice,
    parts,
)
from prefetchrouter.lowering.readings import Reading, reading_of, reading_of_name
from prefetchrouter.lowering.tests import HasNumber, InNetworks, Matches, OneOf, Ordered, SameAs, Test
from prefetchrouter.regex.leading_flags import split_flags
from prefetchrouter.rules.conditions import variable
from prefetchrouter.rules.duration import Duration
from prefetchrouter.rules.features import (
    SLASH_AND_QUERY,
    CacheKeyOptions,
    CacheKeyRewrite,
    UrlRedirect,
    UrlRewrite,
    written,
)
from prefetchrouter.rules.features.rewrite_checks import leads_to_its_source
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.size import Size

Json: TypeAlias = Any

_OWN_QUERY: Final = ("query_string", "normalized_query", "request_uri", "normalized_uri", "request")
_TEXTS: Final = (
    keys.headers.set_request_headers,
    keys.headers.set_response_headers,
    keys.headers.add_response_headers,
    keys.headers.set_origin_response_headers,
)
_CLIENT_IP: Final = str(keys.headers.set_client_ip_custom_header)


def expression_data(regex: str) -> list[str]:
    """Return an expression as source and flags of JavaScript.

    Example:
        >>> expression_data("(?i)^/p/(?<id>[0-9]+)$")
        ['^/p/(?<id>[0-9]+)$', 'i']
    """
    flags, source = split_flags(regex)
    return [source.replace("(?P<", "(?<"), "".join(sorted(set(flags) & set("ims")))]


def reading_data(reading: Reading) -> Json:
    """Return what is read as text, or as a list where something stands in for it.

    Example:
        >>> reading_data(Reading("header", "accept")), reading_data(Reading("path"))
        ('header accept', 'path')
    """
    kind = f"{reading.kind} {reading.name}" if reading.name else reading.kind
    if reading.missing is None and reading.otherwise is None and not reading.before and reading.empty is None:
        return kind
    otherwise = None if reading.otherwise is None else reading_data(reading.otherwise)
    return [kind, reading.missing, otherwise, reading.before, reading.empty]


def test_data(test: Test) -> Json:
    """Return an atomic test.

    Example:
        >>> test_data(OneOf(Reading("path"), ("/a", "/a/"), ignores_case=True))
        ['in', 'path', ['/a', '/a/'], 1]
    """
    match test:
        case OneOf(reading, texts, ignores_case):
            return ["in", reading_data(reading), list(texts), *([1] if ignores_case else [])]
        case Matches(reading, regex):
            return ["match", reading_data(reading), expression_data(regex)]
        case InNetworks(reading, networks, texts):
            return ["net", reading_data(reading), list(networks), list(texts)]
        case HasNumber(reading, number):
            return ["number", reading_data(reading), number]
        case Ordered(order, sides):
            return [
                "order",
                order,
                [reading_data(side) if isinstance(side, Reading) else side for side in sides],
            ]
        case SameAs(reading, other, likeness):
            return ["two", likeness, reading_data(reading), reading_data(other)]


def guard_data(guard: Guard) -> Json:
    """Return when a branch is taken: the number of a test, or a list of ``and``, ``or``, ``not`` and members.

    Example:
        >>> guard_data(Every((Is(0), Is(1, negated=True))))
        ['and', 0, ['not', 1]]
    """
    match guard:
        case Is(test, negated):
            return ["not", test] if negated else test
        case Every(members):
            return ["and", *map(guard_data, members)]
        case Some(members):
            return ["or", *map(guard_data, members)]


def template_data(found: Parts) -> Json:
    """Return a text: as such, or as a list of texts and placeholders where it has variables.

    Example:
        >>> template_data(parts("a")), template_data(parts("a%{host}"))
        ('a', ['a', ['host', 'host', '']])
    """
    if all(isinstance(part, str) for part in found):
        return "".join(map(str, found))
    return [part if isinstance(part, str) else _placeholder(part) for part in found]


def _placeholder(part: Filled) -> Json:
    return [reading_data(part.reading), part.name, *_form(part)]


def _form(part: Filled) -> list[Json]:
    match part.form:
        case None:
            return [""]
        case Default(text, only_missing):
            return ["=" if only_missing else ":=", text]
        case Instead(text, or_empty):
            return ["+" if or_empty else ":+", text]
        case Slice(offset, length):
            return [":", offset, length]
        case RemoveStart(regex):
            return ["#", expression_data(regex)]
        case Replace(regex, new, is_global):
            return ["//" if is_global else "/", expression_data(regex), _replacement(new)]
        case Capture(regex, new):
            return ["/=", expression_data(regex), _replacement(new)]
        case ChangeCase(case, own_regex, is_global):
            operator = ("," if case == "lower" else "^") * (2 if is_global else 1)
            return [operator, None if own_regex is None else expression_data(own_regex)]


def _replacement(new: Replacement) -> str:
    cases = {"upper": "U", "lower": "L", "": ""}
    return "".join(
        f"${cases[part.case]}{part.number}" if isinstance(part, GroupText) else part for part in new
    )


def entry_data(entry: FeatureEntry, facts: Mapping[str, str]) -> list[Json]:
    """Return one value that a rule sets: key, value, and 1 where it is added to earlier ones.

    Args:
        entry: The value.
        facts: The mapping of the property from facts to headers.

    Example:
        >>> entry_data(FeatureEntry("caching.max_age.200", Duration("1h")), {})
        ['caching.max_age.200', 3600]
    """
    key, value = str(entry.key), entry.value
    if key == _CLIENT_IP:
        address = (Filled(reading_of_name("virt_dst_addr", facts), None, "virt_dst_addr"),)
        return [f"{key}.{str(value).lower()}", template_data(address)]
    return [key, _value(key, value, facts), *([1] if entry.gathers else [])]


def _value(key: str, value: object, facts: Mapping[str, str]) -> Json:
    if any(key.startswith(f"{feature}.") for feature in _TEXTS):
        return _header_text(value, facts)
    match value:
        case Duration():
            return value.seconds
        case Size():
            return value.bytes
        case UrlRedirect():
            return redirect_data(value, facts)
        case CacheKeyOptions():
            texts = [template_data(parts(text, facts)) for text in value.include_expressions or ()]
            return {**written(value), **({"include_expressions": texts} if texts else {})}
        case CacheKeyRewrite():
            return _key_rewrite(value, facts)
        case str() if key in (keys.response.set_response_body, keys.response.set_status_code):
            return template_data(parts(value, facts))
        case tuple() if key == keys.url.url_rewrite:
            return [rewrite_data(one, facts) for one in value if not leads_to_its_source(one)]
        case _:
            return written(value)


def _header_text(value: object, facts: Mapping[str, str]) -> Json:
    if isinstance(value, Mapping):
        ((namespace, name),) = value.items()
        read = reading_of(variable(namespace, name), facts)
        return template_data((Filled(read, None, f"{namespace}.{name}"),))
    return template_data(parts(str(value), facts))


def _key_rewrite(value: CacheKeyRewrite, facts: Mapping[str, str]) -> Json:
    if value.source is None or value.destination is None:
        return None
    return {
        "from": expression_data(value.source),
        "to": template_data(parts(value.destination, facts)),
    }


def redirect_data(wanted: UrlRedirect, facts: Mapping[str, str]) -> Json:
    """Return a redirect: `to` is empty where it names no destination."""
    return {
        **_substitution(wanted.source, wanted.destination, wanted.syntax, facts),
        "code": wanted.code or 302,
    }


def rewrite_data(wanted: UrlRewrite, facts: Mapping[str, str]) -> Json:
    """Return a rewrite; without `from`, one that changes nothing."""
    return _substitution(wanted.source, wanted.destination, wanted.syntax, facts)


def _substitution(
    source: str | None, destination: str | None, syntax: str | None, facts: Mapping[str, str]
) -> dict[str, Json]:
    found = parts(destination or "", facts)
    data: dict[str, Json] = {"to": [part if isinstance(part, str) else _placeholder(part) for part in found]}
    if any(isinstance(part, Filled) and part.name in _OWN_QUERY for part in found):
        data["saysQuery"] = 1
    if source is None or destination is None:
        return data
    if syntax != "path-to-regexp":
        return {**data, "from": expression_data(source)}
    path = source.removesuffix(SLASH_AND_QUERY)
    data |= {"named": 1, "from": _pattern_data(source)}
    if path != source:
        data["page"] = _pattern_data(path) if path else ["^$", ""]
        if "(" in path:
            data["takesQuery"] = 1
    if r"\?" in path:
        data["asksQuery"] = 1
    return data


def _pattern_data(text: str) -> list[str]:
    pattern = PathPattern(text)
    return [*expression_data(pattern.regex), *map(str, pattern.names)]
