"""The target of a request, path and query, in the one form that rules, cache keys and origins share.

`docs/urls.md` describes in words what this module does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, TypeAlias
from urllib.parse import quote, unquote_plus

from prefetchrouter.rules.operators import OPERATORS, Operator

Reason: TypeAlias = Literal[
    "not-a-path", "not-ascii", "control-character", "backslash", "invalid-escape", "dot-segment",
    "encoded-slash", "ambiguous-path",
]  # fmt: skip
"""Why a target is refused."""


class TargetRefusal(NamedTuple):
    """Why a request is answered with 400, whatever the rules say.

    Args:
        reason: The kind of fault.
        message: The same in a sentence.
        hint: What helps, where there is something to do; else None.
    """

    reason: Reason
    message: str
    hint: str | None = None


class RequestTarget(NamedTuple):
    """Path and query in canonical form.

    Args:
        path: The path as origins and cache keys have it.
        query: The query without its question mark.
    """

    path: str
    query: str


_UNRESERVED = "A-Za-z0-9._~-"
_SEGMENT = r"[A-Za-z0-9_~!$&'()*+,;=:@-][A-Za-z0-9._~!$&'()*+,;=:@-]*"
_CANONICAL_PATH = re.compile(rf"(?:/{_SEGMENT})*/?")
"""Most paths: no percent sign, no empty segment, and no segment that begins with a dot."""
_CANONICAL_QUERY = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?-]*")

_NOT_AN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.S)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_DECODED = re.compile(rf"[{_UNRESERVED}]")
_ENCODED = re.compile(r'["<>\[\]^`{|}]')
"""Characters that RFC 3986 forbids in paths and queries, and browsers send in one of them nonetheless."""

_PATH_CONTROL = re.compile(r"%(?:[01][0-9A-F]|7F)")
_QUERY_CONTROL = re.compile(r"%(?:0[0-8BCEF]|1[0-9A-F]|7F)")
_OVERLONG = re.compile(r"%C[01]%[89AB]|%E0%[89]|%F0%8")
_DOT_SEGMENT = re.compile(r"(?:^|/|%2F|%5C)\.\.?(?=$|/|%2F|%5C|;|%3B)")
_ENCODED_SLASH = re.compile("%2F|%5C")
_MOST_REMEMBERED: Final = 512
"""In characters. Longer targets are not cached: they would fill the memory."""

_SLASHES = re.compile("//+")

_SEEN_IN_PATHS = re.compile("%(?:2[146-9ABC]|3[ABD]|40|5[BDE]|7[BCD])")
"""The escapes of ``! $ & ' ( ) * + , : ; = @ [ ] ^ { | }``."""
_SEEN_IN_QUERIES = re.compile("%(?:5[BDE]|7[BCD])")
_IN_PATTERN = re.compile(r"\(.*?\)|%([0-9A-Fa-f]{2})", re.S)

_DOTS_HINT: Final = "browsers resolve /a/../b to /b before they send it"
_SLASH_HINT: Final = (
    'Property(encoded_slashes="keep") takes it as it is; docs/urls.md says what an origin then makes of it'
)


def canonical_target(path: str, query: str) -> RequestTarget | TargetRefusal:
    """Return a target in canonical form, or why a request with it is refused.

    Args:
        path: The path as it is on the wire.
        query: The query without its question mark.

    Source: RFC 3986, sections 2.3, 3.3, 3.4 and 6.2.2; RFC 9110, section 4.2.3.

    Example:
        >>> canonical_target("/%7eann/caf%c3%a9", "%69d=%2f")
        RequestTarget(path='/~ann/caf%C3%A9', query='id=%2F')
        >>> canonical_target("/a/%2E%2e/b", "").message
        'the path holds a dot segment'
    """
    if len(path) + len(query) > _MOST_REMEMBERED:
        return _made(path, query)
    return _remembered(path, query)


def _made(path: str, query: str) -> RequestTarget | TargetRefusal:
    if path and _CANONICAL_PATH.fullmatch(path) and _CANONICAL_QUERY.fullmatch(query):
        return RequestTarget(path, query)
    found = _raw_fault(path, query)
    if found is not None:
        return found
    path, query = _canonical(path), _canonical(query)
    if "%" in path + query:
        if _PATH_CONTROL.search(path):
            return TargetRefusal("control-character", "the path holds a control character")
        if _QUERY_CONTROL.search(query):
            return TargetRefusal("control-character", "the query holds a control character")
        if overlong := _OVERLONG.search(path):
            return TargetRefusal("invalid-escape", f"{overlong[0]} in the path begins an overlong character")
    if _DOT_SEGMENT.search(path):
        return TargetRefusal("dot-segment", "the path holds a dot segment", _DOTS_HINT)
    return RequestTarget(path, query)


_remembered = lru_cache(maxsize=4096)(_made)


def _raw_fault(path: str, query: str) -> TargetRefusal | None:
    if path[:1] != "/" or "#" in path or "#" in query or "?" in path:
        return TargetRefusal("not-a-path", "the target is not a path")
    whole = f"{path}?{query}"
    if not whole.isascii():
        return TargetRefusal("not-ascii", "the target holds a character outside ASCII")
    if not whole.isprintable() or " " in whole:
        return TargetRefusal("control-character", "the target holds a control character or a space")
    if "\\" in whole:
        return TargetRefusal(
            "backslash",
            "the target holds a backslash",
            "browsers send / in its place in a path, write %5C in a query",
        )
    broken = _NOT_AN_ESCAPE.search(whole)
    if broken is not None:
        return TargetRefusal(
            "invalid-escape", f'"{broken[0]}" is not a percent-escape', "write a percent sign as %25"
        )
    return None


def _canonical(text: str) -> str:
    if "%" in text:
        text = _ESCAPE.sub(_unreserved, text)
    return _ENCODED.sub(lambda found: f"%{ord(found[0]):02X}", text)


def _unreserved(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if _DECODED.fullmatch(character) else found[0].upper()


def encoded_slash(path: str) -> TargetRefusal | None:
    """Return why a path is refused unless the property keeps encoded slashes, or None if it has none.

    Args:
        path: The path in canonical form.

    Example:
        >>> encoded_slash("/a%2Fb").message
        'the path holds an encoded slash, %2F'
    """
    found = _ENCODED_SLASH.search(path) if "%" in path else None
    if found is None:
        return None
    name = "slash" if found[0] == "%2F" else "backslash"
    return TargetRefusal("encoded-slash", f"the path holds an encoded {name}, {found[0]}", _SLASH_HINT)


def as_browsers_write(text: str) -> str:
    """Return a path or query with spaces and what is outside ASCII percent-encoded.

    Raises:
        UnicodeEncodeError: It holds half of a surrogate pair.

    Example:
        >>> as_browsers_write("/a b/\u00e9")
        '/a%20b/%C3%A9'
    """
    return text if text.isascii() and " " not in text else quote(text, safe=_WITHOUT_SPACE)


_WITHOUT_SPACE = "".join(character for character in map(chr, range(128)) if character != " ")


def merged(path: str) -> str:
    """Return a path with one slash for each run of slashes, as the sources of rewrites match it.

    Example:
        >>> merged("//a///b/")
        '/a/b/'
    """
    return _SLASHES.sub("/", path) if "//" in path else path


def path_for_rules(path: str) -> str:
    """Return a path in canonical form as conditions see it.

    Runs of slashes are one slash, and characters that mean the same encoded or not are not encoded.

    Example:
        >>> path_for_rules("//%40ann/caf%C3%A9/a%2Bb")
        '/@ann/caf%C3%A9/a+b'
    """
    path = merged(path)
    return _SEEN_IN_PATHS.sub(_character, path) if "%" in path else path


def query_for_rules(query: str) -> str:
    """Return a query in canonical form as conditions on the whole query see it, with brackets as such.

    Example:
        >>> query_for_rules("ids%5B%5D=a%26b")
        'ids[]=a%26b'
    """
    return _SEEN_IN_QUERIES.sub(_character, query) if "%" in query else query


def _character(found: re.Match[str]) -> str:
    return chr(int(found[0][1:], 16))


def recoded(text: str) -> str:
    """Return captured text, escaped so that it is data wherever it is inserted.

    Example:
        >>> recoded("a&b=c%20/d")
        'a%26b%3Dc%20/d'
    """
    return quote(text, safe="/%!$'()*,:@")


def without_parameters(path: str) -> str:
    """Return a path without what follows a semicolon in each segment, as Java servers read it.

    Example:
        >>> without_parameters("/admin;x=1/;y/users;z")
        '/admin/users'
    """
    return merged(re.sub(";[^/]*", "", path))


def exact_path_text(text: str) -> str:
    """Return the path that a rule compares with, in the form that conditions see.

    Example:
        >>> exact_path_text("/%7eann//caf%c3%a9")
        '/~ann/caf%C3%A9'
    """
    return path_for_rules(_ESCAPE.sub(_unreserved, text)) if "%" in text or "//" in text else text


def path_pattern_text(text: str) -> str:
    """Return a path pattern, the escapes outside of its groups in the form that conditions see.

    Example:
        >>> path_pattern_text("/%7eann/:id%2B")
        '/\\\\~ann/:id\\\\+'
    """
    return _IN_PATTERN.sub(_pattern_character, text) if "%" in text else text


def _pattern_character(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0]
    character = _SEEN_IN_PATHS.sub(_character, _unreserved(found))
    return found[0] if len(character) > 1 else f"\\{character}"


def path_operand(operator: Operator, value: Any) -> Any:
    """Return the operand for a comparison of the path, in the form that conditions see.

    Args:
        operator: Such as ``"=="``; regular expressions stay as they are.
        value: Text, or several.

    Example:
        >>> path_operand("in", ("/%7eann", "/b")), path_operand("=~", "^/%7eann")
        (('/~ann', '/b'), '^/%7eann')
    """
    if isinstance(value, str) and "%" not in value and "//" not in value:
        return value  # it has that form for every operator
    group = OPERATORS[operator].group
    if group == "regex":
        return value
    if isinstance(value, tuple | list):
        return type(value)(path_operand(operator, entry) for entry in value)
    if not isinstance(value, str):
        return value
    return path_pattern_text(value) if group == "pattern" else exact_path_text(value)


def parameter_name(part: str) -> str:
    """Return the name of a query parameter as origins read it.

    Args:
        part: The parameter as the query has it.

    Example:
        >>> parameter_name("%69d%5B%5D=5"), parameter_name("first+name=")
        ('id[]', 'first name')
    """
    name = part.partition("=")[0]
    return unquote_plus(name) if "%" in name or "+" in name else name


def named_parameter(name: str) -> str:
    """Return the name of a query parameter in a rule, where it may be percent-encoded.

    Example:
        >>> named_parameter("ids[]") == named_parameter("ids%5B%5D")
        True
    """
    return unquote_plus(name)


def is_cookie_name(name: str) -> bool:
    """Return whether a ``Cookie`` header can name a cookie so.

    Example:
        >>> is_cookie_name("a$b"), is_cookie_name("a=b")
        (True, False)
    """
    return not set(name) & set("=;") and name == name.strip()


def loose_name(name: str) -> str:
    """Return the same text for all names that some origin reads as the same parameter.

    PHP reads ``a.b`` and ``a b`` as ``a_b``, and ``a[]`` as ``a``; others ignore letter case.

    Example:
        >>> loose_name("User.Id[0]"), loose_name(" user_id")
        ('user_id', 'user_id')
    """
    return re.sub(r"[^a-z0-9_-]", "_", name.lower().partition("[")[0].strip())
