"""Reads a regular expression of the portable dialect: its tree, its portable text, and what to warn of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.regex.refusals import broken, not_portable, place, refuse_group
from prefetchrouter.regex.sets import escaped_character, read_set
from prefetchrouter.regex.tree import (
    ANY,
    CLASSES,
    EMPTY,
    Anchor,
    Chars,
    Choice,
    Look,
    Node,
    Parsed,
    Repeat,
    Series,
    Text,
    any_case,
)

MAX_DEPTH = 50
"""Groups inside groups; Python's own compiler gives up a little later."""

MAX_COUNT = 1000
"""The largest count that RE2 takes, also as a product of nested counts."""

TOKEN = re.compile(
    r"""
      (?P<text>    [^\\\[(){*+?|^$.]+ (?![*+?{]) | [^\\\[(){*+?|^$.] )
    | (?P<escape>  \\ (?: x[0-9A-Fa-f]{2} | 0(?![0-9]) | [^x0] )? )
    | (?P<set>     \[ \^? (?: \\. | [^\]\\] )* \] )
    | (?P<open>    \( (?: \? (?: [:=!] | P?<(?P<name>[^>=!()]*)> ) )? )
    | (?P<close>   \) )
    | (?P<repeat>  [*+?] | \{ (?: (?P<least>[0-9]+) (?P<comma>,)? | , ) (?P<most>[0-9]*) \} )
    | (?P<other>   . )
    """,
    re.S | re.X,
)
"""The pieces of an expression that the parser reads; everything belongs to one of them."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")


@dataclass(slots=True)
class _Group:
    """A group that is still open."""

    at: int
    opening: str
    branches: list[Node] = field(default_factory=list)
    parts: list[Node] = field(default_factory=list)
    weight: int = 1

    def close(self) -> Node:
        self.end_branch()
        return self.branches[0] if len(self.branches) == 1 else Choice(tuple(self.branches))

    def end_branch(self) -> None:
        parts = self.parts
        self.branches.append(parts[0] if len(parts) == 1 else Series(tuple(parts)) if parts else EMPTY)
        self.parts = []


def parse(
    source: str, *, ignore_case: bool = False, captures: bool = True, class_ranges: bool = False
) -> Parsed:
    """Return what a regular expression of the portable dialect consists of.

    Args:
        source: The expression without flags in front.
        ignore_case: Whether letters match both cases.
        captures: Whether capturing groups are allowed.
        class_ranges: Whether ``[\\w-.]`` is read as JavaScript does, with a literal hyphen.

    Raises:
        RegexError: It is broken (``regex-syntax``), or part of it does not mean the same in JavaScript,
            PCRE2, RE2 and Python (``regex-portability``).

    Example:
        >>> parse(r"(?P<kind>a|b)\\/").source
        '(?<kind>a|b)/'
    """
    return _Parser(source, ignore_case, captures, class_ranges).parse()


class _Parser:
    def __init__(self, source: str, ignore_case: bool, captures: bool, class_ranges: bool) -> None:
        self.source = source
        self.ignore_case = ignore_case
        self.captures = captures
        self.class_ranges = class_ranges
        self.warnings: list[Diagnostic] = []
        self.names: set[str] = set()
        self.groups = [_Group(0, "")]
        self.begin = 0  # where the last part begins
        self.unrepeatable = "nothing"  # the preceding part, if it cannot be repeated
        self.weight = 1  # copies of the last part in an engine that expands counts, as RE2 does

    def parse(self) -> Parsed:
        if not self.source.isascii():
            self.check_characters()
        out = []
        for token in TOKEN.finditer(self.source):
            kind, text, at = token.lastgroup, token[0], token.start()
            if kind not in ("repeat", "close"):
                self.begin = at
            if kind == "text":
                self.add(Text(text))
            elif kind == "escape":
                text = self.escape(at, text)
            elif kind == "set":
                mask, text = read_set(self.source, at, token.end(), self.class_ranges)
                self.add(Chars(any_case(mask) if self.ignore_case else mask))
            elif kind == "repeat":
                self.repeat(at, token)
            elif kind == "open":
                text = self.open(at, token)
            elif kind == "close":
                self.close(at)
            else:
                self.special(at, text)
            out.append(text)
        if len(self.groups) > 1:
            broken(
                self.source, self.groups[-1].at, "this group is not closed", 'write "\\(" for a parenthesis'
            )
        return Parsed("".join(out), self.groups[0].close(), self.ignore_case, tuple(self.warnings))

    def add(self, part: Node, weight: int = 1) -> None:
        group = self.groups[-1]
        group.parts.append(part)
        group.weight = max(group.weight, weight)
        self.unrepeatable, self.weight = "", weight

    def add_anchor(self, mark: str) -> None:
        self.groups[-1].parts.append(Anchor(mark))
        self.unrepeatable = f'the anchor "{mark}"'

    def special(self, at: int, text: str) -> None:
        if text == ".":
            self.add(Chars(ANY))
        elif text in "^$":
            self.add_anchor(text)
        elif text == "|":
            self.groups[-1].end_branch()
            self.unrepeatable = "nothing"
        elif text == "{":
            self.add(Text(text))
        else:
            broken(self.source, at, "this set is not closed", 'write "\\[" for a bracket')

    def escape(self, at: int, text: str) -> str:
        letter = text[1:]
        if letter in CLASSES:
            self.add(Chars(CLASSES[letter]))
        elif letter == "b":
            self.add_anchor(r"\b")
        else:
            character = escaped_character(self.source, at, text)
            self.add(Text(character))
            if character == "/":
                return "/"
        return text

    def open(self, at: int, token: re.Match[str]) -> str:
        text = token[0]
        if self.source.startswith("?", at + 1) and text == "(":
            refuse_group(self.source, at)
        name = token["name"]
        if name is not None:
            self.check_name(at, name)
            text = f"(?<{name}>"
        if not self.captures and (text == "(" or name is not None):
            broken(self.source, at, "a capturing group is not allowed here", 'write "(?:" to group')
        if text in ("(?=", "(?!"):
            self.warn_lookahead(at, text)
        if len(self.groups) > MAX_DEPTH:
            broken(self.source, at, f"groups are nested more than {MAX_DEPTH} deep")
        self.groups.append(_Group(at, text))
        self.unrepeatable = "nothing"
        return text

    def close(self, at: int) -> None:
        if len(self.groups) == 1:
            broken(self.source, at, "this parenthesis closes no group", 'write "\\)" for a parenthesis')
        group = self.groups.pop()
        body = group.close()
        self.begin = group.at
        if group.opening in ("(?=", "(?!"):
            self.add(Look(body), group.weight)
            self.unrepeatable = "a lookahead"
        else:
            self.add(body, group.weight)

    def repeat(self, at: int, token: re.Match[str]) -> None:
        text = token[0]
        least, most = _counts(token)
        if text[0] == "{" and token["least"] is None:
            hint = f'write "{{0,{token["most"]}}}"'
            not_portable(self.source, at, f'the count "{text}"', hint)
        parts = self.groups[-1].parts
        if self.unrepeatable == "lazy":
            self.unrepeatable = "a repetition"
            if text == "?":
                return
            if text == "+":
                not_portable(self.source, at, "a possessive repetition", "remove the second +")
        if self.unrepeatable:
            hint = f'write "\\{text[0]}" for the character itself'
            broken(self.source, at, f'"{text}" has {self.unrepeatable} to repeat', hint)
        part = parts[-1]
        if isinstance(part, Text) and not part.text.isascii():
            hint = f"PCRE2 sees bytes: write {shown(f'(?:{part.text}){text}')}"
            not_portable(self.source, at, f'"{text}" after a character outside ASCII', hint)
        if most is not None and most < least:
            broken(self.source, at, f'the count "{text}" runs backwards')
        weight = self.weight * max(least, most or 1, 1)
        if weight > MAX_COUNT:
            hint = "RE2 refuses it, also as a product of nested counts: write a smaller one, or + or *"
            not_portable(self.source, at, f"a count above {MAX_COUNT:,}", hint)
        parts.pop()
        self.add(Repeat(part, least, most, self.begin, token.end()), weight)
        self.unrepeatable = "lazy"

    def check_name(self, at: int, name: str) -> None:
        if not _NAME.fullmatch(name):
            expected = "an ASCII letter or underscore, then letters, digits and underscores, 32 at most"
            not_portable(self.source, at, f"the group name {shown(name)}", f"write {expected}")
        if name in self.names:
            broken(
                self.source, at, f"the group name {shown(name)} is used twice", "give each group its own name"
            )
        self.names.add(name)

    def warn_lookahead(self, at: int, text: str) -> None:
        self.warnings.append(
            Diagnostic(
                "regex-lookaround",
                f'{place(self.source, at)}: RE2 has no lookahead "{text}"',
                hint="say it with not_(...) or with two rules where an edge uses RE2",
                severity="warning",
            )
        )

    def check_characters(self) -> None:
        for at, character in enumerate(self.source):
            if "\ud800" <= character <= "\udfff":
                hint = "write the character percent-encoded"
                not_portable(self.source, at, "half of a surrogate pair", hint)
            if self.ignore_case and not character.isascii() and character.swapcase() != character:
                hint = "PCRE2 sees bytes: write both cases, percent-encoded"
                not_portable(self.source, at, f'"{character}" in either case', hint)


def _counts(token: re.Match[str]) -> tuple[int, int | None]:
    text = token[0]
    if text in "*+?":
        return (1 if text == "+" else 0), (1 if text == "?" else None)
    least = _number(token["least"])
    most = token["most"]
    return least, (_number(most) if most else None if token["comma"] else least)


def _number(digits: str | None) -> int:
    """Return a count, cut to five digits: Python refuses to read thousands of them."""
    digits = (digits or "0").lstrip("0")
    return int(digits[:5] or "0") if len(digits) <= 5 else 99_999
