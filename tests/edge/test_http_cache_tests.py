"""The public HTTP cache tests, and that their page says what comes out."""

from __future__ import annotations

from functools import partial
from typing import get_args

import pytest

from edge.conformance import Kind, Outcome, Result, judge_edge
from edge.conformance_page import NEWEST, NO_REASON, PACKAGE, PAGE, counted, figures, told, unlike, written
from prefetchrouter.edge.clients.server import run

pytestmark = pytest.mark.needs("http-cache-tests")


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def results(page: str) -> list[Result]:
    """The outcome of each test; those that differ from the page run again, alone.

    Many of them count on seconds, a hundred run at the same time, and the machine may have other work. Where
    only the figures differ, a test came out otherwise that has no row, so all run again.
    """
    found = run(judge_edge)
    for _ in range(2):
        doubtful = unlike(page, found)
        if not doubtful and figures(found) in page:
            break
        again = {result.test: result for result in run(partial(judge_edge, doubtful))}
        wanted = doubtful or list(again)
        found = [again[result.test] if result.test in wanted else result for result in found]
    return found


def test_the_page_is_the_run(page: str, results: list[Result]) -> None:
    """Each failure stands there, none that passes does, and the figures are those of the run."""
    assert unlike(page, results) == []
    assert figures(results) in page
    assert written(page, results) == page


def test_each_failure_has_its_reason(page: str) -> None:
    """No one left a place for a reason empty."""
    assert f"| {NO_REASON} |" not in page


def test_nothing_was_lost_on_the_way(results: list[Result]) -> None:
    """The whole suite ran, each kind of test in it, and each that was not judged says why."""
    assert len(results) == 350
    assert {result.kind for result in results} == set(get_args(Kind))
    assert {result.outcome for result in results} == set(get_args(Outcome))
    assert all(result.open for result in results if result.outcome == "not judged")
    assert all(result.detail for result in results if result.outcome == "failed")


def test_the_figures_of_the_newest_suite_are_those_of_its_tables(page: str) -> None:
    """As many tests stand there with a reason as failed, or were not judged."""
    said = list(told(page, NEWEST).values())
    (required, optimal, _) = counted(page, NEWEST)
    assert sum(required) == 160
    assert sum(optimal) == 105
    assert required[0] >= 146
    for kind, (_, failed, unjudged) in (("required", required), ("optimal", optimal)):
        assert said.count((kind, "failed")) == failed  # type: ignore[arg-type]
        assert said.count((kind, "not judged")) == unjudged  # type: ignore[arg-type]


def test_what_passes_here_is_not_said_to_fail_in_the_newest_suite(page: str, results: list[Result]) -> None:
    """Tests that both suites have come out alike, except the few that wait for another one there."""
    passed = {result.test for result in results if result.outcome == "passed"}
    assert told(page, NEWEST).keys() & passed <= {"status-200-must-understand"}


EXAMPLE = [
    Result("a", "s", "", "required", "failed", "", "Assertion: x"),
    Result("b", "s", "", "required", "passed", "", ""),
    Result("c", "s", "", "optimal", "failed", "", "Assertion: y"),
    Result("d", "s", "", "check", "failed", "", "Assertion: z"),
]


def made(failed: str) -> str:
    """Return a page whose table of failed required tests has these rows."""
    tables = "\n".join(
        f"{heading}\n\nText.\n\n| tests | why |\n| --- | --- |\n" for heading in PACKAGE.tables.values()
    )
    row = "| **`prefetchrouter serve`**, package | 0 / 0 / 0 | 0 / 0 / 0 | 0 / 0 / 0 |\n"
    return row + tables.replace("| --- | --- |\n", f"| --- | --- |\n{failed}", 1) + "\nEnd.\n"


def test_a_page_is_written_from_a_run() -> None:
    """Reasons stay, rows of tests that pass go, new ones come without a reason; the rest stays as it is."""
    page = written(made("| `a`, `b` | since |\n| `gone` | never |\n"), EXAMPLE)
    assert page == made("| `a` | since |\n").replace(
        "0 / 0 / 0 | 0 / 0 / 0 | 0 / 0 / 0", "1 / 1 / 0 | 0 / 1 / 0 | 0 / 1 / 0"
    ).replace(
        f"{PACKAGE.tables['optimal', 'failed']}\n\nText.\n\n| tests | why |\n| --- | --- |\n",
        f"{PACKAGE.tables['optimal', 'failed']}\n\nText.\n\n| tests | why |\n| --- | --- |\n| `c` | ? |\n",
    )


def test_what_a_page_says_otherwise_is_found() -> None:
    """A failure that is not there, a pass that is; a check is in no table."""
    assert unlike(made("| `b` | since |\n"), EXAMPLE) == ["a", "b", "c"]
    assert unlike(made("| `a` | since |\n"), EXAMPLE) == ["c"]
