"""Text with feature variables, such as ``"https://%{host}/%{geo_country:=XX}"``, and what fills it.

A form that is not one of the documented ones stays in the text as it is written, as does what follows a
backslash: ``\\%{host}``. A variable that has no value gives the empty text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from prefetchrouter.errors import RegexError
from prefetchrouter.regex import Found, Regex, compiled

LookUp: TypeAlias = Callable[[str], str | None]
Transform: TypeAlias = Callable[[str | None], str]

_START = re.compile(r"\\%|%\{")
_NAME = re.compile(r"[A-Za-z0-9_]+")
_OPERATOR = re.compile(r":=|:\+|:|=|\+|#|%|//|/=|/|,,|,|\^\^|\^")
_SUBSTRING = re.compile(r"(-?[0-9]{1,9})(?::(-?[0-9]{1,9}))?")
_GROUP = re.compile(r"\$([UL]?)([1-9])")
_FIND = re.compile(r"(?:\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^/\\])*", re.S)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A variable in a text, and the transformation of its value.

    Args:
        name: The name of the variable, in lower case.
        transform: How its value is transformed.
        regex: The regular expression that its value is matched with, or None.
        is_global: Whether every match of it is replaced.
        operator: What follows the name, such as ``":="``; empty for the value as it is.
        argument: The text behind the operator, except for its regular expression: a default, a replacement.
    """

    name: str
    transform: Transform
    regex: str | None = None
    is_global: bool = False
    operator: str = ""
    argument: str = ""


def parts(template: str) -> tuple[str | Placeholder, ...]:
    """Return a template as its texts and the variables between them.

    Example:
        >>> [getattr(part, "name", part) for part in parts("a%{host}b")]
        ['a', 'host', 'b']
    """
    return _parts(template) if "%" in template else (template,)


def expand(template: str, look_up: LookUp, change: Callable[[str], str] = str) -> str:
    """Return a text with its variables filled in.

    Args:
        template: The text.
        look_up: Gives the value of a variable by its name in lower case, None if it has none.
        change: What happens to the text between the variables.

    Example:
        >>> expand(r"%{host/=^www\\.(.+)$/cdn.$1}", {"host": "www.shop.test"}.get)
        'cdn.shop.test'
    """
    if "%" not in template:
        return change(template)
    return "".join(
        change(part) if isinstance(part, str) else part.transform(look_up(part.name))
        for part in _parts(template)
    )


def expressions_in(template: str) -> tuple[tuple[str, bool], ...]:
    """Return the regular expressions that a text matches its variables with, and whether every match counts.

    Example:
        >>> expressions_in(r"%{host/=^www\\.(.+)$/cdn.$1}%{path//x/y}")
        (('^www\\\\.(.+)$', False), ('x', True))
    """
    found = [part for part in _parts(template) if isinstance(part, Placeholder)]
    return tuple((part.regex, part.is_global) for part in found if part.regex is not None)


def variables_in(template: str) -> tuple[str, ...]:
    """Return the names of the variables in a text, in lower case.

    Example:
        >>> variables_in("%{host}%{normalized_uri}")
        ('host', 'normalized_uri')
    """
    return tuple(part.name for part in _parts(template) if isinstance(part, Placeholder))


@lru_cache(maxsize=4096)
def _parts(template: str) -> tuple[str | Placeholder, ...]:
    parts: list[str | Placeholder] = []
    text, at = "", 0
    while start := _START.search(template, at):
        text += template[at : start.start()]
        if start[0] == "\\%":
            text, at = text + "%", start.end()
            continue
        end = _closing(template, start.end())
        found = _placeholder(template[start.end() : end]) if end else None
        if end is None or found is None:
            text, at = text + "%{", start.end()
            continue
        if found != "":
            parts += [text, found]
            text = ""
        at = end + 1
    return (*parts, text + template[at:])


def _closing(template: str, at: int) -> int | None:
    depth = 0
    while at < len(template):
        character = template[at]
        if character == "\\":
            at += 1
        elif character == "{":
            depth += 1
        elif character == "}":
            if not depth:
                return at
            depth -= 1
        at += 1
    return None


def _placeholder(content: str) -> Placeholder | str | None:
    if not content:
        return ""
    name = _NAME.match(content)
    if name is None:
        return None
    rest = content[name.end() :]
    if not rest:
        return Placeholder(name[0].lower(), _plain)
    operator = _OPERATOR.match(rest)
    if operator is None:
        return None
    try:
        transform = _transform(operator[0], rest[operator.end() :])
    except RegexError:
        return None
    if transform is None:
        return None
    regex, argument = _regex_and_argument(operator[0], rest[operator.end() :])
    is_global = operator[0] in ("//", ",,", "^^")
    return Placeholder(name[0].lower(), transform, regex, is_global, operator[0], argument)


def _regex_and_argument(operator: str, text: str) -> tuple[str | None, str]:
    match operator:
        case "%":
            return _at_end(text), ""
        case "/" | "//" | "/=":
            return _find_and_rest(text)
        case "#" | "," | ",," | "^" | "^^":
            return text or None, ""
        case _:
            return None, text


def _plain(value: str | None) -> str:
    return value or ""


def _transform(operator: str, text: str) -> Transform | None:
    match operator:
        case ":=":
            return lambda value: value or text
        case "=":
            return lambda value: text if value is None else value
        case ":+":
            return lambda value: text if value else ""
        case "+":
            return lambda value: "" if value is None else text
        case ":":
            return _substring(text)
        case "#":
            start = compiled(text)
            return _on_text(lambda value: start.sub("", value, count=1) if start.match(value) else value)
        case "%":
            end = compiled(_at_end(text))
            return _on_text(lambda value: end.sub("", value, count=1))
        case "/" | "//":
            return _replacing(text, 0 if operator == "//" else 1)
        case "/=":
            return _capturing(text)
        case "," | ",,":
            return _in_case(str.lower, text, 0 if operator == ",," else 1)
        case _:
            return _in_case(str.upper, text, 0 if operator == "^^" else 1)


def _on_text(change: Callable[[str], str]) -> Transform:
    return lambda value: change(value) if value else ""


def _substring(text: str) -> Transform | None:
    numbers = _SUBSTRING.fullmatch(text)
    if numbers is None:
        return None
    offset, length = int(numbers[1]), int(numbers[2]) if numbers[2] else None

    def cut(value: str) -> str:
        start = max(0, len(value) + offset) if offset < 0 else offset
        if length is None:
            return value[start:]
        return value[start : start + length] if length >= 0 else value[max(0, start + length) : start]

    return _on_text(cut)


def _at_end(text: str) -> str:
    flags = "(?i)" if text.startswith("(?i)") else ""
    return f"{flags}(?:{text.removeprefix(flags)})$"


def _replacing(text: str, count: int) -> Transform:
    find, new = _find_and_new(text)
    return _on_text(lambda value: find.sub(lambda found: _filled(new, found), value, count=count))


def _capturing(text: str) -> Transform:
    find, new = _find_and_new(text)

    def capture(value: str) -> str:
        found = find.search(value)
        return _filled(new, found) if found else ""

    return _on_text(capture)


def _find_and_new(text: str) -> tuple[Regex, str]:
    find, new = _find_and_rest(text)
    return compiled(find), new


def _find_and_rest(text: str) -> tuple[str, str]:
    find = _FIND.match(text)
    end = find.end() if find else 0
    return text[:end], text[end + 1 :]


def _filled(new: str, found: Found) -> str:
    def group(wanted: re.Match[str]) -> str:
        number = int(wanted[2])
        text = (found[number] or "") if number <= found.re.groups else ""
        return text.upper() if wanted[1] == "U" else text.lower() if wanted[1] == "L" else text

    return _GROUP.sub(group, new)


def _in_case(change: Callable[[str], str], text: str, count: int) -> Transform:
    if not text:
        return _on_text(change)
    find = compiled(text)
    return _on_text(lambda value: find.sub(lambda found: change(found[0]), value, count=count))
