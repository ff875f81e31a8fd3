"""The errors of a user's input, as one tree of exceptions.

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
    ├── NavigationError       a log, counts or navigation.json cannot be used
    └── CaseError             an unknown key in a table of test cases (also a ValueError)

Each carries one or more `Diagnostic`, and each diagnostic a code that has a page in `docs/errors/`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Self

from prefetchrouter.diagnostics import Code as Code
from prefetchrouter.diagnostics import Diagnostic as Diagnostic
from prefetchrouter.diagnostics import Fix
from prefetchrouter.diagnostics import Severity as Severity
from prefetchrouter.printable import shown as shown
from prefetchrouter.source import Source


class PrefetchRouterError(Exception):
    """The base of all errors; `diagnostics` says everything that is wrong.

    Example:
        >>> from prefetchrouter import PrefetchRouterError, Router
        >>> try:
        ...     Router().get("/a", caching={"max_age": "1hr"})
        ... except PrefetchRouterError as error:
        ...     print(error.code, error.diagnostics[0].hint)
        duration did you mean "1h"?
    """

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)

    @property
    def code(self) -> str:
        """The code of the (first) problem."""
        return self.diagnostics[0].code

    def at(self, source: Source | None) -> Self:
        """Return the error with a place for every diagnostic that has none."""
        return type(self)(*(diagnostic.at(source) for diagnostic in self.diagnostics))

    def inside(self, *path: str | int) -> Self:
        """Return the error with the path of what it was found in put in front of each diagnostic's own."""
        return type(self)(*(diagnostic.inside(*path) for diagnostic in self.diagnostics))

    def within(self, place: str) -> Self:
        """Return the error with words in front of each message that say what it was found in."""
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
        fix: Fix | None = None,
    ) -> Self:
        """Return an error with a single diagnostic.

        Example:
            >>> str(RuleError.of("duration", '"1hr" is not a duration'))
            '"1hr" is not a duration [duration]'
        """
        return cls(Diagnostic(code, message, source, expected, hint, fix=fix))


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


class CheckError(PrefetchRouterError):
    """There is no check of that name, or one of another package is broken."""


class OutputError(PrefetchRouterError):
    """The built files cannot be written."""


class ServeError(PrefetchRouterError):
    """The edge cannot start: unknown origin, address in use, or invalid certificate."""


class LiveEdgeError(PrefetchRouterError):
    """A running edge does not answer, or refuses a request of a command."""


class RequestError(PrefetchRouterError, ValueError):
    """Invalid request passed to `evaluate`: its URL, a name or a value."""


class RegexCostError(RequestError):
    """A regular expression in the rules would be too slow on a text of the request."""


class FreshnessError(PrefetchRouterError, ValueError):
    """Invalid number of seconds."""


class NavigationError(PrefetchRouterError):
    """A log, a file of counts or a navigation.json cannot be used."""


class CaseError(PrefetchRouterError, ValueError):
    """Unknown key in a table of test cases."""


def did_you_mean(word: object, known: Iterable[str], nearness: float = 0.6) -> str | None:
    """Return a suggestion for a misspelled word, or None if no known word is similar.

    Args:
        word: The word.
        known: The words to choose from.
        nearness: How alike they must be, from 0 to 1.

    Example:
        >>> did_you_mean("cachng", ["caching", "headers"])
        'did you mean "caching"?'
    """
    near = nearest(word, known, nearness)
    return f'did you mean "{near}"?' if near is not None else None


def nearest(word: object, known: Iterable[str], nearness: float = 0.6) -> str | None:
    """Return the known word most similar to a misspelled one, or None if no word is similar.

    Example:
        >>> nearest("cachng", ["caching", "headers"])
        'caching'
    """
    if not isinstance(word, str):
        return None
    near = difflib.get_close_matches(word[:100], list(known), n=1, cutoff=nearness)
    return near[0] if near else None
