"""Calls for a whole site: passwords. Tables of redirects are tested in redirect_table/."""

from __future__ import annotations

import base64

import pytest

from prefetchrouter import Request, Router, build, evaluate, exact, or_
from prefetchrouter.authoring.criteria import Criteria
from prefetchrouter.errors import HelperError


def status(router: Router, path: str, authorization: str | None = None) -> int | None:
    given = {} if authorization is None else {"authorization": authorization}
    return evaluate(router, Request(path, headers=given)).status


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (None, 401),
        ("", 401),
        (basic("ann:secret"), None),
        (basic("bö:pä:ss"), None),
        (basic("ann:Secret"), 401),
        (basic("ann:secret").lower(), 401),
        ("Bearer " + basic("ann:secret")[6:], 401),
    ],
)
def test_only_the_given_passwords_open_a_page(authorization: str | None, expected: int | None) -> None:
    """Letter case counts, and so does the scheme."""
    router = Router().basic_auth("/a/:rest*", {"ann": "secret", "bö": "pä:ss"})
    assert status(router, "/a/b", authorization) == expected
    assert status(router, "/b") is None


@pytest.mark.parametrize(
    "criteria", [{}, "/a", exact("/a"), or_("/a", "/b"), {"path": "/a", "method": "GET"}]
)
def test_any_criteria_say_which_requests_need_a_password(criteria: Criteria) -> None:
    """Also none at all."""
    router = Router().basic_auth(criteria, {"ann": "secret"})
    assert (status(router, "/a"), status(router, "/a", basic("ann:secret"))) == (401, None)


def test_the_manifest_does_not_give_passwords_away() -> None:
    """Every browser gets it."""
    router = Router().match("/:path*", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    built = build(router.basic_auth("/a", {"ann": "secret"}))
    assert basic("ann:secret")[6:] not in built["cache-manifest.js"]


@pytest.mark.parametrize(
    "credentials", [{}, None, "ann:secret", {"a:b": "x"}, {"": "x"}, {"a": ""}, {"a": 5}, {"\ud800": "x"}]
)
def test_wrong_credentials_are_an_error_that_shows_no_password(credentials: object) -> None:
    """At the call."""
    with pytest.raises(HelperError) as caught:
        Router().basic_auth("/a", credentials)  # type: ignore[arg-type]
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("realm", ['a"b', "a\nb", "ä", 5, "%{host}"])
def test_a_realm_is_plain_text(realm: object) -> None:
    """It is put into a header."""
    with pytest.raises(HelperError):
        Router().basic_auth("/a", {"ann": "secret"}, realm=realm)  # type: ignore[arg-type]
