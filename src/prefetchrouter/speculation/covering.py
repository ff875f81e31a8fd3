"""Which speculation rules cover a link: the patterns of `where` as expressions of Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from prefetchrouter.speculation.link_tests import All, Any_, Href, LinkTest, NotTest, Selector
from prefetchrouter.speculation.where import Speculation

_NAME: Final = re.compile(r"(/?):\w+([?*+]?)")
_OPTIONAL_SLASH: Final = "{/}?"
_IN_GROUP: Final = re.compile(r"\\.|\$")


def covering(found: Iterable[Speculation], path: str, query: str, scheme: str = "https") -> list[Speculation]:
    """Return the speculation rules that cover a link without attributes.

    Args:
        found: The rules.
        path: The path of its URL, as browsers write it.
        query: The query, without the question mark.
        scheme: The scheme.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.speculation import speculations_of
        >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> made = speculations_of(Router().match("/pages/:id", caching=ages)).found
        >>> [len(covering(made, path, "")) for path in ("/pages/1", "/pages/logout", "/pages")]
        [1, 0, 0]
    """
    link = {"pathname": path, "search": query, "protocol": scheme}
    return [one for one in found if _passes(one.where, link)]


def _passes(test: LinkTest, link: dict[str, str]) -> bool:
    match test:
        case Href(component=component, pattern=pattern):
            return _expression(pattern).fullmatch(link[component]) is not None
        case Selector():
            return False
        case All(members=members):
            return all(_passes(member, link) for member in members)
        case Any_(members=members):
            return any(_passes(member, link) for member in members)
        case NotTest(member=member):
            return not _passes(member, link)


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_parts(pattern)), re.DOTALL)


def _parts(pattern: str) -> Iterator[str]:
    """Yield the expression of each part of a URL pattern.

    Source: URL Pattern Standard, "Pattern strings", for the forms that `url_patterns` writes.
    """
    at = 0
    while at < len(pattern):
        name = _NAME.match(pattern, at)
        if pattern[at] == "\\":
            yield re.escape(pattern[at + 1])
            at += 2
        elif pattern.startswith(_OPTIONAL_SLASH, at):
            yield "/?"
            at += len(_OPTIONAL_SLASH)
        elif name:
            yield f"(?:{name[1]}[^/]+){name[2]}"
            at = name.end()
        elif pattern[at] == "(":
            end = _end_of_group(pattern, at)
            # "$" of Python is also before a line break at the end.
            yield f"(?:{_IN_GROUP.sub(_end_of_text, pattern[at + 1 : end])})"
            at = end + 1
        else:
            yield ".*" if pattern[at] == "*" else re.escape(pattern[at])
            at += 1


def _end_of_text(found: re.Match[str]) -> str:
    return r"\Z" if found[0] == "$" else found[0]


def _end_of_group(pattern: str, start: int) -> int:
    """Return where the group that begins at a place ends."""
    depth, at, in_set = 0, start, False
    while True:
        letter = pattern[at]
        if letter == "\\":
            at += 1
        elif in_set:
            in_set = letter != "]"
        elif letter == "[":
            in_set = True
        elif letter in "()":
            depth += 1 if letter == "(" else -1
            if depth == 0:
                return at
        at += 1
