"""Matches a request's text with an author's expression, at a bounded cost.

    the expression                                       the engine
    its cost grows as the text does (`cost_of`)          Python's `re`
    the text is short enough for its cost                Python's `re`
    longer, and google-re2 means the same                google-re2, whose cost grows as the text does
    longer, and it does not, or is not installed         Python's `re`; inside `bounded()` an error instead

Whichever ran, the answer is the same. `bounded()` is for programs that answer strangers: there a text which
could keep Python's engine busy for longer than `MOST_STEPS` is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import Any, Protocol

from prefetchrouter.errors import RegexCostError, RegexError, shown
from prefetchrouter.regex.cost import Unbounded, cost_of
from prefetchrouter.regex.linear import MOST_PLACES, engine, to_linear
from prefetchrouter.regex.measures import may_be_empty, width
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.python import to_python
from prefetchrouter.regex.tree import Node

_bounded = 0
"""How many `bounded` blocks the process is in."""


@contextmanager
def bounded() -> Iterator[None]:
    """Refuse what could take Python's engine long and has no other engine, as long as the block runs.

    It holds for the whole process: a program that answers strangers stays in it while it does.

    Example:
        >>> with bounded():
        ...     compiled("^(?:(?!b)a+)+$").search("a" * 30)
        Traceback (most recent call last):
        prefetchrouter.errors.RegexCostError: "^(?:(?!b)a+)+$" could take ...
    """
    global _bounded
    _bounded += 1
    try:
        yield
    finally:
        _bounded -= 1


class Found(Protocol):
    """A match: what `re.Match` has that rules use."""

    def __getitem__(self, group: int, /) -> str | None:
        """Return what a group holds; group 0 is the whole match."""
        ...

    def groups(self) -> tuple[str | None, ...]:
        """Return what all groups hold."""
        ...

    def start(self, group: int = 0, /) -> int:
        """Return where a group begins, -1 where it has no part in the match."""
        ...

    def end(self, group: int = 0, /) -> int:
        """Return where a group ends, -1 where it has no part in the match."""
        ...

    @property
    def re(self) -> Regex:
        """What matched."""
        ...


class Regex(Protocol):
    """What an expression can do for a rule: a part of what `re.Pattern` does."""

    @property
    def groups(self) -> int:
        """How many groups capture."""
        ...

    def search(self, text: str, /) -> Found | None:
        """Return the first match in a text, None without one."""
        ...

    def match(self, text: str, at: int = 0, /) -> Found | None:
        """Return the match that begins at an index, None without one."""
        ...

    def sub(self, new: str | Callable[[Any], str], text: str, count: int = 0) -> str:
        """Return a text with its first matches (0: all) replaced."""
        ...


def compiled(source: str, *, captures: bool = True) -> Regex:
    """Return a rule set's regular expression, ready to be matched with a request's text.

    Args:
        source: The text that the rule set holds.
        captures: Whether it matters where the match is and what its groups hold, not only that there is one.

    Raises:
        RegexError: Python cannot compile it (``regex-syntax``).

    Example:
        >>> compiled(r"^/p/(\\d+)$").search("/p/12").groups()
        ('12',)
    """
    return _compiled(source, captures)


@lru_cache(maxsize=4096)
def _compiled(source: str, captures: bool) -> Regex:
    pattern = to_python(source)
    longest = _longest(source)
    return pattern if longest is None else _Guarded(source, pattern, longest, captures)  # pyright: ignore[reportReturnType]


@lru_cache(maxsize=4096)
def _longest(source: str) -> int | None:
    """Return the longest text that Python's engine may be given, None for any."""
    tree = _tree(source)
    if tree is None:
        return 0
    try:
        return cost_of(tree, source.startswith("(?i)")).longest
    except Unbounded:
        return 0


def _tree(source: str) -> Node | None:
    text = source.removeprefix("(?i)")
    try:
        return parse(text).tree
    except RegexError:
        return None


def is_linear(source: str) -> bool:
    """Return whether an expression can be matched with any text at a cost that grows as the text does."""
    return _longest(source) is None or to_linear(source, captures=True) is not None


def is_bounded(source: str, *, captures: bool, is_global: bool = False) -> bool:
    """Return whether an expression can be matched with texts of some length at a bounded cost.

    Args:
        source: The text that the rule set holds.
        captures: Whether it matters where the match is and what its groups hold.
        is_global: Whether every match is replaced.

    Example:
        >>> is_bounded("^(?:(?!b)a+)+$", captures=False), is_bounded("^(?!b)(.*)-(.*)$", captures=False)
        (False, True)
    """
    if _longest(source) != 0:
        return True
    return to_linear(source, captures=captures) is not None and not (is_global and _may_be_empty(source))


def _may_be_empty(source: str) -> bool:
    tree = _tree(source)
    return tree is None or may_be_empty(tree)


def refuse_long(source: str, longest: int, text: str) -> None:
    """Refuse, inside `bounded`, to match an expression with a text that is longer than that.

    Raises:
        RegexCostError: It is.
    """
    if _bounded and len(text) > longest:
        raise _refusal(source, longest, text)


class _Guarded:
    """An expression that may take Python's engine long, as soon as a text is longer than `longest`."""

    def __init__(self, source: str, pattern: re.Pattern[str], longest: int, captures: bool) -> None:
        self.source = source
        self.pattern = pattern
        self.longest = longest
        self.captures = captures
        self.groups = pattern.groups

    @cached_property
    def linear(self) -> Any:
        return to_linear(self.source, captures=self.captures)

    @cached_property
    def may_be_empty(self) -> bool:
        return _may_be_empty(self.source)

    def search(self, text: str, /) -> Found | None:
        found: Found | None = self._engine(text).search(text)
        return found

    def match(self, text: str, at: int = 0, /) -> Found | None:
        found: Found | None = self._engine(text).match(text, at)
        return found

    def sub(self, new: str | Callable[[Any], str], text: str, count: int = 0) -> str:
        # After an empty match engines differ on where the next one may begin.
        chosen = self._engine(text) if count == 1 or not self.may_be_empty else self._python(text)
        replaced: str = chosen.sub(new, text, count)
        return replaced

    def _engine(self, text: str) -> Any:
        if len(text) <= self.longest:
            return self.pattern
        if self.linear is not None and self._fits(text) and (text.isascii() or not _NOT_FOR_RE2.search(text)):
            return self.linear
        return self._python(text)

    def _fits(self, text: str) -> bool:
        return not _bounded or len(text) * self.width <= MOST_PLACES

    @cached_property
    def width(self) -> int:
        tree = _tree(self.source)
        return 0 if tree is None else width(tree)

    def _python(self, text: str) -> re.Pattern[str]:
        refuse_long(self.source, self.longest, text)
        return self.pattern


_NOT_FOR_RE2 = re.compile("[\ud800-\udfff\u017f\u212a]")
"""Halves of surrogate pairs, which UTF-8 has none of, and letters that RE2 takes for s and k in ``[sS]``."""


def _refusal(source: str, longest: int, text: str) -> RegexCostError:
    time = "too much time" if longest else "exponential time"
    return RegexCostError.of(
        "regex-backtracking",
        f"{shown(source)} could take {time} on {len(text):,} characters",
        expected=f"at most {longest:,}" if longest else "an expression whose cost is bounded",
        hint="let each repetition begin with a character that the rest of it cannot match"
        if engine() is not None
        else "install google-re2, which the extra prefetchrouter[serve] has",
    )
