"""Lines of a text file as Netlify and Cloudflare Pages have it: ``/old/:id /new/:id 301``.

Source: https://docs.netlify.com/manage/routing/redirects/redirect-options/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from prefetchrouter.authoring.redirect_table.table_files import MOST_CHARACTERS
from prefetchrouter.authoring.redirect_table.table_line import TableLine, wrong_line
from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.source import Source

_STATUS = re.compile(r"([0-9]+)!?")
_PARAMETER = re.compile(r"[^=/:]+=[^=]*")


def netlify_lines(lines: Iterable[str], name: str, problems: list[Diagnostic]) -> Iterator[TableLine]:
    """Yield what the lines of a `_redirects` file say; what follows ``#`` after a blank is a comment.

    Query parameters between the two paths must be in the request. ``!`` after a status has no effect: rules
    always come before files.

    Args:
        lines: The lines.
        name: The file.
        problems: Gets what is wrong.

    Example:
        >>> (line,) = netlify_lines(["/blog/* /news/:splat 302 # moved"], "_redirects", [])
        >>> line.start, line.to, line.status
        ('/blog/*', '/news/:splat', '302')
    """
    for number, text in enumerate(lines, 1):
        source = Source(name, number)
        if len(text) > MOST_CHARACTERS:
            problems.append(wrong_line(source, f"the line has more than {MOST_CHARACTERS:,} characters"))
            continue
        words = re.split(r"(?:^|\s)#", text, maxsplit=1)[0].split()
        if not words:
            continue
        start, *rest = words
        parameters: list[tuple[str, str]] = []
        while rest and _PARAMETER.fullmatch(rest[0]):
            key, _, value = rest.pop(0).partition("=")
            parameters.append((key, value))
        if not rest:
            problems.append(wrong_line(source, f"{shown(start)} has no target", expected="/old /new 301"))
            continue
        to, *rest = rest
        status = _STATUS.fullmatch(rest[0]) if rest else None
        others = rest[1:] if status else rest
        if others:
            problems.append(_not_expressed(source, others[0]))
            continue
        yield TableLine(start, to, source, status[1] if status else "", parameters=tuple(parameters))


def _not_expressed(source: Source, word: str) -> Diagnostic:
    if "=" not in word:
        return wrong_line(source, f"{shown(word)} is not a status", expected="/old /new 301")
    name = word.partition("=")[0].lower()
    criterion = {"country": "location", "language": "headers", "cookie": "cookies"}.get(name)
    hint = f'write a rule whose criteria test "{criterion}"' if criterion else "write a rule for this line"
    return wrong_line(source, f"a table has no condition {shown(word)}", hint=hint)
