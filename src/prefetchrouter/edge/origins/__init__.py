"""How the edge asks origins: by URL or from a folder, over several hosts, with retries.

Its modules:

    origins.py      all origins of a site, by name            place.py         one place that can be asked
    described.py    origins as a property describes them      given.py         origins as a user gives them
    balancing.py    several hosts for one origin              retrying.py      again, after certain statuses
    asking.py       asks a place, and tells the log           folder_place.py  a folder
    url_place.py    a host, by HTTP or HTTPS                  connections.py   the connections to it
    connection.py   one connection                            answer.py        an answer as it is parsed
    resolver.py     its addresses                             tls.py           its certificate
    wire.py         headers to it and from it                 upload.py        a body on its way to it
    answer_body.py  a body on its way from it
"""

from prefetchrouter.edge.origins.folder_place import FolderPlace
from prefetchrouter.edge.origins.origins import Origins
from prefetchrouter.edge.origins.place import Place
from prefetchrouter.edge.origins.url_place import UrlPlace

__all__ = ["FolderPlace", "Origins", "Place", "UrlPlace"]
