"""What rules use and a target does not support, as diagnostics with the user's line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from prefetchrouter.errors import Diagnostic, Severity, shown
from prefetchrouter.rules.rule import Rule
from prefetchrouter.source import Source
from prefetchrouter.targets.support import Kind, Support, SupportTable
from prefetchrouter.targets.uses import Use, uses

Policy = Literal["error", "warn", "ignore"]
"""What becomes of rules that a target cannot express: an error stops the build, a warning does not."""

_WITHOUT = '--unsupported warn (in Python unsupported="warn") builds without it'


def findings(table: SupportTable, rules: Iterable[Rule]) -> Iterator[tuple[Use, Support]]:
    """Yield each use of what is not supported, or only approximated, once for each line.

    Example:
        >>> from prefetchrouter import Router
        >>> [use.name for use, _ in findings(SupportTable(), Router().always(comment="a").rules)]
        ['comment']
    """
    if table.supports_everything:
        return
    found: set[tuple[object, ...]] = set()
    named: set[str] = set()
    for use in uses(rules):
        support = table.of(use.kind, use.name)
        if support.level == "full" or use.is_off:
            continue
        place = use.kind, use.name, use.source or use.rule
        # An option of a feature that is reported says nothing new, unless it has a line in the table itself.
        if place in found or (use.kind == "feature" and _is_inside(use, named, table)):
            continue
        found.add(place)
        named.add(f"{use.source or use.rule} {use.name}")
        yield use, support


def _is_inside(use: Use, named: set[str], table: SupportTable) -> bool:
    above = use.name.rpartition(".")[0]
    return f"{use.source or use.rule} {above}" in named and use.name not in table.features


def diagnostic(target: str, use: Use, support: Support, policy: Policy) -> Diagnostic | None:
    """Return the diagnostic for a use that a target does not fully support, None if the policy ignores it."""
    if policy == "ignore":
        return None
    found = (
        approximated(target, use.name, use.source, support.note, kind=use.kind, nearest=support.nearest)
        if support.level == "approximate"
        else unsupported(
            target,
            use.name,
            use.source,
            support.note,
            kind=use.kind,
            nearest=support.nearest,
            severity="error" if policy == "error" else "warning",
        )
    )
    return found if use.source else found.inside("rules", use.rule)


def unsupported(
    target: str,
    name: str,
    source: Source | None,
    why: str = "",
    *,
    kind: Kind = "feature",
    nearest: str | None = None,
    severity: Severity = "error",
) -> Diagnostic:
    """Return that a target cannot express something.

    Example:
        >>> print(unsupported("pages", "location.country", Source("routes.py", 3), kind="variable"))
        routes.py:3: the target "pages" does not support the variable "location.country"; --unsupported warn \
(in Python unsupported="warn") builds without it [unsupported]
    """
    reason = f" ({why})" if why else ""
    message = f"the target {shown(target)} does not support {_what(kind, name)}{reason}"
    hint = nearest or (_WITHOUT if severity == "error" else None)
    return Diagnostic("unsupported", message, source, hint=hint, severity=severity)


def approximated(
    target: str,
    name: str,
    source: Source | None,
    how: str,
    *,
    kind: Kind = "feature",
    nearest: str | None = None,
) -> Diagnostic:
    """Return that a target approximates something.

    Example:
        >>> print(approximated("pages", "caching.max_age", Source("routes.py", 3), "in minutes"))
        routes.py:3: warning: the target "pages" only approximates caching.max_age: in minutes [approximate]
    """
    message = f"the target {shown(target)} only approximates {_what(kind, name)}: {how}"
    return Diagnostic("approximate", message, source, hint=nearest, severity="warning")


def _what(kind: Kind, name: str) -> str:
    return name if kind == "feature" else f'the {kind} "{name}"'
