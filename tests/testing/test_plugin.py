"""The pytest plugin, in separate runs of pytest."""

from __future__ import annotations

import pytest

pytest_plugins = ("pytester",)

ROUTES = """
from prefetchrouter import Router

router = (
    Router()
    .match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    .if_("/a", comment="a")
    .else_(comment="b")
)
"""


def run(pytester: pytest.Pytester, test: str, *options: str, routes: str = ROUTES) -> pytest.RunResult:
    """Run one test file beside a routes file, in its own process."""
    pytester.makepyfile(routes=routes)
    pytester.makepyfile(test_rules="from prefetchrouter.testing import *\n" + test)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options)


def test_get_asks_the_routes_file_beside_the_test(pytester: pytest.Pytester) -> None:
    """Without any configuration."""
    result = run(pytester, "def test_it():\n    assert get('/pages/1').is_prefetchable()\n")
    result.assert_outcomes(passed=1)


def test_get_asks_the_nearest_routes_file_above_the_test(pytester: pytest.Pytester) -> None:
    """Up to the root of the project."""
    pytester.makepyfile(routes=ROUTES)
    folder = pytester.mkdir("tests")
    (folder / "test_rules.py").write_text(
        "from prefetchrouter.testing import get\ndef test_it():\n    assert get('/pages/1').ttl == '1h'\n"
    )
    pytester.runpytest_subprocess("tests").assert_outcomes(passed=1)


def test_the_option_names_another_routes_file(pytester: pytest.Pytester) -> None:
    """Relative to where pytest was started."""
    pytester.makepyfile(other=ROUTES)
    result = run(
        pytester,
        "def test_it():\n    assert get('/pages/1').ttl == '1h'\n",
        "--routes=other.py",
        routes="from prefetchrouter import Router\nrouter = Router()\n",
    )
    result.assert_outcomes(passed=1)


def test_the_fixture_gives_the_same_rules(pytester: pytest.Pytester) -> None:
    """For those who like fixtures."""
    result = run(pytester, "def test_it(routes):\n    assert routes.request('/pages/1').ttl == '1h'\n")
    result.assert_outcomes(passed=1)


def test_fixtures_ask_the_routes_file_of_their_test(pytester: pytest.Pytester) -> None:
    """Not the one of the test before, nor the one of the folder where pytest was started."""
    for name in ("a", "b"):
        folder = pytester.mkdir(name)
        (folder / "routes.py").write_text(ROUTES.replace("/pages", f"/{name}"))
        (folder / f"test_{name}.py").write_text(
            "import pytest\nfrom prefetchrouter.testing import get\n"
            f"@pytest.fixture\ndef page():\n    return get('/{name}/1')\n"
            "def test_it(page):\n    assert page.ttl == '1h'\n"
        )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_a_failure_explains_what_its_fixtures_asked(pytester: pytest.Pytester) -> None:
    """With the line that set the value."""
    test = "import pytest\n@pytest.fixture\ndef page():\n    return get('/pages/1')\n"
    result = run(pytester, f"{test}def test_it(page):\n    assert page.ttl == '2h'\n")
    result.stdout.fnmatch_lines(["* rules for <GET /pages/1> *"])


def test_a_module_asks_the_routes_file_beside_it_while_it_is_imported(pytester: pytest.Pytester) -> None:
    """As a table at the top of a file does."""
    folder = pytester.mkdir("site")
    (folder / "routes.py").write_text(ROUTES)
    (folder / "test_rules.py").write_text(
        "from prefetchrouter.testing import get\nPAGE = get('/pages/1')\n"
        "def test_it():\n    assert PAGE.ttl == '1h'\n"
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_failure_prints_the_explanation(pytester: pytest.Pytester) -> None:
    """With the lines of the rules."""
    result = run(pytester, "def test_it():\n    assert get('/pages/1').ttl == '2h'\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*rules for <GET /pages/1>*", "*caching.max_age.200*1h*routes.py:5*"])


def test_a_forgotten_assert_is_asserted(pytester: pytest.Pytester) -> None:
    """A verdict that no one looked at cannot pass in silence."""
    result = run(pytester, "def test_it():\n    get('/nope').is_prefetchable()\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*not prefetchable: *called without assert*"])


def test_a_verdict_that_was_looked_at_is_left_alone(pytester: pytest.Pytester) -> None:
    """As when its opposite is asserted."""
    result = run(pytester, "def test_it():\n    assert not get('/nope').is_prefetchable()\n")
    result.assert_outcomes(passed=1)


def test_coverage_names_what_no_test_reached(pytester: pytest.Pytester) -> None:
    """By line, branches too."""
    result = run(pytester, "def test_it():\n    get('/pages/1')\n", "--rule-cov")
    result.stdout.fnmatch_lines(
        ["routes.py:6: no test reaches: path matches /a", "2 of 3 rules and branches reached, 67 %"]
    )


@pytest.mark.parametrize(("wanted", "code"), [(66, 0), (67, 1)])
def test_too_little_coverage_fails_the_run(pytester: pytest.Pytester, wanted: int, code: int) -> None:
    """Though every test passed."""
    result = run(pytester, "def test_it():\n    get('/pages/1')\n", f"--rule-cov-fail-under={wanted}")
    assert result.ret == code


def test_wanted_coverage_without_any_question_fails_the_run(pytester: pytest.Pytester) -> None:
    """A check that nothing was measured for does not pass."""
    result = run(pytester, "def test_it():\n    pass\n", "--rule-cov-fail-under=1")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["FAIL: no test evaluated the rules*"])


def test_coverage_of_parallel_workers_is_joined(pytester: pytest.Pytester) -> None:
    """With pytest-xdist each worker reaches a part."""
    test = "def test_a():\n    get('/a')\ndef test_b():\n    get('/pages/1')\n"
    result = run(pytester, test, "--rule-cov", "-n", "2")
    result.stdout.fnmatch_lines(["3 of 3 rules and branches reached, 100 %"])


def test_a_broken_routes_file_fails_with_its_messages(pytester: pytest.Pytester) -> None:
    """As on the command line."""
    result = run(pytester, "def test_it():\n    get('/a')\n", routes="x = 1\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*routes.py defines no router*no-router*"])


def test_without_questions_nothing_is_printed(pytester: pytest.Pytester) -> None:
    """Projects that do not ask about rules never see the plugin."""
    result = run(pytester, "def test_it():\n    pass\n")
    assert "coverage" not in result.stdout.str()


def test_the_plugin_is_light(pytester: pytest.Pytester) -> None:
    """Starting pytest loads neither pydantic nor jinja2."""
    test = (
        "import sys\n"
        "def test_it():\n"
        "    assert not {'pydantic', 'jinja2', 'prefetchrouter.authoring.router'} & set(sys.modules)\n"
    )
    pytester.makepyfile(test_rules=test)
    pytester.runpytest_subprocess("-p", "no:hypothesispytest").assert_outcomes(passed=1)


def test_values_of_many_lines_end_no_run(pytester: pytest.Pytester) -> None:
    """Bodies have line breaks: the failure is explained, and the tests that follow run."""
    result = run(
        pytester,
        "def test_one():\n    assert get('/robots.txt').status == 404\n\ndef test_two():\n    get('/a')\n",
        routes='from prefetchrouter import Router\nrouter = Router().match("/robots.txt", '
        'lambda route: route.send("User-agent: *\\nDisallow: /\\n", 200))\n',
    )
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*set_response_body*User-agent: ?\\nDisallow: /\\n*"])


def test_a_report_that_fails_is_one_line(pytester: pytest.Pytester) -> None:
    """Whatever goes wrong in an explanation or in the coverage, the run goes on."""
    result = run(
        pytester,
        "from prefetchrouter.testing.answer import Answer\n"
        "from prefetchrouter.testing.session import session\n"
        "class Broken(Exception):\n    def __str__(self): raise ValueError\n"
        "def explode(*_): raise Broken\n"
        "def test_one(monkeypatch):\n"
        "    Answer.explanation = explode\n    assert get('/a').ttl == '9h'\n"
        "def test_two():\n    session.coverage.missed.__class__\n"
        "    type(session.coverage).missed = property(explode)\n",
        "--rule-cov",
    )
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["the explanation failed: Broken: *", "rule coverage failed: Broken: *"])


def test_the_option_for_the_manifest_holds_for_all_tests(pytester: pytest.Pytester) -> None:
    """As it does for the commands."""
    routes = (
        'from prefetchrouter import Router\nrouter = Router().match("/a", caching={"max_age": "1h", '
        '"service_worker_max_age": "1h"}).match({"path": "/a", "cookies": {"s": "1"}}, '
        'caching={"bypass_cache": True})\n'
    )
    test = "def test_it():\n    assert get('/a').is_prefetchable()\n"
    run(pytester, test, routes=routes).assert_outcomes(failed=1)
    run(pytester, test, "--unsupported-conditions=drop", routes=routes).assert_outcomes(passed=1)
