"""The cache of the edge: stored responses in memory, within a limit.

Its modules:

    store.py            `Cache`: stored responses by cache key and `Vary`
    stored_response.py  one stored response, and the summary that pages show
    miss_reasons.py     why nothing is stored under a key
"""

from prefetchrouter.edge.cache.store import Cache
from prefetchrouter.edge.cache.stored_response import StoredResponse, StoredResponseView

__all__ = ["Cache", "StoredResponse", "StoredResponseView"]
