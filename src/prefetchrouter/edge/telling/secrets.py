"""What is not shown of a request: cookies and credentials stand as their lengths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar, cast

from prefetchrouter.http import HeaderFields

_CREDENTIALS = ("authorization", "proxy-authorization")
Plain = TypeVar("Plain")

_SHORT = 6
"""Texts that are shorter are no secrets, and would be found in innocent words."""
_MANY = 64
"""More secrets than this are not looked for one by one."""
_MOST_WORK = 256 * 1024
"""Of the letters of a text, times the secrets that are looked for."""
_SHORT_TEXT = 40
_KEY_PART = re.compile(r"(cookie|header (?:authorization|proxy-authorization|cookie)\b)([^=]*=)(.*)", re.S)


def length_text(text: str) -> str:
    """Return what stands for a secret.

    Example:
        >>> length_text("c0ffee")
        '(6 characters)'
    """
    return f"({len(text):,} {'character' if len(text) == 1 else 'characters'})"


def shielded(name: str, text: str) -> str:
    """Return the text of a header as it may be shown; names of cookies and schemes stay.

    Example:
        >>> shielded("cookie", "session=c0ffee; theme=dark")
        'session=(6 characters); theme=(4 characters)'
        >>> shielded("set-cookie", "session=c0ffee; path=/; httponly")
        'session=(6 characters); path=/; httponly'
        >>> shielded("authorization", "Bearer c0ffee"), shielded("accept", "*/*")
        ('Bearer (6 characters)', '*/*')
    """
    name = name.lower()
    if name in _CREDENTIALS:
        scheme, space, rest = text.partition(" ")
        return f"{scheme} {length_text(rest)}" if space else length_text(text)
    if name == "cookie":
        return "; ".join(_pair(part.strip()) for part in text.split(";"))
    if name == "set-cookie":
        pair, mark, attributes = text.partition(";")
        return f"{_pair(pair)}{mark}{attributes}"
    return text


def _pair(text: str) -> str:
    name, mark, value = text.partition("=")
    return f"{name}={length_text(value)}" if mark else length_text(text)


def shielded_fields(headers: HeaderFields) -> list[tuple[str, str]]:
    """Return every field of headers as it may be shown.

    Example:
        >>> shielded_fields(HeaderFields({"accept": "*/*", "cookie": "a=1"}))
        [('accept', '*/*'), ('cookie', 'a=(1 character)')]
    """
    return [(name, shielded(name, text)) for name, text in headers.fields()]


def shielded_key(part: str) -> str:
    """Return a part of a cache key as it may be shown.

    Example:
        >>> shielded_key("cookie session=c0ffee"), shielded_key("origin web")
        ('cookie session=(6 characters)', 'origin web')
    """
    found = _KEY_PART.fullmatch(part)
    return part if found is None else f"{found[1]}{found[2]}{length_text(found[3])}"


class Secrets:
    """The secrets of a request and its response, wherever they turn up.

    Args:
        headers: The headers of both.

    Example:
        >>> Secrets(HeaderFields({"cookie": "session=c0ffee"})).hidden_in({"key": ["cookie session=c0ffee"]})
        {'key': ['cookie session=(6 characters)']}
    """

    def __init__(self, *headers: HeaderFields) -> None:
        self._texts = {text for fields in headers for text in _secrets(fields) if len(text) >= _SHORT}
        few = len(self._texts) <= _MANY
        self._longest_first = sorted(self._texts, key=len, reverse=True) if few else []

    def hidden(self, text: str) -> str:
        """Return text with the lengths of secrets in their place.

        To look for very many, or in very long texts, would hold up the edge. Then a text is shown if it is
        short and holds none of them, or else by its length.
        """
        if not self._texts:
            return text
        if not self._longest_first or len(text) * len(self._texts) > _MOST_WORK:
            return text if len(text) <= _SHORT_TEXT and not self._is_in(text) else length_text(text)
        for secret in self._longest_first:
            if secret in text:
                text = text.replace(secret, length_text(secret))
        return text

    def hidden_in(self, data: Plain) -> Plain:
        """Return plain data, of dicts, lists and texts, with all its texts so."""
        return cast("Plain", self._inside(data)) if self._texts else data

    def _is_in(self, text: str) -> bool:
        places = range(len(text) - _SHORT + 1)
        return any(text[a:b] in self._texts for a in places for b in range(a + _SHORT, len(text) + 1))

    def _inside(self, data: object) -> object:
        match data:
            case str():
                return self.hidden(data)
            case dict():
                return {key: self._inside(value) for key, value in data.items()}
            case list():
                return [self._inside(value) for value in data]
            case _:
                return data


def _secrets(headers: HeaderFields) -> Iterator[str]:
    for name in _CREDENTIALS:
        for text in headers.all(name):
            yield from (text, text.partition(" ")[2])
    for name, most in (("cookie", None), ("set-cookie", 1)):
        for text in headers.all(name):
            for part in text.split(";")[:most]:
                before, mark, value = part.partition("=")
                yield value.strip() if mark else before.strip()
