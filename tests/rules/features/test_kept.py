"""Sections that are read once and shared by all rules that write the same."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from prefetchrouter.errors import FeatureError
from prefetchrouter.rules.features import Features, features_from, written
from prefetchrouter.rules.features.kept import once_for_each

PAGE = "x" * 200_000
HOUR: Any = {"caching": {"max_age": "1h"}}


def test_the_same_section_is_read_once() -> None:
    """Sections are frozen, so that rules can share them."""
    first, second = features_from(HOUR), features_from({"caching": {"max_age": "1h"}, "comment": "other"})
    assert first.caching is second.caching
    assert written(second) == {**HOUR, "comment": "other"}


def test_another_order_is_another_section() -> None:
    """Rules are written out as they were written."""
    one, other = {"max_age": "1h", "bypass_cache": True}, {"bypass_cache": True, "max_age": "1h"}
    assert [list(written(features_from({"caching": each}))["caching"]) for each in (one, other)] == [
        list(one),
        list(other),
    ]


@pytest.mark.parametrize("wrong", [1, 1.0, "true"])
def test_a_value_of_another_type_is_still_refused(wrong: object) -> None:
    """One is equal to True in Python, and no flag."""
    features_from({"caching": {"bypass_cache": True}})
    with pytest.raises(FeatureError):
        features_from({"caching": {"bypass_cache": wrong}})


def test_a_mistake_beside_a_section_that_was_read_is_found() -> None:
    """With its own section."""
    features_from(HOUR)
    with pytest.raises(FeatureError, match="headers: "):
        features_from({**HOUR, "headers": {"set_respons_headers": {}}})


def test_a_mapping_that_the_user_changes_later_changes_no_rule() -> None:
    """What was read is a copy."""
    headers = {"x-tier": "gold"}
    features = features_from({"headers": {"set_response_headers": headers}})
    headers["x-tier"] = "silver"
    assert written(features) == {"headers": {"set_response_headers": {"x-tier": "gold"}}}
    assert written(features_from({"headers": {"set_response_headers": headers}})) != written(features)


@pytest.mark.parametrize(
    "make",
    [
        lambda: features_from({"response": {"set_response_body": PAGE}}),
        lambda: features_from({"response": {"set_response_body": PAGE}}).response,
        lambda: features_from({"response": {"set_response_body": PAGE}, "comment": "a"}),
    ],
    ids=["a whole", "a section", "beside another"],
)
def test_a_large_body_is_not_kept(make: Callable[[], Any]) -> None:
    """Some hundreds of them would hold the memory of a long-running program."""
    features = weakref.ref(make())
    gc.collect()
    assert features() is None


def test_what_is_derived_from_features_does_not_keep_them() -> None:
    """Nor is it taken for that of another object with the same id."""
    names = once_for_each(lambda features: list(features.__dict__))

    def ages(number: int) -> Features:
        return Features(caching={"max_age": f"{number}s"}) if number % 2 else Features(comment=str(number))

    assert [names(ages(number)) for number in range(4)] == [["comment"], ["caching"]] * 2
    kept = Features(response={"set_response_body": PAGE})
    names(kept)
    reference = weakref.ref(kept)
    del kept
    gc.collect()
    assert reference() is None
