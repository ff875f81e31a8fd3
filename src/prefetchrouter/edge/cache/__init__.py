"""Where the edge keeps copies: bounded, and gone when the edge stops.

Its modules:

    store.py  `Cache`: copies by cache key
    copy.py   one copy, and what there is to see of it
"""

from prefetchrouter.edge.cache.copy import Copy, CopyView
from prefetchrouter.edge.cache.store import Cache

__all__ = ["Cache", "Copy", "CopyView"]
