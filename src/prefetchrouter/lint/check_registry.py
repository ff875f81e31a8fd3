"""All checks: those of this package, and those that other packages register.

Another package registers a `Check`, or a list of them, under the entry point group ``prefetchrouter.checks``:

    [project.entry-points."prefetchrouter.checks"]
    acme = "acme_rules.checks:CHECKS"
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from prefetchrouter.errors import CheckError, did_you_mean, shown
from prefetchrouter.lint import suppressions
from prefetchrouter.lint.check import Check
from prefetchrouter.lint.checks import (
    cookie_on_prefetch,
    dead_branch,
    denied_spelling,
    freshness_advice,
    from_build,
    given_away,
    key_differs,
    lost_query,
    manifest_size,
    never_wins,
    not_prefetched,
    portability,
    prefetched_effect,
    redirect_chain,
    shared_key,
    stale_window,
    tracked_key,
    two_lifetimes,
    varies,
    vendor_limit,
)

GROUP: Final = "prefetchrouter.checks"
"""The entry point group of checks."""

OURS: Final[tuple[Check, ...]] = (
    *from_build.CHECKS,
    *portability.CHECKS,
    never_wins.CHECK,
    dead_branch.CHECK,
    not_prefetched.CHECK,
    prefetched_effect.CHECK,
    cookie_on_prefetch.CHECK,
    shared_key.CHECK,
    key_differs.CHECK,
    varies.CHECK,
    *freshness_advice.CHECKS,
    given_away.CHECK,
    denied_spelling.CHECK,
    redirect_chain.CHECK,
    manifest_size.CHECK,
    stale_window.CHECK,
    two_lifetimes.CHECK,
    lost_query.CHECK,
    tracked_key.CHECK,
    vendor_limit.CHECK,
    suppressions.CHECK,
)
"""The checks of this package, in the order of their findings on one line."""


def all_checks() -> tuple[Check, ...]:
    """Return every check, ours first, those of other packages by name.

    Raises:
        CheckError: What a package registers is not a check, or has a code of another one.

    Example:
        >>> "lint/never-wins" in {check.code for check in all_checks()}
        True
    """
    found = {check.code: check for check in OURS}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        for check in _loaded(point):
            if check.code in found:
                raise _broken(point, f"the code {shown(check.code)} is taken")
            found[check.code] = check
    return tuple(found.values())


def chosen_checks(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Check, ...]:
    """Return the checks to run.

    Args:
        select: Codes, or beginnings such as ``"freshness/"``; all checks that run by default when empty.
        ignore: The same, for checks to leave out.

    Raises:
        CheckError: There is no check of a code.

    Example:
        >>> [check.code for check in chosen_checks(select=["lint/dead-branch"])]
        ['lint/dead-branch']
    """
    checks, select, ignore = all_checks(), tuple(select), tuple(ignore)
    for code in (*select, *ignore):
        if not any(_names(code, check) for check in checks):
            codes = [check.code for check in checks]
            raise CheckError.of(
                "unknown-check",
                f"{shown(code)} is not the code of a check",
                hint=did_you_mean(code, codes) or "prefetchrouter lint --list shows all codes",
            )
    return tuple(
        check
        for check in checks
        if (any(_names(code, check) for code in select) if select else check.by_default)
        and not any(_names(code, check) for code in ignore)
    )


def _names(code: str, check: Check) -> bool:
    return check.code == code or (code.endswith("/") and check.code.startswith(code))


def _loaded(point: EntryPoint) -> Iterator[Check]:
    try:
        found = point.load()
    except Exception as error:
        raise _broken(point, f"{type(error).__name__}: {error}") from error
    for check in (
        (found,) if isinstance(found, Check) else found if isinstance(found, list | tuple) else (found,)
    ):
        if not isinstance(check, Check):
            raise _broken(point, f"{shown(check)} is not a Check")
        yield check


def _broken(point: EntryPoint, why: str) -> CheckError:
    return CheckError.of(
        "broken-check",
        f"the checks {shown(point.name)} ({point.value}) cannot be used: {why}",
        expected="a Check or a list of them, with codes that no other check has",
    )
