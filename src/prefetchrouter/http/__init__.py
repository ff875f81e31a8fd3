"""HTTP messages as rules see them.

Its modules:

    message.py             `Request` and `Response`, with their header fields
    request_target.py      path and query in their canonical form, and which are refused
    url_text.py            text as URLs hold it: percent-encoded, without dot segments
    structured_fields.py   structured fields (RFC 9651), read strictly and written
"""

from prefetchrouter.http.message import Fact, HeaderFields, Request, Response

__all__ = ["Fact", "HeaderFields", "Request", "Response"]
