"""Lists the expressions of an author that rules match with a request's text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from prefetchrouter.evaluation.entries import entries_of
from prefetchrouter.evaluation.templates import expressions_in
from prefetchrouter.regex import is_bounded
from prefetchrouter.rules.conditions import Condition
from prefetchrouter.rules.features import Section, items
from prefetchrouter.rules.operators import OPERATORS
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.rules.walk import comparisons
from prefetchrouter.source import Source


class Expression(NamedTuple):
    """A regular expression of a rule, or the one that a path pattern is compiled to.

    Args:
        text: What the author wrote.
        regex: The regular expression.
        captures: Whether it matters what its groups hold.
        source: The line of the rule.
        is_global: Whether every match of it is replaced.
    """

    text: str
    regex: str
    captures: bool
    source: Source | None
    is_global: bool = False


def unbounded(rules: Iterable[Rule]) -> Iterator[Expression]:
    """Yield the expressions without a known bound: a request could keep an edge busy for ever.

    Example:
        >>> import re
        >>> from prefetchrouter import Router
        >>> router = Router().match(re.compile(r"^(?:(?!/x)/?[a-z]+)+$"), comment="slow")
        >>> [found.text for found in unbounded(router.rules)]
        ['^(?:(?!/x)/?[a-z]+)+$']
    """
    for rule in rules:
        for found in expressions(rule):
            if not is_bounded(found.regex, captures=found.captures, is_global=found.is_global):
                yield found


def expressions(rule: Rule, source: Source | None = None) -> Iterator[Expression]:
    """Yield every expression in a rule: of conditions, of redirects and rewrites, of texts with variables."""
    match rule:
        case Apply():
            for entry in entries_of(rule):
                yield from _of_value(entry.value, rule.source or source)
        case Group(rules=rules):
            for member in rules:
                yield from expressions(member, source)
        case Chain(branches=branches, otherwise=otherwise):
            for branch in branches:
                yield from _of_condition(branch.condition, branch.source or source)
                yield from expressions(branch.rule, branch.source or source)
            if otherwise is not None:
                yield from expressions(otherwise, source)


def _of_condition(condition: Condition, source: Source | None) -> Iterator[Expression]:
    for test in comparisons(condition):
        value = test.value
        group = OPERATORS[test.operator].group
        if isinstance(value, str) and group == "regex":
            yield Expression(value, value, False, source)
        elif isinstance(value, str) and group == "pattern":
            yield from _of_pattern(value, source)


def _of_pattern(text: str, source: Source | None) -> Iterator[Expression]:
    pattern = PathPattern(text)
    if any(token.expression is not None for token in pattern.parameters):
        yield Expression(text, pattern.regex, True, source)


def _of_value(value: object, source: Source | None) -> Iterator[Expression]:
    if isinstance(value, str):
        for regex, is_global in expressions_in(value) if "%{" in value else ():
            yield Expression(regex, regex, True, source, is_global)
    elif isinstance(value, Section):
        found = dict(items(value))
        rewritten = found.get("source")
        if isinstance(rewritten, str) and "destination" in found:
            if found.get("syntax") == "path-to-regexp":
                yield from _of_pattern(rewritten, source)
            else:
                yield Expression(rewritten, rewritten, True, source)
        for part in found.values():
            yield from _of_value(part, source)
    elif isinstance(value, tuple):
        for part in value:
            yield from _of_value(part, source)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _of_value(part, source)
