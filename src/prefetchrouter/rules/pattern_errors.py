"""The error messages of path patterns."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from prefetchrouter.errors import PatternError, RegexError, shown
from prefetchrouter.regex.refusals import place

_STAR = re.compile(r"/\.\*|/?\*+")
_ONLY_TEXT = re.compile(r"[^(){}:\\+?]*")
_CLASS = re.compile(r"[^(:]*\[\^?[^\]]*\w-\w[^\]]*\]|[^(:]*\\[dDwWsSbB]|.*\(\?P?<\w+>")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/]*", re.I)


def fail(
    text: str, at: int, problem: str, *, expected: str | None = None, hint: str | None = None
) -> NoReturn:
    """Refuse a pattern because of its character at index `at`.

    Raises:
        PatternError: Always, with code ``path-pattern``.
    """
    if is_regex(text):
        hint = instead_of_regex(text)
    raise PatternError.of("path-pattern", f"{place(text, at)}: {problem}", expected=expected, hint=hint)


def unexpected(text: str, at: int) -> NoReturn:
    """Refuse a special character in place of text or a parameter."""
    mark = text[at]
    literally = _or_exact(text)
    if mark == "\\":
        fail(
            text,
            at,
            "a backslash at the end escapes nothing",
            hint="remove it: a path contains no backslash",
        )
    if mark == "}":
        fail(text, at, '"}" closes no group', hint=f'write "\\}}" for the character{literally}')
    expected = "a parameter or a group before it"
    if mark == "*":
        fail(text, at, '"*" repeats nothing', expected=expected, hint=_instead_of_stars(text, literally))
    if mark == "?" and "=" in text[at:]:
        problem = '"?" makes nothing optional, and a path holds no query string'
        fail(text, at, problem, expected=expected, hint='add a condition on "query"')
    if mark == "?":
        before = text[at - 1 : at]
        hint = f'write "{{{before}}}?" to make "{before}" optional' if before.isalnum() else "remove it"
        fail(text, at, '"?" makes nothing optional', expected=expected, hint=hint)
    fail(
        text,
        at,
        '"+" repeats nothing',
        expected=expected,
        hint=f'write "\\+" for the character{literally}',
    )


def _instead_of_stars(text: str, literally: str) -> str:
    if not _ONLY_TEXT.fullmatch(text):
        return f'write "/:rest*" for the rest of the path{literally}'
    count = 0

    def named(star: re.Match[str]) -> str:
        nonlocal count
        if star[0][0] == "*" and star.start():
            return "(.*)"
        count += 1
        return f"/:rest{count if count > 1 else ''}*"

    cure = _STAR.sub(named, text)
    cure = cure if cure.startswith(("/", "(")) else f"/{cure}"
    return f"write {shown(cure)}{literally}"


def unclosed_group(text: str, start: int, at: int) -> NoReturn:
    """Refuse a group in braces that has invalid content or is not closed."""
    literally = f'write "\\{{" for the character{_or_exact(text)}'
    if at >= len(text):
        fail(text, start, 'this "{" is not closed', expected='"}"', hint=literally)
    if text[at] == "{":
        fail(text, at, "a group is not allowed inside a group", expected='"}" first', hint=literally)
    if text[at] in ":(":
        fail(
            text,
            at,
            "a group contains two parameters",
            expected="one in each group",
            hint="close the first group",
        )
    fail(
        text,
        at,
        f'"{text[at]}" is not allowed inside a group',
        expected='"}" first',
        hint="write it after the group",
    )


def empty_group(text: str, start: int) -> NoReturn:
    """Refuse ``{}``."""
    fail(text, start, 'the group "{}" is empty', expected="text or a parameter in it", hint="remove it")


def no_name(text: str, at: int) -> NoReturn:
    """Refuse a colon that no name follows."""
    hint = f'write "\\:" for the character{_or_exact(text)}'
    origin = _ORIGIN.match(text)
    if origin and at < origin.end():
        fail(
            text,
            at,
            "a path has no scheme and no hostname",
            expected='a path, which begins with "/"',
            hint=f"write only the path, {shown(text[origin.end() :] or '/')}",
        )
    fail(text, at, 'no name follows ":"', expected='letters, digits or underscores, as in ":id"', hint=hint)


def question_first(text: str, at: int) -> NoReturn:
    """Refuse an expression that begins with a question mark."""
    hint = 'put it in brackets: "((?!x)...)" or "((?:a|b)c)"'
    fail(text, at, 'an expression cannot begin with "?"', hint=hint)


def capture(text: str, at: int) -> NoReturn:
    """Refuse a capturing group inside an expression."""
    fail(
        text,
        at,
        "an expression cannot capture inside",
        hint='write "(?:" to group, or "\\(" for the character',
    )


def unclosed_expression(text: str, start: int) -> NoReturn:
    """Refuse an expression that is not closed."""
    hint = f'write "\\(" for the character{_or_exact(text)}'
    fail(text, start, 'this "(" is not closed', expected='")"', hint=hint)


def empty_expression(text: str, start: int) -> NoReturn:
    """Refuse ``()``."""
    hint = f'write "(.*)" for anything{_or_exact(text)}'
    fail(text, start, 'the expression "()" is empty', hint=hint)


def no_text_between(text: str, at: int) -> NoReturn:
    """Refuse two adjacent parameters, since the end of the first would be ambiguous."""
    hint = 'put text between them, as in ":a-:b", or give this one an expression: ":b(\\d+)"'
    fail(text, at, "nothing separates this parameter from the one before", expected="text between", hint=hint)


def cannot_repeat(text: str, start: int, at: int) -> NoReturn:
    """Refuse a repeated parameter with nothing between its occurrences."""
    what = text[start:at]
    if what.startswith("("):
        hint = f'write {shown(what)} without "{text[at]}", or "/" before it'
    else:
        hint = f"write {shown('/' + text[start : at + 1])}"
    problem = f'"{text[at]}" repeats {shown(what)} with nothing between'
    fail(text, at, problem, expected='a "/" or "." directly before it, or text in braces with it', hint=hint)


def in_expression(text: str, at: int, problem: RegexError) -> PatternError:
    """Return the error of a parameter's own expression as an error of the pattern."""
    where = f"{place(text, at)}, in the expression"
    return PatternError(*(diagnostic.within(where) for diagnostic in problem.diagnostics))


def _or_exact(text: str) -> str:
    """Return the end of a proposal: the exact text, where a path can be this."""
    is_path = text.startswith("/") and not re.search(r"[?#\\]|[^!-~]", text)
    return f", or {exact(text)} for this very text" if is_path else ""


def exact(text: str) -> str:
    """Return the code for literal text.

    Example:
        >>> exact("/a*b")
        'exact("/a*b")'
    """
    return (
        f"exact({json.dumps(text, ensure_ascii=False)})"
        if len(text) <= 80 and text.isprintable()
        else "exact(...)"
    )


def is_regex(text: str) -> bool:
    """Return whether a pattern was probably meant as a regular expression.

    Example:
        >>> is_regex("^/a"), is_regex(r"/a/\\d+"), is_regex(r"/:id(\\d+)")
        (True, True, False)
    """
    ends = text.endswith("$") and not text.endswith("\\$")
    return (
        ends
        or text.startswith("^")
        or (re.search(r"\\|\(\?|-", text) is not None and _CLASS.match(text) is not None)
    )


def instead_of_regex(text: str) -> str:
    """Return the code for a regular expression that was written as a pattern.

    Example:
        >>> instead_of_regex("^/a/(.*)$")
        'write re.compile(r"^/a/(.*)$") for a regular expression'
    """
    whole = text if text.startswith("^") else f"^{text}" if text.endswith("$") else f"^{text}$"
    whole = re.sub(r"^\^(?=[A-Za-z0-9_])", "^/", whole).replace("(?<", "(?P<")
    whole = re.sub(r"\(\?P<([=!])", r"(?<\1", whole)
    plain = len(text) <= 80 and text.isprintable() and '"' not in text
    argument = f'r"{whole}"' if plain else "..."
    return f"write re.compile({argument}) for a regular expression"
