"""What keeps a prefetch from happening or helping although the rules allow it."""

from __future__ import annotations

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.explanation.doubts import prefetch_doubts
from prefetchrouter.rules.typed.sections import CachingDict

BOTH: CachingDict = {"max_age": "1h", "service_worker_max_age": "10m"}


def doubts(router: Router, url: str) -> tuple[str, ...]:
    """Return the doubts about a prefetch of a URL."""
    request = Request(url)
    return prefetch_doubts(evaluate(router, request), evaluate_in_browser(router, request))


def test_a_hidden_rule_leaves_a_doubt() -> None:
    """The rules allow it, but no browser learns of it."""
    router = Router().match("/a", caching=BOTH, comment="cache-manifest-ignore")

    assert doubts(router, "/a") == ("the manifest does not show it: there no rule matches",)


def test_refusals_redirects_and_plain_http_leave_doubts() -> None:
    """A prefetch of these would not help a visitor."""
    router = Router().always(caching=BOTH)
    router.match("/old", lambda route: route.redirect("/new"))
    router.match("/secret", access={"deny_access": True})

    assert doubts(router, "/") == ()
    assert doubts(router, "/old") == ("it is a redirect to /new",)
    assert doubts(router, "/secret") == (f"access.deny_access is true ({router.rules[2].source})",)
    assert doubts(router, "http://shop.example/") == (
        "it is requested over plain HTTP: service workers need HTTPS, or localhost",
    )
