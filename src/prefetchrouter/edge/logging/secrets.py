"""Masks the secrets of a request: each is replaced by its length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar, cast

from prefetchrouter.http.masking import (
    is_secret_name,
    length_text,
    looks_secret,
    masked_target,
    masked_text,
    secrets_of,
)
from prefetchrouter.http.message import HeaderFields

_CREDENTIALS = ("authorization", "proxy-authorization")
_NAMED = frozenset({*_CREDENTIALS, "cookie", "set-cookie"})
Plain = TypeVar("Plain")

_SHORT = 6
"""Shorter texts are not treated as secrets: they would occur in ordinary words."""
_MANY = 64
"""The most secrets that are searched for one by one."""
_MOST_WORK = 256 * 1024
"""The most characters of a text, times the number of secrets."""
_SHORT_TEXT = 40
_PLAIN_HEADERS = frozenset(
    {
        "accept", "accept-encoding", "accept-language", "age", "cache-control", "content-length",
        "content-security-policy", "content-type", "date", "etag", "expires", "host", "if-match",
        "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "last-modified", "server",
        "user-agent", "vary", "via",
    }
)  # fmt: skip
"""They hold no secrets, though some look like it."""


def shielded(name: str, text: str) -> str:
    """Return the text of a header as it may be shown; names of cookies and schemes stay.

    Example:
        >>> shielded("cookie", "session=c0ffee; theme=dark")
        'session=(6 characters); theme=(4 characters)'
        >>> shielded("set-cookie", "session=c0ffee; path=/; httponly")
        'session=(6 characters); path=/; httponly'
        >>> shielded("authorization", "Bearer c0ffee"), shielded("accept", "*/*")
        ('Bearer (6 characters)', '*/*')
        >>> shielded("x-api-key", "c0ffee"), shielded("referer", "https://shop.example/?sig=c0ffee")
        ('(6 characters)', 'https://shop.example/?sig=(6 characters)')
    """
    name = name.lower()
    if name in _PLAIN_HEADERS or name.startswith(("sec-ch-", "sec-fetch-", "sec-websocket-")):
        return text
    if name in _CREDENTIALS:
        scheme, space, rest = text.partition(" ")
        return f"{scheme} {length_text(rest)}" if space else length_text(text)
    if name == "cookie":
        return "; ".join(_pair(part.strip()) for part in text.split(";"))
    if name == "set-cookie":
        pair, mark, attributes = text.partition(";")
        return f"{_pair(pair)}{mark}{attributes}"
    return length_text(text) if is_secret_name(name) else masked_text(text)


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
    kind, _, rest = part.partition(" ")
    name, mark, value = rest.partition("=")
    if kind == "header" and mark:
        return f"header {name}={length_text(value) if _is_hidden(name, value) else value}"
    if kind == "cookie" and mark:
        return f"cookie {name}={length_text(value)}"
    if kind == "body" and not mark:
        return f"body {rest[:12]}"
    if kind == "expression":
        return f"expression {masked_text(rest)}"
    return masked_target(part) if "/" in part else part


def _is_hidden(name: str, value: str) -> bool:
    return name in _CREDENTIALS or shielded(name, value) != value


class Secrets:
    """The secrets of a request and its response, wherever they turn up.

    Args:
        headers: The headers of both.
        target: Path and query of the request.

    Example:
        >>> Secrets(HeaderFields({"cookie": "session=c0ffee"})).hidden_in({"key": ["cookie session=c0ffee"]})
        {'key': ['cookie session=(6 characters)']}
    """

    def __init__(self, *headers: HeaderFields, target: str = "") -> None:
        texts = {text for fields in headers for text in _secrets(fields)} | secrets_of(target)
        self._texts = {text for text in texts if len(text) >= _SHORT}
        self._target, self._masked_target = target, masked_target(target)
        self._is_idle = not self._texts and self._target == self._masked_target
        self._are_many = len(self._texts) > _MANY
        self._longest_first = [] if self._are_many else sorted(self._texts, key=len, reverse=True)

    def hidden(self, text: str) -> str:
        """Return text with its secrets replaced by their lengths.

        A search for very many secrets, or in very long texts, would block the event loop. Then a text is
        shown if it is short and holds none of them, or else replaced by its length.
        """
        if self._is_idle:
            return text
        if self._target != self._masked_target:
            text = text.replace(self._target, self._masked_target)
        if self._are_many or len(text) * len(self._texts) > _MOST_WORK:
            return text if len(text) <= _SHORT_TEXT and not self._is_in(text) else length_text(text)
        for secret in self._longest_first:
            if secret in text:
                text = text.replace(secret, length_text(secret))
        return text

    def hidden_in(self, data: Plain) -> Plain:
        """Return plain data with the secrets in all its texts replaced."""
        return cast("Plain", self._inside(data)) if not self._is_idle else data

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
    for name, text in headers.fields():
        if name in _PLAIN_HEADERS or name in _NAMED:
            continue
        if is_secret_name(name) or looks_secret(text):
            yield text
        elif name in ("referer", "location", "content-location"):
            yield from secrets_of(text)
