"""Header fields by name, as requests and responses have them (RFC 9110, section 5)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self, TypeVar, overload

from prefetchrouter.errors import RequestError, shown
from prefetchrouter.rules.header_syntax import NAME_EXPECTED, bad_in_name, bad_in_value

Default = TypeVar("Default")

BYTES_OF_A_TEXT = sys.getsizeof("") + sys.getsizeof(("",))
"""The memory of a string besides its characters, in bytes."""


class HeaderFields(Mapping[str, str]):
    """Header fields by name, in order; names ignore case, and one name may have several fields.

    As a mapping it gives the fields of a name joined with a comma (RFC 9110, section 5.3); `all` keeps them
    apart, as ``set-cookie`` needs.

    Args:
        fields: A mapping of names to text or to several texts, or pairs of name and text.

    Raises:
        RequestError: A name or value is not text.

    Example:
        >>> headers = HeaderFields({"Cache-Control": "max-age=60", "set-cookie": ["a=1", "b=2"]})
        >>> headers["cache-control"], headers.all("Set-Cookie")
        ('max-age=60', ('a=1', 'b=2'))
    """

    __slots__ = ("_fields", "derived", "own_bytes", "sent")

    sent: Any
    """A cache of the sender, such as the encoded fields; None at first."""
    derived: tuple[object, HeaderFields] | None
    """The last headers that were derived from these, with their key; None at first."""
    own_bytes: int | None
    """The memory of the texts that no other headers share, in bytes, or None if not counted."""

    def __init__(
        self, fields: Mapping[str, str | Sequence[str]] | Iterable[tuple[str, str]] | HeaderFields = ()
    ) -> None:
        self.sent = self.own_bytes = self.derived = None
        self._fields: dict[str, tuple[str, ...]] = {}
        if isinstance(fields, HeaderFields):
            self._fields = dict(fields._fields)
            return
        for name, value in _pairs(fields):
            if not isinstance(name, str) or not isinstance(value, str):
                raise invalid(
                    f"{shown(name)}: {shown(value)} is not a header", expected="a name and its text"
                )
            self._fields[name.lower()] = (*self._fields.get(name.lower(), ()), value)

    @classmethod
    def of(cls, fields: dict[str, tuple[str, ...]]) -> Self:
        """Return headers that use a mapping as it is, without a copy or a check.

        Args:
            fields: Names in lower case, each with at least one text; must not be changed afterwards.

        Example:
            >>> HeaderFields.of({"accept": ("text/html",)}) == HeaderFields({"Accept": "text/html"})
            True
        """
        headers = cls.__new__(cls)
        headers._fields = fields
        headers.sent = headers.own_bytes = headers.derived = None
        return headers

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._fields[name.lower()])

    @overload
    def get(self, name: str, /) -> str | None: ...
    @overload
    def get(self, name: str, default: str | Default, /) -> str | Default: ...
    def get(self, name: str, default: str | Default | None = None, /) -> str | Default | None:
        """Return the fields of a name joined with a comma, the default if there is none."""
        found = self._fields.get(name.lower())
        return default if found is None else found[0] if len(found) == 1 else ", ".join(found)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, HeaderFields):
            return self._fields == other._fields
        return Mapping.__eq__(self, other)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._fields.items())))

    def __repr__(self) -> str:
        return f"HeaderFields({dict(self.items())})"

    def all(self, name: str) -> tuple[str, ...]:
        """Return the fields of a name in order, an empty tuple if there are none."""
        return self._fields.get(name.lower(), ())

    def has_any(self, names: frozenset[str]) -> bool:
        """Return whether there is a field of any of these names.

        Args:
            names: The names, in lower case.

        Example:
            >>> HeaderFields({"If-None-Match": "*"}).has_any(frozenset({"if-none-match", "range"}))
            True
        """
        return not names.isdisjoint(self._fields)

    @property
    def memory(self) -> int:
        """The memory that they take, in bytes, without texts that other headers share.

        Example:
            >>> HeaderFields({"a": "x" * 1000}).memory - HeaderFields({"a": ""}).memory
            1000
        """
        own = self.own_bytes
        if own is None:
            own = sum(len(text) + BYTES_OF_A_TEXT for texts in self._fields.values() for text in texts)
        return sys.getsizeof(self) + sys.getsizeof(self._fields) + own

    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Return the fields of each name, in lower case, as a new mapping.

        Example:
            >>> HeaderFields({"Vary": ["accept", "cookie"]}).by_name()
            {'vary': ('accept', 'cookie')}
        """
        return self._fields.copy()

    def joined(self) -> dict[str, tuple[str]]:
        """Return the fields of each name, in lower case, joined with commas, as a new mapping.

        Example:
            >>> HeaderFields({"Vary": ["accept", "cookie"]}).joined()
            {'vary': ('accept, cookie',)}
        """
        return {
            name: texts if len(texts) == 1 else (", ".join(texts),) for name, texts in self._fields.items()
        }

    def fields(self) -> tuple[tuple[str, str], ...]:
        """Return every field as a pair of name and text, in order."""
        return tuple([(name, value) for name, values in self._fields.items() for value in values])


def header_fields(headers: Mapping[str, str | Sequence[str]] | HeaderFields) -> HeaderFields:
    """Return headers that a user wrote, checked; `HeaderFields` are returned unchanged.

    Raises:
        RequestError: A name is not a token, or a value has a line break (RFC 9110, section 5).

    Example:
        >>> header_fields({"X-Tier": "gold"})
        HeaderFields({'x-tier': 'gold'})
    """
    if isinstance(headers, HeaderFields):
        return headers
    fields = HeaderFields(headers)
    check_headers(fields.fields())
    return fields


def _pairs(fields: object) -> Iterator[tuple[object, object]]:
    if not isinstance(fields, Mapping):
        if isinstance(fields, str) or not isinstance(fields, Iterable):
            raise invalid(f"{shown(fields)} are not headers", expected='a mapping, such as {"accept": "*/*"}')
        for pair in fields:
            if not isinstance(pair, tuple | list) or len(pair) != 2:
                raise invalid(f"{shown(pair)} is not a header", expected="a pair of name and text")
            yield pair[0], pair[1]
        return
    for name, value in fields.items():
        if isinstance(value, list | tuple):
            yield from ((name, text) for text in value)
        else:
            yield name, value


def check_headers(pairs: Iterable[tuple[str, str]]) -> None:
    """Refuse headers whose name is not a token, or whose value has a line break (RFC 9110, section 5)."""
    for name, value in pairs:
        bad = bad_in_name(name)
        if bad is not None:
            problem = f"it holds {bad!a}" if bad else "it is empty"
            raise invalid(f"header {shown(name)} is not a header name: {problem}", expected=NAME_EXPECTED)
        bad = bad_in_value(value)
        if bad is not None:
            raise invalid(f"header {shown(name)}: {shown(value)} holds {bad!a}", expected="text on one line")


def invalid(message: str, *, expected: str | None = None, hint: str | None = None) -> RequestError:
    """Return the error for a part of a request that is invalid."""
    return RequestError.of("request", message, expected=expected, hint=hint)
