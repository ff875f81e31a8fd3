"""`Target`, which prints rules for one reader, and the `Job` that it is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefetchrouter.browser_view import Filtered
from prefetchrouter.diagnostics import Fix
from prefetchrouter.errors import Diagnostic, Severity, shown
from prefetchrouter.rules.property_settings import facts_of
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.source import Source
from prefetchrouter.targets import findings
from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.findings import Policy
from prefetchrouter.targets.page_navigation import PageNavigation
from prefetchrouter.targets.support import Kind, SupportTable

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property


class Target(ABC):
    """What rules are built for: a name, a support table, and a printer.

    Your own target is a subclass with the three class attributes and `print`. To choose it by name,
    register it under the entry point group ``prefetchrouter.targets``; see `docs/targets.md`.
    """

    name: ClassVar[str]
    """What `--target` calls it."""

    summary: ClassVar[str]
    """What it is for, in one sentence."""

    support: ClassVar[SupportTable]
    """What of the rules it can express. The frame reports the rest before `print` is called."""

    is_excerpt: ClassVar[bool] = False
    """Whether it shows only a part of the rules on purpose: then what it leaves out is not a finding."""

    start_command: ClassVar[tuple[str, ...]] = ()
    """The command that starts what it wrote, such as ``("sh", "varnish/start.sh")``: the last word is one of
    its files, in the output folder. Empty for files that are read and not started."""

    @abstractmethod
    def print(self, job: Job) -> Iterable[Artifact]:
        """Return the files for the rules of a job; the same rules give the same bytes."""


class Job:
    """What one target is to print, and where it says what it cannot.

    Args:
        target: The target.
        rule_set: The rules, and the property around them.
        filtered: For each rule, what browsers see of it.
        policy: What becomes of rules that the target cannot express.
        navigation: Where visitors go next, for pages.
    """

    def __init__(
        self,
        target: Target,
        rule_set: RuleSet,
        filtered: tuple[Filtered, ...] = (),
        policy: Policy = "error",
        navigation: PageNavigation | None = None,
    ) -> None:
        self.rule_set = rule_set
        self.filtered = filtered
        self.navigation = navigation or PageNavigation()
        self._diagnostics: list[Diagnostic] = []
        self._target = target
        self._policy = policy

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What was found: by the support table, by `unsupported` and by `report`."""
        return tuple(self._diagnostics)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in order."""
        return self.rule_set.rules

    @property
    def property(self) -> Property | None:
        """The origins and hostnames around the rules, where the user described them."""
        return self.rule_set.property

    def check(self) -> None:
        """Note all that the rules use and the support table of the target does not list as full."""
        if self._target.is_excerpt:
            return
        for use, support in findings.findings(self._target.support, self.rules, facts_of(self.property)):
            self._note(findings.diagnostic(self._target.name, use, support, self._policy))  # pyright: ignore[reportArgumentType]

    def unsupported(
        self,
        name: str,
        source: Source | None,
        why: str = "",
        *,
        kind: Kind = "feature",
        nearest: str | None = None,
    ) -> None:
        """Say that a use of something cannot be expressed, where only the printer can tell.

        Whether it is an error, a warning or nothing is for the caller of the build to choose; so the printer
        goes on without it.

        Args:
            name: The feature, variable or operator, such as ``"caching.max_age"``.
            source: The line of the rule, as its node has it.
            why: What it is about this use, in a few words.
            kind: What the name is.
            nearest: The nearest thing that the target can do, as a cure.

        Example:
            >>> from prefetchrouter.targets.ruleset import RuleSetTarget
            >>> job = Job(RuleSetTarget(), RuleSet(rules=()), policy="warn")
            >>> job.unsupported("caching.max_age", Source("routes.py", 3), "a year")
            >>> print(*job.diagnostics)
            routes.py:3: warning: the target "ruleset" does not support caching.max_age (a year) [unsupported]
        """
        severity: Severity = "error" if self._policy == "error" else "warning"
        found = findings.unsupported(
            self._target.name, name, source, why, kind=kind, nearest=nearest, severity=severity
        )
        self._note(None if self._policy == "ignore" else found)

    def refuse(self, found: Diagnostic) -> None:
        """Add a diagnostic that `--unsupported warn` makes a warning, and `ignore` leaves out.

        Example:
            >>> from prefetchrouter.targets.ruleset import RuleSetTarget
            >>> job = Job(RuleSetTarget(), RuleSet(rules=()), policy="warn")
            >>> job.refuse(Diagnostic("no-origin-address", "no origin has an address"))
            >>> [found.severity for found in job.diagnostics]
            ['warning']
        """
        severity: Severity = "error" if self._policy == "error" else "warning"
        self._note(None if self._policy == "ignore" else replace(found, severity=severity))

    def report(self, found: Diagnostic) -> None:
        """Add a diagnostic with a code of the target itself; an error stops the build in any case.

        Example:
            >>> from prefetchrouter.targets.ruleset import RuleSetTarget
            >>> job = Job(RuleSetTarget(), RuleSet(rules=()))
            >>> job.report(Diagnostic("acme/quota", "100 rules at most", page="https://acme.example/quota"))
            >>> print(*job.diagnostics)
            100 rules at most [acme/quota]
        """
        self._note(found)

    def _note(self, found: Diagnostic | None) -> None:
        if found is None:
            return
        if not _is_sound(found):
            raise TypeError(f"{shown(found)} is not a Diagnostic with values of the right types")
        if found not in self._diagnostics:
            self._diagnostics.append(found)


_TYPES: Final[dict[str, Any]] = {
    **dict.fromkeys(("code", "message", "severity"), str),
    **dict.fromkeys(("expected", "hint", "page"), str | None),
    "source": Source | None,
    "path": tuple,
    "fix": Fix | None,
}
"""The fields of a diagnostic."""


def _is_sound(found: object) -> bool:
    """Return whether a diagnostic can be printed: it may come from code that no type checker has read."""
    return isinstance(found, Diagnostic) and all(
        isinstance(getattr(found, name), kind) for name, kind in _TYPES.items()
    )
