"""What keeps a prefetch from happening or from helping, although the rules allow it."""

from __future__ import annotations

from prefetchrouter.browser.links import is_trustworthy
from prefetchrouter.catalog import keys
from prefetchrouter.evaluation import Decision
from prefetchrouter.evaluation.prefetch import stated
from prefetchrouter.printable import MOST_SHOWN, printable


def prefetch_doubts(decision: Decision, in_browser: Decision) -> tuple[str, ...]:
    """Return what keeps a prefetch of the URL from happening or from helping, although it is prefetchable.

    Args:
        decision: What the rules make of the request.
        in_browser: What browsers decide by the cache manifest.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> from prefetchrouter.browser_view.evaluation import evaluate_in_browser
        >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> router = Router().get("/a", caching=ages, comment="cache-manifest-ignore")
        >>> request = Request("/a")
        >>> prefetch_doubts(evaluate(router, request), evaluate_in_browser(router, request))
        ('the manifest does not show it: there no rule matches',)
    """
    doubts = []
    hidden = None if in_browser.prefetchable else in_browser.not_prefetchable_because
    if decision.prefetchable and hidden is not None:
        doubts.append(f"the manifest does not show it: there {hidden}")
    if decision.denied:
        denying = decision.values[keys.access.deny_access]
        doubts.append(stated(denying.key, denying.value, denying.source))
    if decision.redirect is not None:
        doubts.append(f"it is a redirect to {printable(decision.redirect.location, MOST_SHOWN)}")
    if not is_trustworthy(decision.request.scheme, decision.request.host or ""):
        doubts.append("it is requested over plain HTTP: service workers need HTTPS, or localhost")
    return tuple(doubts)
