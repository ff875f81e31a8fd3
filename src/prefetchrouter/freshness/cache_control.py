"""Reads Cache-Control as it comes, garbage included; later rules say what each directive means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from prefetchrouter.http.structured_fields import BareItem, Token, dictionary

MOST_SECONDS: Final = 2**31
"""What a larger number of seconds counts as (RFC 9111 section 1.2.2)."""

_MEMBER = re.compile(r'(?:"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[^",])+', re.DOTALL)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)

_LONGEST_KNOWN: Final = 256
"""Longer texts are parsed anew each time: the responses of a site share a few short ones."""


@dataclass(frozen=True, slots=True)
class CacheControl:
    """The directives of one response, in the order written, repeated ones included.

    Args:
        directives: Names in lower case, each with its value as written (quotes kept), None without one.

    Example:
        >>> control = CacheControl.parse('max-age=900, Must-Revalidate, private="x,y"')
        >>> "must-revalidate" in control, control.seconds("max-age")
        (True, 900)
    """

    directives: tuple[tuple[str, str | None], ...] = ()
    _names: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", frozenset([name for name, _ in self.directives]))

    @classmethod
    def parse(cls, text: str) -> CacheControl:
        """Return the directives of a header's text; several headers are joined by commas first.

        No text is refused. Commas inside quotes separate nothing. Source: RFC 9111 section 5.2.

        Example:
            >>> CacheControl.parse(' ,max-age=, "').directives
            (('max-age', ''), ('"', None))
        """
        return _known(text) if len(text) <= _LONGEST_KNOWN else _parsed(text)

    @classmethod
    def parse_targeted(cls, text: str) -> CacheControl | None:
        """Return the directives of a field such as CDN-Cache-Control; None for an empty or invalid one.

        Such a field is a Dictionary and strictly parsed: one wrong character, and caches go by Cache-Control.
        Of repeated directives the last counts. What is not a whole number where seconds are due counts as 0.

        Args:
            text: The field value; several lines are joined by commas first.

        Source: RFC 9213 section 2.1; RFC 9651 section 3.2.

        Example:
            >>> str(CacheControl.parse_targeted('max-age=60;x, private, no-cache="a"'))
            'max-age=60, private, no-cache="a"'
            >>> CacheControl.parse_targeted("max-age=60,") is CacheControl.parse_targeted("") is None
            True
        """
        members = dictionary(text)
        return cls(tuple((name, _written(value)) for name, value in members.items())) if members else None

    def __contains__(self, name: str) -> bool:
        """Return whether a directive is there, with or without a value."""
        return name in self._names

    def __str__(self) -> str:
        return ", ".join(name if value is None else f"{name}={value}" for name, value in self.directives)

    def seconds(self, name: str) -> int | None:
        """Return the seconds that a directive gives, or None if it is not there.

        Of repeated ones the first counts; what is not a plain number counts as 0, the safe side (rule F2).

        Example:
            >>> CacheControl.parse("max-age=abc").seconds("max-age")
            0
            >>> CacheControl.parse("max-age=0, max-age=900").seconds("max-age")
            0
        """
        for written, value in self.directives:
            if written == name:
                return _number(value) or 0
        return None

    def chromium_seconds(self, name: str) -> int | None:
        """Return the seconds as Chromium reads them: the first plain number, spaces around it allowed.

        Measured with Chromium 156 (rule F2).

        Example:
            >>> CacheControl.parse('max-age="60", max-age= 900').chromium_seconds("max-age")
            900
        """
        values = (
            delta_seconds((value or "").strip(" ")) for written, value in self.directives if written == name
        )
        return next((seconds for seconds in values if seconds is not None), None)

    def firefox_seconds(self, name: str) -> int | None:
        """Return the seconds as Firefox reads them: the digits with which the last value begins, if any.

        Measured with Firefox ESR 153.7 (rule F2).

        Example:
            >>> CacheControl.parse("max-age=0, max-age = 900.5").firefox_seconds("max-age")
            900
            >>> CacheControl.parse('max-age=900, max-age="900"').firefox_seconds("max-age") is None
            True
        """
        values = [value or "" for written, value in self.directives if written.rstrip() == name]
        digits = _DIGITS.match(values[-1].lstrip()) if values else None
        return delta_seconds(digits[0]) if digits else None

    def has_bare(self, name: str) -> bool:
        """Return whether a directive is there without a value, the only way in which Chromium heeds some.

        Example:
            >>> CacheControl.parse('no-cache="set-cookie"').has_bare("no-cache")
            False
        """
        return (name, None) in self.directives


def delta_seconds(text: str) -> int | None:
    """Return a plain number of seconds, None for any other text.

    Source: RFC 9111 section 1.2.2; larger numbers count as `MOST_SECONDS`.

    Example:
        >>> delta_seconds("900"), delta_seconds("-5"), delta_seconds("9" * 5000) == MOST_SECONDS
        (900, None, True)
    """
    if not _DIGITS.fullmatch(text):
        return None
    digits = text.lstrip("0") or "0"
    return min(int(digits), MOST_SECONDS) if len(digits) <= 10 else MOST_SECONDS


def _parsed(text: str) -> CacheControl:
    members = [found.strip() for found in _MEMBER.findall(text)]
    return CacheControl(tuple([_directive(member) for member in members if member]))


_known = lru_cache(maxsize=1024)(_parsed)


def _directive(member: str) -> tuple[str, str | None]:
    name, equals, value = member.partition("=")
    return name.lower(), value if equals else None


def _written(value: BareItem) -> str | None:
    """Return the value of a directive as Cache-Control has it; none for a flag, also for one that is denied.

    No directive has a false: that it is there counts, so that nothing that an origin forbids is stored.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and not isinstance(value, Token):
        return f'"{value}"'
    return "" if value is None else str(value)


def _number(value: str | None) -> int | None:
    return None if value is None else delta_seconds(value)
