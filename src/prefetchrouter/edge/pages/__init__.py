"""The edge's own pages: the last requests, one request with its explanation, the cache, the origins' log.

    site.py       which page a request gets
    guard.py      who may see them
    rows.py       requests, copies and origin requests as rows of tables
    sentences.py  what happened, in sentences
    request.py    one request with everything that is known of it
    render.py     templates, with the policy under which a browser runs them

The templates, the style and the script are in `templates/pages/`.
"""

from prefetchrouter.edge.pages.rows import Copies
from prefetchrouter.edge.pages.site import Pages

__all__ = ["Copies", "Pages"]
