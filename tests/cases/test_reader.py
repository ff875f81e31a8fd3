"""A case file means one thing, or says with its line what is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.runners.case import Answer, Ask, Expected, Leave, Purge, Receive, Release, Send, Wait
from cases.runners.reader import CaseError, parse

HEAD = """\
# What it shows.
concerns: E6

routes:
    router = 1

"""
PATH = Path("a.case")


def events(text: str) -> tuple[object, ...]:
    return parse(HEAD + text, PATH).events


def problem(text: str) -> str:
    with pytest.raises(CaseError) as error:
        parse(text, PATH)
    return str(error.value)


def test_what_a_file_says_becomes_data() -> None:
    case = parse(HEAD + "> GET /a\n< 412 refused\n", PATH)
    assert (case.title, case.concerns, case.routes) == ("What it shows.", ("E6",), "router = 1\n")
    assert case.events == (Send(7, "GET", "/a"), Receive(8, (412,), "refused"))


def test_requests_have_names_numbers_headers_and_bodies() -> None:
    sent = events(
        "> one: POST /a?x=1\n    a: b: c\n    | x\n    |\n    |  y\n> 2 x GET /b HTTP/1.0\nleave one\n"
        "< 2 x 200 hit\n    any body\n"
    )
    assert sent == (
        Send(7, "POST", "/a?x=1", (("a", "b: c"),), b"x\n\n y", "one"),
        Send(12, "GET", "/b", times=2, version="1.0"),
        Leave(13, "one"),
        Receive(14, (200,), "hit", body=None, times=2),
    )


def test_a_response_may_have_several_statuses_and_any_state() -> None:
    assert events("> GET /a\n< 204 or 502 any\n")[1:] == (Receive(8, (204, 502), None),)


def test_origins_get_requests_and_answer() -> None:
    asked = events(
        "> GET /a\n>> api GET /a\n    x ~ [ab]\n    no y\n<< 404 held\n    z:\n    cut\n"
        "< 404 miss\nrelease\nwait 2.5s\n"
    )
    assert asked[1] == Ask(
        8, "api", "GET", "/a", Answer(11, "held", 404, (("z", ""),), is_cut=True),
        (Expected("x", "[ab]", is_regex=True), Expected("y", None)),
    )  # fmt: skip
    assert asked[3:] == (Release(15), Wait(16, 2.5))


def test_a_purge_names_tags_and_urls_or_is_of_everything() -> None:
    purges = events("> GET /a\n< 200 hit\npurge tag a.c url /a?tag=1 tag (x|y)*\npurge all\n")[2:]
    assert purges == (Purge(9, ("a.c", "(x|y)*"), ("/a?tag=1",)), Purge(10))


def test_an_origin_that_drops_a_connection_may_get_the_request_again() -> None:
    for method, most in (("GET", 2), ("POST", 1)):
        for how in ("drops", "drops held"):
            ask = events(f"> {method} /a\n>> {method} /a\n<< {how}\n< 502 error\n    any body\n")[1]
            assert isinstance(ask, Ask)
            assert (ask.times, ask.at_most) == (1, most)


@pytest.mark.parametrize(
    "text, line, words",
    [
        ("> GET /a\n< 200 hitt\n", 8, "'hitt' is not a state"),
        ("> GET /a\n", 7, "no `<` or `leave` ends the request"),
        ("> GET /a\n< 200 hit\n< 200 hit\n", 9, "there is no unfinished request"),
        ("> GET /a\n>> GET /a\n< 200 hit\n", 8, "needs its answer"),
        ("> GET /a\n<< 200\n< 200 hit\n", 8, "`<<` comes after the `>>`"),
        ("> GET /a\n    x ~ y\n< 200 hit\n", 8, "expected `name: value`"),
        ("> GET /a\n< 200 hit\n    x ~ (\n", 8, "not a regular expression"),
        ("> GET /a\n    any body\n< 200 hit\n", 8, "expected `name: value`"),
        ("> GET /a\n< 200 hit\n    body 3 of a\n    | x\n", 8, "two bodies"),
        ("> GET /a\n>> GET /a\n<< drops\n    a: b\n< 502 error\n", 9, "an origin that drops sends nothing"),
        ("> GET /a\n< 200 hit\nwait 2\n", 9, "not a line of a case: 'wait 2'"),
        ("> GET /a\n< 200 hit\nrelease\n    x\n", 10, "nothing is indented below"),
        ("> GET /a\n< 200 hit\npurge\n", 9, "not a line of a case: 'purge'"),
        ("> GET /a\n< 200 hit\npurge all tag a\n", 9, "not a line of a case"),
        ("> GET /a\n< 200 hit\npurge tag\n", 9, "not a line of a case"),
        ("> GET /a\n< 200 hit\n\tx: y\n", 9, "no tab"),
        ("> GET\n< 200 hit\n", 7, "not a line of a case"),
        ("> 0 x GET /a\n< 200 hit\n", 7, "from 1 to 1000"),
        ("concerns: E7\n> GET /a\n< 200 hit\n", 7, "already"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, words: str) -> None:
    assert any(
        found.startswith(f"a.case:{line}: ") and words in found for found in problem(HEAD + text).split("\n")
    ), problem(HEAD + text)


def test_all_that_is_missing_is_named_at_once() -> None:
    assert len(problem("").split("\n")) == 4


def test_routes_are_python_and_concerns_are_known() -> None:
    text = problem(HEAD.replace("E6", "E6, E99, caching.max_aeg, =~, request.path").replace("= 1", "= ="))
    assert "a.case:2: 'E99' is neither" in text
    assert "a.case:2: 'caching.max_aeg'" in text
    assert "a.case:5: the routes are not Python" in text
    assert "=~" not in text


_LINES = st.sampled_from(
    [
        "> GET /a",
        ">> GET /a",
        "<< 200",
        "< 200 hit",
        "    | x",
        "    a: b",
        "wait 1s",
        "release",
        "",
        "# x",
        "leave a",
        "> a: GET /b",
        "< a: 200 miss",
        "<< drops",
        "    cut",
        "  any body",
        "concerns: E1",
        "routes:",
    ]
)


@given(st.lists(_LINES | st.text(max_size=12), max_size=12))
def test_no_text_does_anything_else_than_be_read_or_refused(lines: list[str]) -> None:
    """Each line of a refusal begins with the file and a line of it."""
    text = "\n".join([HEAD, *lines])
    try:
        parse(text, PATH)
    except CaseError as error:
        for line in str(error).split("\n"):
            found = re.match(r"a\.case:(\d+): .", line)
            assert found, line
            assert 1 <= int(found[1]) <= text.count("\n") + 1
