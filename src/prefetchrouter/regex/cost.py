"""How many steps a backtracking engine may take to search an expression in a text: a bound, for any text.

The expression becomes an automaton with one state for each character in it (Glushkov's construction), with
one more state in front that takes any text when the expression is not anchored, as a search starts
everywhere. A backtracking engine follows paths of it, so the number of paths that read the same text bounds
its steps:

- If a state can be left and reached again in two ways by the same text, there may be exponentially many.
  Nothing is bounded then.
- Else there are at most as many as a power of the text's length. It grows by one for each pair of loops, one
  after the other, of which the second can read what leads round the first and over to it (Weber and Seidl,
  "On the degree of the ambiguity of finite automata", 1991). Without loops there are at most as many as the
  alternatives that begin alike multiply to.

Without loops and lookaheads no automaton is needed: see `spent`. A lookahead multiplies: it may be tried at
every step. What has two ways to match the empty text inside a loop counts as unbounded, since engines try
both each time round. Finite counts are copies when they are small, else loops, which have more paths.
"""

from __future__ import annotations

from typing import NamedTuple

from prefetchrouter.regex.measures import spent
from prefetchrouter.regex.tree import (
    ANY,
    Anchor,
    Chars,
    Choice,
    Look,
    Node,
    Repeat,
    Series,
    Text,
    any_case,
    mask_of,
)

MOST_STEPS = 10_000_000
"""The bound that one search may have: some milliseconds, since most of what it counts never happens."""

MOST_STATES = 600
MOST_COPIES = 16
MOST_WORK = 500_000
"""What the analysis of one expression may take, in pairs of states that are looked at."""

MOST_FACTOR = 10_000


class Cost(NamedTuple):
    """At most ``factor * (length + 1) ** degree`` steps."""

    factor: int
    degree: int

    @property
    def longest(self) -> int | None:
        """The longest text for which that is at most `MOST_STEPS`, or None if it costs what reading does."""
        if self.degree == 0 and self.factor <= MOST_STEPS:
            return None
        if self.degree <= 1 and self.factor <= 100:
            return None
        length = 0
        while self.factor * (2 * length + 2) ** self.degree <= MOST_STEPS and length < 100_000:
            length = 2 * length + 1
        while self.factor * (length + 2) ** self.degree <= MOST_STEPS and length < 100_000:
            length += 1
        return length if self.factor * (length + 1) ** self.degree <= MOST_STEPS else 0


class Unbounded(Exception):
    """No bound is known."""


def cost_of(tree: Node, ignore_case: bool) -> Cost:
    """Return the cost of searching an expression.

    Raises:
        Unbounded: It may be exponential, or the expression is too large to analyse.

    Example:
        >>> from prefetchrouter.regex.parser import parse
        >>> [cost_of(parse(text).tree, False).degree for text in ("^/a", "^/a/(.*)$", "(.*)-(.*)$")]
        [0, 1, 3]
    """
    parts = tree.parts if isinstance(tree, Series) else (tree,)
    without_loops = spent(tree)
    if without_loops is not None:
        return Cost(without_loops.steps, 0 if parts[:1] == (Anchor("^"),) else 1)
    automaton = _Automaton(ignore_case)
    whole = automaton.read(tree)
    never_fails = set() if automaton.has_assertions else automaton.endless(whole)
    if parts[:1] != (Anchor("^"),):
        start = automaton.state(ANY)
        automaton.following[start] = {start, *whole.first}
        whole = _Fragment(0, (start,), ())
    return automaton.cost(whole.first, never_fails)


class _Fragment(NamedTuple):
    """A part of the automaton: in how many ways it matches the empty text, and the states at its ends."""

    empty: int
    first: tuple[int, ...]
    last: tuple[int, ...]


class _Automaton:
    def __init__(self, ignore_case: bool) -> None:
        self.ignore_case = ignore_case
        self.masks: list[int] = []
        self.following: list[set[int]] = []
        self.looks: list[Cost] = []
        self.has_assertions = False
        self.factor = 1  # for parts that match the empty text in several ways
        self.loops = 0  # how many the part that is read lies in
        self.work = MOST_WORK

    def read(self, node: Node) -> _Fragment:
        match node:
            case Text(text=text):
                return self.series([self.one(mask_of(character)) for character in text])
            case Chars(mask=mask):
                return self.one(mask)
            case Series(parts=parts):
                return self.series([self.read(part) for part in parts])
            case Choice(branches=branches):
                options = [self.read(branch) for branch in branches]
                return self.choice(options)
            case Repeat():
                return self.repeat(node)
            case Anchor(mark=mark):
                self.has_assertions |= mark != "^" or bool(self.masks)
                return _Fragment(1, (), ())
            case Look(part=part):
                self.has_assertions = True
                inner = _Automaton(self.ignore_case)
                fragment = inner.read(part)
                self.looks.append(inner.cost(fragment.first, set()))
                return _Fragment(1, (), ())

    def spend(self, work: int) -> None:
        self.work -= work
        if self.work < 0:
            raise Unbounded

    def state(self, mask: int) -> int:
        if len(self.masks) == MOST_STATES:
            raise Unbounded
        self.masks.append(any_case(mask) if self.ignore_case else mask)
        self.following.append(set())
        return len(self.masks) - 1

    def one(self, mask: int) -> _Fragment:
        state = (self.state(mask),)
        return _Fragment(0, state, state)

    def series(self, parts: list[_Fragment]) -> _Fragment:
        whole = _Fragment(1, (), ())
        for part in parts:
            self.spend(len(whole.last) * len(part.first))
            for state in whole.last:
                self.following[state].update(part.first)
            whole = _Fragment(
                whole.empty * part.empty,
                whole.first + part.first if whole.empty else whole.first,
                whole.last + part.last if part.empty else part.last,
            )
        return whole

    def choice(self, options: list[_Fragment]) -> _Fragment:
        empty = sum(option.empty for option in options)
        if empty > 1:
            self.multiply(empty)
        first = tuple(state for option in options for state in option.first)
        last = tuple(state for option in options for state in option.last)
        return _Fragment(min(empty, 1), first, last)

    def multiply(self, ways: int) -> None:
        self.factor *= ways
        if self.loops or self.factor > MOST_FACTOR:
            raise Unbounded

    def repeat(self, node: Repeat) -> _Fragment:
        part, least, most = node.part, node.least, node.most
        if most == 0:
            return _Fragment(1, (), ())
        if most == 1:
            once = self.read(part)
            return once if least else self.choice([once, _Fragment(1, (), ())])
        is_simple = isinstance(part, Chars) or (isinstance(part, Text) and len(part.text) == 1)
        if most is not None and most <= MOST_COPIES and (is_simple or least == most):
            return self.copies(part, least, most)
        self.loops += 1
        body = self.read(part)
        self.loops -= 1
        if body.empty:
            raise Unbounded
        self.spend(len(body.last) * len(body.first))
        for state in body.last:
            if not self.following[state].isdisjoint(body.first):
                raise Unbounded
            self.following[state].update(body.first)
        return body._replace(empty=int(least == 0))

    def copies(self, part: Node, least: int, most: int) -> _Fragment:
        whole = _Fragment(1, (), ())
        for number in range(most, 0, -1):
            whole = self.series([self.read(part), whole])
            if number > least:
                whole = whole._replace(empty=1)
        return whole

    def endless(self, whole: _Fragment) -> set[int]:
        """Return the states that take any text to its end: as nothing fails there, they are entered once."""
        return {
            state for state in whole.last if self.masks[state] == ANY and self.following[state] == {state}
        }

    def cost(self, first: tuple[int, ...], never_fails: set[int]) -> Cost:
        count = len(self.masks)
        for state in never_fails:
            self.following[state] = set()
        component = self.components()
        loops = {state for state in range(count) if component[state] >> state & 1}
        self.check_loops(component, loops)
        degree, factor = self.degree(component, loops), self.alternatives(first, component)
        looks = 1 + sum(look.factor for look in self.looks)
        total = self.factor * factor * max(count, 1) * looks
        look_degree = max((look.degree for look in self.looks), default=0)
        return Cost(total, (degree + 1 if loops or never_fails else 0) + look_degree)

    def components(self) -> list[int]:
        """Return for each state those that it reaches and is reached from: itself too, if in a loop."""
        count = len(self.masks)
        self.reach = [sum(1 << other for other in following) for following in self.following]
        for middle in range(count):
            bit, beyond = 1 << middle, self.reach[middle]
            for state in range(count):
                if self.reach[state] & bit:
                    self.reach[state] |= beyond
        reached_from = [0] * count
        for state, reach in enumerate(self.reach):
            for other in _bits(reach):
                reached_from[other] |= 1 << state
        return [reach & back for reach, back in zip(self.reach, reached_from, strict=True)]

    def check_loops(self, component: list[int], loops: set[int]) -> None:
        """Look for two ways round a loop that read the same text (the automaton's exponential ambiguity)."""
        waiting, seen = [], set()
        for state in loops:
            inside = [other for other in self.following[state] if component[state] >> other & 1]
            self.spend(len(inside) ** 2)
            waiting += [(a, b) for a in inside for b in inside if a < b and self.masks[a] & self.masks[b]]
        while waiting:
            pair = waiting.pop()
            if pair in seen:
                continue
            seen.add(pair)
            one, other = pair
            self.spend(1 + len(self.following[one]) * len(self.following[other]))
            for a in self.following[one]:
                for b in self.following[other]:
                    if component[one] >> a & 1 and component[one] >> b & 1 and self.masks[a] & self.masks[b]:
                        if a == b:
                            raise Unbounded
                        waiting.append((min(a, b), max(a, b)))

    def degree(self, component: list[int], loops: set[int]) -> int:
        """Return how many pairs of loops in a row can share text, at most."""
        found: dict[int, int] = {}
        several = {component[state]: state for state in loops}
        ordered = sorted(several, key=lambda loop: self.reach[several[loop]].bit_count())
        for loop in ordered:
            after = [other for other in found if self.reach[several[loop]] & other and other != loop]
            found[loop] = max((found[other] + self.shares(loop, other) for other in after), default=0)
        return max(found.values(), default=0)

    def shares(self, loop: int, other: int) -> bool:
        """Whether a way from one loop to another reads nothing that they do not both read."""
        common = self.mask(loop) & self.mask(other)
        seen, waiting = 0, list(_bits(loop))
        while waiting:
            following = self.following[waiting.pop()]
            self.spend(len(following))
            for state in following:
                if self.masks[state] & common and not seen >> state & 1:
                    if other >> state & 1:
                        return True
                    seen |= 1 << state
                    waiting.append(state)
        return False

    def mask(self, loop: int) -> int:
        mask = 0
        for state in _bits(loop):
            mask |= self.masks[state]
        return mask

    def alternatives(self, first: tuple[int, ...], component: list[int]) -> int:
        """Return in how many ways, outside loops, alternatives that begin alike can follow one another."""
        most: dict[int, int] = {}
        for state in sorted(range(len(self.masks)), key=lambda state: self.rank(state, component)):
            if state in most:
                continue
            together = _bits(component[state]) or [state]
            ways = 1
            for member in together:
                outside = [other for other in self.following[member] if other not in together]
                ways = max(ways, self.alike(outside) * max((most[other] for other in outside), default=1))
            most.update(dict.fromkeys(together, ways))
        return min(self.alike(list(first)) * max((most[state] for state in first), default=1), 10**12)

    def rank(self, state: int, component: list[int]) -> tuple[int, bool]:
        """Return a key that sorts states after all their successors, except those in the same loop."""
        return self.reach[state].bit_count(), not component[state]

    def alike(self, states: list[int]) -> int:
        self.spend(len(states) ** 2)
        return max((sum(bool(self.masks[a] & self.masks[b]) for b in states) for a in states), default=1)


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
