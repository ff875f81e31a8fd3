"""Frozen data classes with a quick constructor."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from prefetchrouter.rules.frozen_data import frozen_data


@frozen_data
class Quick:
    """Has fields of each kind that the rules have."""

    first: int
    second: str | None = None
    third: tuple[int, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Usual:
    """The same as the standard library makes it."""

    first: int
    second: str | None = None
    third: tuple[int, ...] = field(default=(), repr=False)


def test_it_is_made_as_a_frozen_dataclass_is() -> None:
    """With the same parameters and default values."""
    assert str(inspect.signature(Quick)).replace("Quick", "Usual") == str(inspect.signature(Usual))
    made = Quick(1, third=(2,))
    assert (made.first, made.second, made.third) == (1, None, (2,))
    assert repr(made) == "Quick(first=1, second=None)"
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'first'"):
        Quick()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def test_it_stays_a_frozen_value() -> None:
    """Nothing of a frozen dataclass is lost."""
    made = Quick(1, "a")
    with pytest.raises(FrozenInstanceError):
        made.first = 2  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    assert made == Quick(1, "a") != Quick(2, "a")
    assert hash(made) == hash(Quick(1, "a"))
    assert [copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))] == [made] * 3
    assert replace(made, second=None) == Quick(1)
