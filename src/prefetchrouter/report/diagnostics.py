"""Diagnostics as lines for people or JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prefetchrouter.errors import Diagnostic
from prefetchrouter.report.table import Style


def diagnostic_text(diagnostic: Diagnostic, style: Style) -> str:
    """Return a diagnostic as lines: where, what and the code; below, what was expected and the cure.

    Example:
        >>> wrong = Diagnostic("duration", '"1hr" is not a duration', hint='did you mean "1h"?')
        >>> print(diagnostic_text(wrong, Style(enabled=False)))
        error: "1hr" is not a duration [duration]
          did you mean "1h"?
    """
    where = style(f"{diagnostic.source}: ", "bold") if diagnostic.source else ""
    level = style(f"{diagnostic.severity}: ", "red" if diagnostic.severity == "error" else "yellow")
    lines = [f"{where}{level}{diagnostic.message} {style(f'[{diagnostic.code}]', 'dim')}"]
    if diagnostic.expected:
        lines.append(f"  expected {diagnostic.expected}")
    if diagnostic.hint:
        lines.append(f"  {style(diagnostic.hint, 'cyan')}")
    return "\n".join(lines)


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
