"""The edge's own pages: the last requests, one request with its explanation, the cache, the origins' log.

    edge_pages.py which page a request gets
    guard.py      who may see them
    rows.py       requests, stored responses, origin requests as rows
    sentences.py  what happened, in sentences
    request.py    one request with its explanation
    purging.py    purges by tag and URL, for programs
    page_templates.py  renders templates, with their security policy

The templates, the style and the script are in `templates/pages/`.
"""

from prefetchrouter.edge.pages.edge_pages import EdgePages
from prefetchrouter.edge.pages.rows import Copies

__all__ = ["Copies", "EdgePages"]
