"""Compiles a path pattern to a regular expression that every engine accepts."""

from __future__ import annotations

from collections.abc import Iterable

from prefetchrouter.regex import literal
from prefetchrouter.rules.pattern_tokens import DELIMITERS, LiteralText, Parameter, Token


def regex_of(tokens: Iterable[Token], *, from_start: bool = True) -> str:
    """Return the expression that matches the same paths as a pattern, with one group for each parameter.

    It ignores case, is anchored and tolerates one delimiter at the end, as path-to-regexp 6.3
    does by default.

    Args:
        tokens: The tokens of the pattern, or of the end of one.
        from_start: Whether it is anchored at the start as well as at the end.

    Example:
        >>> regex_of([LiteralText("/team"), Parameter("id", prefix="/")])
        '(?i)^/team(?:/([^/#?]+?))[/#?]?$'
    """
    body = "".join(
        literal(token.text) if isinstance(token, LiteralText) else _parameter(token) for token in tokens
    )
    return f"(?i){'^' if from_start else ''}{body}[{DELIMITERS}]?$"


def _parameter(token: Parameter) -> str:
    prefix, suffix = literal(token.prefix), literal(token.suffix)
    if token.name is None:
        return f"(?:{prefix}{suffix}){token.modifier}"
    expression = token.expression or _segment(token.stop)
    if not (prefix or suffix):
        return f"({expression}){token.modifier}"
    if token.repeats:
        missing = "?" if token.optional else ""
        return f"(?:{prefix}((?:{expression})(?:{suffix}{prefix}(?:{expression}))*){suffix}){missing}"
    return f"(?:{prefix}({expression}){suffix}){token.modifier}"


def _segment(stop: str) -> str:
    if not stop:
        return f"[^{DELIMITERS}]+?"
    if len(stop) == 1 and stop.isascii():
        escape = "\\" if stop in "]^-\\" else ""
        return f"[^{DELIMITERS}{escape}{stop}]+?"
    return f"(?:(?!{literal(stop)})[^{DELIMITERS}])+?"
