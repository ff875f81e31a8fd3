"""Reports features of rules that the embedded edge does not support."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from prefetchrouter.errors import Diagnostic, did_you_mean, shown
from prefetchrouter.rules.property_settings import facts_of
from prefetchrouter.rules.rule_set import property_of
from prefetchrouter.targets.embedded import SUPPORT
from prefetchrouter.targets.findings import findings
from prefetchrouter.targets.support import feature_names

if TYPE_CHECKING:
    from prefetchrouter.rules.rule import HasRules


def unsupported(rules: HasRules, without: Collection[str] = ()) -> list[Diagnostic]:
    """Return one diagnostic for each use of a feature that the edge does not support.

    The default of a feature has no effect, and does not count as used.

    Args:
        rules: A `RuleSet` or a `Router`.
        without: The names of features that the edge may ignore, such as ``"response.optimize_images"``.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/images/:path*", lambda route: route.optimize_images())
        >>> [found.code for found in unsupported(router)], unsupported(router, ["response.optimize_images"])
        (['edge-feature'], [])
    """
    found = [diagnostic for name in without if (diagnostic := _wrong_name(name)) is not None]
    for use, support in findings(SUPPORT, rules.rules, facts_of(property_of(rules))):
        if support.level != "none" or use.name in without:
            continue
        diagnostic = Diagnostic(
            "edge-feature",
            f"{use.name}: this edge does not have it ({support.note})",
            use.source,
            hint=f"--without {use.name} serves without it",
        )
        found.append(diagnostic if use.source else diagnostic.inside("rules", use.rule))
    return found


def _wrong_name(name: str) -> Diagnostic | None:
    known = feature_names()
    if name not in known:
        hint = did_you_mean(name, known) or "docs/edge-features.md lists all of them"
        return Diagnostic("edge-feature", f"--without {name}: {shown(name)} is not a feature", hint=hint)
    if SUPPORT.of("feature", name).level != "none":
        return Diagnostic("edge-feature", f"--without {name}: this edge has it", hint="remove the option")
    return None
