"""Decides whether comparisons with constants can be true, alone and together."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from prefetchrouter.errors import PatternError, RegexError
from prefetchrouter.http.request_target import exact_path_text, path_operand
from prefetchrouter.likely_mistakes.domains import PATH, Domain, domain_of
from prefetchrouter.likely_mistakes.ordinary import is_inside
from prefetchrouter.regex import literal, to_python
from prefetchrouter.regex.language import TooLargeError, common_text, language
from prefetchrouter.regex.sample import certain_sample, sample
from prefetchrouter.rules.conditions import Comparison, Variable
from prefetchrouter.rules.operators import OPERATORS, Relation
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_matcher import Matcher
from prefetchrouter.rules.pattern_tokens import LiteralText
from prefetchrouter.rules.pattern_warnings import ORDINARY

_MOST_ENTRIES = 50
_LONGEST = 2000
_MOST_TESTS = 20
_FEW_MATCHES = 5


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison of a variable with constants.

    Args:
        variable: The variable.
        operator: ``===``, ``==``, ``=~`` or ``in``.
        values: The constants.
        negated: Whether the comparison is negated.
    """

    variable: Variable
    operator: Relation
    values: tuple[str, ...]
    negated: bool = False

    def is_true_of(self, value: str) -> bool:
        """Return whether the comparison is true of a present value."""
        return _matcher(self.operator, self.canonical_values)(value) is not self.negated

    @property
    def canonical_values(self) -> tuple[str, ...]:
        """The values as they are compared: paths in canonical form."""
        if not _is_path(self.variable):
            return self.values
        return tuple(str(path_operand(self.operator, value)) for value in self.values)


def _is_path(variable: Variable) -> bool:
    """Whether a variable is a path or a part of one, whose escapes have a canonical form."""
    return variable.spec.value == "path" or variable.namespace == "request.path"


def compared(test: Comparison) -> Compared | None:
    """Return a comparison of one variable with constants, None for any other comparison.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> compared(path_is("/a/:id")).values
        ('/a/:id',)
    """
    tested, value = test.variable, test.value
    if tested is None or len(test.operands) != 2 or isinstance(value, Variable) or value is None:
        return None
    operator = OPERATORS[test.operator].relation
    if operator not in ("===", "==", "=~", "in"):
        return None
    values = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(entry, str) or (operator == "in" and type(entry) is int) for entry in values):
        return None
    return Compared(tested, operator, tuple(map(str, values)), operator != test.operator)


@lru_cache(maxsize=8192)
def _matcher(operator: str, values: tuple[str, ...]) -> Callable[[str], object]:
    if operator == "==":
        return _PatternTest(PathPattern(values[0]))
    if operator == "=~":
        search = to_python(values[0]).search
        return lambda value: search(value) is not None
    known = frozenset(values)
    return lambda value: value in known


class _PatternTest:
    """Whether values match a path pattern; it is compiled for many values only, which pays for that."""

    __slots__ = ("_compiled_after", "_match", "_pattern")

    def __init__(self, pattern: PathPattern) -> None:
        self._pattern = pattern
        is_plain = all(token.expression is None for token in pattern.parameters)
        self._match = Matcher(pattern.tokens).match if is_plain else pattern.match
        self._compiled_after = _FEW_MATCHES

    def __call__(self, value: str) -> bool:
        self._compiled_after -= 1
        if self._compiled_after == 0:
            self._match = self._pattern.match
        return self._match(value) is not None


def can_be_true(test: Compared) -> bool:
    """Return whether any value of the variable makes a comparison true, ignoring its negation.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> can_be_true(compared(path_is("/a/:id"))), can_be_true(compared(path_is("/a#b")))
        (True, False)
    """
    if test.operator in ("===", "in"):
        return any(can_be(test.variable, value) for value in test.values)
    if test.operator == "==" and _is_path(test.variable) and ORDINARY.fullmatch(test.values[0]):
        return True
    return _can_be_true(Compared(test.variable, test.operator, test.values))


@lru_cache(maxsize=8192)
def _can_be_true(test: Compared) -> bool:
    return can_all_be_true([test])


def can_be(variable: Variable, value: str) -> bool:
    """Return whether a variable can have exactly this value."""
    if variable.spec.value == "address":
        return _is_network(value)
    if _is_path(variable):
        value = exact_path_text(value)
    if variable.namespace == "request.path" and variable.name == "extension":
        value = value.removeprefix(".")
    return domain_of(variable).contains(value)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def can_all_be_true(tests: Sequence[Compared]) -> bool:
    """Return whether one value of a variable can make several comparisons true.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> tests = [compared(path_is(text)) for text in ("/a/:id", "/:first/b")]
        >>> can_all_be_true(tests), can_all_be_true([*tests, compared(path_is("/c/b"))])
        (True, False)
    """
    variable = tests[0].variable
    domain = domain_of(variable)
    if any(len(value) > _LONGEST for test in tests for value in test.values):
        return True
    if variable.spec.value == "address" and any(test.operator != "=~" for test in tests):
        return _share_an_address(tests)
    if _is_special(variable) or (domain.may_be_missing and all(test.negated for test in tests)):
        return True
    positive = [test for test in tests if not test.negated]
    for test in positive:
        if test.operator in ("===", "in"):
            return any(
                can_be(variable, value) and all(other.is_true_of(value) for other in tests)
                for value in test.values
            )
    if domain is PATH and [test.operator for test in tests] == [test.operator for test in positive] == [
        "==",
        "==",
    ]:
        one, other = (test.values[0] for test in positive)
        if is_inside(one, other) or is_inside(other, one):
            return True
    if len(tests) == 1 and tests[0].operator == "=~" and not tests[0].negated:
        certain = certain_sample(tests[0].values[0])
        if certain is not None and domain.contains(certain):
            return True
    samples = _samples(positive)
    if any(domain.contains(value) and all(test.is_true_of(value) for test in tests) for value in samples):
        return True
    return len(tests) > _MOST_TESTS or _have_common_text(domain, tests)


def _share_an_address(tests: Sequence[Compared]) -> bool:
    """Whether addresses and blocks overlap; other comparisons of addresses are assumed to be compatible."""
    plain = [test for test in tests if not test.negated and test.operator in ("===", "in")]
    blocks = [
        [ipaddress.ip_network(value, strict=False) for value in test.values if _is_network(value)]
        for test in plain
    ]
    return all(
        any(first.version == second.version and first.overlaps(second) for first in one for second in other)
        for one, other in pairwise(blocks)
    )


def _is_special(variable: Variable) -> bool:
    """Whether a comparison is about more than one text: addresses in blocks, one of several parameters."""
    return variable.namespace == "request.path" or (
        variable.namespace == "request" and variable.name == "query"
    )


def _path_of(test: Compared) -> str | None:
    """Return a path that should match a pattern, if it is quick to find: most rules are decided by it."""
    if test.operator != "==":
        return None
    try:
        tokens = PathPattern(test.canonical_values[0]).tokens
    except PatternError:
        return None
    path = ""
    for token in tokens:
        if isinstance(token, LiteralText):
            path += token.text
        elif token.expression is not None:
            return None
        elif not token.optional:
            path += f"{token.prefix}{'' if token.name is None else 'a'}{token.suffix}"
    return path


def _samples(tests: Iterable[Compared]) -> Iterable[str]:
    tests = list(tests)
    yield from filter(None, map(_path_of, tests))
    for test in tests:
        source = _expression(test)
        found = sample(source) if source is not None else None
        if found is not None:
            yield from (found, f"/{found}", f"/a{found}", f"{found}a", f"/a/{found}")


def _expression(test: Compared) -> str | None:
    """Return an expression that matches exactly the values of a comparison, ignoring its negation."""
    if test.operator == "=~":
        return test.values[0]
    if test.operator == "==":
        return PathPattern(test.canonical_values[0]).regex
    if len(test.values) > _MOST_ENTRIES:
        return None
    return f"^(?:{'|'.join(map(literal, test.canonical_values))})$"


@lru_cache(maxsize=4096)
def _common_text(found: tuple[str, ...], never: tuple[str, ...]) -> bool:
    try:
        return common_text(list(map(language, found)), list(map(language, never))) is not None
    except TooLargeError:
        return True


def _have_common_text(domain: Domain, tests: Sequence[Compared]) -> bool:
    try:
        sources = [(_expression(test), test.negated) for test in tests]
    except (PatternError, RegexError):
        return True
    found = [source for source, negated in sources if source is not None and not negated]
    never = [source for source, negated in sources if source is not None and negated]
    return _common_text((*domain.found, *found), (*domain.never, *never))
