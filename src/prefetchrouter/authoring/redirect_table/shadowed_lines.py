"""Lines of a table that never act, since an earlier one matches all that they match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from prefetchrouter.authoring.redirect_table.table_redirects import TableRedirect
from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.evaluation.index import RuleIndex
from prefetchrouter.evaluation.index_keys import IndexKey, keys_of
from prefetchrouter.evaluation.shapes import shapes_of_pattern
from prefetchrouter.rules.pattern import PathPattern

_SPLAT_END = "/:splat*"
_FIXED = re.compile(r"[^:(*{\\]*")


def without_shadowed(
    redirects: Sequence[TableRedirect],
) -> Iterator[tuple[TableRedirect, Diagnostic | None]]:
    """Yield each line with the warning that it never acts, or None.

    Args:
        redirects: The lines in order.

    Example:
        >>> from prefetchrouter.authoring.redirect_table.table_line import TableLine
        >>> from prefetchrouter.authoring.redirect_table.table_redirects import redirect_of
        >>> lines = [TableLine("/a/*", "/b", None), TableLine("/a/x", "/c", None)]
        >>> found = without_shadowed([redirect_of(line, 301, True, None) for line in lines])
        >>> [warning and warning.message for _, warning in found]
        [None, '"/a/x" never acts: "/a/:splat*" comes first']
    """
    seen = _Seen(redirects)
    for number, redirect in enumerate(redirects):
        earlier = seen.including(number, redirect)
        if earlier is None:
            seen.add(redirect)
            yield redirect, None
        else:
            yield redirect, _warning(redirect, earlier)


class _Seen:
    """The lines so far, by what they match."""

    def __init__(self, redirects: Sequence[TableRedirect]) -> None:
        self._same: dict[str, list[TableRedirect]] = {}
        self._below: dict[str, list[TableRedirect]] = {}
        """Lines for a whole folder, by the folder in lower case."""
        self._patterns = [
            (number, PathPattern(redirect.pattern), redirect)
            for number, redirect in enumerate(redirects)
            if not redirect.is_literal
        ]
        self._index = RuleIndex(
            IndexKey(keys_of(shapes_of_pattern(pattern.text))) for _, pattern, _ in self._patterns
        )

    def add(self, redirect: TableRedirect) -> None:
        self._same.setdefault(_key(redirect), []).append(redirect)
        folder = redirect.pattern.removesuffix(_SPLAT_END)
        if folder != redirect.pattern and _FIXED.fullmatch(folder):
            self._below.setdefault(folder.lower(), []).append(redirect)

    def including(self, number: int, redirect: TableRedirect) -> TableRedirect | None:
        """Return an earlier line that matches all that a line matches."""
        found = list(self._same.get(_key(redirect), ()))
        if redirect.is_literal and self._patterns:
            path = re.sub(r"\\(.)", r"\1", redirect.pattern).lower()
            for candidate in self._index.candidates(path):
                before, pattern, other = self._patterns[candidate]
                if before < number and pattern.match(path) is not None:
                    found.append(other)
        elif self._below:
            fixed = _FIXED.match(redirect.pattern)
            segments = (fixed[0] if fixed else "").lower().split("/")[:-1]
            for end in range(1, len(segments) + 1):
                found += self._below.get("/".join(segments[:end]), ())
        return next((other for other in found if _includes(other, redirect)), None)


def _key(redirect: TableRedirect) -> str:
    if redirect.is_literal:
        return redirect.pattern.lower().rstrip("/")
    return PathPattern(redirect.pattern).regex.lower()


def _warning(redirect: TableRedirect, earlier: TableRedirect) -> Diagnostic:
    own = shown(redirect.pattern)
    where = (
        f" at {earlier.source}" if earlier.source is not None and earlier.source != redirect.source else ""
    )
    if earlier.pattern.lower() == redirect.pattern.lower():
        is_same = (earlier.to, earlier.status) == (redirect.to, redirect.status)
        message = f"{own} appears twice: the line{where or ' before'} comes first"
        hint = "remove this line" if is_same else f"remove one of them: that one leads to {shown(earlier.to)}"
    else:
        message = f"{own} never acts: {shown(earlier.pattern)}{where} comes first"
        hint = "put this line before that one, or remove it"
    return Diagnostic("redirect-shadowed", message, redirect.source, hint=hint, severity="warning")


def _includes(earlier: TableRedirect, later: TableRedirect) -> bool:
    """Return whether a line whose path includes another's does so with host, query and letter case too."""
    if earlier.host is not None and earlier.host != later.host:
        return False
    if earlier.is_exact and not (later.is_exact and later.pattern == earlier.pattern):
        return False
    wanted = dict(later.query)
    return all(name in wanted and (value is None or wanted[name] == value) for name, value in earlier.query)
