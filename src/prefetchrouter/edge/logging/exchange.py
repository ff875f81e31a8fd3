"""One request and its response, as they are logged once the response has ended."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.message import HeaderFields

Ending: TypeAlias = Literal["whole", "client gone", "origin broke off"]
"""How a response ended: all of it was sent; its client left or stopped reading; its body broke off."""


class Exchange(NamedTuple):
    """A request, what happened to it, and the response.

    Args:
        time: When the request arrived, in seconds since 1970.
        request: The request.
        status: The status code of the response.
        headers: The headers of the response.
        trace: What happened.
        seconds: From the request's head to the end of the response.
        size: How many bytes of body were sent.
        ended: How the response ended.
    """

    time: float
    request: EdgeRequest
    status: int
    headers: HeaderFields
    trace: RequestTrace
    seconds: float
    size: int
    ended: Ending
