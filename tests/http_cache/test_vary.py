"""What tells the copies of one key apart: rule E13."""

from __future__ import annotations

import pytest

from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.vary import selecting, vary_names


@pytest.mark.parametrize(
    ("vary", "names"),
    [
        ([], ()),
        ([""], ()),
        ([" , ,"], ()),
        (["Accept"], ("accept",)),
        (["Cookie,accept , ACCEPT"], ("accept", "cookie")),
        (["Cookie", "Accept"], ("accept", "cookie")),
        (["*"], None),
        (["*, *"], None),
        (["*", "*"], None),
        ([", *"], None),
        (["", "*"], None),
        (["*, Accept"], None),
        (["Accept, *"], None),
        (["Accept Cookie"], None),
        (['"Accept"'], None),
        (["Accept; q=1"], None),
        (["Ac\u017fept"], None),
    ],
)
def test_the_names(vary: list[str], names: tuple[str, ...] | None) -> None:
    assert vary_names(HeaderFields({"vary": vary} if vary else {})) == names


def test_requests_that_say_the_same_share_a_copy() -> None:
    said: list[dict[str, str | list[str]]] = [
        {"foo": "1, 2"},
        {"Foo": " 1,2 "},
        {"foo": ["1", "2"]},
        {"foo": "1 \t,\t2"},
    ]
    assert len({selecting(("foo",), HeaderFields(headers)) for headers in said}) == 1


def test_requests_that_say_something_else_do_not() -> None:
    said: list[dict[str, str | list[str]]] = [
        {},
        {"foo": ""},
        {"foo": "1, 2"},
        {"foo": "2, 1"},
        {"foo": "1"},
        {"foo": "1 2"},
        {"foo": "12"},
        {"foo": "A"},
        {"foo": "a"},
        {"foo": '"1, 2"'},
        {"foo": '"1,2"'},
    ]
    assert len({selecting(("foo",), HeaderFields(headers)) for headers in said}) == len(said)


def test_a_missing_header_is_reported_from_an_empty_one() -> None:
    assert selecting(("a", "b"), HeaderFields({"b": ""})) == (("a", None), ("b", ""))
