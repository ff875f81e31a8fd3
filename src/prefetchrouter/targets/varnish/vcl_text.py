"""Text of VCL: whatever a rule says becomes one constant, out of which no character can break.

VCL has no escapes in constants, and none can hold a NUL. A file of VCL is UTF-8, while headers are Latin-1:
what is not ASCII in a header is a constant of escaped bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from prefetchrouter.printable import shown
from prefetchrouter.targets.quoting import Quoted


class Vcl(Quoted):
    """Text of VCL."""

    __slots__ = ()


_PLAIN: Final = re.compile(r"[\t\x20\x21\x23-\x7e]*")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SAFE_IN_URL: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:;=, ")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def string(text: str) -> Vcl:
    """Return a text as a VCL string that UTF-8 bytes are made of.

    Example:
        >>> print(string("a b"), string('say "hi"'))
        "a b" {"say "hi""}
    """
    if _PLAIN.fullmatch(text):
        return Vcl(f'"{text}"')
    if _CONTROL.search(text):
        return octets(text.encode())
    if '"}' in text and '"""' not in text and not text.endswith('"'):
        # One constant: Varnish joins pieces one by one, which takes seconds for a manifest of 10,000 rules.
        return Vcl(f'"""{text}"""')
    return Vcl(" + ".join(_pieces(text)))


def header_text(text: str) -> Vcl:
    r"""Return a text as a VCL string of the bytes that a header has: Latin-1, or UTF-8 where that has none.

    Example:
        >>> print(header_text("caf\xe9"))
        blob.transcode(decoding=URL, encoding=IDENTITY, encoded="caf%E9")
    """
    text = text.strip(" \t")
    if text.isascii():
        return string(text)
    try:
        return octets(text.encode("latin-1"))
    except UnicodeEncodeError:
        return octets(text.encode())


def octets(data: bytes) -> Vcl:
    """Return bytes as a VCL string."""
    encoded = "".join(chr(byte) if byte in _SAFE_IN_URL else f"%{byte:02X}" for byte in data)
    return Vcl(f'blob.transcode(decoding=URL, encoding=IDENTITY, encoded="{encoded}")')


def _pieces(text: str) -> Iterable[str]:
    """Yield constants in which the end of that kind of constant does not occur."""
    at = 0
    for found in re.finditer(r'"+\}', text):
        # All but the last quote can stay in a long constant; the end of it would be the next character.
        end = found.end() - 2
        if end > at:
            yield f'{{"{text[at:end]}"}}'
        yield '""""}"""'
        at = found.end()
    rest = text[at:]
    if rest or not at:
        yield f'{{"{rest}"}}'


def regex(expression: str, *, is_utf_8: bool = False) -> Vcl:
    r"""Return a portable regular expression as a VCL constant.

    Its ``$`` is the very end, which PCRE2 calls ``\z``; quotes, line ends and what is not ASCII are escaped.

    Args:
        expression: The expression.
        is_utf_8: Whether the text that it is for is UTF-8, as a decoded parameter is; headers are Latin-1.

    Example:
        >>> print(regex('(?i)^/a"b[$]$'))
        "(?i)^/a\x22b[$]\z"
    """
    octet = _utf_8 if is_utf_8 else _octet
    made: list[str] = []
    in_set = False
    at = 0
    while at < len(expression):
        character = expression[at]
        at += 1
        if character == "\\" and at < len(expression):
            following = expression[at]
            at += 1
            made.append(f"\\{following}" if _stays(following) else octet(following))
            continue
        if character == "[" and not in_set:
            in_set = True
            made.append(character)
            if expression[at : at + 1] == "^":
                made.append("^")
                at += 1
            continue
        if character == "]" and in_set:
            in_set = False
        if character == "$" and not in_set:
            made.append("\\z")
        elif not _stays(character):
            made.append(octet(character))
        else:
            made.append(character)
    return Vcl(f'"{"".join(made)}"')


def _stays(character: str) -> bool:
    return character != '"' and 32 <= ord(character) < 127


def _octet(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else _utf_8(character)


def _utf_8(character: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in character.encode())


def literal_regex(text: str) -> str:
    """Return a regular expression that finds just a text; it is to be quoted by `regex`."""
    return re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", text)


def is_header_name(name: str) -> bool:
    """Return whether VCL can name a header.

    Example:
        >>> is_header_name("x-tier"), is_header_name("x.tier")
        (True, False)
    """
    return _NAME.fullmatch(name) is not None


def joined(texts: Iterable[str]) -> Vcl:
    """Return VCL strings as one."""
    return Vcl(" + ".join(text for text in texts if text != '""') or '""')


def header_name(name: str) -> Vcl:
    """Return the name of a header.

    Raises:
        ValueError: VCL cannot name it.
    """
    if not is_header_name(name):
        raise ValueError(f"VCL cannot name the header {shown(name)}")
    return Vcl(name)
