"""Tables of requests."""

from __future__ import annotations

from typing import Any, cast

import pytest

from prefetchrouter.errors import CaseError
from prefetchrouter.testing import cases

pytest_plugins = ("pytester",)

TABLE = """
from prefetchrouter.testing import cases

test_rules = cases({
    "/pages/1": {"prefetchable": True, "ttl": "1h", "headers": {"x-a": "b", "x-none": None}},
    "POST /pages/1": {"ttl": None, "cached": False, "status": None},
    "/old": {"redirect": "/new", "origin": "web", "path": "/old", "denied": False},
    "/pages/2": {"ttl": "2h"},
})
"""
ROUTES = """
from prefetchrouter import Router

router = (
    Router()
    .always(origin={"set_origin": "web"}, headers={"set_response_headers": {"x-a": "b"}})
    .get("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    .match("/old", lambda route: route.redirect("/new"))
)
"""


def test_each_request_of_a_table_is_a_test(pytester: pytest.Pytester) -> None:
    """Named by the request; only what is expected is compared."""
    pytester.makepyfile(routes=ROUTES, test_table=TABLE)
    result = pytester.runpytest_subprocess("-v")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*test_rules?/pages/1? PASSED*", "*test_rules?/pages/2? FAILED*"])
    result.stdout.fnmatch_lines(["*{'ttl': '1h'} == {'ttl': '2h'}*", "*rules for <GET /pages/2>*"])


def test_what_no_answer_has_cannot_be_expected() -> None:
    """A test with a misspelled key does not pass."""
    with pytest.raises(CaseError, match='did you mean "prefetchable"') as caught:
        cases(cast("Any", {"/a": {"prefetchible": True}}))
    assert caught.value.code == "case"
