"""Where the edge keeps copies: bounded, and gone when the edge stops."""

from prefetchrouter.edge.cache.copy import Copy, CopyView
from prefetchrouter.edge.cache.store import Cache

__all__ = ["Cache", "Copy", "CopyView"]
