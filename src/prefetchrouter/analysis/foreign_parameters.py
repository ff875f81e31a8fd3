"""Parameters in destinations as other programs write them, which stay text here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from prefetchrouter.analysis.faults import Fault, without_ends
from prefetchrouter.errors import RuleError, shown
from prefetchrouter.rules.features import UrlRedirect, UrlRewrite
from prefetchrouter.rules.features.rewrite_sources import captured

_NAMED = re.compile(
    r"(?<![%$\\])\{([A-Za-z_]\w*)(?::\w+)?\}|<(?:\w+:)?([A-Za-z_]\w*)>|\[(?:\.\.\.)?([A-Za-z_]\w*)\](?!=)"
)
"""Of FastAPI and OpenAPI, of Flask and Django, of Next.js."""
_NUMBERED = re.compile(r"\\(?:g<)?(\d+)>?")
"""Of Python and sed."""
_STAR = re.compile(r"(?<=/)\*(?=/|\Z)")
_ENDS = ("optionalSlash", "optionalQuery")


def marker_faults(part: UrlRedirect | UrlRewrite) -> Iterator[Fault]:
    """Yield a fault for each kind of parameter that another program would fill in.

    Args:
        part: A redirect or rewrite.

    Example:
        >>> wrong = UrlRedirect(destination="/new/{id}", source="/old/:id", syntax="path-to-regexp")
        >>> [fault.hint for fault in marker_faults(wrong)]
        ['write "/new/:id"']
    """
    text = without_ends(part.destination or "")
    path = re.split("[?#]", text, maxsplit=1)[0]
    names, mark = _names(part)

    def of_name(found: re.Match[str]) -> str:
        name = next(filter(None, found.groups()))
        return mark(name if name in names else names[-1])

    def of_number(found: re.Match[str]) -> str:
        number = found[1]
        if number in names:
            return mark(number)
        return mark(names[int(number) - 1 if number.isdigit() and 0 < int(number) <= len(names) else -1])

    kinds: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (_NAMED, of_name),
        (_NUMBERED, of_number),
        (_STAR, lambda _: mark(names[-1])),
    )
    for pattern, replacement in kinds:
        found = pattern.search(path)
        if found is None:
            continue
        if names:
            hint = f"write {shown(pattern.sub(replacement, path) + text[len(path) :])}"
        else:
            hint = 'name it in the path of the rule, as in "/old/:id", and write :id here'
        yield Fault(
            f"marker {pattern.pattern}",
            "destination",
            f"{shown(text)}: {shown(found[0])} is not a parameter here",
            hint,
        )


def _names(part: UrlRedirect | UrlRewrite) -> tuple[tuple[str, ...], Callable[[str], str]]:
    """Return what the source captures, and how a destination writes it."""
    is_pattern = part.syntax == "path-to-regexp"
    try:
        names = captured(part.source, is_pattern) if part.source else ()
    except RuleError:
        names = ()
    own = tuple(name for name in names if name not in _ENDS)
    return own, (lambda name: f":{name}") if is_pattern else (lambda name: f"${name}")
