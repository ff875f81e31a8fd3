"""A case that does not go as it says fails, and says where: no runner passes everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.runners.embedded import Embedded, EmbeddedInProcess
from cases.runners.engine import Engine
from cases.runners.reader import parse
from cases.runners.running import run_cases

HEAD = """\
# What it shows.
concerns: E6

routes:
    from prefetchrouter import Router

    router = Router().match("/:path*", caching={"max_age": "1h"})

"""
RIGHT = """\
> POST /a
    x-kind: k
    | sent
>> POST /a
    x-kind: k
    | sent
<< 200
    etag: "a"
    | page
< 200 pass
    etag: "a"
    | page
"""
ENGINES = EmbeddedInProcess, Embedded


def played(engine: type[Engine], text: str, tmp_path: Path) -> list[str]:
    path = tmp_path / "a.case"
    path.write_text(HEAD + text)
    return list(run_cases(engine, [parse(HEAD + text, path)])[path].problems)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "old, new, problem",
    [
        ("x", "x", None),
        (">> POST /a", ">> POST /b", "unexpected request to the origin: POST /a"),
        ("    x-kind: k\n    | sent\n<<", "    | sent\n<<", "unexpected header `x-kind: k`"),
        ("    x-kind: k\n    | sent\n<<", "    x-kind: l\n    | sent\n<<", "expected `x-kind: l`"),
        ("    x-kind: k\n    | sent\n<<", "    no x-kind\n    | sent\n<<", "expected `no x-kind`"),
        ("    | sent\n<<", "    | other\n<<", "body b'sent' instead of b'other'"),
        ("< 200 pass", "< 203 pass", "status 200 instead of 203"),
        ("< 200 pass", "< 200 hit", "instead of hit"),
        ('< 200 pass\n    etag: "a"\n', "< 200 pass\n", 'unexpected header `etag: "a"`'),
        ("    | page\n< ", "    | pagee\n< ", "body b'pagee' instead of b'page'"),
        ("    | page\n< ", "    | page\n    cut\n< ", "the body is not complete"),
        ("    | page\n< ", "    | page\n>> GET /b\n<< 200\n< ", "no request GET /b to the origin"),
    ],
)
def test_what_differs_is_named(
    engine: type[Engine],
    old: str,
    new: str,
    problem: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cases.runners.sockets.SocketSession.missing_after", 0.5)
    assert old in RIGHT
    problems = played(engine, RIGHT.replace(old, new), tmp_path)
    if problem is None:
        assert problems == []
    else:
        assert any(problem in found for found in problems), problems


@pytest.mark.parametrize("engine", ENGINES)
def test_rules_that_an_engine_does_not_serve_are_a_problem(engine: type[Engine], tmp_path: Path) -> None:
    path = tmp_path / "a.case"
    text = (HEAD + RIGHT).replace('"max_age": "1h"', '"h264_support": ["/a.mp4"]')
    path.write_text(text)
    (problem,) = run_cases(engine, [parse(text, path)])[path].problems
    assert "h264_support" in problem


@pytest.mark.parametrize("engine", ENGINES)
def test_an_old_age_is_a_problem(engine: type[Engine], tmp_path: Path) -> None:
    text = "> GET /a\n>> GET /a\n<< 200\n    age: 900\n    | a\n< 200 miss\n    | a\n"
    (problem,) = played(engine, text, tmp_path)
    assert "`age: 900`" in problem
