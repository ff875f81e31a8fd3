"""The values that tell two versions of a rule apart: those that its conditions and features name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_network
from typing import NamedTuple

from prefetchrouter.analysis.covering_texts import covering_texts
from prefetchrouter.analysis.examples import of_pattern
from prefetchrouter.errors import RuleError
from prefetchrouter.rules.conditions import Comparison, Variable
from prefetchrouter.rules.features import SLASH_AND_QUERY, Features, UrlRedirect, UrlRewrite
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.rule import Apply, Rule
from prefetchrouter.rules.variables import lookup
from prefetchrouter.rules.walk import comparisons, conditions_in, walk

_PATH = Variable("request", "path")
_NEVER_NAMED = "another"
"""A value that no rule names, for where the opposite of a list or a text is tested."""


class ValueToTry(NamedTuple):
    """A value of a variable that a request may have.

    Args:
        variable: The variable.
        value: Its value; None for a request without it.
        is_derived: Whether it was derived from a named value: in other letter case, longer, shorter.
    """

    variable: Variable
    value: str | None
    is_derived: bool = False


def tested_values(rule: Rule) -> list[ValueToTry]:
    """Return the values that a rule tests or uses, each once; those that it names come first.

    Example:
        >>> from prefetchrouter import Router
        >>> (rule,) = Router().match({"method": ["GET", "POST"]}, comment="note").rules
        >>> [each.value for each in tested_values(rule) if not each.is_derived]
        ['GET', 'POST']
    """
    found = [
        each
        for condition in conditions_in(rule)
        for test in comparisons(condition)
        for each in _of_test(test)
    ]
    found += [each for node in walk(rule) if isinstance(node, Apply) for each in _of_features(node.features)]
    return sorted(dict.fromkeys(found), key=lambda each: each.is_derived)


def _of_test(test: Comparison) -> Iterator[ValueToTry]:
    variable = test.variable
    if variable is None:
        return
    named = list(dict.fromkeys(_named(test)))
    yield from (ValueToTry(variable, value) for value in named)
    if variable.namespace == "request" and variable.name == "path":
        yield from _near_path(variable, named[:1])
    else:
        for value in named[:1]:
            for near in (value.swapcase(), f"{value}x", f"x{value}"):
                yield ValueToTry(variable, near, is_derived=True)
        yield from (ValueToTry(variable, other, is_derived=True) for other in _others(variable, named))
        yield ValueToTry(variable, None, is_derived=True)


def _others(variable: Variable, named: list[str]) -> list[str]:
    """Return values that no rule names; two of them for a variable with few values."""
    spec = lookup(variable.namespace, variable.name)
    choices = [choice for choice in spec.choices if choice not in named] if spec is not None else []
    return choices[:2] or [_NEVER_NAMED]


def _near_path(variable: Variable, named: list[str]) -> Iterator[ValueToTry]:
    for value in named:
        for near in (value.swapcase(), f"{value}x", f"{value}/", f"{value}/x", f"/x{value}"):
            yield ValueToTry(variable, near, is_derived=True)


def _named(test: Comparison) -> Iterator[str]:
    """Yield the texts that a comparison names, or that its expressions or patterns match."""
    for operand in test.operands:
        if isinstance(operand, Variable):
            continue
        for value in operand if isinstance(operand, tuple) else (operand,):
            match test.operator:
                case _ if _is_block(value):
                    yield from _ends_of_block(str(value))
                case "=~" | "!~":
                    yield from covering_texts(str(value))
                case "==" | "!=" if isinstance(value, str) and _is_path(test.variable):
                    yield from _of_pattern(value)
                case "<" | "<=" | ">" | ">=" if isinstance(value, int | float):
                    yield from (f"{value + step:g}" for step in (0, -1, 1))
                case _:
                    yield str(value).lower() if isinstance(value, bool) else str(value)


def _is_block(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-fA-F.:]+/\d{1,3}", value) is not None


def _ends_of_block(text: str) -> Iterator[str]:
    """Yield the first and the last address of a block such as ``10.0.0.0/8``, and one beside it."""
    try:
        block = ip_network(text, strict=False)
        yield from (str(block[0]), str(block[-1]), str(block[-1] + 1))
    except ValueError:  # not a block, or the last of all addresses
        return


def _is_path(variable: Variable | None) -> bool:
    return (
        variable is not None and variable.namespace == "request" and variable.name in ("path", "origin_path")
    )


@lru_cache(maxsize=1024)
def _of_pattern(text: str) -> tuple[str, ...]:
    try:
        pattern = PathPattern(text)
    except RuleError:
        return (text,)
    return tuple(dict.fromkeys((*of_pattern(pattern), *covering_texts(pattern.regex))))


def _of_features(features: Features) -> Iterator[ValueToTry]:
    """Yield what features look at: the sources of redirects and rewrites, and the parts of the cache key."""
    if features.url is not None:
        redirect = features.url.url_redirect
        parts: tuple[UrlRedirect | UrlRewrite, ...] = features.url.url_rewrite or ()
        for part in parts if redirect is None else (redirect, *parts):
            if part.source:
                source = part.source.removesuffix(SLASH_AND_QUERY)
                is_pattern = part.syntax == "path-to-regexp"
                texts = _of_pattern(source) if is_pattern else covering_texts(source)
                yield from (ValueToTry(_PATH, text) for text in texts)
    key = None if features.caching is None else features.caching.cache_key
    if key is None:
        return
    for name in (*(key.include_query_params or ()), *(key.include_all_query_params_except or ())):
        yield ValueToTry(Variable("request.query", name), "1")
    for name in key.include_headers or ():
        yield ValueToTry(Variable("request.header", name), "1")
    for name in key.include_cookies or ():
        yield ValueToTry(Variable("request.cookie", name), "1")
