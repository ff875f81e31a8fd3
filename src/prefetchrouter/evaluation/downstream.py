"""What the client gets: redirects, synthetic responses, and the headers of every response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation import header_changes as header_rules
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.lazy import lazy
from prefetchrouter.evaluation.merge import Merged
from prefetchrouter.evaluation.redirect_target import leads_to_itself, location_of
from prefetchrouter.evaluation.variable_values import filled
from prefetchrouter.http.header_fields import HeaderFields, header_fields
from prefetchrouter.rules.features import UrlRedirect

_ANSWERING = frozenset(
    {
        keys.access.deny_access, keys.url.url_redirect, keys.response.set_done,
        keys.response.set_response_body, keys.response.set_status_code,
    }
)  # fmt: skip
_COOKIES = (
    keys.headers.set_response_headers.entry("set-cookie"),
    keys.headers.add_response_headers.entry("set-cookie"),
)


@dataclass(frozen=True, slots=True)
class Redirect:
    """Another address to which the client is sent.

    Args:
        status: The status code.
        location: The address, absolute or relative.
    """

    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A response that the edge makes itself.

    Args:
        status: The status code; None if the origin's stays.
        body: The text of the body; None if no rule sets one.
        asks_origin: Whether the request goes to the origin all the same, for status and headers.
    """

    status: int | None
    body: str | None
    asks_origin: bool


class Downstream:
    """The response as the client gets it; "downstream" is towards the client (RFC 9110, section 3.7).

    Args:
        context: The request.
        merged: The merged values of the features that apply.
        early: The merged values of those that do not wait for the response.
    """

    def __init__(self, context: RequestContext, merged: Merged, early: Merged) -> None:
        self._context = context
        self._merged = merged
        self._early = early

    @property
    def denied(self) -> bool:
        """Whether `deny_access` refuses the request."""
        return self._merged.value(keys.access.deny_access) is True

    @property
    def may_be_synthetic(self) -> bool:
        """Whether the edge could make the response itself; False for most requests, and quick to find out."""
        return self._context.refusal is not None or not _ANSWERING.isdisjoint(self._merged)

    @lazy
    def redirect(self) -> Redirect | None:
        """Where the client is sent, or None if nowhere."""
        if self.denied:
            return None
        return self._url_redirect or self._header_redirect

    @lazy
    def _url_redirect(self) -> Redirect | None:
        wanted = self._early.value(keys.url.url_redirect)
        if wanted is None or not wanted.destination:
            return None
        location = location_of(wanted, self._context)
        if location is None:
            return None
        found = Redirect(wanted.code or 302, location)
        request, host = self._context.request, self._context.host
        # A redirect to itself would never end. With a cookie the next request is another one, and may.
        leads_back = leads_to_itself(request, host, found.status, found.location)
        return None if leads_back and not self.sets_cookie else found

    @lazy
    def _header_redirect(self) -> Redirect | None:
        status = self._set_status
        if status is None or not 300 <= status < 400:
            return None
        location = self.headers().get("location")
        return Redirect(status, location) if location else None

    def location_of(self, redirect: UrlRedirect) -> str | None:
        """Return where a redirect leads this request, or None if it does not match or names no host."""
        return location_of(redirect, self._context)

    @property
    def sets_cookie(self) -> bool:
        """Whether the same request will be another one the next time, as it then has a cookie."""
        return any(key in self._early for key in _COOKIES)

    @lazy
    def _set_status(self) -> int | None:
        status = self._merged.value(keys.response.set_status_code)
        if isinstance(status, str):
            text = filled(status, self._context)
            return int(text) if len(text) == 3 and text.isascii() and text.isdigit() else None
        return status

    @lazy
    def status(self) -> int | None:
        """The status code, or None if the origin's is not known."""
        if self._context.refusal is not None:
            return 400
        if self.denied:
            return 403
        if self._url_redirect is not None:
            return self._url_redirect.status
        if self._set_status is not None:
            return self._set_status
        if self._merged.value(keys.response.set_done):
            return 200
        response = self._context.response
        return response.status if response else None

    @lazy
    def synthetic(self) -> Synthetic | None:
        """The response that the edge makes itself, or None if it makes none."""
        refusal = self._context.refusal
        if refusal is not None:
            return Synthetic(400, f"{refusal.message}\n", asks_origin=False)
        if self.denied:
            return Synthetic(403, None, asks_origin=False)
        done = self._merged.value(keys.response.set_done) is True
        body = self._merged.value(keys.response.set_response_body)
        if not done and body is None:
            return None
        text = None if body is None else filled(body, self._context, self.headers())
        return Synthetic(self.status, text, asks_origin=not done)

    def headers(
        self, origin_headers: Mapping[str, str | Sequence[str]] | HeaderFields | None = None
    ) -> HeaderFields:
        """Return the headers of the response, as far as rules say.

        Args:
            origin_headers: Those of the origin's response; by default of the request's response. They count
                only where the request goes to an origin.

        Raises:
            RequestError: A header is not valid (RFC 9110, section 5).
        """
        if self._context.refusal is not None:
            return HeaderFields()
        if self.denied or self._url_redirect is not None or self._merged.value(keys.response.set_done):
            given = HeaderFields()
        elif origin_headers is None:
            given = self._context.response_headers
        else:
            given = header_fields(origin_headers)
        return self.client_headers(self.stored_headers(given))

    def stored_headers(self, origin_headers: HeaderFields) -> HeaderFields:
        """Return the headers with which a response is stored: the origin's, changed as rules say.

        Args:
            origin_headers: Those of the origin's response.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().always(headers={"remove_origin_response_headers": ["set-cookie"]})
            >>> headers = HeaderFields({"etag": '"1"', "set-cookie": "a=1"})
            >>> evaluate(router, Request("/")).downstream.stored_headers(headers)
            HeaderFields({'etag': '"1"'})
        """
        return header_rules.stored_headers(self._context, self._merged.leaves, origin_headers)

    def client_headers(self, stored: HeaderFields) -> HeaderFields:
        """Return the headers that the client gets with a response that is stored, or has just arrived.

        Args:
            stored: What `stored_headers` returned when the response came from the origin.
        """
        location = self._url_redirect.location if self._url_redirect and not self.denied else None
        return header_rules.client_headers(
            self._context, self._merged.leaves, stored, self._merged.made(_caching), location
        )


def _caching(settings: Merged) -> Mapping[str, Any]:
    """Return the values of the section ``caching`` by feature."""
    start = f"{keys.caching.__name__}."
    return {key[len(start) :]: setting.value for key, setting in settings.items() if key.startswith(start)}
