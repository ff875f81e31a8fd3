"""`ClientView`: status, headers and body of a response as rules show it to clients."""

from __future__ import annotations

import weakref
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from prefetchrouter.browser.names import NAMES
from prefetchrouter.catalog import keys
from prefetchrouter.edge.cache import StoredResponse
from prefetchrouter.edge.engine.plan import RequestPlan
from prefetchrouter.edge.engine.synthetic import final_status, headers_for, synthetic_response
from prefetchrouter.evaluation import Decision
from prefetchrouter.evaluation.merge import Merged
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.age import with_age
from prefetchrouter.http_cache.changed_fields import changed

_MOST_VIEWS = 16
_MOST_WITH_AGE = 256
_AGE = ("age",)
_OF_THE_BODY = frozenset(
    {"content-length", "content-encoding", "content-range", "etag", "last-modified", "accept-ranges"}
)


class DeliverySettings(NamedTuple):
    """The features that decide how a response is delivered.

    Args:
        ruled_headers: The names of the headers that rules set; a 304 has them too.
        sends_age: Whether `Age` is sent.
        compressed_types: The media types that are compressed.
        ignores_unsatisfiable: Whether an unsatisfiable range gets the whole response.
        refetches_empty: Whether a stored response without a body counts as expired.
        prevalidation: How long before it becomes stale a stored response is refreshed, in seconds.
    """

    ruled_headers: frozenset[str]
    sends_age: bool
    compressed_types: tuple[str, ...] = ()
    ignores_unsatisfiable: bool = False
    refetches_empty: bool = False
    prevalidation: float = 0.0

    @classmethod
    def of(cls, settings: Merged) -> DeliverySettings:
        """Return them for the features of a decision."""
        prevalidation = settings.value(keys.caching.prevalidate_cached_content)
        return cls(
            _ruled_headers(settings),
            settings.value(keys.headers.age_response_header) is not False,
            tuple(settings.value(keys.response.compress_content_types) or ()),
            settings.value(keys.caching.ignore_unsatisfiable_ranges) is True,
            settings.value(keys.caching.refresh_zero_byte_cache_files) is True,
            0.0 if prevalidation is None else float(prevalidation.seconds),
        )

    @classmethod
    def of_synthetic(cls, settings: Merged) -> DeliverySettings:
        """Return them for a synthetic response, which has no age."""
        return cls(_ruled_headers(settings), sends_age=False)


def _ruled_headers(settings: Merged) -> frozenset[str]:
    starts = (f"{keys.headers.set_response_headers}.", f"{keys.headers.add_response_headers}.")
    names = [key.split(".", 2)[2].removeprefix("+").lower() for key in settings if key.startswith(starts)]
    return frozenset([NAMES.worker_cache_header, *names])


@dataclass(slots=True, eq=False)
class ClientView:
    """A response as rules show it to clients, before ranges, conditions and compression.

    Args:
        status: The status, after the rules.
        headers: The headers without `Age`, after the rules.
        settings: How it is delivered.
        body: The body that rules set in place of the origin's, None without one.
        response_rules: The lines of the rules that apply because of the response.
    """

    status: int
    headers: HeaderFields
    settings: DeliverySettings
    body: bytes | None
    response_rules: tuple[str, ...]

    _age: int = -1
    _aged: HeaderFields | None = field(default=None, repr=False)

    def headers_at(self, age: float) -> HeaderFields:
        """Return the headers for an age in seconds; the same object within the same second."""
        known = self._aged
        if known is None or self._age != int(age):
            sends_age = self.settings.sends_age
            known = with_age(self.headers, age) if sends_age else changed(self.headers, without=_AGE)
            if self._aged is None:
                _remember_aged(self)
            self._age, self._aged = int(age), known
        return known


_aged_views: deque[ClientView] = deque()


def _remember_aged(view: ClientView) -> None:
    # Headers with an age are kept for the views in use only: for all, they would double the cache.
    _aged_views.append(view)
    if len(_aged_views) > _MOST_WITH_AGE:
        _aged_views.popleft()._aged = None


def client_view(decision: Decision, status: int, headers: HeaderFields) -> ClientView:
    """Return a response as clients see it.

    Args:
        decision: The decision, with the origin's response.
        status: The status of the response.
        headers: Its headers, after the rules on an origin's headers.
    """
    body: bytes | None = None
    if decision.downstream.may_be_synthetic:
        if decision.denied or decision.get(keys.response.set_done) is True:
            own = synthetic_response(decision)
            if own is not None:
                assert isinstance(own.body, bytes)
                settings = decision.of_settings(DeliverySettings.of_synthetic)
                return ClientView(own.status, own.headers, settings, own.body, decision.late_lines)
        if decision.synthetic is not None and decision.synthetic.body is not None:
            body = decision.synthetic.body.encode()
        status = final_status(decision.status, status)
    headers = decision.downstream.client_headers(headers)
    if body is not None:
        headers = changed(headers, without=_OF_THE_BODY)
    settings = decision.of_settings(DeliverySettings.of)
    return ClientView(status, headers_for(status, headers), settings, body, decision.late_lines)


def client_view_of(plan: RequestPlan, stored: StoredResponse) -> ClientView:
    """Return a stored response as a client sees it; made once for all requests that are alike."""
    known = stored.views
    # Weak: a decision that the planner has dropped must not stay in memory because of its views.
    decided = weakref.ref(plan.shared)
    view: ClientView | None = known.get(decided)
    if view is None:
        decision = plan.shared.with_response(stored.original)
        view = client_view(decision, stored.original.status, stored.headers)
        for other in [other for other in known if other() is None]:
            del known[other]
        if len(known) >= _MOST_VIEWS:
            known.clear()
        known[decided] = view
    return view
