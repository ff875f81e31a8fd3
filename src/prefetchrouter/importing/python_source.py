"""Python expressions and how they are laid out: as `ruff format` does, in lines of at most 110 characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

WIDTH = 110


class Code(str):
    """Text that is code already, such as the name of a constant."""

    __slots__ = ()


@dataclass(frozen=True)
class Call:
    """A call of a function, with what stands before its name.

    Args:
        name: The function, such as ``"exact"`` or ``"lambda route: route.redirect"``.
        arguments: Its positional arguments: plain data, `Code` or calls.
        keywords: Its keyword arguments.
    """

    name: str
    arguments: tuple[Expression, ...] = ()
    keywords: Mapping[str, Expression] = field(default_factory=dict)


Expression: TypeAlias = Any
"""Plain data (text, numbers, lists, mappings), `Code`, `Call`."""


def regex(pattern: str) -> Call:
    r"""Return the call that compiles a regular expression.

    Example:
        >>> flat(regex(r"^/a\.b$"))
        're.compile(r"^/a\\.b$")'
    """
    is_raw = "\\" in pattern and '"' not in pattern and not pattern.endswith("\\") and pattern.isprintable()
    return Call("re.compile", (Code(f'r"{pattern}"') if is_raw else pattern,))


def text(value: str) -> str:
    """Return a string literal, in double quotes unless these need more escapes.

    Example:
        >>> print(text("a"), text('a"b'))
        "a" 'a"b'
    """
    quote = "'" if '"' in value and "'" not in value else '"'
    return quote + "".join(_character(each, quote) for each in value) + quote


def _character(character: str, quote: str) -> str:
    if character in ("\\", quote):
        return "\\" + character
    if character.isprintable():
        return character
    escaped = repr(character)[1:-1]
    return escaped if escaped != character else f"\\u{ord(character):04x}"


def flat(value: Expression) -> str:
    """Return an expression in one line.

    Example:
        >>> flat(Call("f", ("a", 1), {"b": {"c": True}}))
        'f("a", 1, b={"c": True})'
    """
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        return text(value)
    opening, parts, closing = _parts(value)
    if not opening:
        return repr(value)
    return opening + ", ".join(before + flat(part) for before, part in parts) + closing


def layout(value: Expression, indent: int, used: int, after: int = 0) -> str:
    """Return an expression, broken where a line would be too long.

    Args:
        value: The expression.
        indent: The indentation of its last line, in characters.
        used: How many characters are on its first line already.
        after: How many characters follow on its last line.

    Example:
        >>> print(layout(Call("f", ("a" * 60, "b" * 60)), 0, 0))
        f(
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        )
    """
    line = flat(value)
    opening, parts, closing = ("", [], "") if isinstance(value, str) else _parts(value)
    if used + len(line) + after <= WIDTH or not parts:
        return line
    inner = indent + 4
    start, end = "\n" + " " * inner, "\n" + " " * indent + closing
    together = ", ".join(before + flat(part) for before, part in parts)
    if isinstance(value, Call) and inner + len(together) <= WIDTH:
        return opening + start + together + end
    lines = [before + layout(part, inner, inner + len(before), 1) + "," for before, part in parts]
    return opening + start + start.join(lines) + end


def _parts(value: Expression) -> tuple[str, list[tuple[str, Expression]], str]:
    match value:
        case Call(name=name, arguments=arguments, keywords=keywords):
            named = [(f"{key}=", part) for key, part in keywords.items()]
            return f"{name}(", [*(("", part) for part in arguments), *named], ")"
        case Mapping():
            return "{", [(f"{flat(key)}: ", part) for key, part in value.items()], "}"
        case Sequence() if not isinstance(value, str):
            return "[", [("", part) for part in value], "]"
        case _:
            return "", [], ""
