"""Sets of characters, `[...]`: read into a mask, refused where the engines disagree."""

from __future__ import annotations

import re

from prefetchrouter.regex.refusals import bad_escape, broken, not_portable
from prefetchrouter.regex.tree import ANY, CLASSES, mask_between, mask_of

_ITEM = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|0(?![0-9])|[^x0])|[^\\]|\\", re.S)

_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def escaped_character(source: str, at: int, text: str) -> str:
    """Return the character of an escape such as ``\\.`` or ``\\x2f``.

    Args:
        source: The whole expression, for the message.
        at: Where the escape begins in it, counted from 0.
        text: The escape.

    Raises:
        RegexError: The escape does not mean the same in all engines.

    Example:
        >>> escaped_character(r"a\\.", 1, r"\\.")
        '.'
    """
    letter = text[1:2]
    if letter in _CONTROLS:
        return _CONTROLS[letter]
    if len(text) == 4:
        if text[2] not in "01234567":
            bad_escape(source, at)
        return chr(int(text[2:], 16))
    if text == r"\0":
        return "\0"
    if not letter or not letter.isascii() or letter.isalnum():
        bad_escape(source, at)
    return letter


def read_set(source: str, start: int, end: int, class_ranges: bool) -> tuple[int, str]:
    """Return the mask of the set at `start` to `end`, and its portable text.

    Args:
        source: The whole expression.
        start: Where the ``[`` is.
        end: The place after the ``]``.
        class_ranges: Whether ``[\\w-.]`` is read as JavaScript does, with a literal hyphen.

    Raises:
        RegexError: The set is broken or does not mean the same in all engines.

    Example:
        >>> read_set("[a-c]", 0, 5, False) == (mask_between(97, 99), "[a-c]")
        True
    """
    negated = source.startswith("^", start + 1)
    at = first = start + 1 + negated
    if at == end - 1:
        not_portable(source, start, 'a set that begins with "]"', 'write "\\]" for the bracket')
    mask, out = 0, ["[^" if negated else "["]
    previous: int | None = None  # the code of a character that could begin a range
    after_class = False
    while at < end - 1:
        text = _item(source, at, end)
        following = at + len(text)
        if text == "[" and source[following] in ":.=":
            not_portable(source, at, f'"[{source[following]}" inside a set', 'write "\\[" for the bracket')
        if text == "-" and at > first and following < end - 1:
            if previous is not None:
                mask |= _range(source, at, end, previous)
                high = _item(source, following, end)
                text += _written(high)
                following += len(high)
                previous = None
            elif after_class and class_ranges:
                mask |= mask_of("-")
                text = r"\-"
            else:
                not_portable(source, at, "a hyphen after a range or class", 'write "\\-" for the hyphen')
            after_class = False
        elif text[0] == "\\" and text[1:] in CLASSES:
            mask |= CLASSES[text[1:]]
            previous, after_class = None, True
        else:
            previous, after_class = _code(source, at, text), False
            mask |= 1 << previous
        out.append(_written(text))
        at = following
    return (ANY ^ mask if negated else mask), "".join(out) + "]"


def _item(source: str, at: int, end: int) -> str:
    item = _ITEM.match(source, at, end - 1)
    return item[0] if item else ""


def _range(source: str, hyphen: int, end: int, low: int) -> int:
    text = _item(source, hyphen + 1, end)
    if text[0] == "\\" and text[1:] in CLASSES:
        not_portable(source, hyphen, f'a range that ends in "{text}"', 'write "\\-" for the hyphen')
    high = _code(source, hyphen + 1, text)
    if high < low:
        broken(source, hyphen, "a range of characters runs backwards", 'write "\\-" for a hyphen')
    return mask_between(low, high)


def _code(source: str, at: int, text: str) -> int:
    if text == r"\b":
        not_portable(source, at, 'a backspace "\\b" in a set', 'write "\\x08"')
    code = ord(escaped_character(source, at, text) if text[0] == "\\" else text)
    if code > 127:
        not_portable(
            source,
            at,
            "a character outside ASCII in a set",
            "PCRE2 sees bytes: write the characters percent-encoded, as alternatives",
        )
    return code


def _written(text: str) -> str:
    return "/" if text == r"\/" else text
