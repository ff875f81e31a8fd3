"""`get`, `post` and the other methods: what a request gets from the current routes file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from prefetchrouter.testing.answer import Answer
from prefetchrouter.testing.session import session
from prefetchrouter.testing.tester import RuleTester

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefetchrouter.http.message import Fact, Response


class About(TypedDict, total=False):
    """Further facts about a request; see `RuleTester.request`."""

    headers: Mapping[str, str] | None
    cookies: Mapping[str, str] | None
    facts: Mapping[str, Fact] | None
    unknown: Sequence[str]
    status: int | None
    response_headers: Mapping[str, str] | None
    response: Response | None


def request(url: str, method: str = "GET", **about: Unpack[About]) -> Answer:
    """Return what a request gets from the current routes file.

    In a test that is the nearest ``routes.py``, or the file of ``--routes``; elsewhere ``routes.py`` in the
    current folder.

    Args:
        url: An absolute URL, or a path.
        method: The method.
        about: Further facts; see `RuleTester.request`.

    Raises:
        LoadError, RoutesError: The file cannot be loaded.
        RequestError: The request is invalid.

    Example:
        answer = request("/pages/1", cookies={"session": "1"})
        assert answer.ttl == "1h"
    """
    return RuleTester.of_file(session.routes or Path("routes.py")).request(url, method, **about)


def get(url: str, **about: Unpack[About]) -> Answer:
    """Return what a GET request gets; see `request`."""
    return request(url, "GET", **about)


def head(url: str, **about: Unpack[About]) -> Answer:
    """Return what a HEAD request gets; see `request`."""
    return request(url, "HEAD", **about)


def post(url: str, **about: Unpack[About]) -> Answer:
    """Return what a POST request gets; see `request`."""
    return request(url, "POST", **about)


def put(url: str, **about: Unpack[About]) -> Answer:
    """Return what a PUT request gets; see `request`."""
    return request(url, "PUT", **about)


def patch(url: str, **about: Unpack[About]) -> Answer:
    """Return what a PATCH request gets; see `request`."""
    return request(url, "PATCH", **about)


def delete(url: str, **about: Unpack[About]) -> Answer:
    """Return what a DELETE request gets; see `request`."""
    return request(url, "DELETE", **about)


def options(url: str, **about: Unpack[About]) -> Answer:
    """Return what an OPTIONS request gets; see `request`."""
    return request(url, "OPTIONS", **about)
