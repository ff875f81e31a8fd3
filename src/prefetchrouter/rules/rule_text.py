"""Writes rules as JSON text directly, which is faster for large rule sets than plain lists and mappings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Operand, Variable
from prefetchrouter.rules.features import Features, Section, items
from prefetchrouter.rules.features.kept import once_for_each
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.rules.rule_json import exported_part


class RuleWriter:
    """Writes rules in the form that an edge takes; the text says what `rule_to_json` returns.

    Args:
        encode: Writes any plain data.
        comma: The separator of the items of a list or a mapping.
        colon: The separator of a key and its value.
        operands: What to write for the operands of a comparison; as they are when not given.

    Example:
        >>> import json
        >>> from prefetchrouter import Router
        >>> RuleWriter(json.dumps)(Router().match("/a", comment="b").rules[0])
        '{"if": [{"==": [{"request": "path"}, "/a"]}, {"comment": "b"}]}'
    """

    def __init__(
        self,
        encode: Callable[[object], str],
        *,
        comma: str = ", ",
        colon: str = ": ",
        operands: Callable[[Comparison], Sequence[Operand]] | None = None,
    ) -> None:
        self._encode = encode
        self._comma = comma
        self._colon = colon
        self._operands = operands
        self._key = cache(encode)
        self._variable = cache(lambda namespace, name: encode({namespace: name}))
        self._start = cache(self._start_text)
        self._features = once_for_each(self._features_text)
        self._section = once_for_each(self._section_text)

    def __call__(self, rule: Rule) -> str:
        """Return the text of a rule."""
        match rule:
            case Apply(features=features):
                return self._features(features)
            case Group(rules=rules):
                return f"[{self._comma.join(map(self, rules))}]"
            case Chain(branches=branches, otherwise=otherwise, comment=comment):
                parts: list[str] = []
                for branch in branches:
                    parts += self._condition(branch.condition), self(branch.rule)
                if otherwise is not None:
                    parts.append(self(otherwise))
                more = (
                    "" if comment is None else f'{self._comma}"comment"{self._colon}{self._encode(comment)}'
                )
                return f'{{"if"{self._colon}[{self._comma.join(parts)}]{more}}}'

    def _features_text(self, features: Features) -> str:
        return f"{{{self._comma.join(self._parts(features))}}}"

    def _parts(self, features: Features) -> Iterator[str]:
        for name, part in items(features):
            text = (
                self._section(part) if isinstance(part, Section) else self._encode(exported_part(name, part))
            )
            yield f'"{name}"{self._colon}{text}'

    def _section_text(self, section: Section) -> str:
        return self._data(exported_part(section.section_of or "", section))

    def _data(self, data: object) -> str:
        """Return plain data as text; what most sections consist of without a call of the encoder for all."""
        if not isinstance(data, dict):
            return self._encode(data)
        entries = [f"{self._key(name)}{self._colon}{self._data(value)}" for name, value in data.items()]
        return f"{{{self._comma.join(entries)}}}"

    def _condition(self, condition: Condition) -> str:
        match condition:
            case Comparison():
                return self._comparison(condition)
            case AllOf(members=members):
                return f'{{"and"{self._colon}[{self._comma.join(map(self._condition, members))}]}}'
            case AnyOf(members=members):
                return f'{{"or"{self._colon}[{self._comma.join(map(self._condition, members))}]}}'

    def _comparison(self, test: Comparison) -> str:
        operands = test.operands if self._operands is None else self._operands(test)
        if len(operands) == 2 and isinstance(first := operands[0], Variable):
            return f"{self._start(test.operator, first.namespace, first.name)}{self._operand(operands[1])}]}}"
        texts = self._comma.join(map(self._operand, operands))
        return f"{{{self._key(test.operator)}{self._colon}[{texts}]}}"

    def _start_text(self, operator: str, namespace: str, name: str | int) -> str:
        """Return what a comparison of a variable with a value begins with: the same in most rules."""
        variable = self._variable(namespace, name)
        return f"{{{self._key(operator)}{self._colon}[{variable}{self._comma}"

    def _operand(self, operand: Operand) -> str:
        if isinstance(operand, Variable):
            return self._variable(operand.namespace, operand.name)
        return self._encode(operand)
