"""Findings for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from prefetchrouter.comparison.shown import request_text
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.report.diagnostic_lines import diagnostics_text
from prefetchrouter.report.table import Style, table


def lint_text(findings: Sequence[Finding], style: Style, *, fixed: int = 0) -> str:
    """Return findings as lines, then a sentence that counts them.

    Args:
        findings: What was found.
        style: How to colour.
        fixed: How many findings were fixed.

    Example:
        >>> lint_text([], Style(enabled=False))
        'no findings'
    """
    lines = [diagnostics_text([finding.diagnostic for finding in findings], style)] if findings else []
    count = f"{len(findings):,} finding{'' if len(findings) == 1 else 's'}" if findings else "no findings"
    lines.append(f"{count}{f', {fixed:,} fixed' if fixed else ''}")
    return "\n".join(lines)


def checks_text(checks: Sequence[Check], style: Style) -> str:
    """Return the list of checks as a table.

    Args:
        checks: The checks.
        style: How to colour.
    """
    rows = [(check.code, "" if check.by_default else "if selected", check.summary) for check in checks]
    return table(rows, ("bold", "dim", ""), style)


def witness_text(finding: Finding) -> str | None:
    """Return the request that shows a finding, as one line, or None."""
    return None if finding.witness is None else request_text(finding.witness)
