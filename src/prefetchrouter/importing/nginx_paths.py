"""The paths that a ``rewrite`` of nginx makes, as a regular expression, and what expressions have in common.

Source: the directive ``rewrite`` of ngx_http_rewrite_module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from prefetchrouter.importing.imported import NotUnderstoodError
from prefetchrouter.regex import literal
from prefetchrouter.regex.language import Language, TooLargeError, common_text, language

_GROUP_OR_VARIABLE: Final = re.compile(r"\$([1-9])|%\{([^}]*)\}")
_TOKEN: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?|[()|]|[^\\[()|]+", re.S)
_TWO_SLASHES: Final = "the path that it makes may have two slashes"
_WITHOUT_SLASHES: Final = ("host", "scheme", "is_args")


@dataclass(frozen=True)
class _Part:
    """What one group or variable puts into a path.

    Args:
        text: An expression of it, ``.*`` where it depends on the text around it.
        may_be_empty: Whether it may be empty, as of a group that took no part in the match.
        may_start: Whether it may begin with a slash.
        may_end: Whether it may end with one.
    """

    text: str = ".*"
    may_be_empty: bool = True
    may_start: bool = True
    may_end: bool = True


def paths_made(pattern: str, destination: str) -> str:
    r"""Return the regular expression of the paths that a replacement makes, or of more.

    Raises:
        NotUnderstoodError: A path may hold two slashes, of which rules leave one.

    Example:
        >>> paths_made(r"^/u/(\d+)/", "/user/$1?a=$2")
        '^/user/(?:\\d+)$'
    """
    groups = list(_groups(pattern))
    path = destination.partition("?")[0]
    if "//" in path:
        raise NotUnderstoodError(_TWO_SLASHES)
    parts = list[str]()
    end, after_slash = 0, False

    def add(part: _Part) -> None:
        nonlocal after_slash
        if after_slash and part.may_start:
            raise NotUnderstoodError(_TWO_SLASHES)
        after_slash = part.may_end or (part.may_be_empty and after_slash)
        parts.append(f"(?:{part.text})?" if part.may_be_empty else f"(?:{part.text})")

    def add_text(text: str) -> None:
        if text:
            add(_Part("", may_be_empty=False, may_start=text[0] == "/", may_end=text[-1] == "/"))
            parts[-1] = literal(text)

    for found in _GROUP_OR_VARIABLE.finditer(path):
        add_text(path[end : found.start()])
        number = int(found[1] or 0)
        if number == 0:
            has_slashes = found[2] not in _WITHOUT_SLASHES
            add(_Part(may_start=has_slashes, may_end=has_slashes))
        elif number <= len(groups):
            add(groups[number - 1])
        end = found.end()
    add_text(path[end:])
    return f"^{''.join(parts)}$"


def _groups(pattern: str) -> Iterator[_Part]:
    """The groups that capture, in their order; a path that they match in has no two slashes in a row."""
    starts: list[tuple[int, int | None]] = []
    found: list[_Part] = []
    has_branches = any(token[0] == "|" for token in _TOKEN.finditer(pattern))
    for token in _TOKEN.finditer(pattern):
        if token[0] == "(":
            starts.append((token.end(), len(found)))
            found.append(_Part())
        elif token[0] == "(?":
            starts.append((token.end(), None))
        elif token[0] == ")" and starts:
            start, number = starts.pop()
            if number is not None:
                before, inner, after = (
                    pattern[: start - 1],
                    pattern[start : token.start()],
                    pattern[token.end() :],
                )
                is_certain = not starts and not has_branches and not after.startswith(("?", "*", "{"))
                found[number] = _part(before, inner, after, is_certain=is_certain)
    yield from found


def _part(before: str, inner: str, after: str, *, is_certain: bool) -> _Part:
    part = _Part()
    if not re.search(r"[\^$]|\(\?[=!<]|\\[bB1-9]", inner.replace("[^", "[")):
        part = replace(part, text=inner)
    whole = f"^(?:{part.text})$"
    is_repeated = after.startswith(("+", "*", "{"))  # then what it captures follows an earlier match of it
    follows = before.endswith("/") and not is_repeated
    precedes = re.match(r"/(?![?*{])", after) is not None
    return replace(
        part,
        may_be_empty=not is_certain or (may_match("^$", whole) and not (follows and precedes)),
        may_start=not follows and may_match("^/", whole),
        may_end=not (precedes and is_certain) and may_match("/$", whole),
    )


def may_match(pattern: str, paths: str) -> bool:
    """Return whether an expression may match one of the paths.

    Example:
        >>> may_match("[.]php$", "^/user/(?:[0-9]+)?$"), may_match("^/u", "^/user/1$")
        (False, True)
    """
    return have_common([paths, pattern])


def have_common(wanted: Sequence[str], unwanted: Sequence[str] = ()) -> bool:
    """Return whether a text matches all wanted expressions and no unwanted one; True if that cannot be said.

    Example:
        >>> have_common(["^/a", "b$"]), have_common(["^/a$"], ["^/"])
        (True, False)
    """
    yes, no = _languages(wanted), _languages(unwanted)
    if yes is None or no is None or not all(each.is_exact for each in no):
        return True
    try:
        return common_text(yes, no) is not None
    except TooLargeError:
        return True


def _languages(sources: Sequence[str]) -> list[Language] | None:
    found = [language(source) for source in sources]
    return None if None in found else [each for each in found if each is not None]
