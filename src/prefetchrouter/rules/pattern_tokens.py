"""The tokens of a parsed path pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Modifier: TypeAlias = Literal["", "?", "*", "+"]

DELIMITERS = "/#?"
"""The characters that a parameter without a custom expression does not contain."""


@dataclass(frozen=True, slots=True)
class LiteralText:
    """Literal text, escapes resolved; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, or a group in braces.

    Args:
        name: Its name, or its number (from 0) when it has only an expression; None for braces
            around text alone, which capture nothing.
        prefix: The text before it that comes and goes with it.
        suffix: The text after it that comes and goes with it.
        expression: Its own regular expression, in portable form; None for "anything up to a delimiter".
        modifier: How often it occurs: "" once, ``?`` at most once, ``*`` any number of times, ``+`` at least
            once.
        stop: The text that a parameter without expression stops at, beside the delimiters; often "".
        spans_segments: Whether what it captures may hold a ``/``.
    """

    name: str | int | None
    prefix: str = ""
    suffix: str = ""
    expression: str | None = None
    modifier: Modifier = ""
    stop: str = ""
    spans_segments: bool = False

    @property
    def repeats(self) -> bool:
        """Whether it may occur more than once."""
        return self.modifier in ("*", "+")

    @property
    def optional(self) -> bool:
        """Whether it may be missing."""
        return self.modifier in ("?", "*")


Token: TypeAlias = LiteralText | Parameter
