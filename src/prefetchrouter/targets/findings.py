"""What rules use and a target does not support, as diagnostics with the user's line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from prefetchrouter.errors import Diagnostic, Severity, shown
from prefetchrouter.rules.rule import Rule
from prefetchrouter.source import Source
from prefetchrouter.targets.support import Kind, Support, SupportTable

if TYPE_CHECKING:
    from prefetchrouter.targets.uses import Use

Policy = Literal["error", "warn", "ignore"]
"""What becomes of rules that a target cannot express: an error stops the build, a warning does not."""

_NO_FACTS: Mapping[str, str] = MappingProxyType({})
_WITHOUT = '--unsupported warn (in Python unsupported="warn") builds without it'


def findings(
    table: SupportTable, rules: Iterable[Rule], facts: Mapping[str, str] = _NO_FACTS
) -> Iterator[tuple[Use, Support]]:
    """Yield each use of what is not supported, or only approximated, once for each line.

    Args:
        table: What a target supports.
        rules: The rules.
        facts: Where the property finds facts: one that is in a header is supported as that header is.

    Example:
        >>> from prefetchrouter import Router
        >>> [use.name for use, _ in findings(SupportTable(), Router().always(comment="a").rules)]
        ['comment']
    """
    if table.supports_everything:
        return
    # What reads the values of rules is loaded for targets that need it: most builds are of JSON alone.
    from prefetchrouter.targets.uses import uses

    found: set[tuple[object, ...]] = set()
    named: set[str] = set()
    for use in uses(rules):
        support = _support(table, use, facts)
        if support.level == "full" or use.is_off or (use.in_text and support.level == "approximate"):
            continue
        place = use.kind, use.name, use.source or use.rule
        # An option of a feature that is reported says nothing new, unless it has a line in the table itself.
        if place in found or (use.kind == "feature" and _is_inside(use, named, table)):
            continue
        found.add(place)
        named.add(f"{use.source or use.rule} {use.name}")
        yield use, support


def _support(table: SupportTable, use: Use, facts: Mapping[str, str]) -> Support:
    if facts and use.kind == "variable":
        from prefetchrouter.evaluation.variable_values import facts_of as variable_facts

        namespace, _, name = use.name.partition(".")
        names = (use.name, *variable_facts(name)) if namespace == "variable" else (use.name,)
        source = next((facts[name] for name in names if name in facts), "")
        if source.startswith("header:"):
            return table.of("variable", f"request.header.{source.removeprefix('header:')}")
    return table.of(use.kind, use.name)


def _is_inside(use: Use, named: set[str], table: SupportTable) -> bool:
    above = use.name.rpartition(".")[0]
    return f"{use.source or use.rule} {above}" in named and use.name not in table.features


def diagnostic(target: str, use: Use, support: Support, policy: Policy) -> Diagnostic | None:
    """Return the diagnostic for a use that a target does not fully support; None if that is ignored."""
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
