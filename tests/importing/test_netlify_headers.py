"""Netlify's headers mean the same as rules: against a small reading of its documentation."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.imported_routes import rules_of
from prefetchrouter import Request, evaluate
from prefetchrouter.importing import Imported
from prefetchrouter.importing.netlify_headers import read_headers

SEGMENTS = st.sampled_from(["a", "B", "c.d", "x-y"])
SOURCES = st.tuples(
    st.lists(SEGMENTS | st.just(":id"), max_size=2, unique=True),
    st.sampled_from([[], ["*"], ["*.css"], ["x-*"]]),
).map(lambda parts: "/" + "/".join([*parts[0], *parts[1]]))
PATHS = st.lists(SEGMENTS | st.sampled_from(["b", "A", "s.css", "x-1"]), max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)


def read(text: str) -> Imported:
    """What is read from lines."""
    read_headers(text, "_headers", found := Imported())
    return found


def is_meant(source: str, path: str) -> bool:
    """Whether a path is one of a block: segment by segment, ignoring case; ``*`` is all that follows."""
    left = [part for part in source.lower().split("/") if part]
    right = [part for part in path.lower().split("/") if part]
    for place, segment in enumerate(left):
        if segment == "*":
            return True
        if "*" in segment:
            before, _, after = segment.partition("*")
            rest = "/".join(right[place:])
            return len(rest) >= len(before + after) and rest.startswith(before) and rest.endswith(after)
        if place >= len(right) or (segment not in (right[place], ":id")):
            return False
    return len(left) == len(right)


@given(
    st.lists(
        st.tuples(
            SOURCES, st.lists(st.sampled_from(["X-A: 1", "X-B: 2", "x-a: 3"]), min_size=1, unique=True)
        ),
        min_size=1,
        max_size=4,
    ),
    st.lists(PATHS, min_size=1, max_size=10),
)
def test_headers_do_what_the_documentation_says(
    blocks: list[tuple[str, list[str]]], paths: list[str]
) -> None:
    """All blocks that match count; two values in a block are joined."""
    found = read("".join(f"{path}\n" + "".join(f"  {line}\n" for line in given) for path, given in blocks))
    assert found.remarks == []
    rules = rules_of(found)
    for path in paths:
        expected: dict[str, str] = {}
        for source, lines in blocks:
            if is_meant(source, path):
                values: dict[str, list[str]] = {}
                for name, value in (re.split(": ", line.lower()) for line in lines):
                    values.setdefault(name, []).append(value)
                expected |= {name: ", ".join(several) for name, several in values.items()}
        assert dict(evaluate(rules, Request(path)).response_headers()) == expected, (blocks, path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x-a: 1", "no path stands above it"),
        ("/a\n  x-a", "neither a path nor NAME: VALUE"),
        ("/a\n  : 1", "neither a path nor NAME: VALUE"),
        ("/a\n  x a: 1", "not a header name"),
        ("/a\n  x-a: é", "printable ASCII"),
        ("/a\n  Basic-Auth: a:b", "the rules of your origin"),
        ("/a/*/b/*\n  x-a: 1", "a path has one *"),
        ("/a/:id/:id\n  x-a: 1", "different names"),
    ],
)
def test_a_line_that_is_not_understood_gives_its_reason(text: str, reason: str) -> None:
    """And nothing else."""
    found = read(text)
    assert [reason in remark.reason for remark in found.remarks] == [True]
    assert found.parts == found.remarks


def test_a_value_holds_no_variables() -> None:
    """What would be one in a rule is text at Netlify."""
    rules = rules_of(read("/a\n  x-a: %{host}"))
    assert evaluate(rules, Request("/a")).response_headers()["x-a"] == "%{host}"
