"""Which forms of values a rule uses: read from its conditions, its texts, and its rewrites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from prefetchrouter.catalog import keys
from prefetchrouter.errors import RegexError
from prefetchrouter.evaluation.templates import Placeholder
from prefetchrouter.evaluation.templates import parts as template_parts
from prefetchrouter.lowering.substitution import substitution
from prefetchrouter.lowering.tests import HasNumber, InNetworks, Matches, SameAs, atomic
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.tree import Anchor, Choice, Look, Node, Repeat, Series
from prefetchrouter.rules.conditions import Comparison
from prefetchrouter.rules.duration import Duration
from prefetchrouter.rules.features import Section, UrlRedirect, UrlRewrite, items
from prefetchrouter.rules.features.rewrite_checks import leads_to_its_source

_CASES: Final = {",": ",", ",,": ",", "^": "^", "^^": "^"}
_OF_OPERATORS: Final = {
    "": "%{...}",
    ":=": "%{...:=default}",
    "=": "%{...=default}",
    ":+": "%{...:+text}",
    "+": "%{...+text}",
    ":": "%{...:offset:length}",
    "#": "%{...#regex}",
    "%": "%{...%regex}",
    "/": "%{.../regex/new}",
    "//": "%{...//regex/new}",
    "/=": "%{.../=regex/new}",
}


def forms_of_test(test: Comparison) -> Iterator[str]:
    """Yield the forms that a comparison uses.

    Example:
        >>> from prefetchrouter.rules.conditions import variable
        >>> list(forms_of_test(Comparison("=~", (variable("request", "path"), r"^/a(?!b)"))))
        ['regex', 'regex (?=...)']
    """
    match atomic(test):
        case Matches(regex=regex, pattern=pattern):
            if pattern is None or "(" in pattern:
                yield from forms_of_regex(regex)
        case SameAs():
            yield "two variables"
        case HasNumber():
            yield "number"
        case InNetworks():
            yield "network"
        case _:
            pass


def forms_of_regex(regex: str) -> Iterator[str]:
    """Yield the forms that a regular expression uses.

    Example:
        >>> list(forms_of_regex(r"\\bcaf\u00e9"))
        ['regex', 'regex \\\\b', 'regex of other than ASCII']
    """
    yield "regex"
    try:
        nodes = list(_nodes(parse(regex.removeprefix("(?i)")).tree))
    except RegexError:
        return  # raw rules can hold it; what is wrong with it is reported elsewhere
    if any(isinstance(node, Look) for node in nodes):
        yield "regex (?=...)"
    if any(isinstance(node, Anchor) and node.mark == r"\b" for node in nodes):
        yield r"regex \b"
    if "(?<" in regex:
        yield "regex (?<name>...)"
    if not regex.isascii():
        yield "regex of other than ASCII"


def _nodes(tree: Node) -> Iterator[Node]:
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        match node:
            case Series(parts=parts) | Choice(branches=parts):
                pending += parts
            case Repeat(part=part) | Look(part=part):
                pending.append(part)
            case _:
                pass


def forms_of_value(name: str, value: object) -> Iterator[str]:
    """Yield the forms that the value of a feature uses, at any depth; a form may come twice.

    Args:
        name: The feature, such as ``"headers.set_response_headers"``.
        value: What a rule sets.

    Example:
        >>> list(forms_of_value("headers.set_request_headers", {"+x-a": "%{host:0:3}"}))
        ['+header', '%{...:offset:length}']
    """
    match value:
        case Duration():  # which is a text, too
            if value.seconds < 0:
                yield "negative duration"
        case str():
            yield from _of_text(name, value)
        case UrlRedirect() | UrlRewrite():
            yield from _of_substitution(value)
            yield from _of_text(name, value.destination or "")
        case Section():
            for option, part in items(value):
                yield from forms_of_value(f"{name}.{option}", part)
        case tuple() | list():
            for part in value:
                yield from forms_of_value(name, part)
        case Mapping():
            for own, part in value.items():
                yield from _of_entry(name, str(own), part)
        case _:
            pass


def _of_entry(name: str, own: str, value: object) -> Iterator[str]:
    if name.startswith("headers."):
        if own.startswith("+") and ".set_" in name:
            yield "+header"
        if "." in own:
            yield "header name with a dot"
        if isinstance(value, Mapping):
            yield "header from a variable"
            return
    yield from forms_of_value(name, value)


def _of_text(name: str, text: str) -> Iterator[str]:
    if "\0" in text:
        yield "NUL"
    if "%" not in text or name in ("comment", keys.logs.custom_log_field_format):
        return
    for part in template_parts(text):
        if isinstance(part, Placeholder):
            yield _form_of(part)
            if part.regex:
                yield from forms_of_regex(part.regex)
            if name == keys.response.set_status_code:
                yield "status from a text"


def _form_of(part: Placeholder) -> str:
    case = _CASES.get(part.operator)
    if case is not None:
        return f"%{{...{case}{'regex' if part.regex else ''}}}"
    return _OF_OPERATORS[part.operator]


def _of_substitution(wanted: UrlRedirect | UrlRewrite) -> Iterator[str]:
    if wanted.source is None or wanted.destination is None:
        return
    if isinstance(wanted, UrlRewrite) and leads_to_its_source(wanted):
        return
    if wanted.syntax != "path-to-regexp":
        yield from forms_of_regex(wanted.source)
    if substitution(wanted.source, wanted.destination, wanted.syntax).query == "both":
        yield "source of path and query"


def variables_of_value(name: str, value: object) -> Iterator[str]:
    """Yield the names of the variables in the texts of a value, as support tables have them.

    Example:
        >>> list(variables_of_value("headers.set_request_headers", {"x-a": "%{geo_city}"}))
        ['variable.geo_city']
    """
    match value:
        case str() if "%" in value and name not in ("comment", keys.logs.custom_log_field_format):
            for part in template_parts(value):
                if isinstance(part, Placeholder):
                    yield f"variable.{part.name}"
        case Section():
            for option, inner in items(value):
                yield from variables_of_value(f"{name}.{option}", inner)
        case tuple() | list():
            for member in value:
                yield from variables_of_value(name, member)
        case Mapping():
            for inner in value.values():
                if isinstance(inner, Mapping) and name.startswith("headers."):
                    ((namespace, called),) = inner.items()
                    yield f"{namespace}.{called}"
                else:
                    yield from variables_of_value(name, inner)
        case _:
            pass
