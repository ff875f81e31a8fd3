"""Comments that suppress findings on their line: ``# prefetchrouter: ignore[CODE] REASON``.

The comment is on any line of the call that the finding is about. A reason is required: whoever reads the
rules later has to know whether it still holds. A comment that suppresses nothing is a finding, too.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from prefetchrouter.errors import Diagnostic
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.source import Source

_COMMENT = re.compile(r"#\s*prefetchrouter:\s*ignore\b\s*(?:\[([^\]]*)\])?\s*(.*)", re.IGNORECASE)

CHECK = Check(
    "lint/suppression",
    "A comment that suppresses findings without a reason, or suppresses none.",
    lambda _: (),
)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment.

    Args:
        source: Its line.
        codes: The codes that it names; empty for none.
        reason: Why; empty if it gives none.
    """

    source: Source
    codes: tuple[str, ...]
    reason: str


def suppressions(file: str, text: str) -> Iterator[Suppression]:
    """Yield the comments of a file that suppress findings; the text of a string is not a comment.

    Args:
        file: The file, as sources name it.
        text: Its text.

    Example:
        >>> [found] = suppressions("routes.py", "x = 1  # prefetchrouter: ignore[lint/vary] the app needs it")
        >>> found.codes, found.reason
        (('lint/vary',), 'the app needs it')
    """
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            found = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if found is not None:
                codes = tuple(code.strip() for code in (found.group(1) or "").split(",") if code.strip())
                yield Suppression(Source(file, token.start[0]), codes, found.group(2).strip())
    except (tokenize.TokenError, SyntaxError):
        return


def without_suppressed(
    findings: Iterable[Finding], *, checked: Iterable[str], files: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Return the findings that no comment suppresses, and one for each comment that is wrong.

    Args:
        findings: All of them.
        checked: The codes that were looked for: a comment on another code may still be needed.
        files: Files whose comments are read although no finding is about them.
    """
    findings, checked = tuple(findings), frozenset(checked)
    named = {finding.diagnostic.source.file for finding in findings if finding.diagnostic.source is not None}
    found = [each for file in sorted({*named, *files}) for each in suppressions(file, _text(file))]
    used: set[tuple[Source, str]] = set()
    left: list[Finding] = []
    for finding in findings:
        by = next((each for each in found if each.reason and _is_on(each, finding.diagnostic)), None)
        if by is None:
            left.append(finding)
        else:
            used.add((by.source, finding.diagnostic.code))
    return (*left, *(problem for each in found for problem in _problems(each, used, checked)))


def _is_on(suppression: Suppression, diagnostic: Diagnostic) -> bool:
    source = diagnostic.source
    if source is None or suppression.source.file != source.file or diagnostic.code not in suppression.codes:
        return False
    span = source.span
    last = span.end_line if span is not None else source.line
    return source.line <= suppression.source.line <= last


def _problems(
    suppression: Suppression, used: set[tuple[Source, str]], checked: frozenset[str]
) -> Iterator[Finding]:
    if not suppression.codes:
        message, hint = "the comment names no code", "write # prefetchrouter: ignore[CODE] REASON"
        yield CHECK.finding(message, suppression.source, hint=hint)
    elif not suppression.reason:
        message = f"the comment on {', '.join(suppression.codes)} gives no reason, so it suppresses nothing"
        yield CHECK.finding(message, suppression.source, hint="write the reason behind the bracket")
    else:
        for code in suppression.codes:
            if code in checked and (suppression.source, code) not in used:
                message = f"there is no finding {code} here to suppress"
                yield CHECK.finding(message, suppression.source, hint="remove the comment")


def _text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
