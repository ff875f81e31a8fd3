"""The pytest plugin: finds routes.py, explains failures, and lists the rules that no test reached.

pytest loads it by entry point in every project, so it imports the rest only when a test evaluates rules.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from prefetchrouter.printable import printable
from prefetchrouter.testing.session import session as state

if TYPE_CHECKING:
    from prefetchrouter.testing.tester import RuleTester

_COVERAGE_KEY = "prefetchrouter_coverage"
_EXPLAINED = 3
"""The number of requests of a failing test that are explained, the last ones."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("prefetchrouter", "tests of CDN rules")
    group.addoption(
        "--routes", metavar="FILE", help="the routes file (default: the routes.py nearest to a test)"
    )
    group.addoption(
        "--unsupported-conditions", choices=("ignore", "drop"),
        help="how the manifest treats conditions that browsers cannot decide (default: as in the property)",
    )  # fmt: skip
    group.addoption(
        "--rule-cov", action="store_true", help="list the rules and branches that no test reached"
    )
    group.addoption(
        "--rule-cov-fail-under",
        type=float,
        metavar="PERCENT",
        help="fail if tests reach less of the rules and branches",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Apply the option to all routes files of the run."""
    state.unsupported_conditions = config.getoption("--unsupported-conditions")


@pytest.fixture
def routes(request: pytest.FixtureRequest) -> RuleTester:
    """The `RuleTester` of the routes file nearest to the test."""
    from prefetchrouter.testing.tester import RuleTester

    return RuleTester.of_file(_routes_file(request.node) or "routes.py")


def _routes_file(node: pytest.Item | pytest.Collector) -> Path | None:
    named = node.config.getoption("--routes")
    if named is not None:
        return Path(node.config.invocation_params.dir, named)
    for folder in [node.path.parent, *node.path.parent.parents]:
        if (folder / "routes.py").is_file():
            return folder / "routes.py"
        if folder == node.config.rootpath:
            break
    return None


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Select the nearest routes file for calls of `get` while a test module is imported."""
    state.start_test(_routes_file(collector))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Select the nearest routes file for the test and its fixtures."""
    state.start_test(_routes_file(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Assert the verdicts whose `assert` the test forgot."""
    result = yield
    for verdict in state.verdicts:
        if not verdict.was_looked_at and not verdict.holds:
            pytest.fail(f"{printable(verdict.reason, 1000)} (called without assert)", pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Explain the last requests of a failed test."""
    report = yield
    if report.when != "teardown" and report.failed:
        detail: Literal["full", "short"] = "full" if item.config.option.verbose >= 2 else "short"
        for answer in state.answers[-_EXPLAINED:]:
            text = _never_raising(partial(answer.explanation, detail))
            report.sections.append((f"rules for {answer!r}", text.replace("--full shows", "-vv shows")))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the coverage of an xdist worker to the controller, or fail a run below the required coverage."""
    if hasattr(session.config, "workeroutput"):
        if state.has_asked:
            session.config.workeroutput[_COVERAGE_KEY] = state.coverage.as_data()  # pyright: ignore[reportAttributeAccessIssue]
    elif _shortfall(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the coverage of a pytest-xdist worker."""
    data = getattr(node, "workeroutput", {}).get(_COVERAGE_KEY)
    if data:
        state.coverage.join(tuple(entry) for entry in data)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """List the rules that no test reached."""
    try:
        _summarise(terminalreporter, config)
    except Exception as error:
        terminalreporter.write_line(_failure("rule coverage", error))


def _never_raising(report: Callable[[], str]) -> str:
    """Return a report, or one line with the error: an exception here would abort the pytest run."""
    try:
        return report()
    except Exception as error:
        return _failure("the explanation", error)


def _failure(what: str, error: Exception) -> str:
    try:
        said = str(error)
    except Exception:
        said = "(the exception has no message)"
    return printable(f"{what} failed: {type(error).__name__}: {said}", 1000)


def _summarise(terminalreporter: Any, config: pytest.Config) -> None:
    if not config.getoption("--rule-cov") and config.getoption("--rule-cov-fail-under") is None:
        return
    terminalreporter.section("rule coverage")
    if state.has_asked:
        coverage = state.coverage
        for unit in coverage.missed:
            terminalreporter.write_line(printable(f"{unit.line}: no test reaches: {unit.text}", 1000))
        reached = coverage.count - len(coverage.missed)
        terminalreporter.write_line(
            f"{reached} of {coverage.count} rules and branches reached, {coverage.percent:.0f} %"
        )
    shortfall = _shortfall(config)
    if shortfall:
        terminalreporter.write_line(shortfall, red=True)


def _shortfall(config: pytest.Config) -> str | None:
    """Return a message if the required coverage is not reached, else None."""
    wanted = config.getoption("--rule-cov-fail-under")
    if wanted is None:
        return None
    if not state.has_asked:
        return f"FAIL: no test evaluated the rules; {wanted:g} % coverage is required"
    percent = state.coverage.percent
    return f"FAIL: {percent:.0f} % is less than the required {wanted:g} %" if percent < wanted else None
