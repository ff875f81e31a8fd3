"""Everything that can be wrong with a user's input, as one tree of exceptions.

    PrefetchRouterError
    ├── RuleError             one thing in the rules is wrong (also a ValueError)
    │   ├── DurationError     "1hr"
    │   ├── SizeError         "14 kilobytes"
    │   ├── PatternError      "/api/*"
    │   ├── RegexError        an invalid regular expression, or one that is not portable
    │   ├── FeatureError      an unknown feature, or an invalid value
    │   ├── CriteriaError     an unknown or empty criterion, or an invalid value
    │   ├── ConditionError    an invalid condition in the rule language
    │   ├── ChainError        if_ / elif_ / else_ out of order
    │   ├── HelperError       a helper call that a rule set cannot express
    │   ├── PropertyError     origins, hostnames, or a rule that names an unknown origin
    │   ├── RuleSetError      invalid JSON of a rule set
    │   ├── UnsupportedError  rules use what a target cannot express
    │   └── RoutesError       several of these together: all the problems of a routes file
    ├── LoadError             a routes file is missing, fails to run, or defines no router
    ├── TargetError           there is no such target, or the package that registers it is broken
    ├── OutputError           the built files cannot be written
    ├── ServeError            the edge cannot serve: origins, address, certificate
    ├── RequestError          an invalid request passed to evaluate() and the like (also a ValueError)
    │   └── RegexCostError    a regular expression in the rules would be too slow on its text
    ├── FreshnessError        an invalid number of seconds (also a ValueError)
    └── CaseError             an unknown key in a table of test cases (also a ValueError)

Each carries one or more `Diagnostic`, and each diagnostic a code that has a page in `docs/errors/`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, Self, TypeAlias

from prefetchrouter.printable import printable
from prefetchrouter.source import Source

Severity = Literal["error", "warning"]

_ADDRESS = re.compile(r"<(?:[\w.]+\.)?(.{1,80}?)(?: object)? at 0x[0-9a-fA-F]+>")

Code: TypeAlias = Literal[
    "approximate",
    "broken-target",
    "case",
    "chain-order",
    "command-line",
    "condition",
    "criteria-value",
    "dead-link",
    "destination",
    "duration",
    "edge-feature",
    "empty-criteria",
    "feature-value",
    "file-not-found",
    "file-unreadable",
    "freshness/age-not-sent",
    "freshness/date-kept",
    "freshness/dead-link",
    "freshness/edge-outlives-browser",
    "freshness/never-fresh",
    "freshness/no-store",
    "freshness/stored-refusal",
    "freshness/too-old",
    "freshness/vary",
    "freshness/worker-outlives-edge",
    "helper",
    "import-failed",
    "internal",
    "never-matches",
    "lost-prefetching",
    "no-effect",
    "no-router",
    "output",
    "path-pattern",
    "plugin",
    "property",
    "redirect-loop",
    "regex-backtracking",
    "regex-lookaround",
    "regex-portability",
    "regex-syntax",
    "request",
    "reserved-header",
    "rule-body",
    "rule-set",
    "seconds",
    "serve",
    "size",
    "two-properties",
    "two-routers",
    "unknown-criterion",
    "unknown-feature",
    "unknown-origin",
    "unknown-target",
    "unlikely-pattern",
    "unlikely-value",
    "unsupported",
]
"""Every code. Each has a page in `docs/errors/` with an example that gives it; tests hold both together."""


MOST_CHARACTERS: Final = 4000
"""How much of a message is printed: more would only hide the rest."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to tell the user: what, where, what was expected, and the likely cure.

    Args:
        code: A stable name with a page in `docs/errors/`, such as ``"duration"``.
        message: What is wrong, with the text that is wrong.
        source: Where the user wrote it.
        expected: What would have been right.
        hint: The likely cure.
        severity: ``"error"`` stops a build, ``"warning"`` does not.

    Example:
        >>> print(Diagnostic("duration", '"1hr" is wrong', Source("routes.py", 3), hint='did you mean "1h"?'))
        routes.py:3: "1hr" is wrong; did you mean "1h"? [duration]
    """

    code: Code
    message: str
    source: Source | None = None
    expected: str | None = None
    hint: str | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.source}: " if self.source else ""
        level = "warning: " if self.severity == "warning" else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        hint = f"; {self.hint}" if self.hint else ""
        return printable(f"{where}{level}{self.message}{expected}{hint} [{self.code}]", MOST_CHARACTERS)

    def at(self, source: Source | None) -> Diagnostic:
        """Return the same diagnostic with a place, unless it already has one."""
        return self if self.source or source is None else replace(self, source=source)

    def within(self, place: str) -> Diagnostic:
        """Return the same diagnostic with the name of the part it was found in put in front."""
        return replace(self, message=f"{place}: {self.message}")


class PrefetchRouterError(Exception):
    """The base of all errors; `diagnostics` says everything that is wrong."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)

    @property
    def code(self) -> Code:
        """The code of the (first) problem."""
        return self.diagnostics[0].code

    def at(self, source: Source | None) -> Self:
        """Return the error with a place for every diagnostic that has none."""
        return type(self)(*(diagnostic.at(source) for diagnostic in self.diagnostics))

    def within(self, place: str) -> Self:
        """Return the error with the name of the part it was found in put in front of each message."""
        return type(self)(*(diagnostic.within(place) for diagnostic in self.diagnostics))

    @classmethod
    def of(
        cls,
        code: Code,
        message: str,
        *,
        source: Source | None = None,
        expected: str | None = None,
        hint: str | None = None,
    ) -> Self:
        """Return an error with a single diagnostic.

        Example:
            >>> str(DurationError.of("duration", '"1hr" is not a duration'))
            '"1hr" is not a duration [duration]'
        """
        return cls(Diagnostic(code, message, source, expected, hint))


class RuleError(PrefetchRouterError, ValueError):
    """Something in the rules is wrong."""


class DurationError(RuleError):
    """Invalid duration; a valid one is "1h"."""


class SizeError(RuleError):
    """Invalid size; a valid one is "14kB"."""


class PatternError(RuleError):
    """Invalid path pattern."""


class RegexError(RuleError):
    """Invalid regular expression, or one that engines interpret differently."""


class FeatureError(RuleError):
    """Unknown feature, or invalid value."""


class CriteriaError(RuleError):
    """Unknown or empty criterion, or invalid value."""


class ConditionError(RuleError):
    """Invalid condition in the rule language."""


class ChainError(RuleError):
    """An elif_ or else_ does not directly follow an if_ or elif_."""


class HelperError(RuleError):
    """A helper call that a rule set cannot express."""


class PropertyError(RuleError):
    """Invalid origins or hostnames, or a rule that names an unknown origin."""


class RuleSetError(RuleError):
    """Invalid JSON of a rule set."""


class UnsupportedError(RuleError):
    """Rules use what a target cannot express."""


class RoutesError(RuleError):
    """Several errors together, such as all of a routes file."""


class LoadError(PrefetchRouterError):
    """A routes file is missing, fails to run, or does not define exactly one router."""


class TargetError(PrefetchRouterError):
    """There is no target of that name, or the package that registers it is broken."""


class OutputError(PrefetchRouterError):
    """The built files cannot be written."""


class ServeError(PrefetchRouterError):
    """The edge cannot start: unknown origin, address in use, or invalid certificate."""


class RequestError(PrefetchRouterError, ValueError):
    """Invalid request passed to `evaluate`: its URL, a name or a value."""


class RegexCostError(RequestError):
    """A regular expression in the rules would be too slow on a text of the request."""


class FreshnessError(PrefetchRouterError, ValueError):
    """Invalid number of seconds."""


class CaseError(PrefetchRouterError, ValueError):
    """Unknown key in a table of test cases."""


def did_you_mean(word: object, known: Iterable[str], nearness: float = 0.6) -> str | None:
    """Return a suggestion for a misspelled word, None if no known word is similar.

    Args:
        word: The word.
        known: What it may have been meant as.
        nearness: How alike they must be, from 0 to 1.

    Example:
        >>> did_you_mean("cachng", ["caching", "headers"])
        'did you mean "caching"?'
    """
    if not isinstance(word, str):
        return None
    near = difflib.get_close_matches(word[:100], list(known), n=1, cutoff=nearness)
    return f'did you mean "{near[0]}"?' if near else None


def shown(value: object, limit: int = 80) -> str:
    """Return a value as messages show it: text in double quotes, sets sorted, no address, long ones cut.

    Example:
        >>> shown("1hr"), shown(None), shown(object())
        ('"1hr"', 'None', '<object>')
    """
    try:
        text = f'"{value[: limit + 1]}"' if isinstance(value, str) else _represented(value)
    except Exception:  # a number of thousands of digits, a list a thousand levels deep, a __repr__ that fails
        text = f"this {type(value).__name__}"
    text = printable(text)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _represented(value: object) -> str:
    if isinstance(value, set | frozenset) and value:
        return "{" + ", ".join(sorted(map(_represented, value))) + "}"
    return _ADDRESS.sub(r"<\1>", repr(value))
