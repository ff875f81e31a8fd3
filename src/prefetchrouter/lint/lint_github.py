"""Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable

from prefetchrouter.lint.check import Finding


def lint_github(findings: Iterable[Finding]) -> str:
    """Return findings as workflow commands, one a line.

    Args:
        findings: What was found.

    Source: GitHub Docs, "Workflow commands for GitHub Actions".

    Example:
        >>> from prefetchrouter.errors import Diagnostic, Source
        >>> print(lint_github([Finding(Diagnostic("size", "50% is not a size", Source("routes.py", 3)))]))
        ::error file=routes.py,line=3,title=size::50%25 is not a size
    """
    return "\n".join(map(_command, findings))


def _command(finding: Finding) -> str:
    diagnostic = finding.diagnostic
    properties = {"title": diagnostic.code}
    source = diagnostic.source
    if source is not None:
        span = source.span
        properties = {"file": source.display_file, "line": str(source.line), **properties}
        if span is not None and span.end_line > span.line:
            properties["endLine"] = str(span.end_line)
    message = ": ".join(filter(None, [diagnostic.text, diagnostic.hint]))
    listed = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{diagnostic.severity} {listed}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
