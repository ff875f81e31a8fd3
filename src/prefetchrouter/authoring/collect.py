"""Collects the errors of the calls on a router, so that all are reported at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Final

from prefetchrouter.errors import Diagnostic, RoutesError, RuleError
from prefetchrouter.source import Source

_gathered: ContextVar[list[Diagnostic] | None] = ContextVar("gathered", default=None)


@contextmanager
def gather() -> Iterator[list[Diagnostic]]:
    """Gather the errors of `report`, instead of raising them, and the warnings of each `Collector`.

    Example:
        >>> from prefetchrouter.errors import ChainError
        >>> with gather() as problems:
        ...     report(ChainError.of("chain-order", "else_ without if_"))
        >>> problems[0].code
        'chain-order'
    """
    problems: list[Diagnostic] = []
    token = _gathered.set(problems)
    try:
        yield problems
    finally:
        _gathered.reset(token)


def report(error: RuleError) -> None:
    """Raise an error, or add it to the problems where these are being gathered.

    Raises:
        RuleError: The error itself, outside of `gather`.
    """
    problems = _gathered.get()
    if problems is None:
        raise error from None
    problems.extend(error.diagnostics)


class Collector:
    """The errors and warnings of one call on a router.

    The call runs in a `with` block of the collector, which reports the error that ends it. Parts of the call
    that do not depend on each other each run in a block of `part`: an error ends that part alone, and `check`
    then raises the errors of all parts together.

    Args:
        source: The line of the call; problems without a line get it.
        warnings: Where the router keeps its warnings.

    Example:
        >>> from prefetchrouter.errors import CriteriaError, FeatureError
        >>> with gather() as problems, Collector(None, []) as collector:
        ...     with collector.part:
        ...         raise CriteriaError.of("empty-criteria", "no criteria")
        ...     with collector.part:
        ...         raise FeatureError.of("rule-body", "no features")
        ...     collector.check()
        >>> [problem.code for problem in problems]
        ['empty-criteria', 'rule-body']
    """

    __slots__ = ("_warnings", "part", "source")

    def __init__(self, source: Source | None, warnings: list[Diagnostic]) -> None:
        self.source: Final = source
        self.part: Final = Part()
        self._warnings = warnings

    def __enter__(self) -> Collector:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if not isinstance(error, RuleError):
            return False
        report(error.at(self.source))
        return True

    def warn(self, warning: Diagnostic) -> None:
        """Add a warning to those of the router, and to the problems where these are being gathered."""
        found = warning.at(self.source)
        self._warnings.append(found)
        problems = _gathered.get()
        if problems is not None:
            problems.append(found)

    def check(self) -> None:
        """Raise the errors of the parts so far.

        Raises:
            RuleError: The error of a part, or a `RoutesError` with the problems of all parts.
        """
        match self.part.errors:
            case []:
                return
            case [error]:
                raise error
            case errors:
                raise RoutesError(*(found for error in errors for found in error.diagnostics))


class Part:
    """A part of a call: a block that an error in the rules ends, without ending the call."""

    __slots__ = ("errors",)

    def __init__(self) -> None:
        self.errors: Final[list[RuleError]] = []

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if isinstance(error, RuleError):
            self.errors.append(error)
            return True
        return False
