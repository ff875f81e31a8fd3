"""The pytest plugin: finds routes.py, explains failures, and tells which rules no test reached.

It is found by pytest without configuration, and imports the rest only once a test asks.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prefetchrouter.printable import printable
from prefetchrouter.testing.session import session as noted

if TYPE_CHECKING:
    from prefetchrouter.testing.tester import RuleTester

_COVERAGE_KEY = "prefetchrouter_coverage"
_EXPLAINED = 3
"""How many of a failing test's last requests are explained."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("prefetchrouter", "tests of CDN rules")
    group.addoption(
        "--routes", metavar="FILE", help="the routes file (default: the routes.py nearest to a test)"
    )
    group.addoption(
        "--unsupported-conditions", choices=("ignore", "drop"),
        help="what the manifest does with conditions that browsers cannot decide (as the property says)",
    )  # fmt: skip
    group.addoption("--rule-cov", action="store_true", help="tell which rules and branches no test reached")
    group.addoption(
        "--rule-cov-fail-under",
        type=float,
        metavar="PERCENT",
        help="fail when tests reach fewer of the rules and branches",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let all tests decide by the same manifest."""
    noted.unsupported_conditions = config.getoption("--unsupported-conditions")


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
    """Let what a test module asks while it is imported go to the file nearest to it."""
    noted.start_test(_routes_file(collector))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let `get` ask the file nearest to the test, in its fixtures too."""
    noted.start_test(_routes_file(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Assert the verdicts that the test forgot to."""
    result = yield
    for verdict in noted.verdicts:
        if not verdict.was_looked_at and not verdict.holds:
            pytest.fail(f"{printable(verdict.reason, 1000)} (asked for without assert)", pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Explain the last requests of a test that failed."""
    report = yield
    if report.when != "teardown" and report.failed:
        for answer in noted.answers[-_EXPLAINED:]:
            report.sections.append((f"rules for {answer!r}", _never_raising(answer.explanation)))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send what a worker noted to the process that reports, and fail below the wanted coverage."""
    if hasattr(session.config, "workeroutput"):
        if noted.has_asked:
            session.config.workeroutput[_COVERAGE_KEY] = noted.coverage.as_data()
    elif _shortfall(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Join what a worker of pytest-xdist noted."""
    data = getattr(node, "workeroutput", {}).get(_COVERAGE_KEY)
    if data:
        noted.coverage.join(tuple(entry) for entry in data)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Tell which rules no test reached."""
    try:
        _summarise(terminalreporter, config)
    except Exception as error:
        terminalreporter.write_line(_failure("rule coverage", error))


def _never_raising(report: Callable[[], str]) -> str:
    """Return a report, or in one line why there is none: a report must not end the run."""
    try:
        return report()
    except Exception as error:
        return _failure("the explanation", error)


def _failure(what: str, error: Exception) -> str:
    try:
        said = str(error)
    except Exception:
        said = "and it cannot say why"
    return printable(f"{what} failed: {type(error).__name__}: {said}", 1000)


def _summarise(terminalreporter: Any, config: pytest.Config) -> None:
    if not config.getoption("--rule-cov") and config.getoption("--rule-cov-fail-under") is None:
        return
    terminalreporter.section("rule coverage")
    if noted.has_asked:
        coverage = noted.coverage
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
    """Return what is missing to the wanted coverage, None when nothing is."""
    wanted = config.getoption("--rule-cov-fail-under")
    if wanted is None:
        return None
    if not noted.has_asked:
        return f"FAIL: no test asked what a request gets; {wanted:g} % coverage is wanted"
    percent = noted.coverage.percent
    return f"FAIL: {percent:.0f} % is less than the wanted {wanted:g} %" if percent < wanted else None
