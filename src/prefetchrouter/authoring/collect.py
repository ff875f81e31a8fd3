"""Errors either stop at once, or are gathered so that a routes file hears of all of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from prefetchrouter.errors import Diagnostic, RoutesError, RuleError

A = TypeVar("A")
B = TypeVar("B")

_gathered: ContextVar[list[Diagnostic] | None] = ContextVar("gathered", default=None)


@contextmanager
def gather() -> Iterator[list[Diagnostic]]:
    """Gather the errors of `report`, instead of raising them, and the warnings of `note`.

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
    """Raise an error, or note it where problems are being gathered.

    Raises:
        RuleError: The error itself, outside of `gather`.
    """
    problems = _gathered.get()
    if problems is None:
        raise error from None
    problems.extend(error.diagnostics)


def note(warning: Diagnostic) -> None:
    """Add a warning to the problems where these are being gathered, so that one report holds all."""
    problems = _gathered.get()
    if problems is not None:
        problems.append(warning)


def both(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """Return the results of two calls, or raise what went wrong in either, together.

    Raises:
        RuleError: The one error, or a `RoutesError` with the problems of both.

    Example:
        >>> both(lambda: 1, lambda: "b")
        (1, 'b')
    """
    try:
        result = first()
    except RuleError as error:
        try:
            second()
        except RuleError as other:
            raise RoutesError(*error.diagnostics, *other.diagnostics) from None
        raise
    return result, second()
