"""Diagnostics and errors as lines for people or JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prefetchrouter.errors import Diagnostic
from prefetchrouter.report.table import Style


def diagnostic_line(diagnostic: Diagnostic, style: Style) -> str:
    """Return a diagnostic as one line: where, what, what was expected, the cure, the code.

    Example:
        >>> diagnostic_line(Diagnostic("duration", '"1hr" is not a duration'), Style(enabled=False))
        'error: "1hr" is not a duration [duration]'
    """
    where = style(f"{diagnostic.source}: ", "bold") if diagnostic.source else ""
    level = style(f"{diagnostic.severity}: ", "red" if diagnostic.severity == "error" else "yellow")
    expected = f"; expected {diagnostic.expected}" if diagnostic.expected else ""
    hint = f"; {style(diagnostic.hint, 'cyan')}" if diagnostic.hint else ""
    return f"{where}{level}{diagnostic.message}{expected}{hint} {style(f'[{diagnostic.code}]', 'dim')}"


def diagnostics_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Return diagnostics as plain mappings; what a diagnostic does not have is null.

    Example:
        >>> diagnostics_json([Diagnostic("duration", "wrong")])[0]["code"]
        'duration'
    """
    return [
        {
            "code": diagnostic.code,
            "severity": diagnostic.severity,
            "message": diagnostic.message,
            "file": diagnostic.source.display_file if diagnostic.source else None,
            "line": diagnostic.source.line if diagnostic.source else None,
            "expected": diagnostic.expected,
            "hint": diagnostic.hint,
        }
        for diagnostic in diagnostics
    ]
