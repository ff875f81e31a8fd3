"""`lint`: all checks on one site."""

from __future__ import annotations

from collections.abc import Iterable

from prefetchrouter.analysis import site_warnings
from prefetchrouter.authoring.router import Router
from prefetchrouter.errors import CheckError, Diagnostic, PrefetchRouterError, shown
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.check_registry import all_checks, chosen_checks
from prefetchrouter.lint.linted_site import Site
from prefetchrouter.lint.vendor_limits import vendors as named_vendors
from prefetchrouter.rules.rule import HasRules
from prefetchrouter.rules.rule_set import RuleSet, property_of
from prefetchrouter.targets.registry import targets as named_targets


def lint(
    rules: HasRules,
    *,
    checks: Iterable[Check] | None = None,
    warnings: Iterable[Diagnostic] | None = None,
    targets: Iterable[str] = (),
    vendors: Iterable[str] = (),
) -> tuple[Finding, ...]:
    """Return what is likely wrong with rules, in the order of their lines.

    Args:
        rules: A `Router` or a `RuleSet`.
        checks: What to look for; by default all checks but those that have to be selected.
        warnings: What loading the rules warned of; found again when not given.
        targets: The names of targets that the rules are to be portable to, such as ``["varnish", "nginx"]``.
        vendors: The vendors whose published limits they are to keep, such as ``["edgio"]``.

    Raises:
        CheckError: A check of another package fails, or is registered wrongly; a vendor is unknown.
        TargetError: There is no target of a name.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().get("/cart/add-item", caching={"max_age": "1h", "service_worker_max_age": "1h"})
        >>> [finding.diagnostic.code for finding in lint(router)]
        ['lint/prefetched-effect']
    """
    names = tuple(target.name for target in named_targets(tuple(targets)))
    known_warnings = _warnings(rules) if warnings is None else warnings
    site = Site(rules, known_warnings, targets=names, vendors=named_vendors(vendors))
    chosen = tuple(chosen_checks() if checks is None else checks)
    known = {check.code for check in all_checks()} | {check.code for check in chosen}
    found: dict[tuple[object, ...], Finding] = {}
    for check in chosen:
        for finding in _findings(check, site):
            found.setdefault(
                (finding.diagnostic.code, finding.diagnostic.message, finding.diagnostic.source), finding
            )
    # Warnings of plugins, whose codes no check has.
    others = [Finding(warning) for warning in site.warnings if warning.code not in known and checks is None]
    return tuple(sorted([*found.values(), *others], key=_order))


def _findings(check: Check, site: Site) -> list[Finding]:
    try:
        return list(check.run(site))
    except PrefetchRouterError:
        raise
    except Exception as error:
        raise CheckError.of(
            "broken-check",
            f"the check {shown(check.code)} failed: {type(error).__name__}: {error}",
            hint=f"leave it out with --ignore {check.code}, and report it to its author",
        ) from error


def _warnings(rules: HasRules) -> tuple[Diagnostic, ...]:
    own = rules.warnings if isinstance(rules, Router) else ()
    return tuple(
        dict.fromkeys((*own, *site_warnings(RuleSet(rules=rules.rules, property=property_of(rules)))))
    )


def _order(finding: Finding) -> tuple[str, int]:
    source = finding.diagnostic.source
    return (source.file, source.line) if source is not None else ("", 0)
