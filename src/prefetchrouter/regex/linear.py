"""Compiles an expression for RE2, whose time grows with the text's length alone, where that means the same.

What an expression means is that of Python (see `to_python`); RE2 differs in a few places, so its source is
written anew from the tokens: classes as sets, letter case as sets of two letters (RE2 folds case beyond
ASCII), ``.`` without line breaks, anchors as ``\\A`` and ``\\z``. Whether a text matches is then the same.
What the groups hold is the same where no group lies in a loop, and where no loop can go round without
reading anything: there engines keep different texts. Lookaheads RE2 has none.
"""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from typing import Any

from prefetchrouter.errors import RegexError
from prefetchrouter.regex.measures import may_be_empty, width
from prefetchrouter.regex.parser import TOKEN, parse
from prefetchrouter.regex.sets import escaped_character, read_set
from prefetchrouter.regex.tree import (
    ANY,
    CLASSES,
    OTHER,
    Anchor,
    Chars,
    Choice,
    Look,
    Node,
    Repeat,
    Series,
    Text,
    any_case,
    mask_of,
)

MOST_PLACES = 2_000_000
"""What one search by RE2 may take, in places of the expression times characters of the text: milliseconds."""

MOST_MEMORY = 8 * 1024 * 1024
MOST_WIDTH = 2_000
"""The places of an expression that RE2 may be at for each character of a text (see `width`)."""


@lru_cache(maxsize=1)
def engine() -> Any:
    """Return the module of google-re2, or None if it is not installed."""
    try:
        return importlib.import_module("re2")
    except ImportError:
        return None


@lru_cache(maxsize=4096)
def to_linear(source: str, *, captures: bool) -> Any:
    """Return a rule set's regular expression compiled for RE2, or None if that would not mean the same.

    Args:
        source: The text that the rule set holds.
        captures: Whether it matters where the match is and what its groups hold, not only that there is one.
    """
    re2 = engine()
    written = None if re2 is None else linear_source(source, captures=captures)
    if re2 is None or written is None:
        return None
    options = re2.Options()
    options.never_capture = not captures
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    try:
        return re2.compile(written, options)
    except re2.error:
        return None


def linear_source(source: str, *, captures: bool) -> str | None:
    """Return the source of an expression for RE2, or None if that would mean something else.

    Example:
        >>> linear_source(r"(?i)^/a\\d$", captures=True)
        '\\\\A/[Aa][0-9]\\\\z'
        >>> linear_source("^(?!a)", captures=False) is None
        True
    """
    ignore_case = source.startswith("(?i)")
    text = source.removeprefix("(?i)")
    if text.startswith("(?") and text[2:3].isalpha() and not text.startswith("(?P<"):
        return None
    try:
        tree = parse(text).tree
    except RegexError:
        return None
    if width(tree) > MOST_WIDTH or not _means_the_same(tree, captures):
        return None
    if captures and _captures_in_a_loop(text):
        return None
    return "".join(_written(text, token, ignore_case) for token in TOKEN.finditer(text))


def _written(source: str, token: re.Match[str], ignore_case: bool) -> str:
    kind, text = token.lastgroup, token[0]
    if kind == "text":
        return "".join(_characters(mask_of(c), ignore_case) if c.isascii() else c for c in text)
    if kind == "set":
        mask, _ = read_set(source, token.start(), token.end(), False)
        if text.startswith("[^"):  # "(?i)[^a]" takes neither "a" nor "A"
            return _characters(ANY ^ any_case(ANY ^ mask) if ignore_case else mask, False)
        return _characters(mask, ignore_case)
    if kind == "escape":
        if text[1:] in CLASSES:
            return _characters(CLASSES[text[1:]], False)
        if text == r"\b":
            return text
        return _characters(mask_of(escaped_character(source, token.start(), text)), ignore_case)
    if kind == "open":
        return "(?:" if text == "(?:" else "("
    if kind == "other":
        return {"^": r"\A", "$": r"\z", ".": r"[^\n]", "{": r"\{"}.get(text, text)
    return text


def _characters(mask: int, ignore_case: bool) -> str:
    if ignore_case:
        mask = any_case(mask)
    if mask & OTHER:
        return f"[^{_ranges(ANY ^ mask)}]" if mask != ANY else r"[\x{0}-\x{10FFFF}]"
    if (
        mask.bit_count() == 1
        and (letter := chr(mask.bit_length() - 1))
        and (letter.isalnum() or letter in "/-_")
    ):
        return letter
    return f"[{_ranges(mask)}]" if mask else r"[^\x{0}-\x{10FFFF}]"


def _ranges(mask: int) -> str:
    found, code = [], 0
    while mask >> code:
        if mask >> code & 1:
            start = code
            while mask >> (code + 1) & 1:
                code += 1
            found.append(_letter(start) if start == code else f"{_letter(start)}-{_letter(code)}")
        code += 1
    return "".join(found)


def _letter(code: int) -> str:
    return chr(code) if chr(code).isalnum() else f"\\x{{{code:x}}}"


def _means_the_same(node: Node, captures: bool) -> bool:
    match node:
        case Look():
            return False
        case Series(parts=parts) | Choice(branches=parts):
            return all(_means_the_same(part, captures) for part in parts)
        case Repeat(part=part, most=most):
            return _means_the_same(part, captures) and not (captures and most != 1 and may_be_empty(part))
        case Text() | Chars() | Anchor():
            return True


def _captures_in_a_loop(source: str) -> bool:
    """Return whether a capturing group can match more than once."""
    opened: list[bool] = []  # for each open group, whether it holds one that captures, or is one
    closed = False  # whether the part before holds one
    for token in TOKEN.finditer(source):
        kind, text = token.lastgroup, token[0]
        if kind == "repeat":
            if closed and text not in ("?", "{1}", "{0,1}"):
                return True
        elif kind == "open":
            opened.append(text != "(?:")
            closed = False
        elif kind == "close":
            closed = opened.pop()
            if closed and opened:
                opened[-1] = True
        else:
            closed = False
    return False
