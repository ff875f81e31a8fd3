"""Findings as SARIF, the format of code scanning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prefetchrouter.diagnostics import Fix
from prefetchrouter.errors import Diagnostic
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.lint_text import witness_text
from prefetchrouter.source import Source, Span
from prefetchrouter.version import VERSION

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def lint_sarif(findings: Sequence[Finding], checks: Sequence[Check]) -> dict[str, Any]:
    """Return findings as a SARIF log with one run.

    Args:
        findings: What was found.
        checks: The checks that ran: their codes are the rules of the log.

    Source: SARIF 2.1.0, sections 3.14 and 3.27.

    Example:
        >>> lint_sarif([], [])["version"]
        '2.1.0'
    """
    summaries = {check.code: check.summary for check in checks}
    codes = list(dict.fromkeys([*summaries, *(finding.diagnostic.code for finding in findings)]))
    rules = [{"id": code, "shortDescription": {"text": summaries.get(code, code)}} for code in codes]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "prefetchrouter", "semanticVersion": VERSION, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes) for finding in findings],
            }
        ],
    }


def _result(finding: Finding, codes: Sequence[str]) -> dict[str, Any]:
    diagnostic = finding.diagnostic
    witness = witness_text(finding)
    text = ". ".join(filter(None, [diagnostic.text, diagnostic.hint, witness and f"Shown by: {witness}"]))
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": diagnostic.severity,
        "message": {"text": text},
    }
    if diagnostic.source is not None:
        result["locations"] = [{"physicalLocation": _location(diagnostic.source)}]
        fix = _fix(diagnostic)
        if fix is not None:
            result["fixes"] = [fix]
    return result


def _location(source: Source) -> dict[str, Any]:
    span = source.span
    region = {"startLine": source.line} if span is None else _region(span)
    return {"artifactLocation": {"uri": _uri(source)}, "region": region}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line, "startColumn": span.column,
        "endLine": span.end_line, "endColumn": span.end_column,
    }  # fmt: skip


def _uri(source: Source) -> str:
    return source.display_file.replace("\\", "/")


def _fix(diagnostic: Diagnostic) -> dict[str, Any] | None:
    fix: Fix | None = diagnostic.fix
    if fix is None or fix.span is None or diagnostic.source is None:
        return None
    replacement = {"deletedRegion": _region(fix.span), "insertedContent": {"text": fix.new}}
    changes = {"artifactLocation": {"uri": _uri(diagnostic.source)}, "replacements": [replacement]}
    return {"description": {"text": f"write {fix.new}"}, "artifactChanges": [changes]}
