"""CDN rules as typed, tested Python, and pages that are already there when the user clicks.

A team keeps a ``routes.py``:

    >>> from prefetchrouter import Router
    >>> router = Router().match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})

``prefetchrouter build`` compiles it, tests ask what a request gets, and every reader looks at the same rules:

    >>> from prefetchrouter import Request, evaluate
    >>> evaluate(router, Request("/pages/1")).ttl()
    '1h'

    routes.py ──load──> Router ──> rules ──targets──────> ruleset.json, cache-manifest.js, VCL, ...
    (authoring)                      ├─────evaluation───> what a request gets, and which line decides it
                                     ├─────explanation──> why, and whether a click can use a prefetch
                                     ├─────lint─────────> likely mistakes, each with a request
                                     └─────edge─────────> a shared cache for this machine

The public names are listed in ``__init__.pyi``. Each is
loaded when it is first used, so importing the package costs next to nothing.
"""

from __future__ import annotations

from prefetchrouter.moved import find_moved_modules
from prefetchrouter.public import attach

__getattr__, __dir__ = attach(__name__)
find_moved_modules()
