"""The catalogue of operators: complete, and each with its opposite."""

from __future__ import annotations

from typing import get_args

import pytest

from prefetchrouter.errors import ConditionError
from prefetchrouter.rules.condition_json import condition_from_json
from prefetchrouter.rules.operators import OPERATORS, Group, Operator, of_group, opposite


def test_every_operator_has_a_row_of_that_name() -> None:
    """In the order of the groups, a relation before its opposite."""
    assert {name: spec.name for name, spec in OPERATORS.items()} == {
        name: name for name in get_args(Operator)
    }
    assert [name for group in get_args(Group) for name in of_group(group)] == list(OPERATORS)


@pytest.mark.parametrize("name", OPERATORS)
def test_an_opposite_is_of_the_same_group_and_leads_back(name: Operator) -> None:
    """Only orders have none: of a number that is missing, neither is true."""
    spec, other = OPERATORS[name], opposite(name)
    if other is None:
        assert spec.group == "order"
    else:
        assert opposite(other) == name
        assert OPERATORS[other].group == spec.group
        assert OPERATORS[other].negated is not spec.negated


@pytest.mark.parametrize("name", OPERATORS)
def test_a_word_from_elsewhere_is_answered_with_the_operator(name: Operator) -> None:
    """As other programs spell it."""
    for word in OPERATORS[name].elsewhere:
        with pytest.raises(ConditionError) as raised:
            condition_from_json({word: [{"request": "path"}, "/a"]})
        assert f'did you mean "{name}"?' in str(raised.value)
