"""The browser's view: what pages may know of the rules, and for every rule why not the rest.

A page decides before it prefetches, and it knows a URL and nothing else: no cookies, no headers, no response.
So it gets a separate rule set, derived from the site's by a pass, rule by rule:

    rule set ──► BrowserView ──► rule set that a browser can decide ──► manifest  (printed, published)
                     │                                             └──► evaluate  (what a page decides)
                     └──► for each rule: what was left out, and why (`Filtered`, `Omission`)

Only what decides prefetching is listed. A rule with ``cache-manifest-ignore`` in its comment is hidden with
its condition. A condition that no browser can decide is taken out, or its rule is dropped; either may make
browsers and edge decide differently, which the omissions say.

    >>> from prefetchrouter import Request, Router, evaluate, evaluate_in_browser
    >>> from prefetchrouter.browser_view import filter_rules
    >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
    >>> router = Router().match({"path": "/a", "cookies": {"member": "1"}}, caching=ages)
    >>> (filtered,) = filter_rules(router.rules)
    >>> filtered.omissions[0].message[:42]
    'condition on request.cookie "member" is no'
    >>> request = Request("/a")  # without the cookie
    >>> evaluate(router, request).prefetchable, evaluate_in_browser(router, request).prefetchable
    (False, True)

=================  ======================================================================
filter.py          the pass on one rule, and what it leaves out
path_parts.py      tests of file name, extension and directory as tests of the whole path
view.py            the pass as an object, for `Evaluator.through` and for whole rule sets
static_routes.py   the paths for which browsers have to ask the service worker (loaded for built sites)
no_vary_search.py  which parameters of a URL make no difference to a response
evaluation.py      the pass composed with evaluation: what a page decides (not imported by a build)
=================  ======================================================================

``docs/manifest.md`` tells users what is published and what is not.
"""

from prefetchrouter.browser_view.filter import Filtered, Omission, Unsupported, filter_rules
from prefetchrouter.browser_view.view import BrowserView

__all__ = ["BrowserView", "Filtered", "Omission", "Unsupported", "filter_rules"]
