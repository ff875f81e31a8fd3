"""Criteria that name cookies by a pattern."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Origin, Property, Request, Router, build, evaluate, exact, not_
from prefetchrouter.errors import CriteriaError

SITE = Property(origins=[Origin(name="web", hosts=["www.example.com"])])
NAMES = st.text("abwp_*-", min_size=1, max_size=6)
COOKIES = st.dictionaries(st.text("abwp_-", min_size=1, max_size=6), st.sampled_from(["", "1", "wp_a", "12"]))
VALUES = st.sampled_from([re.compile(""), re.compile(".+"), "1", "", exact("12")])


def matches(criteria: Any, cookies: dict[str, str]) -> bool:
    """Whether a request with cookies matches."""
    router = Router().match({"cookies": criteria}, comment="it does")
    return bool(evaluate(router, Request("/", cookies=cookies)).matches)


@given(NAMES.filter(lambda name: "*" in name), VALUES, COOKIES)
def test_a_cookie_of_such_a_name_and_value_is_found(name: str, value: Any, cookies: dict[str, str]) -> None:
    """As a reading of each cookie by itself says; `not_` is its opposite."""
    wanted = re.compile(".*".join(map(re.escape, name.split("*"))))
    text = getattr(value, "text", value)

    def has(found: str) -> bool:
        return found == text if isinstance(text, str) else bool(found) or text.pattern == ""

    expected = any(wanted.fullmatch(each) and has(found) for each, found in cookies.items())
    assert matches({name: value}, cookies) == expected
    assert matches({name: not_(value)}, cookies) != expected


def test_it_is_built_for_every_target() -> None:
    """It is a test of a header."""
    router = Router().match({"cookies": {"wp_*": not_(re.compile(""))}}, caching={"max_age": "1h"})
    assert router.warnings == ()
    for target in ("ruleset", "manifest", "varnish", "nginx", "worker"):
        assert build(router, SITE, targets=target).warnings == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [("wp *", "1"), ("wp_*", re.compile("a")), ("wp_*", re.compile("", re.I)), ("wp_*", 5), ("wp_*", ["1"])],
)
def test_other_names_and_values_are_refused(name: str, value: object) -> None:
    """With what may stand there."""
    with pytest.raises(CriteriaError, match="expected"):
        matches({name: value}, {})
