"""Structured fields of HTTP (RFC 9651): dictionaries, items and lists, strictly parsed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

BareItem: TypeAlias = int | str | bool | None
"""A bare item: Integer, String, `Token` or Boolean; None for the types that no field of ours uses."""

_MOST_LETTERS: Final = 65_536


class Token(str):
    """A word without quotes, to be distinguished from a String.

    Example:
        >>> serialized_member(Token("edge"), {"hit": True, "key": "a b"})
        'edge;hit;key="a b"'
    """

    __slots__ = ()


def dictionary(text: str) -> dict[str, BareItem] | None:
    """Return the members of a Dictionary, or None if it cannot be parsed; parameters are left out.

    Args:
        text: The field value; several lines of one field are joined by commas first.

    Source: RFC 9651 sections 3.2 and 4.2.2.

    Example:
        >>> dictionary('max-age=60, private, no-cache="set-cookie"')
        {'max-age': 60, 'private': True, 'no-cache': 'set-cookie'}
        >>> dictionary("max-age=60, &") is None
        True
    """
    parsed = _parsed(text, "dictionary")
    if not isinstance(parsed, dict):
        return None
    return {str(name): _bare(_split(member)[0]) for name, member in parsed.items()}


def item(text: str) -> tuple[BareItem, dict[str, BareItem]] | None:
    """Return value and parameters of an Item, or None if it cannot be parsed.

    Source: RFC 9651 sections 3.3 and 4.2.3.

    Example:
        >>> value, parameters = item("prefetch;prerender") or (None, {})
        >>> value, parameters
        ('prefetch', {'prerender': True})
        >>> item("prefetch; =") is None
        True
    """
    parsed = _parsed(text, "item")
    if parsed is None:
        return None
    value, parameters = _split(parsed)
    return _bare(value), {str(name): _bare(own) for name, own in parameters.items()}


def is_list(text: str) -> bool:
    """Return whether a text is a valid List; an empty text is.

    Source: RFC 9651 section 4.2.1.

    Example:
        >>> is_list("Other; fwd=miss, Own; hit"), is_list("Other; fwd=")
        (True, False)
    """
    return _parsed(text, "list") is not None


def list_values(text: str) -> list[BareItem] | None:
    """Return the values of a List, or None if it cannot be parsed; parameters and inner lists are left out.

    Source: RFC 9651 section 4.2.1.

    Example:
        >>> list_values('null, "routes.py:6"')
        ['null', 'routes.py:6']
    """
    parsed = _parsed(text, "list")
    if not isinstance(parsed, list):
        return None
    return [_bare(_split(member)[0]) for member in parsed]


def serialized_member(value: BareItem, parameters: Mapping[str, BareItem]) -> str:
    """Return a member of a List with its parameters.

    A character that no String can hold is written as a question mark.

    Source: RFC 9651 section 4.1.

    Example:
        >>> serialized_member(Token("edge"), {"fwd": Token("miss"), "ttl": -5, "stored": False, "key": "a b"})
        'edge;fwd=miss;ttl=-5;stored=?0;key="a b"'
    """
    return "".join((_serialized(value), *_parameters(parameters.items())))


def _parameters(parameters: Iterable[tuple[str, BareItem]]) -> Iterable[str]:
    for name, value in parameters:
        yield f";{name}" if value is True else f";{name}={_serialized(value)}"


def _serialized(value: BareItem) -> str:
    if isinstance(value, bool):
        return "?1" if value else "?0"
    if isinstance(value, int):
        most = 999_999_999_999_999
        return str(min(max(value, -most), most))
    if isinstance(value, Token):
        return str(value)
    text = "".join(letter if " " <= letter <= "~" else "?" for letter in str(value))
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _parsed(text: str, kind: str) -> object:
    """Return the parsed text, or None if it is not a valid field of that type."""
    from http_sf import StructuredFieldError, parse

    if len(text) > _MOST_LETTERS:
        return None
    try:
        return parse(text.encode("ascii"), tltype=kind)
    except (StructuredFieldError, ValueError, OverflowError, OSError):
        return None


def _split(member: object) -> tuple[object, dict[str, object]]:
    if isinstance(member, tuple) and len(member) == 2 and isinstance(member[1], dict):
        return member[0], member[1]
    return member, {}


def _bare(value: object) -> BareItem:
    from http_sf import Token as ParsedToken

    if isinstance(value, ParsedToken):
        return Token(str(value))
    if isinstance(value, bool | int | str):
        return value
    return None
