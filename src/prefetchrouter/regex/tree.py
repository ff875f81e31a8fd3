"""What a portable regular expression consists of, once it is read.

A character is one bit of a mask: 128 bits for ASCII and one for everything else, so that sets, classes and
single characters overlap when their masks do.
"""

from __future__ import annotations

from dataclasses import dataclass

from prefetchrouter.errors import Diagnostic

OTHER = 1 << 128
"""The bit of every character outside ASCII."""

ANY = (1 << 129) - 1
"""The bits of all characters."""

_LETTERS = (1 << 26) - 1


@dataclass(frozen=True, slots=True)
class Text:
    """A run of literal characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of a set."""

    mask: int


@dataclass(frozen=True, slots=True)
class Series:
    """A sequence of parts; without parts it matches the empty text."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives, the leftmost first."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part that occurs `least` to `most` times (None: without limit), written at `begin` to `end`."""

    part: Node
    least: int
    most: int | None
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Look:
    """A lookahead: it matches the empty text if its part matches (or does not match) what follows."""

    part: Node


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the text, written ``^``, ``$`` or ``\\b``: it matches the empty text there."""

    mark: str


Node = Text | Chars | Series | Choice | Repeat | Look | Anchor

EMPTY = Series(())


@dataclass(frozen=True, slots=True)
class Parsed:
    """A regular expression that was read: its portable text, its parts, and what to warn of."""

    source: str
    tree: Node
    ignore_case: bool
    warnings: tuple[Diagnostic, ...]


def mask_of(character: str) -> int:
    """Return the mask of one character.

    Example:
        >>> mask_of("a") == 1 << 97, mask_of("é") == OTHER
        (True, True)
    """
    return 1 << ord(character) if character.isascii() else OTHER


def mask_between(low: int, high: int) -> int:
    """Return the mask of the ASCII characters from `low` to `high`, both included.

    Example:
        >>> mask_between(48, 49) == mask_of("0") | mask_of("1")
        True
    """
    return (1 << (high + 1)) - (1 << low)


def any_case(mask: int) -> int:
    """Return the mask with each ASCII letter in both cases.

    Example:
        >>> any_case(mask_of("a")) == mask_of("a") | mask_of("A")
        True
    """
    letters = (mask >> 65 | mask >> 97) & _LETTERS
    return mask | letters << 65 | letters << 97


def characters(tree: Node) -> int:
    """Return the mask of all characters that a matching text may contain.

    Example:
        >>> characters(Series((Text("ab"), Repeat(Text("c"), 0, None, 2, 4)))) == mask_between(97, 99)
        True
    """
    mask, waiting = 0, [tree]
    while waiting:
        match waiting.pop():
            case Text(text=text):
                for character in text:
                    mask |= mask_of(character)
            case Chars(mask=chars):
                mask |= chars
            case Series(parts=parts) | Choice(branches=parts):
                waiting += parts
            case Repeat(part=part):
                waiting.append(part)
            case Look() | Anchor():
                pass
    return mask


DIGIT = mask_between(48, 57)
WORD = DIGIT | mask_between(65, 90) | mask_between(97, 122) | mask_of("_")
SPACE = sum(mask_of(character) for character in " \t\n\r\f\v")

CLASSES = {
    "d": DIGIT,
    "D": ANY ^ DIGIT,
    "w": WORD,
    "W": ANY ^ WORD,
    "s": SPACE,
    "S": ANY ^ SPACE,
}
"""The classes `\\d`, `\\w`, `\\s` and their negations."""
