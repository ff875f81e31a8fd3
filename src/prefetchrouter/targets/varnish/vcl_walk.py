"""One walk over the rules, in their order: rules are found by the first segment of the path.

Where many rules have the same first segment, those are found by the second.

A subroutine holds at most 16 names or rules, with a tree of prefixes above them: the compiler behind VCL
takes far longer for one long function than for many short ones.
"""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from prefetchrouter.lowering.groups import Run, runs
from prefetchrouter.lowering.guards import Guard, Some
from prefetchrouter.lowering.lowered import Lowered
from prefetchrouter.lowering.steps import Fork, Set, Step, Steps
from prefetchrouter.source import Source
from prefetchrouter.targets.varnish.vcl_shared import in_segment
from prefetchrouter.targets.varnish.vcl_text import Vcl, literal_regex, regex, string

MOST: Final = 16
"""How many names or rules a subroutine holds."""

SEGMENT: Final = "req.http.pr_segment"
FIRST_SEGMENT: Final = 'std.tolower(regsub(req.http.pr_path, "^/([^/]*).*\\z", "\\1"))'
"""What it is set to, before any walk."""

SECOND: Final = "req.http.pr_second"
SECOND_SEGMENT: Final = 'std.tolower(regsub(req.http.pr_path, "^/[^/]*/([^/]*).*\\z", "\\1"))'
"""The same for the second; of a path without one, all of it, which no segment is."""


def comment(source: Source | None) -> str:
    """Return the comment that names a line of the routes file.

    Example:
        >>> comment(Source("/home/ann/routes.py", 12))
        '  # routes.py:12'
    """
    return "" if source is None else f"  # {place(source)}"


def place(source: Source) -> str:
    """Return a line of the routes file as comments name it, wherever the file is."""
    name = os.path.basename(source.file)
    printable = "".join(character if character.isprintable() else "?" for character in name)
    return f"{printable}:{source.line}"


def indented(lines: Iterable[str], by: int = 1) -> list[str]:
    """Return lines further to the right; constants over several lines stay as they are."""
    return [f"{'    ' * by}{line}" if line else line for line in lines]


@dataclass
class Subroutines:
    """The subroutines of a file, in the order in which VCL wants them: each before its callers."""

    texts: list[str] = field(default_factory=list)
    _names: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, lines: Sequence[str]) -> str:
        """Add a subroutine, and return its name."""
        self.texts.append(f"sub {name} {{\n" + "\n".join(indented(lines)) + "\n}\n")
        return name

    def numbered(self, start: str) -> str:
        """Return a new name that begins with a text."""
        self._names[start] = self._names.get(start, 0) + 1
        return f"{start}_{self._names[start]}"


Branch: TypeAlias = tuple[Vcl, list[str]]
"""A condition, and the statements where it holds."""

SetLines = Callable[[Set], list[str]]
ForkLines = Callable[[Fork], "list[str] | None"]


@dataclass
class Walk:
    """Prints the walk.

    Args:
        subroutines: Where subroutines go.
        name: How their names begin.
        of_set: Gives the statements of what a rule sets.
        of_late_fork: Gives the statements of a fork that needs the response; None for any other.
        guard: Gives the condition of a guard.
    """

    subroutines: Subroutines
    name: str
    of_set: SetLines
    of_late_fork: ForkLines
    guard: Callable[[Guard], Vcl]

    def add(self, lowered: Lowered) -> bool:
        """Add the walk as the subroutine of this name; return whether it does anything."""
        lines: list[str] = []
        for run in runs(lowered, MOST):
            if run.anywhere:
                lines += self._chunks([self.steps([step]) for step in run.anywhere])
            else:
                lines += self._dispatch(run, SEGMENT)
        if not lines:
            return False
        self.subroutines.add(self.name, lines)
        return True

    def steps(self, steps: Iterable[Step]) -> list[str]:
        """Return steps as statements."""
        lines: list[str] = []
        for step in steps:
            if isinstance(step, Set):
                lines += self.of_set(step)
            else:
                late = self.of_late_fork(step)
                lines += self._fork(step) if late is None else late
        return lines

    def _fork(self, fork: Fork) -> list[str]:
        lines: list[str] = []
        for number, arm in enumerate(fork.arms):
            head = f"{'if' if number == 0 else '} elsif'} ({self.guard(arm.guard)}) {{{comment(arm.source)}"
            own = indented(self._short(arm.steps))
            lines += [head, *own]
        otherwise = indented(self._short(fork.otherwise))
        if otherwise:
            lines += ["} else {", *otherwise]
        # An arm without statements keeps later ones from being taken; one that stands alone does nothing.
        return [*lines, "}"] if any(not line.lstrip().startswith(("if", "}")) for line in lines) else []

    def _short(self, steps: Steps) -> list[str]:
        return self._chunks([self.steps([step]) for step in steps])

    def _chunks(self, parts: Sequence[list[str]]) -> list[str]:
        """Return statements, in subroutines where there are many."""
        parts = [part for part in parts if part]
        if len(parts) <= MOST:
            return [line for part in parts for line in part]
        calls = []
        for at in range(0, len(parts), MOST):
            lines = [line for part in parts[at : at + MOST] for line in part]
            calls.append([f"call {self.subroutines.add(self.subroutines.numbered(self.name), lines)};"])
        return self._chunks(calls)

    def _dispatch(self, run: Run, header: str) -> list[str]:
        named = [
            (segment, branch)
            for segment, steps in sorted(run.by_segment.items())
            if (
                branch := self._below(segment, run.below.get(segment)) or self._branch(segment, steps, header)
            )[1]
        ]
        return self._branches(named, 0, header)

    def _below(self, segment: str, below: Sequence[Run] | None) -> Branch | None:
        """Return the condition that a path has a first segment, and a call that finds rules by the second.

        None if that would find none: all rules of the segment are for any path below it.
        """
        if below is None or not any(run.by_segment for run in below):
            return None
        lines: list[str] = []
        for run in below:
            if run.anywhere:
                lines += self._chunks([self.steps([step]) for step in run.anywhere])
            else:
                lines += self._dispatch(run, SECOND)
        if not lines:
            return in_segment(segment), []
        return in_segment(segment), [
            f"call {self.subroutines.add(self.subroutines.numbered(self.name), lines)};"
        ]

    def _branch(self, segment: str, steps: Steps, header: str) -> Branch:
        """Return the condition that a path has a segment, and the statements for it.

        Where these are a rule with one condition, that stands beside it: each block of VCL costs as much at
        the load as a statement.
        """
        head = in_segment(segment) if header == SEGMENT else Vcl(f"{header} == {string(segment)}")
        step = steps[0]
        if len(steps) != 1 or isinstance(step, Set) or len(step.arms) != 1 or step.otherwise:
            return head, self._short(steps)
        late = self.of_late_fork(step)
        if late is not None:
            return head, late
        (arm,) = step.arms
        condition = self.guard(arm.guard)
        if isinstance(arm.guard, Some):
            condition = Vcl(f"({condition})")
        elif condition.startswith(f"({head} && "):
            own, _, others = condition.removeprefix(f"({head} && ").partition(")")
            condition = Vcl(own + others)
        lines = self._short(arm.steps)
        if lines and arm.source is not None and not lines[0].endswith(comment(arm.source)):
            lines = [comment(arm.source).strip(), *lines]
        return Vcl(f"{head} && {condition}"), lines

    def _branches(self, named: Sequence[tuple[str, Branch]], depth: int, header: str) -> list[str]:
        if len(named) <= MOST:
            return _chain([branch for _, branch in named])
        groups: dict[str, list[tuple[str, Branch]]] = {}
        for segment, branch in named:
            groups.setdefault(segment[: depth + 1], []).append((segment, branch))
        while len(groups) == 1:
            depth += 1
            groups = {}
            for segment, branch in named:
                groups.setdefault(segment[: depth + 1], []).append((segment, branch))
        branches: list[Branch] = []
        for start, own in groups.items():
            if len(own) == 1 and own[0][0] == start:
                branches.append(own[0][1])
                continue
            inner = self._branches(own, depth + 1, header)
            call = f"call {self.subroutines.add(self.subroutines.numbered(self.name), inner)};"
            branches.append((Vcl(f"{header} ~ {regex('^' + literal_regex(start))}"), [call]))
        return self._short_chain(branches)

    def _short_chain(self, branches: Sequence[Branch]) -> list[str]:
        """Return a chain; of many branches, which exclude each other, in subroutines."""
        if len(branches) <= 2 * MOST:
            return _chain(branches)
        calls: list[str] = []
        for at in range(0, len(branches), MOST):
            name = self.subroutines.add(
                self.subroutines.numbered(self.name), _chain(branches[at : at + MOST])
            )
            calls.append(f"call {name};")
        return calls


def _chain(branches: Sequence[Branch]) -> list[str]:
    lines: list[str] = []
    for number, (condition, own) in enumerate(branches):
        lines += [f"{'if' if number == 0 else '} elsif'} ({condition}) {{", *indented(own)]
    return [*lines, "}"] if lines else []


def switch(subroutines: Subroutines, name: str, header: str, cases: Sequence[list[str]]) -> list[str]:
    """Return statements that run the case whose number a header of ours has, counted from 1.

    Args:
        subroutines: Where subroutines go.
        name: How their names begin.
        header: The header; its value has five digits.
        cases: The statements of each case.
    """
    numbered = [(f"{number:05d}", lines) for number, lines in enumerate(cases, 1)]
    return _numbers(subroutines, name, f"req.http.{header}", numbered, 0)


def _numbers(
    subroutines: Subroutines, name: str, header: str, cases: Sequence[tuple[str, list[str]]], depth: int
) -> list[str]:
    if len(cases) <= MOST:
        return _chain([(Vcl(f'{header} == "{number}"'), lines) for number, lines in cases])
    groups: dict[str, list[tuple[str, list[str]]]] = {}
    for number, lines in cases:
        groups.setdefault(number[: depth + 1], []).append((number, lines))
    if len(groups) == 1:
        return _numbers(subroutines, name, header, cases, depth + 1)
    branches: list[Branch] = []
    for start, own in groups.items():
        called = subroutines.add(
            subroutines.numbered(name), _numbers(subroutines, name, header, own, depth + 1)
        )
        branches.append((Vcl(f'{header} ~ "^{start}"'), [f"call {called};"]))
    return _chain(branches)


def in_order(
    subroutines: Subroutines, name: str, text: str, letter: str, cases: Sequence[list[str]]
) -> list[str]:
    """Return statements that run, in order, each case whose number is in a text.

    Args:
        subroutines: Where subroutines go.
        name: How their names begin.
        text: The expression of the text, with entries such as ``c00003``.
        letter: The letter before the numbers.
        cases: The statements of each case, counted from 1.
    """
    numbered = [(f"{number:05d}", lines) for number, lines in enumerate(cases, 1)]
    return _ordered(subroutines, name, text, letter, numbered, 0)


def _ordered(
    subroutines: Subroutines,
    name: str,
    text: str,
    letter: str,
    cases: Sequence[tuple[str, list[str]]],
    depth: int,
) -> list[str]:
    if len(cases) <= MOST:
        return [
            line
            for number, lines in cases
            for line in (f'if ({text} ~ "\t{letter}{number}\t") {{', *indented(lines), "}")
        ]
    groups: dict[str, list[tuple[str, list[str]]]] = {}
    for number, lines in cases:
        groups.setdefault(number[: depth + 1], []).append((number, lines))
    if len(groups) == 1:
        return _ordered(subroutines, name, text, letter, cases, depth + 1)
    lines = []
    for start, own in groups.items():
        inner = _ordered(subroutines, name, text, letter, own, depth + 1)
        called = subroutines.add(subroutines.numbered(name), inner)
        lines += [f'if ({text} ~ "\t{letter}{start}") {{', f"    call {called};", "}"]
    return lines
