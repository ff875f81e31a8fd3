"""Where rules send a request that no stored response answers, and how it looks there."""

from __future__ import annotations

from collections.abc import Mapping

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.header_changes import request_headers
from prefetchrouter.evaluation.lazy import lazy
from prefetchrouter.evaluation.merge import Merged
from prefetchrouter.evaluation.site_settings import SiteSettings
from prefetchrouter.evaluation.variable_values import with_query
from prefetchrouter.http.header_fields import HeaderFields


class UpstreamRequest:
    """The request as an origin gets it; "upstream" is towards the origin (RFC 9110, section 3.7).

    Args:
        context: The request.
        early: The merged values of the features that do not wait for the response: those come too late here.
        site: The site's settings.
    """

    def __init__(self, context: RequestContext, early: Merged, site: SiteSettings) -> None:
        self._context = context
        self._early = early
        self._site = site

    @lazy
    def origin(self) -> str | None:
        """The name of the origin: that of a rule, else the default of the hostname; None without either."""
        if self._context.refusal is not None:
            return None
        name = self._early.value(keys.origin.set_origin)
        return name if name is not None else self._site.default_origin(self._context.host)

    @property
    def path(self) -> str:
        """Path and query after rewrites."""
        return with_query(self._context.sent_path, self._context.origin_query)

    @lazy
    def headers(self) -> HeaderFields:
        """The headers of the request."""
        return self.headers_for(self._context.headers)

    def headers_for(self, headers: Mapping[str, str]) -> HeaderFields:
        """Return the headers of a request that may have more of them than rules can see.

        Args:
            headers: The client's headers by their names in lower case. Those that rules read are as in the
                request that was evaluated.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().always(headers={"set_request_headers": {"x-a": "%{http_x_b}"}})
            >>> decision = evaluate(router, Request("/", headers={"x-b": "1"}))
            >>> decision.upstream.headers_for({"x-b": "1", "accept": "*/*"})
            HeaderFields({'host': 'localhost', 'x-b': '1', 'accept': '*/*', 'x-a': '1'})
        """
        return request_headers(self._context, headers, self._early.leaves)
