"""Origins: requested by URL or read from a folder, with load balancing, failover and retries.

Origins (by name) -> fetch_with_retries -> LoadBalancer (several hosts) -> Upstream (one host or folder)

origins.py            all origins of a site, by name     upstream.py           the interface of one upstream
property_origins.py   origins of a property              option_origins.py     origins of `--origin`
balancing.py          several hosts for one origin       retrying.py           retries after certain statuses
call_log.py           one log entry for each request     folder_upstream.py    a folder
url_upstream.py       a host, by HTTP or HTTPS           connection_pool.py    the connections to it
connection.py         one connection                     incoming_response.py  parses a response
resolver.py           addresses of a host                tls.py                certificate checks
http1.py              heads as bytes, fields from bytes  upload.py             sends a request body
response_body.py      reads a response body
"""

from prefetchrouter.edge.origins.folder_upstream import FolderUpstream
from prefetchrouter.edge.origins.origins import Origins
from prefetchrouter.edge.origins.upstream import Upstream
from prefetchrouter.edge.origins.url_upstream import UrlUpstream

__all__ = ["FolderUpstream", "Origins", "Upstream", "UrlUpstream"]
