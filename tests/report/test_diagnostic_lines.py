"""Diagnostics for people and for programs."""

from __future__ import annotations

import json

import pytest

from prefetchrouter import Diagnostic, Source
from prefetchrouter.report.diagnostic_lines import diagnostic_text, diagnostics_json, diagnostics_text
from prefetchrouter.report.table import Style

PLAIN = Style(enabled=False)
FULL = Diagnostic(
    "duration", '"1hr" is not a duration', Source("routes.py", 3), "a number and a unit", 'write "1h"'
)


def test_a_diagnostic_says_where_what_and_the_code_then_the_cure() -> None:
    """What was expected and the hint stand below."""
    assert diagnostic_text(FULL, PLAIN) == (
        'routes.py:3: error: "1hr" is not a duration [duration]\n  expected a number and a unit\n  write "1h"'
    )


def test_what_a_diagnostic_does_not_have_is_left_out() -> None:
    """One line may be all."""
    assert diagnostic_text(Diagnostic("size", "wrong"), PLAIN) == "error: wrong [size]"


@pytest.mark.parametrize("severity, colour", [("error", "31"), ("warning", "33")])
def test_the_severity_is_named_and_coloured(severity: str, colour: str) -> None:
    """Red for what stops a build."""
    diagnostic = Diagnostic("size", "wrong", severity=severity)  # type: ignore[arg-type]
    assert diagnostic_text(diagnostic, PLAIN).startswith(f"{severity}: ")
    assert f"\x1b[{colour}m{severity}: \x1b[0m" in diagnostic_text(diagnostic, Style(enabled=True))


def test_of_many_alike_the_first_three_are_reported() -> None:
    """A loop makes thousands of mistakes on one line; those of other lines and codes are still seen."""
    loop = [Diagnostic("size", f"wrong {number}", Source("routes.py", 4)) for number in range(3000)]
    assert diagnostics_text([*loop, FULL, *loop], PLAIN).splitlines() == [
        "routes.py:4: error: wrong 0 [size]",
        "routes.py:4: error: wrong 1 [size]",
        "routes.py:4: error: wrong 2 [size]",
        "and 5,997 more [size] at routes.py:4",
        *diagnostic_text(FULL, PLAIN).splitlines(),
    ]


def test_what_has_no_line_is_reported_in_full() -> None:
    """Nothing says that such diagnostics are alike."""
    placeless = [Diagnostic("size", f"wrong {number}") for number in range(9)]
    assert len(diagnostics_text(placeless, PLAIN).splitlines()) == 9


def test_programs_get_every_part_of_it() -> None:
    """What is not there is null."""
    assert json.loads(
        json.dumps(diagnostics_json([FULL, Diagnostic("size", "wrong", severity="warning")]))
    ) == [
        {
            "code": "duration",
            "severity": "error",
            "message": '"1hr" is not a duration',
            "file": "routes.py",
            "line": 3,
            "span": None,
            "path": [],
            "expected": "a number and a unit",
            "hint": 'write "1h"',
            "fix": None,
            "page": "docs/errors/duration.md",
        },
        {
            "code": "size",
            "severity": "warning",
            "message": "wrong",
            "file": None,
            "line": None,
            "span": None,
            "path": [],
            "expected": None,
            "hint": None,
            "fix": None,
            "page": "docs/errors/size.md",
        },
    ]
