"""Where the edge keeps copies: bounded, and gone when the edge stops.

Its modules:

    store.py  `Cache`: copies by cache key
    copy.py   one copy, and what there is to see of it
    absent.py why there is none
"""

from prefetchrouter.edge.cache.copy import Copy, CopyView
from prefetchrouter.edge.cache.store import Cache

__all__ = ["Cache", "Copy", "CopyView"]
