"""CDN rules as typed, tested Python, and pages that are already there when the user clicks.

A team keeps a ``routes.py``:

    >>> from prefetchrouter import Router
    >>> router = Router().match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})

and ``python -m prefetchrouter build`` compiles it. The public names are listed in ``__init__.pyi``. Each is
loaded when it is first used, so importing the package costs next to nothing.
"""

from __future__ import annotations

from prefetchrouter.moved import find_moved_modules
from prefetchrouter.public import attach

__getattr__, __dir__ = attach(__name__)
find_moved_modules()
