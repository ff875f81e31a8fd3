"""Feeds targets with each thing that rules can ask for, and finds what a target loses without a word."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter import RuleSet, build
from prefetchrouter.catalog import FEATURES
from prefetchrouter.output.building import Build
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Variable, variable
from prefetchrouter.rules.features import Features, features_from
from prefetchrouter.rules.rule import Apply, Branch, Chain, Rule
from prefetchrouter.rules.variables import all_variables
from prefetchrouter.targets import Target
from prefetchrouter.targets.support import OPERATORS

VARIABLES = tuple(
    variable(spec.namespace, 9 if spec.name == "<max>" else spec.name.replace("<name>", "x"))
    for spec in all_variables()
)
"""Each variable once; of those that take any name, one."""

AGES = features_from({"caching": {"max_age": "1h"}})
PATH = Comparison(operator="===", operands=(variable("request", "path"), "/a"))
OTHER = Comparison(operator="===", operands=(variable("request", "path"), "/b"))


def lost(target: Target) -> list[str]:
    """Return the names of what is neither in the output of a target nor in a diagnostic."""
    return [name for name, rule, without in _pairs() if not _is_seen(target, name, rule, without)]


def _is_seen(target: Target, name: str, rule: Rule, without: Rule | None) -> bool:
    built, before = _build(target, rule), _build(target, without)
    if built.files != before.files or any(name in found.message for found in built.warnings):
        return True
    # An excerpt leaves out what it need not show, and `build` says of each rule what that is.
    return target.is_excerpt and any(
        name in filtered.unlisted_features or filtered.omissions for filtered in built.filtered
    )


def full_name(read: Variable) -> str:
    """Return what support tables call a variable."""
    return f"{read.namespace}.{read.name}"


def unsupported_variables(target: Target) -> set[str]:
    """Return the variables of which a target says that it does not support them."""
    return {
        full_name(read)
        for read in VARIABLES
        for found in _build(target, _on(Comparison(operator="===", operands=(read, "1")))).warnings
        if f'does not support the variable "{full_name(read)}"' in found.message
    }


def _build(target: Target, rule: Rule | None) -> Build:
    rules = RuleSet(rules=() if rule is None else (rule,))
    return build(rules, targets=[target], unsupported="warn")


def _pairs() -> Iterator[tuple[str, Rule, Rule | None]]:
    """Each name, with a rule that uses it and the same rule without it."""
    for name, spec in FEATURES.items():
        yield str(name), _on(PATH, features_from(spec.as_written)), _on(PATH, Features())
    for read, found in zip(VARIABLES, all_variables(), strict=True):
        value = 5 if found.namespace == "random" else "1"
        test = Comparison(operator=found.operators[0], operands=(read, value))  # type: ignore[arg-type]
        yield full_name(read), _on(test), Apply(features=AGES)
    for operator in OPERATORS:
        wanted = ("/a",) if operator in ("in", "not_in") else "/a"
        test = Comparison(operator=operator, operands=(variable("request", "path"), wanted))  # type: ignore[arg-type]
        yield operator, _on(test), Apply(features=AGES)
    nested = Branch(condition=PATH, rule=_on(OTHER))
    yield "and", _on(AllOf(members=(PATH, OTHER))), _on(PATH)
    yield "or", _on(AnyOf(members=(PATH, OTHER))), _on(PATH)
    yield "elif", Chain(branches=(*_branches(PATH), *_branches(OTHER))), _on(PATH)
    yield "else", Chain(branches=_branches(PATH), otherwise=Apply(features=AGES)), _on(PATH)
    yield "nested", Chain(branches=(nested,)), _on(PATH)


def _on(condition: Condition, features: Features = AGES) -> Chain:
    return Chain(branches=_branches(condition, features))


def _branches(condition: Condition, features: Features = AGES) -> tuple[Branch, ...]:
    return (Branch(condition=condition, rule=Apply(features=features)),)
