"""Finds exponential backtracking: a repetition that can match the same text in more than one way.

Backtracking engines (Python, JavaScript, PCRE2) may then try all combinations before they
give up. The repeated body becomes an automaton with one state for each character in it (Glushkov's
construction). It is ambiguous when two different paths that read the same text meet again, or when two
repetitions go from one character to the same next one. Lookahead is assumed to match always; expressions
beyond the budget are skipped.

Adjacent repetitions that can share the same text backtrack polynomially: each adds one to the exponent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.regex.refusals import place
from prefetchrouter.regex.tree import (
    ANY,
    Anchor,
    Chars,
    Choice,
    Look,
    Node,
    Parsed,
    Repeat,
    Series,
    Text,
    any_case,
    mask_of,
)

MANY = 10
"""A group repeated at least this often is treated as repeated without limit."""

MAX_SHARING = 2
"""More repetitions than this that can share the same text give a warning."""

MAX_COPIES = 100
MAX_STATES = 500
MAX_STEPS = 50_000


def backtracking_warnings(source: str, parsed: Parsed) -> tuple[Diagnostic, ...]:
    """Return the warnings about slow repetitions in an expression.

    There is one for each repetition that can take exponential time; without any, one if many can share text.

    Args:
        source: The expression as the user wrote it, which the positions in `parsed` refer to.
        parsed: Its syntax tree.

    Example:
        >>> from prefetchrouter.regex.parser import parse
        >>> [warning.code for warning in backtracking_warnings("(a+)+b", parse("(a+)+b"))]
        ['regex-backtracking']
        >>> backtracking_warnings("(?:/[^/]+)+", parse("(?:/[^/]+)+"))
        ()
    """
    exponential = tuple(_warning(source, repeat) for repeat in _ambiguous(parsed.tree, parsed.ignore_case))
    sharing = 0 if exponential else _sharing(parsed.tree, parsed.ignore_case)
    if sharing <= MAX_SHARING:
        return exponential
    polynomial = Diagnostic(
        "regex-backtracking",
        f"{shown(source)}: {sharing} repetitions can share the same text, so a failing match takes the "
        "text's length to that power",
        hint='remove some, or let each exclude what follows it, such as "[^/]*/"',
        severity="warning",
    )
    return (polynomial,)


def can_explode(tree: Node, ignore_case: bool) -> bool:
    """Return whether some repetition in a tree can match the same text in more than one way.

    Example:
        >>> loop = Repeat(Text("a"), 1, None, 0, 0)
        >>> can_explode(loop, False), can_explode(Repeat(loop, 1, None, 0, 0), False)
        (False, True)
    """
    return next(_ambiguous(tree, ignore_case), None) is not None


def _warning(source: str, repeat: Repeat) -> Diagnostic:
    part = source[repeat.begin : repeat.end]
    return Diagnostic(
        "regex-backtracking",
        f"{place(source, repeat.begin)}: {shown(part)} can match the same text in several ways, so a match "
        "that fails after it takes exponential time",
        hint="let each repetition begin with a character that the rest of it cannot match, "
        'such as "/" in "(?:/[^/]+)+"',
        severity="warning",
    )


def _ambiguous(tree: Node, ignore_case: bool) -> Iterator[Repeat]:
    budget = _Budget()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case Repeat() if _is_loop(node) and not isinstance(node.part, Text | Chars):
                automaton = _Automaton(ignore_case, budget)
                try:
                    automaton.read(node)
                except _Ambiguous as found:
                    yield found.repeat
                except _OutOfBudget:
                    return
                waiting += automaton.looks
            case Repeat(part=part) | Look(part=part):
                waiting.append(part)
            case Series(parts=parts) | Choice(branches=parts):
                waiting += reversed(parts)
            case Text() | Chars() | Anchor():
                pass


def _sharing(tree: Node, ignore_case: bool) -> int:
    """Return how many repetitions of single characters, one after another, can share the same text.

    Those at the end that take any character do not count: nothing fails after them.
    """
    budget, most, waiting = _Budget(), 0, [tree]
    while waiting:
        node = waiting.pop()
        if _loops(node) <= MAX_SHARING:
            continue
        automaton = _Automaton(ignore_case, budget)
        try:
            whole = automaton.read(node)
            most = max(most, automaton.longest_sharing(whole.last))
        except (_Ambiguous, _OutOfBudget):
            return most
        waiting += automaton.looks
    return most


def _loops(tree: Node) -> int:
    """Return how many repetitions of single characters without limit a tree holds."""
    count, waiting = 0, [tree]
    while waiting:
        match waiting.pop():
            case Repeat(part=part) as repeat:
                count += isinstance(part, Text | Chars) and _is_loop(repeat)
                waiting.append(part)
            case Series(parts=parts) | Choice(branches=parts):
                waiting += parts
            case Look(part=part):
                waiting.append(part)
            case Text() | Chars() | Anchor():
                pass
    return count


def _is_loop(repeat: Repeat) -> bool:
    """Return whether the automaton has a loop for it, instead of a copy for each occurrence."""
    if repeat.most is None:
        return True
    if isinstance(repeat.part, Text | Chars):
        return repeat.most > MAX_COPIES and repeat.least < repeat.most
    return repeat.most >= MANY


class _Ambiguous(Exception):
    def __init__(self, repeat: Repeat) -> None:
        self.repeat = repeat


class _OutOfBudget(Exception):
    pass


class _Budget:
    """The steps that the analysis of one expression has left."""

    def __init__(self) -> None:
        self.steps = MAX_STEPS

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise _OutOfBudget


class _Fragment(NamedTuple):
    """A part of the automaton: whether it matches the empty text, and its first and last states."""

    empty: bool
    first: tuple[int, ...]
    last: tuple[int, ...]


_NOTHING = _Fragment(True, (), ())


class _Automaton:
    def __init__(self, ignore_case: bool, budget: _Budget) -> None:
        self.ignore_case = ignore_case
        self.budget = budget
        self.masks: list[int] = []
        self.following: list[set[int]] = []
        self.looks: list[Node] = []

    def read(self, node: Node) -> _Fragment:
        match node:
            case Text(text=text):
                fragment = _NOTHING
                for character in text:
                    fragment = self.then(fragment, self.state(mask_of(character)))
                return fragment
            case Chars(mask=mask):
                return self.state(mask)
            case Series(parts=parts):
                fragment = _NOTHING
                for part in parts:
                    fragment = self.then(fragment, self.read(part))
                return fragment
            case Choice(branches=branches):
                options = [self.read(branch) for branch in branches]
                return _Fragment(
                    any(option.empty for option in options),
                    tuple(state for option in options for state in option.first),
                    tuple(state for option in options for state in option.last),
                )
            case Repeat() if _is_loop(node):
                return self.loop(node)
            case Repeat(part=part, least=least, most=most):
                return self.copies(part, least, most or 0)
            case Look(part=part):
                self.looks.append(part)
                return _NOTHING
            case Anchor():
                return _NOTHING

    def state(self, mask: int) -> _Fragment:
        if len(self.masks) == MAX_STATES:
            raise _OutOfBudget
        self.budget.spend(1)
        self.masks.append(any_case(mask) if self.ignore_case else mask)
        self.following.append(set())
        new = (len(self.masks) - 1,)
        return _Fragment(False, new, new)

    def then(self, left: _Fragment, right: _Fragment) -> _Fragment:
        self.budget.spend(len(left.last) * len(right.first))
        for state in left.last:
            self.following[state].update(right.first)
        return _Fragment(
            left.empty and right.empty,
            left.first + right.first if left.empty else left.first,
            left.last + right.last if right.empty else right.last,
        )

    def copies(self, part: Node, least: int, most: int) -> _Fragment:
        fragment = _NOTHING
        for number in range(most, 0, -1):
            fragment = self.then(self.read(part), fragment)
            if number > least:
                fragment = fragment._replace(empty=True)
        return fragment

    def loop(self, repeat: Repeat) -> _Fragment:
        begin = len(self.masks)
        body = self.read(repeat.part)
        self.budget.spend(len(body.last) * len(body.first))
        for state in body.last:
            if not self.following[state].isdisjoint(body.first):
                raise _Ambiguous(repeat)
            self.following[state].update(body.first)
        if self.meets_again(begin):
            raise _Ambiguous(repeat)
        return body._replace(empty=body.empty or repeat.least == 0)

    def meets_again(self, begin: int) -> bool:
        """Whether two different ways from one state read the same text and come to one state.

        Each state of a loop can be reached from each other one, so any meeting closes a circle.
        """
        waiting: list[tuple[int, int]] = []
        for targets in {frozenset(self.following[state]) for state in range(begin, len(self.masks))}:
            ordered = sorted(targets)
            waiting += self.overlapping((one, other) for one in ordered for other in ordered if one < other)
        seen = set(waiting)
        while waiting:
            one, other = waiting.pop()
            for pair in self.overlapping((a, b) for a in self.following[one] for b in self.following[other]):
                if pair[0] == pair[1]:
                    return True
                pair = (min(pair), max(pair))
                if pair not in seen:
                    seen.add(pair)
                    waiting.append(pair)
        return False

    def overlapping(self, pairs: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        for one, other in pairs:
            self.budget.spend(1)
            if self.masks[one] & self.masks[other]:
                yield one, other

    def longest_sharing(self, last: tuple[int, ...]) -> int:
        """Return the length of the longest chain of repeated characters that can share the same text."""
        never_fails = {state for state in last if self.masks[state] == ANY}
        loops = [
            state
            for state, following in enumerate(self.following)
            if state in following and state not in never_fails
        ]
        longest: dict[int, int] = {}
        for loop in reversed(loops):
            after = [longest[other] for other in longest if self.share(loop, other)]
            longest[loop] = 1 + max(after, default=0)
        return max(longest.values(), default=0)

    def share(self, loop: int, other: int) -> bool:
        """Whether a way from one repeated character to a later one reads what either could read alone."""
        mask = self.masks[loop] & self.masks[other]
        seen, waiting = {loop}, [loop]
        while waiting and other not in seen:
            following = self.following[waiting.pop()]
            self.budget.spend(len(following))
            new = [state for state in following if self.masks[state] & mask and state not in seen]
            seen.update(new)
            waiting += new
        return other in seen
