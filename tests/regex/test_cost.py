"""The bound on the steps of a backtracking engine holds, and harmless expressions are known to be so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest

from prefetchrouter.errors import RuleError
from prefetchrouter.regex import cost, portable
from prefetchrouter.regex.cost import Unbounded, cost_of
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.tree import Anchor, Chars, Choice, Look, Node, Repeat, Series, Text, mask_of
from strategies.index_cases import regex_case

LINEAR = [
    "^/a", r"\.(js|css)$", "^/(.*)$", "^(?:/[^/]+)+$", "/items/[0-9]+", "^/(?!api/).*", "/docs/.*", ".*",
   "^.*-x$",    r"^/docs(?:/(?:[^/#?]+?)(?:/(?:[^/#?]+?))*)?[/#?]?$", "(Chrome|Firefox)/[0-9]+[.][0-9]+",
    "^[a-z]{2,4}-[0-9]{3}$", "(.*)?",
]  # fmt: skip
POLYNOMIAL = [
    ("a*b", 2), ("^(.*)-(.*)!", 2), ("(.*)-(.*)!", 3), ("^(.*)-(.*)-(.*)!", 3),
    ("^(?:ab)*(?:ab)*(?:ab)*c", 3), ("^(?:(?!.*x).)*y", 2), (r"\s+$", 2),
    (r"^[^@]+@[^@]+[.][^@]+$", 2), ("^a*a{0,500}b", 2),
]  # fmt: skip
EXPONENTIAL = [
    "^(a+)+$", "^(a*)*b", "(a|a)*b", "^(a|aa)+$", "^(?:(?:|)a)*b", "^(?:(?:b?)*a)*c", "^(a?){30}a{30}$",
    r"^(\w+\s?)*$", "^([a-z]+[0-9]*)+$", "^(?:(?!b)a+)+$", "(x+x+)+y", "^(?:.*,)*x",
    "^(?:(?:a|b|ab)(?:c|bc)?)*d", "^(?:a{1,20}){20}b", "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(?i)^(a|A)*$", "^((ab)*|a|b)*c",
]  # fmt: skip


@pytest.mark.parametrize("source", LINEAR)
def test_what_costs_what_reading_does_is_known(source: str) -> None:
    """Such expressions need no other engine."""
    assert cost_of(parse(source).tree, False).longest is None


@pytest.mark.parametrize("source, degree", POLYNOMIAL)
def test_repetitions_that_share_text_multiply(source: str, degree: int) -> None:
    """The texts that may be matched get shorter with each."""
    bound = cost_of(parse(source).tree, False)

    assert bound.degree == degree
    assert bound.longest is not None
    assert bound.longest < 4_000


@pytest.mark.parametrize("source", EXPONENTIAL)
def test_what_is_exponential_has_no_bound(source: str) -> None:
    """Nested repetitions, alternatives that begin alike, and empty matches inside a repetition."""
    ignore_case = source.startswith("(?i)")

    with pytest.raises(Unbounded):
        cost_of(parse(source.removeprefix("(?i)")).tree, ignore_case)


@pytest.mark.parametrize("source", ["^(?:(?:a|a){9}){9}b$", "^" + "a?" * 30 + "a" * 30])
def test_alternatives_that_multiply_leave_no_text_that_is_short_enough(source: str) -> None:
    """Without any loop there is a bound, but it is a large number."""
    with suppress(Unbounded):
        assert cost_of(parse(source).tree, False).longest == 0


class _TooLong(Exception):
    pass


class Backtracker:
    """A plain backtracking engine that counts its steps."""

    def __init__(self, most: int) -> None:
        self.steps, self.most = 0, most

    def search(self, tree: Node, text: str) -> bool:
        return any(any(True for _ in self.ends(tree, text, start)) for start in range(len(text) + 1))

    def ends(self, node: Node, text: str, at: int) -> Iterator[int]:
        """Yield every end of a match from a place, the preferred first."""
        self.steps += 1
        if self.steps > self.most:
            raise _TooLong
        match node:
            case Text(text=wanted):
                if text.startswith(wanted, at):
                    yield at + len(wanted)
            case Chars(mask=mask):
                if at < len(text) and mask & mask_of(text[at]):
                    yield at + 1
            case Series(parts=parts):
                yield from self.series(parts, text, at)
            case Choice(branches=branches):
                for branch in branches:
                    yield from self.ends(branch, text, at)
            case Repeat():
                yield from self.repeat(node, 0, text, at)
            case Look(part=part):
                if any(True for _ in self.ends(part, text, at)):  # taken for positive: the cost is the same
                    yield at
            case Anchor(mark=mark):
                if mark == r"\b" or at == (0 if mark == "^" else len(text)):
                    yield at

    def series(self, parts: tuple[Node, ...], text: str, at: int) -> Iterator[int]:
        if not parts:
            yield at
            return
        for middle in self.ends(parts[0], text, at):
            yield from self.series(parts[1:], text, middle)

    def repeat(self, node: Repeat, count: int, text: str, at: int) -> Iterator[int]:
        if node.most is None or count < node.most:
            for end in self.ends(node.part, text, at):
                if end > at:
                    yield from self.repeat(node, count + 1, text, end)
        if count >= node.least:
            yield at


def test_no_expression_takes_more_steps_than_its_bound() -> None:
    """For random expressions, and texts that nearly match them, repeated."""
    random, checked = Random(5), 0
    while checked < 400:
        case = regex_case(random)
        try:
            source = portable(case.criterion).source
            tree = parse(source.removeprefix("(?i)")).tree
            bound = cost_of(tree, source.startswith("(?i)"))
        except (RuleError, Unbounded):
            continue
        checked += 1
        piece = random.choice(case.paths) or "a"
        for text in (piece, piece * 3, piece[-2:] * 20 + "!", "a" * 40, "/a" * 20, "".join(case.paths)[:60]):
            text = text[:60]
            # One step of the bound takes this engine several: it enters each part of the tree.
            engine = Backtracker(20 * (1 + len(source)) * bound.factor * (len(text) + 1) ** bound.degree)
            try:
                engine.search(tree, text)
            except _TooLong:
                raise AssertionError(
                    f"{source} on {text!r}: more than {engine.most} steps, {bound}"
                ) from None
            except RecursionError:
                pass


@pytest.mark.parametrize(
    "source",
    [
        "^x*" + "[ab]?" * 500 + "y*z", "^(?:" + "[ab]?" * 300 + "c)*d", "(?:a|b|c)*" * 150,
        "(?:" * 40 + "a*" + ")*" * 40,
        "^" + "(?=.*a)" * 200 + "x*y", "(?:(?:(?:a{9}){9}){9}b*)*c",
        "(?:" + "|".join(["a+b"] * 150) + ")*", ".*" * 300,
    ],
)  # fmt: skip
def test_the_analysis_ends_soon(source: str) -> None:
    """Whatever an author writes: what takes too long to tell has no known bound."""
    automaton_work = cost._Automaton.spend
    spent: list[int] = []

    def counted(automaton: cost._Automaton, work: int) -> None:
        spent.append(work)
        automaton_work(automaton, work)

    with pytest.MonkeyPatch.context() as patch, suppress(Unbounded):
        patch.setattr(cost._Automaton, "spend", counted)
        cost_of(parse(source).tree, False)
    assert len(spent) < 100_000
