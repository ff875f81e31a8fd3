"""`lint/redirect-chain`: redirects that lead to redirects, and to an end."""

from __future__ import annotations

import re
from functools import partial

import pytest

from prefetchrouter import Route, Router, exact
from prefetchrouter.lint import Finding, lint
from prefetchrouter.lint.check_registry import chosen_checks

CHAINS = chosen_checks(select=["lint/redirect-chain"])


def found(router: Router) -> tuple[Finding, ...]:
    """What the check finds, without the warnings of the build."""
    return lint(router, checks=CHAINS)


def redirected(end: str, route: Route) -> None:
    """Redirect a route."""
    route.redirect(end)


def moved(*steps: tuple[str, str]) -> Router:
    """A router that redirects one page to another, each."""
    router = Router()
    for start, end in steps:
        router.match(start, partial(redirected, end))
    return router


@pytest.mark.parametrize(
    "router",
    [
        moved(("/a", "/b"), ("/b", "/a")),
        moved(("/a", "/b"), ("/b", "/c"), ("/c", "/a")),
        moved(("/a", "/b"), ("/b", "/c"), ("/c", "/d"), ("/d", "/b")),
        moved(("/:page", "/:page/")),
        moved(("/:page", "/:page")),
        moved(("/:page*", "/en/:page*")),
        moved(("/docs", "/docs/")),
        Router().match(re.compile("^/(.*)/$"), lambda route: route.redirect("/$1/")),
    ],
)
def test_a_loop_is_left_to_the_build(router: Router) -> None:
    """It has a warning there; no page is the last one, so no cure holds."""
    assert found(router) == ()


def test_the_cure_is_the_last_page() -> None:
    """Each redirect but the last is one of a chain."""
    first, second = found(moved(("/a", "/b"), ("/b", "/c"), ("/c", "/d")))
    assert first.diagnostic.message == (
        "/a redirects to /b, which redirects to /c, then to /d: visitors wait for three redirects"
    )
    assert first.diagnostic.hint == "redirect to /d at once"
    assert second.witness is not None
    assert second.witness.path == "/b"


def test_one_redirect_and_one_to_another_host_are_not_a_chain() -> None:
    """What other hosts do is not known."""
    assert found(moved(("/a", "/b"), ("/c", "/d"))) == ()
    assert found(moved(("/a", "https://b.example/b"), ("/b", "/c"))) == ()
    assert found(Router().match(exact("/docs"), lambda route: route.redirect("/docs/"))) == ()
