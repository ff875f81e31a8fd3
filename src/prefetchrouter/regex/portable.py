"""Makes a user's regular expression the text that the rule set holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from prefetchrouter.errors import Diagnostic, RegexError, shown
from prefetchrouter.regex.backtracking import MAX_SHARING, backtracking_warnings
from prefetchrouter.regex.parser import parse

_LEADING_FLAGS = re.compile(r"\(\?([aiLmsux]+)\)")
_SET = r"\[(?:a-z|A-Z|0-9|\\[dw]|[\w.])+-?\][*+]?"
_ORDINARY = re.compile(rf"\^?(?:[\w/~-]|\\\.|{_SET}|\((?:[\w/-]+(?:\|[\w/-]+)*|{_SET})\))*\$?", re.ASCII)
"""Texts, sets and groups that each occur once: they mean the same everywhere, and need no further checks."""
_LOOP = re.compile(r"\][*+]")
_SET_OR_ESCAPE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]", re.S)


@dataclass(frozen=True, slots=True)
class PortableRegex:
    """A regular expression that means the same in JavaScript, PCRE2, RE2 and Python.

    Args:
        source: The text that the rule set holds, with ``(?i)`` in front when it ignores case.
        warnings: What works but deserves a look: lookahead, and parts that can take very long.
    """

    source: str
    warnings: tuple[Diagnostic, ...] = ()


def portable(pattern: re.Pattern[str] | str) -> PortableRegex:
    """Return the form of a regular expression that the rule set holds.

    Args:
        pattern: A compiled expression, or its text.

    Raises:
        RegexError: The text is broken (``regex-syntax``), or part of it does not mean the same in JavaScript,
            PCRE2, RE2 and Python (``regex-portability``); docs/regexes.md lists what to write instead.

    Example:
        >>> portable(re.compile(r"^\\/(?P<lang>en|fr)\\/", re.I)).source
        '(?i)^/(?<lang>en|fr)/'
    """
    text: object = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
    if isinstance(text, str):
        return _portable(text, pattern.flags if isinstance(pattern, re.Pattern) else 0)
    raise RegexError.of(
        "regex-syntax",
        f"{shown(text)} is not a regular expression over text",
        expected="re.compile(...) of a text, or the text",
    )


@lru_cache(maxsize=4096)
def _portable(source: str, flags: int) -> PortableRegex:
    if flags in (0, re.U) and _is_ordinary(source):
        return PortableRegex(source)
    text, leading = source, _LEADING_FLAGS.match(source)
    if leading:
        text = source[leading.end() :]
        for letter in leading[1]:
            flags |= re.RegexFlag[letter.upper()]
    if flags & re.X:
        _refuse_flag(source, "re.X (verbose)", "write the expression without spaces and comments")
    if flags & re.L:
        _refuse_flag(source, "re.L (locale)", "remove it")
    ignore_case = bool(flags & re.I)
    parsed = parse(text, ignore_case=ignore_case)
    bare = _SET_OR_ESCAPE.sub("", text) if flags & (re.S | re.M) else ""
    if flags & re.S and "." in bare:
        _refuse_flag(source, 're.S with "."', "remove it: values of conditions contain no line breaks")
    if flags & re.M and ("^" in bare or "$" in bare):
        _refuse_flag(source, 're.M with "^" or "$"', "remove it: values of conditions are single lines")
    front = "(?i)" if ignore_case else ""
    return PortableRegex(front + parsed.source, (*parsed.warnings, *backtracking_warnings(text, parsed)))


def _is_ordinary(source: str) -> bool:
    return _ORDINARY.fullmatch(source) is not None and len(_LOOP.findall(source)) <= MAX_SHARING


def _refuse_flag(source: str, flag: str, hint: str) -> NoReturn:
    raise RegexError.of("regex-portability", f"{shown(source)}: {flag} is not portable", hint=hint)
