"""Findings as plain data, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prefetchrouter.lint.check import Finding
from prefetchrouter.report.diagnostic_lines import diagnostics_json


def lint_data(findings: Sequence[Finding], *, fixed: int = 0) -> dict[str, Any]:
    """Return findings as plain data: the diagnostics, each with its witness.

    Args:
        findings: What was found.
        fixed: How many findings were fixed.

    Example:
        >>> lint_data([])
        {'findings': [], 'fixed': 0}
    """
    diagnostics = diagnostics_json(finding.diagnostic for finding in findings)
    return {
        "findings": [
            {**data, "witness": _witness(finding)}
            for data, finding in zip(diagnostics, findings, strict=True)
        ],
        "fixed": fixed,
    }


def _witness(finding: Finding) -> dict[str, Any] | None:
    request = finding.witness
    if request is None:
        return None
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "cookies": dict(request.cookies),
        "facts": dict(request.facts),
    }
