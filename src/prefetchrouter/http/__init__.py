"""HTTP messages as rules see them.

Its modules:

    message.py             `Request` and `Response`
    header_fields.py       `HeaderFields`: header fields by name
    named_facts.py         facts of a request that its message does not contain, such as `location.country`
    request_target.py      path and query in their canonical form, and which are refused
    folder_paths.py        which file of a folder a request target means
    url_text.py            text as URLs hold it: percent-encoded, without dot segments
    http_dates.py          dates of HTTP, read strictly or as browsers do
    named_url.py           a URL as a purge names it
    structured_fields.py   structured fields (RFC 9651), read strictly and written
    masking.py             finds secrets by their names or their form, and masks them
"""

from prefetchrouter.http.header_fields import HeaderFields
from prefetchrouter.http.message import Request, Response
from prefetchrouter.http.named_facts import Fact

__all__ = ["Fact", "HeaderFields", "Request", "Response"]
