"""Text as nginx's configuration writes it, so that no value of a rule can leave its place.

Only `ConfText` may be put into a template: `quoted`, `pattern` and `name` make it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

MOST_BYTES: Final = 3000
"""The longest value in one parameter: nginx reads configurations through a buffer of 4096 bytes."""

DOLLAR: Final = "${pr_dollar}"
"""A variable whose value is a dollar sign: nginx has no other way to write one where variables count."""


class ConfText(str):
    """A piece of configuration that is quoted, or that we wrote."""

    __slots__ = ()


def quoted(text: str) -> ConfText:
    r"""Return a text in quotes, where variables mean nothing.

    Example:
        >>> quoted('a "b" \\ $c;')
        '"a \\"b\\" \\\\ $c;"'
    """
    escaped = text.replace("\0", "").replace("\\", "\\\\").replace('"', '\\"')
    return ConfText(f'"{escaped}"')


def value(text: str) -> ConfText:
    r"""Return a text in quotes, for places where ``$`` begins a variable.

    Example:
        >>> value("costs 5 $")
        '"costs 5 ${pr_dollar}"'
    """
    return ConfText(quoted(text).replace("$", DOLLAR))


def interpolated(parts: Iterable[str | ConfText]) -> ConfText:
    """Return texts and variables as one value; variables and constants, such as ``v1``, are `ConfText`.

    Example:
        >>> interpolated(["a", ConfText("$host"), "b"])
        '"a${host}b"'
    """
    made = "".join(_inside(part) if isinstance(part, ConfText) else value(part)[1:-1] for part in parts)
    return ConfText(f'"{made}"')


def _inside(text: ConfText) -> str:
    if text.startswith("$"):
        return f"${{{text[1:]}}}"
    return text[1:-1] if text.startswith('"') else text


def key(text: str) -> ConfText:
    r"""Return a text as the key of a map, which nginx compares ignoring case.

    Example:
        >>> key("default"), key("~x")
        ('"\\\\default"', '"\\\\~x"')
    """
    special = text.startswith(("~", "\\")) or text in ("default", "hostnames", "include", "volatile")
    return quoted(f"\\{text}" if special else text)


def exactly(text: str) -> ConfText:
    r"""Return a text as the key of a map that compares with case.

    Example:
        >>> exactly("/A.b")
        '"~^/A\\\\.b\\\\z"'
    """
    return quoted(f"~^{literal(text)}\\z")


def latin(regex: str) -> str:
    r"""Return a regular expression for headers, whose characters beyond ASCII are single bytes.

    Example:
        >>> latin("caf\xe9")
        'caf\\xe9'
    """
    return re.sub(
        r"\\?([\x80-\xff])|\\.", lambda found: f"\\x{ord(found[1]):02x}" if found[1] else found[0], regex
    )


def literal(text: str) -> str:
    r"""Return a regular expression that matches just a text.

    Example:
        >>> literal("a.b{c")
        'a\\.b\\{c'
    """
    return re.sub(r"[^A-Za-z0-9_/ -]", _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    return f"\\{character}" if character.isascii() and character.isprintable() else _bytes(character)


def _bytes(character: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in character.encode())


def pattern(regex: str) -> ConfText:
    r"""Return a portable regular expression as the key of a map.

    Example:
        >>> pattern("(?i)^/a$")
        '"~(?i)^/a\\\\z"'
    """
    return quoted(f"~{pcre(regex)}")


def pcre(regex: str) -> str:
    r"""Return a portable regular expression for PCRE, where ``$`` would match before a line feed too.

    Example:
        >>> pcre(r"^[$]\$$")
        '^[$]\\$\\z'
    """
    made: list[str] = []
    is_in_class = False
    at = 0
    while at < len(regex):
        character = regex[at]
        if character == "\\":
            made.append(regex[at : at + 2])
            at += 2
            continue
        if is_in_class:
            is_in_class = character != "]"
        elif character == "[":
            is_in_class = True
        elif character == "$":
            character = "\\z"
        made.append(character)
        at += 1
    return "".join(made)


def pieces(text: str) -> list[str]:
    """Return a text cut into pieces that nginx can read as one parameter each, one at least.

    Example:
        >>> [len(piece) for piece in pieces("a" * 4000)]
        [3000, 1000]
    """
    found, current, size = [], "", 0
    for character in text:
        width = len(value(character).encode()) - 2
        if size + width > MOST_BYTES:
            found.append(current)
            current, size = "", 0
        current += character
        size += width
    return [*found, current]


def variable_name(text: str) -> str:
    """Return a text as a part of the name of a variable, different for different texts.

    Example:
        >>> variable_name("X-Tier"), variable_name("a_b")
        ('x_2dtier', 'a_5fb')
    """
    return re.sub(r"[^a-z0-9]", lambda found: f"_{ord(found[0]):02x}", text.lower())
