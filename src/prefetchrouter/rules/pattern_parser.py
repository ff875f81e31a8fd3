"""Parses path patterns, in the syntax of path-to-regexp 6."""

from __future__ import annotations

import re
from functools import lru_cache

from prefetchrouter.errors import RegexError
from prefetchrouter.regex.parser import parse as parse_regex
from prefetchrouter.regex.tree import Parsed, characters, mask_of
from prefetchrouter.rules import pattern_errors as errors
from prefetchrouter.rules.pattern_tokens import DELIMITERS, LiteralText, Modifier, Parameter, Token

_PIECE = re.compile(
    r"(?P<text>[^*+?\\{}:(]+)|\\(?P<escaped>.)|:(?P<name>[0-9A-Za-z_]*)|(?P<mark>[*+?{}(\\])", re.S
)
_PARENTHESIS = re.compile(r"\\.|[()]", re.S)
_MODIFIERS: dict[str, Modifier] = {"?": "?", "*": "*", "+": "+"}
_PREFIXES = "./"


@lru_cache(maxsize=16_384)
def parse_pattern(text: str) -> tuple[Token, ...]:
    """Return the tokens of a path pattern.

    Raises:
        PatternError: The pattern breaks the syntax; the message names the character.

    Example:
        >>> parse_pattern("/team/:id") == (LiteralText("/team"), Parameter("id", prefix="/"))
        True
    """
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.tokens: list[Token] = []
        self.literal = ""  # text read so far that belongs to no token yet
        self.numbered = 0

    def parse(self) -> tuple[Token, ...]:
        text = self.text
        plain = False  # whether the last character of `literal` is literal without a backslash
        while self.at < len(text):
            piece = _PIECE.match(text, self.at)
            kind = piece.lastgroup if piece else None
            if piece and kind == "text":
                self.literal += piece[0]
                plain = True
                self.at = piece.end()
            elif piece and kind == "escaped":
                self.literal += piece["escaped"]
                plain = False
                self.at = piece.end()
            elif kind == "name" or text[self.at] == "(":
                prefix = self.literal[-1:] if plain and self.literal[-1:] in _PREFIXES else ""
                self.literal = self.literal[: len(self.literal) - len(prefix)]
                self.end_literal()
                self.parameter(prefix)
            elif text[self.at] == "{":
                self.end_literal()
                self.group()
            else:
                errors.unexpected(text, self.at)
        self.end_literal()
        return tuple(self.tokens)

    def end_literal(self) -> None:
        if self.literal:
            self.tokens.append(LiteralText(self.literal))
            self.literal = ""

    def parameter(self, prefix: str) -> None:
        start = self.at
        name, expression = self.name(), self.expression()
        self.add(start, name, prefix, "", expression)

    def group(self) -> None:
        start = self.at
        self.at += 1
        prefix = self.group_text()
        name, expression = self.name(), self.expression()
        suffix = self.group_text()
        if not self.text.startswith("}", self.at):
            errors.unclosed_group(self.text, start, self.at)
        self.at += 1
        if name is None and expression is None and not prefix + suffix:
            errors.empty_group(self.text, start)
        self.add(start, name, prefix, suffix, expression)

    def group_text(self) -> str:
        parts = []
        while (piece := _PIECE.match(self.text, self.at)) and piece.lastgroup in ("text", "escaped"):
            parts.append(piece[piece.lastgroup])
            self.at = piece.end()
        return "".join(parts)

    def name(self) -> str | None:
        piece = _PIECE.match(self.text, self.at)
        if not piece or piece["name"] is None:
            return None
        if not piece["name"]:
            errors.no_name(self.text, self.at)
        self.at = piece.end()
        return piece["name"]

    def expression(self) -> Parsed | None:
        text, start = self.text, self.at
        if not text.startswith("(", start):
            return None
        if text.startswith("(?", start):
            errors.question_first(text, start + 1)
        depth = 0
        for found in _PARENTHESIS.finditer(text, start):
            if found[0] == "(":
                depth += 1
                if depth > 1 and text[found.end() : found.end() + 1] != "?":
                    errors.capture(text, found.start())
            elif found[0] == ")":
                depth -= 1
                if not depth:
                    self.at = found.end()
                    break
        if depth:
            errors.unclosed_expression(text, start)
        expression = text[start + 1 : self.at - 1]
        if not expression:
            errors.empty_expression(text, start)
        try:
            return read_expression(expression)
        except RegexError as problem:
            raise errors.in_expression(text, start + 1, problem) from problem

    def add(self, start: int, name: str | None, prefix: str, suffix: str, expression: Parsed | None) -> None:
        stop = self.stop(start, prefix) if name is not None and expression is None else ""
        modifier = _MODIFIERS.get(self.text[self.at : self.at + 1], "")
        self.at += len(modifier)
        key: str | int | None = name
        if name is None and expression is not None:
            key = self.numbered
            self.numbered += 1
        repeats = modifier in ("*", "+")
        if repeats and key is not None and not prefix + suffix:
            errors.cannot_repeat(self.text, start, self.at - 1)
        spans = (repeats and "/" in prefix + suffix) or (expression is not None and _holds_slash(expression))
        own = None if expression is None else expression.source
        self.tokens.append(Parameter(key, prefix, suffix, own, modifier, stop, key is not None and spans))

    def stop(self, start: int, prefix: str) -> str:
        """Return the text that a parameter must stop at, so that it cannot match the preceding text."""
        last = self.tokens[-1] if self.tokens else None
        before = prefix or (last.text if isinstance(last, LiteralText) else "")
        if last is not None and not before:
            errors.no_text_between(self.text, start)
        return "" if any(delimiter in before for delimiter in DELIMITERS) else before


@lru_cache(maxsize=1024)
def read_expression(expression: str) -> Parsed:
    """Return the parsed expression of a parameter.

    Raises:
        RegexError: It is broken, captures, or does not mean the same in all engines.

    Example:
        >>> read_expression(r"[\\w-.]+").source
        '[\\\\w\\\\-.]+'
    """
    return parse_regex(expression, ignore_case=True, captures=False, class_ranges=True)


def _holds_slash(expression: Parsed) -> bool:
    return bool(characters(expression.tree) & mask_of("/"))
