"""Diagnostics as text and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from prefetchrouter.diagnostics import Fix
from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.printable import MOST_CHARACTERS, printable
from prefetchrouter.report.table import Style
from prefetchrouter.source import Span

_MOST_ALIKE = 3


def diagnostic_text(diagnostic: Diagnostic, style: Style) -> str:
    """Return a diagnostic as lines: location, message and code; below, what was expected and the fix.

    Example:
        >>> wrong = Diagnostic("duration", '"1hr" is not a duration', hint='did you mean "1h"?')
        >>> print(diagnostic_text(wrong, Style(enabled=False)))
        error: "1hr" is not a duration [duration]
          did you mean "1h"?
    """
    where = style(f"{printable(str(diagnostic.source))}: ", "bold") if diagnostic.source else ""
    level = style(f"{diagnostic.severity}: ", "red" if diagnostic.severity == "error" else "yellow")
    lines = [f"{where}{level}{_shown(diagnostic.text)} {style(f'[{diagnostic.code}]', 'dim')}"]
    if diagnostic.expected:
        lines.append(f"  expected {_shown(diagnostic.expected)}")
    if diagnostic.hint:
        lines.append(f"  {style(_shown(diagnostic.hint), 'cyan')}")
    fix = diagnostic.fix
    if fix is not None and fix.span is not None:
        place = f"line {fix.span.line}, column {fix.span.column}"
        lines.append(style(_shown(f"  fix: {shown(fix.old)} -> {shown(fix.new)} ({place})"), "cyan"))
    if diagnostic.page:
        lines.append(f"  see {_shown(diagnostic.page)}")
    return "\n".join(lines)


def _shown(text: str) -> str:
    return printable(text, MOST_CHARACTERS)


def diagnostics_text(diagnostics: Iterable[Diagnostic], style: Style) -> str:
    """Return diagnostics as lines: if many have the same code and line, as in a loop, the first three.

    Example:
        >>> from prefetchrouter import Source
        >>> alike = [Diagnostic("size", f'"{n}" is not a size', Source("routes.py", 4)) for n in range(9)]
        >>> print(diagnostics_text(alike, Style(enabled=False)).splitlines()[-1])
        and 6 more [size] at routes.py:4
    """
    return "\n".join(_lines(tuple(diagnostics), style))


def _lines(diagnostics: tuple[Diagnostic, ...], style: Style) -> Iterator[str]:
    alike = Counter((found.code, found.source) for found in diagnostics)
    count: Counter[object] = Counter()
    for diagnostic in diagnostics:
        kind = diagnostic.code, diagnostic.source
        count[kind] += 1
        if count[kind] <= _MOST_ALIKE or diagnostic.source is None:
            yield diagnostic_text(diagnostic, style)
        elif count[kind] == _MOST_ALIKE + 1:
            more = alike[kind] - _MOST_ALIKE
            where = printable(str(diagnostic.source))
            yield f"and {more:,} more {style(f'[{diagnostic.code}]', 'dim')} at {where}"


def diagnostics_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Return diagnostics as plain mappings; absent parts are null.

    Example:
        >>> diagnostics_json([Diagnostic("duration", "wrong")])[0]["code"]
        'duration'
    """
    return [
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity,
            "message": diagnostic.text,
            "file": diagnostic.source.display_file if diagnostic.source else None,
            "line": diagnostic.source.line if diagnostic.source else None,
            "span": _span_json(diagnostic.source.span if diagnostic.source else None),
            "path": list(diagnostic.path),
            "expected": diagnostic.expected,
            "hint": diagnostic.hint,
            "fix": _fix_json(diagnostic.fix),
            "page": diagnostic.page or (f"docs/errors/{diagnostic.code}.md" if diagnostic.is_ours else None),
        }
        for diagnostic in diagnostics
    ]


def _span_json(span: Span | None) -> dict[str, int] | None:
    return None if span is None else span._asdict()


def _fix_json(fix: Fix | None) -> dict[str, Any] | None:
    return None if fix is None else {"old": fix.old, "new": fix.new, "span": _span_json(fix.span)}
