"""Speculation Rules: which links browsers may prefetch or prerender without any script.

    routes.py                                        speculation-rules.json
    .match("/pages/:id", caching=...)        ──►     {"prefetch": [{"tag": "routes.py:5",
                                                        "eagerness": "moderate",
                                                        "where": {"and": [{"href_matches": ...}, ...]}}]}

No link is in a `where` that the rules do not make prefetchable. What a link does not show, such as a cookie,
cannot be tested there: the links that depend on it are left out, and `Speculations.left_out` says so.

    >>> from prefetchrouter import Router
    >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
    >>> rules = Router().match("/:page*", caching=ages).match("/cart", caching={"bypass_cache": True})
    >>> [found.eagerness for found in speculations_of(rules).found]
    ['moderate']

The modules, in the order of their imports:

    link_tests.py     tests of links, as browsers read them
    url_patterns.py   tests of paths as URL patterns
    prefetchable.py   when the rules make a URL prefetchable
    bounds.py         what of that a link shows
    where.py          for each rule, its links
    covering.py       which of them cover a link
    learned.py        sooner for links that visitors are likely to open
    document.py       the file

`docs/speculation.md` describes how to use it.
"""

from prefetchrouter.speculation.covering import covering
from prefetchrouter.speculation.document import Speculations, announces, rules_text, speculations_of, tag
from prefetchrouter.speculation.where import LeftOut, Speculation

__all__ = [
    "LeftOut",
    "Speculation",
    "Speculations",
    "announces",
    "covering",
    "rules_text",
    "speculations_of",
    "tag",
]
