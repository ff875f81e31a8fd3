"""Errors of the parser: constructs on which the four engines disagree, and what to write instead."""

from __future__ import annotations

import re
from typing import NoReturn

from prefetchrouter.errors import RegexError, shown

_HEX_BYTE = re.compile(r"\\x[0-9A-Fa-f]{2}")
_FLAGS = re.compile(r"\(\?[a-zA-Z]*(?:-[a-zA-Z]+)?[:)]")

_NO_BACKREFERENCE = "RE2 has none: write the alternatives out"
_CHARACTER_ITSELF = "write the character itself, percent-encoded in a path"

ESCAPES = {
    "A": ('the start anchor "\\A"', 'write "^"'),
    "Z": ('the end anchor "\\Z"', 'write "$"'),
    "z": ('the end anchor "\\z"', 'write "$"'),
    "B": ('"\\B"', "engines disagree on an empty value: name the characters around it"),
    "v": ('"\\v"', 'PCRE2 reads any vertical space: write "\\x0b"'),
    "a": ('the bell "\\a"', 'write "\\x07"'),
    "e": ('"\\e"', 'write "\\x1b"'),
    "u": ('a "\\u" escape', _CHARACTER_ITSELF),
    "U": ('a "\\U" escape', _CHARACTER_ITSELF),
    "N": ('a "\\N" escape', _CHARACTER_ITSELF),
    "x": ('"\\x" without two hexadecimal digits', 'write two digits, such as "\\x2f"'),
    "p": ("a Unicode property", 'write the characters as a set, such as "[A-Za-z]"'),
    "P": ("a Unicode property", 'write the characters as a set, such as "[^A-Za-z]"'),
    "h": ('"\\h"', 'write "[ \\t]"'),
    "R": ('"\\R"', 'write "\\r?\\n"'),
    "Q": ('quoting with "\\Q"', "escape each character"),
}
"""Escapes by their letter: what they are, and what to write instead."""

GROUPS = (
    ("(?<=", 'the lookbehind "(?<="', "match the text before it as part of the expression"),
    ("(?<!", 'the lookbehind "(?<!"', "match the text before it as part of the expression"),
    ("(?>", 'the atomic group "(?>"', 'write a plain group "(?:"'),
    ("(?P=", "a backreference", _NO_BACKREFERENCE),
    ("(?(", 'the conditional group "(?("', "write two alternatives"),
    ("(?#", 'the comment "(?#"', "remove it"),
    ("(?P>", 'the group call "(?P>"', "write the group out"),
)
"""Kinds of groups by how they begin: what they are, and what to write instead."""


def not_portable(source: str, at: int, construct: str, hint: str) -> NoReturn:
    """Refuse a construct at index `at` that does not mean the same in all four engines.

    Raises:
        RegexError: Always, with code ``regex-portability``.
    """
    raise RegexError.of(
        "regex-portability",
        f"{place(source, at)}: {construct} is not portable",
        hint=hint,
    )


def broken(source: str, at: int, problem: str, hint: str | None = None) -> NoReturn:
    """Refuse a regular expression that is invalid in every engine.

    Raises:
        RegexError: Always, with code ``regex-syntax``.
    """
    raise RegexError.of("regex-syntax", f"{place(source, at)}: {problem}", hint=hint)


def bad_escape(source: str, at: int) -> NoReturn:
    """Refuse the escape at index `at`, with what to write instead.

    Raises:
        RegexError: Always, with code ``regex-portability``, or ``regex-syntax`` for a lone backslash.
    """
    letter = source[at + 1 : at + 2]
    if not letter:
        broken(source, at, "a backslash at the end escapes nothing", 'write "\\\\" for a backslash')
    if letter == "x" and _HEX_BYTE.match(source, at):
        not_portable(source, at, "a byte above \\x7f", "write the character percent-encoded")
    if letter in ESCAPES:
        not_portable(source, at, *ESCAPES[letter])
    if letter == "0" or (letter in "123" and source[at + 2 : at + 4].isdigit()):
        not_portable(source, at, "an octal escape", 'write two hexadecimal digits, such as "\\x2f"')
    if letter.isdigit():
        not_portable(source, at, f'the backreference "\\{letter}"', _NO_BACKREFERENCE)
    if letter.isascii():
        not_portable(source, at, f'the escape "\\{letter}"', f'write "{letter}" for the letter itself')
    not_portable(source, at, "an escaped character outside ASCII", "write it without the backslash")


def refuse_group(source: str, at: int) -> NoReturn:
    """Refuse the kind of group that begins at index `at`, with what to write instead.

    Raises:
        RegexError: Always; ``regex-portability``, or ``regex-syntax`` for an unknown group.
    """
    for opening, construct, hint in GROUPS:
        if source.startswith(opening, at):
            not_portable(source, at, construct, hint)
    flags = _FLAGS.match(source, at)
    if flags:
        hint = 'write "(?i)" at the beginning of the expression, or both cases: "[aA]"'
        not_portable(source, at, f'the inline flag group "{flags[0]}"', hint)
    broken(source, at, "this kind of group is unknown", 'write "(?:" to group, "\\?" for the character')


def place(source: str, at: int) -> str:
    """Return a text and a position in it for a message; of a long text only an excerpt.

    Example:
        >>> place("a(?<=b)", 1)
        '"a(?<=b)" at character 2'
    """
    first = max(0, at - 30) if len(source) > 70 else 0
    excerpt = source[first : first + 70]
    before, after = "…" if first else "", "…" if len(source) > first + 70 else ""
    return f"{shown(before + excerpt + after)} at character {at + 1}"
