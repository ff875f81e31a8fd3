"""Warnings about single comparisons: values that a variable never has, and unlikely values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from prefetchrouter.errors import Code, Diagnostic, did_you_mean, shown
from prefetchrouter.likely_mistakes import paths, texts
from prefetchrouter.likely_mistakes.comparing import Compared, can_be, can_be_true, compared
from prefetchrouter.likely_mistakes.domains import domain_of
from prefetchrouter.likely_mistakes.ordinary import is_ordinary_test
from prefetchrouter.likely_mistakes.parameters import odd_name
from prefetchrouter.printable import path_text
from prefetchrouter.rules.conditions import Comparison, Operand, Variable
from prefetchrouter.rules.foreign_syntax import quoted
from prefetchrouter.rules.header_syntax import NAME_EXPECTED, bad_in_name
from prefetchrouter.rules.operators import OPERATORS
from prefetchrouter.rules.pattern import PathPattern

LONGEST = 2000
"""Longer strings, patterns and expressions are not checked."""


def value_warnings(test: Comparison, literals: frozenset[str] = frozenset()) -> tuple[Diagnostic, ...]:
    """Return a warning for each part of a comparison that is never true, or probably a mistake.

    Args:
        test: The comparison.
        literals: Strings written with `exact`, which do not look like patterns by mistake.

    Example:
        >>> from prefetchrouter.rules.conditions import Comparison, variable
        >>> test = Comparison(operator="===", operands=(variable("request", "scheme"), "https"))
        >>> print(*value_warnings(test))
        warning: scheme is never "https", so this never matches; did you mean "HTTPS"? [unlikely-value]
    """
    if is_ordinary_test(test):
        return ()
    # Tests of headers and cookies are often the same. Numbers are not kept: 1 and True are equal, and differ.
    is_text = all(map(_is_text, test.operands))
    return _known_warnings(test, literals) if is_text else tuple(_warnings(test, literals))


def _warnings(test: Comparison, literals: frozenset[str]) -> Iterator[Diagnostic]:
    for operand in test.operands:
        if isinstance(operand, Variable):
            yield from _of_name(operand)
    yield from _of_order(test)
    found = compared(test)
    if found is not None and any(len(value) > LONGEST for value in found.values):
        return
    if found is None:
        yield from _of_another_type(test)
    elif found.operator == "==":
        yield from _of_pattern(found)
    elif found.operator == "=~":
        yield from _of_expression(found)
    else:
        yield from _of_texts(found, literals)


def _is_text(operand: Operand) -> bool:
    if isinstance(operand, tuple):
        return all(isinstance(each, str) for each in operand)
    return isinstance(operand, str | Variable)


@lru_cache(maxsize=1024)
def _known_warnings(test: Comparison, literals: frozenset[str]) -> tuple[Diagnostic, ...]:
    return tuple(_warnings(test, literals))


def label(variable: Variable) -> str:
    """Return the name of a variable in criteria, for messages.

    Example:
        >>> from prefetchrouter.rules.conditions import variable
        >>> label(variable("request.header", "x-tier")), label(variable("request", "path"))
        ('headers.x-tier', 'path')
    """
    criterion = variable.spec.criterion
    if criterion is None:
        return path_text((variable.namespace, str(variable.name)))
    home, dot, _ = criterion.partition(".")
    return path_text((home, str(variable.name))) if dot else home


def _is_path(variable: Variable) -> bool:
    return variable.spec.value == "path"


def _never(found: Compared, what: str, hint: str | None, code: Code = "unlikely-value") -> Diagnostic:
    if hint and found.variable.name == "origin_path":
        hint = hint.replace('{"path": ', '{"origin_path": ')
    if hint and found.negated and hint.startswith("write {"):
        hint = None  # a mapping has no opposite
    if len(found.values) > 1:
        problem = f"{label(found.variable)} is never {what}"
    elif found.negated:
        problem = f"{label(found.variable)} is never {what}, so this is always true"
    else:
        problem = f"{label(found.variable)} is never {what}, so this never matches"
    return Diagnostic(
        code,
        problem,
        expected=None if hint else domain_of(found.variable).form,
        hint=hint,
        severity="warning",
    )


def _unlikely(found: Compared, what: str, hint: str, code: Code = "unlikely-value") -> Diagnostic:
    return Diagnostic(code, f"{label(found.variable)}: {what}", hint=hint, severity="warning")


def _of_another_type(test: Comparison) -> Iterator[Diagnostic]:
    """Yield a warning for a number or flag that is compared with a string: the two are never equal."""
    variable, value = test.variable, test.value
    if (
        variable is None
        or OPERATORS[test.operator].group != "equality"
        or not isinstance(value, bool | int | float)
    ):
        return
    kind = variable.spec.value
    if isinstance(value, bool) and kind != "boolean":
        text = str(value).lower()
    elif not isinstance(value, bool) and kind not in ("integer", "decimal"):
        text = f"{value:g}"
    else:
        return
    problem = f"{label(variable)} is a string, and never equals {value}"
    yield Diagnostic("unlikely-value", problem, hint=f"write {shown(text)}", severity="warning")


def _of_pattern(found: Compared) -> Iterator[Diagnostic]:
    if not _is_path(found.variable) or can_be_true(found):
        return
    pattern = PathPattern(found.values[0])
    if not any(warning.code == "unlikely-pattern" for warning in pattern.warnings):
        hint = paths.pattern_cure(pattern.text)
        yield _never(found, f"like {shown(pattern.text)}", hint, "unlikely-pattern")


def _of_expression(found: Compared) -> Iterator[Diagnostic]:
    source = found.values[0]
    if not can_be_true(found):
        what = f"matched by {shown(source)}"
        hint = paths.expression_cure(found.variable, source) if _is_path(found.variable) else None
        yield _never(found, what, hint or texts.expression_cure(found.variable, source))


def _of_order(test: Comparison) -> Iterator[Diagnostic]:
    """Yield a warning for a random number that is compared with a number out of its range."""
    variable, value = test.operands[:2]
    if not isinstance(variable, Variable) or variable.namespace != "random" or isinstance(value, str | bool):
        return
    if not isinstance(value, int | float) or len(test.operands) > 2:
        return
    least, most = {
        "<": (value > 0, value > int(variable.name)),
        "<=": (value >= 0, value >= int(variable.name)),
    }.get(test.operator, (True, False))
    if test.operator in (">", ">="):
        beyond = value >= int(variable.name) if test.operator == ">" else value > int(variable.name)
        below = value < 0 if test.operator == ">" else value <= 0
        least, most = not beyond, below
    if not least or most:
        follows = "never true" if not least else "always true"
        problem = f"a random number from 0 to {variable.name} {test.operator} {value:g} is {follows}"
        hint = f"compare with a number from 1 to {variable.name}"
        yield Diagnostic("unlikely-value", problem, hint=hint, severity="warning")


def _of_name(variable: Variable) -> Iterator[Diagnostic]:
    """Yield warnings for invalid names of headers and cookies, and unlikely names of parameters."""
    if variable.namespace == "request.origin_query":
        odd = odd_name(str(variable.name))
        if odd is not None:
            problem = f"query: {shown(str(variable.name))} {odd[0]}"
            several = '", "' in odd[1]
            yield Diagnostic(
                "unlikely-value",
                problem,
                hint="write one entry for each parameter" if several else odd[1],
                severity="warning",
            )
    if variable.namespace not in ("request.header", "request.cookie"):
        return
    name = str(variable.name)
    bad = bad_in_name(name)
    if bad is None and "*" in name:
        kind = variable.namespace.removeprefix("request.")
        problem = f"{kind}s: {shown(name)} is the name of one {kind}, not a pattern"
        yield Diagnostic("unlikely-value", problem, hint="write each name", severity="warning")
    if bad is not None:
        kind = variable.namespace.removeprefix("request.")
        likely = re.sub(r"\s+", "-", name.strip().rstrip(":=;"))
        hint = f"write {quoted(likely)}" if bad_in_name(likely) is None else None
        problem = f"{kind}s: {shown(name)} is not a valid {kind} name, so it is never present"
        expected = None if hint else NAME_EXPECTED
        yield Diagnostic("unlikely-value", problem, expected=expected, hint=hint, severity="warning")


def _of_texts(found: Compared, literals: frozenset[str]) -> Iterator[Diagnostic]:
    if _is_path(found.variable) and found.operator == "in" and not literals.intersection(found.values):
        problem = paths.pattern_compared_literally(found)
        if problem is not None:
            yield _unlikely(found, *problem, code="unlikely-pattern")
            return
    impossible = [value for value in found.values if not can_be(found.variable, value)]
    for value in impossible:
        yield _never(found, shown(value), _cure(found, value))
    if impossible:
        return
    if _is_path(found.variable):
        if found.operator == "in":
            return
        problem = paths.pattern_compared_literally(found)
        if problem is not None:
            yield _unlikely(found, *problem, code="unlikely-pattern")
        return
    for value in found.values:
        problem = texts.unlikely_value(found.variable, value)
        if problem is not None:
            yield _unlikely(found, *problem)


def _cure(found: Compared, value: str) -> str | None:
    variable = found.variable
    choices = domain_of(variable).choices
    if choices:
        several = [part.upper() for part in re.split(r"[\s,|/]+", value) if part]
        if len(several) > 1 and all(part in choices for part in several):
            return f"write [{', '.join(map(quoted, several))}]"
        if value.lower() in ("*", "any", "all"):
            return f'remove "{label(variable)}"'
        near = did_you_mean(value.upper(), choices, 0.65) or did_you_mean(value.lower(), choices, 0.65)
        return texts.cure(variable, value) or near
    return paths.text_cure(value) if _is_path(variable) else texts.cure(variable, value)
