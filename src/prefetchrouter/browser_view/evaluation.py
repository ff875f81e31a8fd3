"""What a page decides: evaluation of the browser's view of the rules."""

from __future__ import annotations

from prefetchrouter.browser_view.view import BrowserView
from prefetchrouter.evaluation import Decision, Evaluator, evaluator_of
from prefetchrouter.http.message import Request
from prefetchrouter.rules.rule import HasRules


def evaluate_in_browser(rules: HasRules | Evaluator, request: Request) -> Decision:
    """Return what browsers decide about a URL by the cache manifest.

    Of the request only the URL counts: a page that decides about a link knows no more.

    Args:
        rules: A `RuleSet`, a `Router`, or an `Evaluator`, which is the same made ready beforehand.
        request: The request.

    Example:
        >>> from prefetchrouter import Router, evaluate
        >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> hidden = Router().get("/a", caching=ages, comment="cache-manifest-ignore")
        >>> evaluate(hidden, Request("/a")).prefetchable
        True
        >>> evaluate_in_browser(hidden, Request("/a")).not_prefetchable_because
        'no rule matches'
    """
    whole = evaluator_of(rules)
    return whole.through(BrowserView.of(whole.property)).evaluate(Request(request.url))
