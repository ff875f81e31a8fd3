"""`Check`, which looks at a site, and `Finding`, what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from prefetchrouter.errors import Diagnostic
from prefetchrouter.http.message import Request
from prefetchrouter.lint.linted_site import Site
from prefetchrouter.source import Source


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is likely wrong.

    Args:
        diagnostic: What, where, and the cure.
        witness: A request that shows it, None for what concerns no single request.
    """

    diagnostic: Diagnostic
    witness: Request | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check; what it looks for is explained on the page of its code.

    Args:
        code: The code of its findings, such as ``"lint/never-wins"``.
        summary: What it finds, in one sentence.
        run: Returns what it finds.
        by_default: Whether it runs unless it is left out; others run when they are selected.

    Example:
        >>> Check("acme/no-rules", "A site without rules.", lambda site: ()).by_default
        True
    """

    code: str
    summary: str
    run: Callable[[Site], Iterable[Finding]]
    by_default: bool = True

    def finding(
        self, message: str, source: Source | None, *, hint: str | None = None, witness: Request | None = None
    ) -> Finding:
        """Return a finding of this check.

        Args:
            message: What is wrong.
            source: The line of the rule.
            hint: The likely cure.
            witness: A request that shows it.
        """
        return Finding(Diagnostic(self.code, message, source, hint=hint, severity="warning"), witness)
