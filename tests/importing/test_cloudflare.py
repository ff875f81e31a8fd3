"""Cloudflare's files mean the same as rules: against a small reading of its documentation."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.imported_routes import outcome, rules_of
from prefetchrouter import Request, evaluate
from prefetchrouter.importing import Imported
from prefetchrouter.importing.cloudflare import read_headers, read_redirects

SEGMENTS = st.sampled_from(["a", "b", "News", "c.d", "x-y"])
PATHS = st.tuples(st.lists(SEGMENTS, max_size=4), st.booleans()).map(
    lambda parts: re.sub("//+", "/", "/" + "/".join(parts[0]) + ("/" if parts[1] else ""))
)


def redirects(text: str) -> Imported:
    """What is read from lines of ``_redirects``."""
    read_redirects(text, "_redirects", found := Imported())
    return found


def headers(text: str) -> Imported:
    """What is read from lines of ``_headers``."""
    read_headers(text, "_headers", found := Imported())
    return found


def captures(source: str, path: str) -> dict[str, str] | None:
    """What ``*`` and ``:names`` stand for in a path, character by character; None without a match."""
    if not source:
        return {} if not path else None
    if source[0] == "*":
        for end in range(len(path), -1, -1):
            rest = captures(source[1:], path[end:])
            if rest is not None:
                return {"splat": path[:end], **rest}
        return None
    name = re.match(r":([a-z]\w*)", source)
    if name:
        for end in range(len(path.partition("/")[0]), 0, -1):
            rest = captures(source[name.end() :], path[end:])
            if rest is not None:
                return {name[1]: path[:end], **rest}
        return None
    return captures(source[1:], path[1:]) if path[:1] == source[0] else None


def documented(text: str, url: str) -> tuple[object, ...]:
    """The first line that matches; a redirect keeps the query unless the destination has its own."""
    parts = urlsplit(url)
    for line in text.split("\n"):
        source, to, *status = line.split()
        captured = captures(source, parts.path)
        if captured is None:
            continue
        for name, value in captured.items():
            to = to.replace(f":{name}", value)
        to = re.sub("(?<!:)//+", "/", to)
        code = int(status[0]) if status else 302
        whole = to if "?" in to or not parts.query else f"{to}?{parts.query}"
        if code == 200:
            return "origin", None, whole, None
        return ("origin", None, url, None) if whole == url else ("redirect", code, whole)
    return "origin", None, url, None


@st.composite
def lines(draw: st.DrawFn) -> str:
    """One line of ``_redirects``."""
    segments = draw(st.lists(SEGMENTS, min_size=1, max_size=2))
    names = []
    if draw(st.booleans()):
        segments.append(draw(st.sampled_from([":year", "p-:year"])))
        names.append(":year")
    if draw(st.booleans()):
        segments.append("*")
        names.append(":splat")
    status = draw(st.sampled_from(["", "301", "302", "303", "307", "308", "200"]))
    host = draw(st.sampled_from(["", "https://shop.example"])) if status != "200" else ""
    own = draw(st.sampled_from(["", "", "?p=1"])) if status != "200" else ""
    target = [*draw(st.lists(SEGMENTS, max_size=2)), *draw(st.permutations(names))]
    return f"/{'/'.join(segments)} {host}/{'/'.join(target)}{own} {status}".strip()


@given(
    st.lists(lines(), min_size=1, max_size=5, unique_by=lambda line: line.split()[0]),
    st.lists(st.tuples(PATHS, st.sampled_from(["", "?q=1"])), min_size=1, max_size=12),
)
def test_redirects_do_what_the_documentation_says(written: list[str], urls: list[tuple[str, str]]) -> None:
    """For random files and requests."""
    text = "\n".join(written)
    found = redirects(text)
    assert found.remarks == []
    rules = rules_of(found)
    for path, query in urls:
        assert outcome(rules, path + query) == documented(text, path + query), (text, path + query)


BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(["/*", "/a/*", "/a", "/a/:id", "/b/*", "/News/:id/x-y"]),
        st.lists(
            st.sampled_from(["X-A: 1", "X-A: 2", "x-b: 3", "! X-A", "! x-c", "X-C: 4"]),
            min_size=1,
            max_size=3,
            unique_by=lambda line: line.lower().replace("! ", "").partition(":")[0],
        ),
    ),
    min_size=1,
    max_size=4,
)


@given(BLOCKS, st.lists(PATHS, min_size=1, max_size=10))
def test_headers_do_what_the_documentation_says(
    blocks: list[tuple[str, list[str]]], paths: list[str]
) -> None:
    """Every block that matches counts; values are joined, and what a block detaches is gone."""
    text = "".join(f"{path}\n" + "".join(f"  {line}\n" for line in given) for path, given in blocks)
    rules = rules_of(headers(text))
    for path in paths:
        expected: dict[str, str] = {}
        for source, lines_below in blocks:
            if captures(source, path) is None:
                continue
            for line in sorted(lines_below, key=lambda line: not line.startswith("!")):
                name, _, value = line.lower().partition(": ")
                if line.startswith("!"):
                    expected.pop(name.removeprefix("! "), None)
                else:
                    expected[name] = f"{expected[name]}, {value}" if name in expected else value
        assert dict(evaluate(rules, Request(path)).response_headers()) == expected, (text, path)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/a", "a line is SOURCE DESTINATION STATUS"),
        ("/a /b 301 Country=de", "a line is SOURCE DESTINATION STATUS"),
        ("/a /b 200!", "the status is one of"),
        ("/a /b 404", "the status is one of"),
        ("https://x.example/a /b", "the source is not a path"),
        ("/a https://x.example/ 200", "the destination is a path"),
        ("/*/b/* /c", "a path has one *"),
        ("/* /index.html 200", "leads to itself"),
        ("/a /" + "b" * 1000, "at most 1,000 characters"),
        ("/a /:b", 'no placeholder ":b"'),
    ],
)
def test_a_line_that_is_not_understood_gives_its_reason(line: str, reason: str) -> None:
    """And no rule."""
    found = redirects(line)
    assert [reason in remark.reason for remark in found.remarks] == [True]
    assert found.parts == found.remarks


def test_the_limits_are_those_of_the_documentation() -> None:
    """2,000 lines without placeholders, then 100 others."""
    text = "".join(f"/s{number} /t\n" for number in range(2001)) + "".join(f"/{n}/* /t\n" for n in range(101))
    assert [remark.source.line for remark in redirects(text).remarks] == [2001, 2102]


def test_a_long_file_is_written_as_statements() -> None:
    """One expression of two thousand calls is too deep for Python."""
    rules = rules_of(redirects("".join(f"/s{number} /t{number}\n" for number in range(1500))))
    assert outcome(rules, "/s1499?x=1") == ("redirect", 302, "/t1499?x=1")
