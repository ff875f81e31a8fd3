"""The state machine of the cache: each state of a request, and each transition between them.

`docs/edge-rules.md` has a picture of it (The states of a request), with the requirement of each transition;
`tests/edge/engine/test_machine.py` takes each of them, and holds that the picture has no other.

Transitions are functions without I/O and without a clock: they look at a state and return the next one. What
they call for, such as reading a body, is done by `Edge`, which also runs the loop. The states are named as in
Varnish (recv, hash, hit, miss, pass, synth) and hishel (StoreAndUse, CouldNotBeStored).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from prefetchrouter.edge.cache import StoredResponse
from prefetchrouter.edge.cache.stored_response import Key, Variant
from prefetchrouter.edge.engine.body_key import body_key
from prefetchrouter.edge.engine.client_view import ClientView, client_view_of
from prefetchrouter.edge.engine.fetching import Fetched
from prefetchrouter.edge.engine.plan import Planner, RequestPlan
from prefetchrouter.edge.engine.prefetched_post import unwrap_prefetched_post
from prefetchrouter.edge.engine.stream_buffer import BufferReader
from prefetchrouter.edge.engine.synthetic import synthetic_response
from prefetchrouter.edge.origin_client import OriginError
from prefetchrouter.edge.request_trace import ForwardReason
from prefetchrouter.edge.requests import Body, EdgeResponse
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http.request_target import TargetRefusal
from prefetchrouter.http_cache.storage import (
    FAILURES,
    NotStorable,
    only_if_cached,
    reason_to_pass,
    serves_on_error,
    state,
    wants_validation,
)
from prefetchrouter.http_cache.vary import selecting

# The states are named tuples: as immutable as frozen dataclasses, and created in a quarter of the time. Every
# request goes through some of them.


class Restart(NamedTuple):
    """Begin again with another request: a prefetched link turned out to carry a POST."""

    plan: RequestPlan


class Hash(NamedTuple):
    """The body is part of the cache key, so it has to be read first."""


class Lookup(NamedTuple):
    """The cache key is known, and with it the body of a POST."""

    key: Key
    body: bytes | None = None


class Miss(NamedTuple):
    """No stored response may be used as it is; an expired one may be revalidated."""

    lookup: Lookup
    forward: ForwardReason
    expired: StoredResponse | None = None


class Fetch(NamedTuple):
    """Fetch into the cache, coalesced with the same fetch for others; revalidate an expired response."""

    lookup: Lookup
    forward: ForwardReason
    expired: StoredResponse | None = None


class Pass(NamedTuple):
    """The request has to go past the cache, if it may be forwarded."""

    reason: str
    body: bytes | Body | None


class FetchPast(NamedTuple):
    """Fetch past the cache, for this request only."""

    reason: str
    body: bytes | Body | None
    forward: ForwardReason
    expired: StoredResponse | None = None
    """For a HEAD: a stored response that may be used if the origin fails."""


class Synth(NamedTuple):
    """Final: the rules make the response."""

    response: EdgeResponse


class Invalid(NamedTuple):
    """Final: the request target is refused with 400."""

    refusal: TargetRefusal


class Hit(NamedTuple):
    """Final: a fresh stored response is used."""

    stored: StoredResponse
    view: ClientView
    is_ending: bool
    """Whether it becomes stale so soon that it is refreshed now."""


class StaleHit(NamedTuple):
    """Final: a stale stored response is used while it is refreshed."""

    stored: StoredResponse
    view: ClientView


class Refused(NamedTuple):
    """Final: a prefetch that may not be forwarded is refused."""

    reason: str


class NotCached(NamedTuple):
    """Final: 504 for `only-if-cached`."""


class StaleIfError(NamedTuple):
    """Final: a stale stored response is used, since the origin failed."""

    stored: StoredResponse
    reason: str | None = None
    """None when the origin got no request, since it failed a moment ago."""


class StoreAndUse(NamedTuple):
    """The response may be stored; its body is still to be read."""

    stored: StoredResponse
    fetched: Fetched


class Streamed(NamedTuple):
    """Final: the response is stored, and sent while its body arrives."""

    stored: StoredResponse
    view: ClientView
    reader: BufferReader | None
    """None when the body is complete already."""


class Revalidated(NamedTuple):
    """Final: a 304 confirmed the stored response."""

    stored: StoredResponse
    not_stored: str | None = None
    """Why it may not be stored any more, so that it is only for the client that caused the fetch."""


class Uncacheable(NamedTuple):
    """Final: the response could not be stored, so it is only for the client that caused the fetch."""

    reason: str
    fetched: Fetched


class Failed(NamedTuple):
    """Final: the origin gave no response."""

    error: OriginError


Final: TypeAlias = (
    Hit | StaleHit | Streamed | Synth | Refused | Uncacheable | Revalidated | StaleIfError | NotCached
    | Failed | Invalid
)  # fmt: skip
State: TypeAlias = Restart | Hash | Lookup | Miss | Fetch | Pass | FetchPast | Final
FetchResult: TypeAlias = StoreAndUse | Revalidated | Uncacheable | StaleIfError | Failed
"""What came of a fetch, as soon as the head of the response has arrived."""


# Requests


def receive(plan: RequestPlan, planner: Planner) -> Restart | Synth | Invalid | Pass | Hash | Lookup:
    """Return what becomes of a request by the rules alone (vcl_recv).

    Source: requirements E8, E9, E28 and E29; RFC 9111 section 4 (first paragraph), RFC 9110 section 9.2.3.
    """
    decision = plan.shared.decision
    response = synthetic_response(decision)
    if response is None and (unwrapped := unwrap_prefetched_post(plan, planner)) is not plan:
        return Restart(unwrapped)
    if decision.refusal is not None:
        return Invalid(decision.refusal)
    if response is not None:
        return Synth(response)
    request = plan.request
    reason = reason_to_pass(decision, request.method, request.headers, has_body=request.body is not None)
    if reason is not None:
        return Pass(reason, request.body)
    return Lookup(decision.cache_key) if request.method in ("GET", "HEAD") else Hash()


def hash_body(plan: RequestPlan, body: bytes | Body, *, is_complete: bool) -> Lookup | Pass:
    """Return the lookup for a request whose body is part of the key (vcl_hash).

    Args:
        plan: The request.
        body: The beginning of the body was read: all of it if it is small enough for a key.
        is_complete: Whether it is.

    Source: requirement E8.
    """
    if not is_complete:
        return Pass("the request body is too large to be part of a key", body)
    assert isinstance(body, bytes)
    return Lookup((*plan.shared.decision.cache_key, *body_key(plan.request.headers, body)), body)


def look_up(
    plan: RequestPlan, lookup: Lookup, stored: StoredResponse | None, now: float, *, has_variants: bool
) -> Hit | StaleHit | Miss:
    """Return whether a stored response may be used (vcl_hit, vcl_miss).

    Args:
        plan: The request.
        lookup: Its key.
        stored: The stored response that was found; None without one.
        now: The time in unix seconds.
        has_variants: Whether responses are stored under the key, for other values of the headers in `Vary`.

    Source: RFC 9111 sections 4, 4.2 and 5.2.1.4; RFC 5861 section 3; requirements E9, E14, E15 and E18.
    """
    if stored is None:
        return Miss(lookup, "vary-miss" if has_variants else "uri-miss")
    resident = stored.resident_time(now)
    freshness = state(stored.policy, resident)
    view = client_view_of(plan, stored)
    is_unwanted = not stored.body and view.settings.refetches_empty
    if is_unwanted or wants_validation(plan.shared.decision, plan.request.headers):
        return Miss(lookup, "stale" if freshness == "expired" else "request", stored)
    if freshness == "fresh":
        return Hit(stored, view, stored.policy.fresh - resident < view.settings.prevalidation)
    return StaleHit(stored, view) if freshness == "stale" else Miss(lookup, "stale", stored)


def miss(
    plan: RequestPlan,
    missed: Miss,
    now: float,
    *,
    is_origin_down: Callable[[RequestPlan], bool],
    why_not_stored: Callable[[], str],
) -> Refused | NotCached | StaleIfError | FetchPast | Fetch:
    """Return whether a request without a usable stored response is forwarded (vcl_miss).

    Args:
        plan: The request.
        missed: What is known of it.
        now: The time in unix seconds.
        is_origin_down: Whether its origin failed a moment ago and is left alone.
        why_not_stored: Why no stored response answers it, for the refusal of a prefetch.

    Source: RFC 9111 sections 4.3 and 5.2.1.7; RFC 5861 section 4; requirements E6, E17, E22 and E32.
    """
    if not plan.may_fetch:
        return Refused(why_not_stored())
    if only_if_cached(plan.request.headers):
        return NotCached()
    lookup, forward, expired = missed
    stale = _stale_if_error(expired, None, now)
    if stale is not None and is_origin_down(plan):
        return stale
    if plan.request.method == "HEAD":
        return FetchPast("HEAD, and there is no fresh response to the GET", None, forward, expired)
    return Fetch(lookup, forward, expired)


def pass_by(plan: RequestPlan, passing: Pass) -> Refused | NotCached | FetchPast:
    """Return whether a request that passes the cache is forwarded (vcl_pass).

    Source: RFC 9111 section 5.2.1.7; requirements E6, E22 and E32.
    """
    if not plan.may_fetch:
        return Refused(passing.reason)
    if only_if_cached(plan.request.headers):
        return NotCached()
    return FetchPast(
        passing.reason, passing.body, "method" if passing.reason == plan.request.method else "bypass"
    )


# Responses of origins


def _stale_if_error(expired: StoredResponse | None, why: str | None, now: float) -> StaleIfError | None:
    """Return a stale stored response if it may be used when the origin fails, else None.

    What counts is how stale it is when it is used, so when the failure is known: stale-if-error says for how
    many seconds "after it becomes stale" that is allowed.

    Args:
        expired: The stored response; None without one.
        why: How the origin failed; None if it failed a moment ago and gets no request.
        now: The time in unix seconds.

    Source: RFC 5861 section 4; RFC 9111 section 4.2.4; requirement E17.
    """
    if expired is None or not serves_on_error(expired.policy, expired.resident_time(now)):
        return None
    return StaleIfError(expired, why)


def _stale_if_failure(expired: StoredResponse | None, fetched: Fetched, now: float) -> StaleIfError | None:
    """Return a stale stored response if it may be used in place of a failure, else None."""
    if fetched.status not in FAILURES:
        return None
    return _stale_if_error(expired, f"the origin answered {fetched.status}", now)


def fetched_past(passing: FetchPast, fetched: Fetched, now: float) -> Uncacheable | StaleIfError:
    """Return what becomes of a response to a request that passed the cache (vcl_backend_response).

    Source: RFC 5861 section 4; requirement E17.
    """
    stale = _stale_if_failure(passing.expired, fetched, now)
    return stale or Uncacheable(passing.reason, fetched)


def fetched_response(
    expired: StoredResponse | None, fetched: Fetched, candidate: StoredResponse | NotStorable, now: float
) -> StoreAndUse | Uncacheable | StaleIfError:
    """Return what becomes of a complete response (vcl_backend_response).

    Args:
        expired: The stored response that it is to replace; None without one.
        fetched: The response.
        candidate: The stored response that it would make, or why it may not be stored.
        now: The time in unix seconds.

    Source: RFC 9111 sections 3 and 4.2.4; RFC 5861 section 4; requirements E10, E11 and E17.
    """
    stale = _stale_if_failure(expired, fetched, now)
    if stale is not None:
        return stale
    if isinstance(candidate, NotStorable):
        return Uncacheable(f"not stored: {candidate.reason}", fetched)
    return StoreAndUse(candidate, fetched)


def fetch_failed(expired: StoredResponse | None, error: OriginError, now: float) -> StaleIfError | Failed:
    """Return what becomes of a fetch without a response (vcl_backend_error).

    Source: RFC 9111 section 4.2.4; RFC 5861 section 4; requirements E17 and E26.
    """
    return _stale_if_error(expired, f"the origin failed: {error.message}", now) or Failed(error)


def is_for_one(result: FetchResult) -> bool:
    """Return whether what came of a fetch is only for the client that caused it: it may not be stored."""
    match result:
        case Uncacheable():
            return True
        case Revalidated(not_stored=reason):
            return reason is not None
        case StoreAndUse() | StaleIfError() | Failed():
            return False


def may_be_shared(result: FetchResult, headers: HeaderFields) -> bool:
    """Return whether what came of a fetch answers a request that has waited for it.

    Args:
        result: What came of the fetch.
        headers: The headers of the request that has waited.

    Source: RFC 9111 sections 4 (collapsed requests) and 4.1; requirement E19.
    """
    variant = variant_of(result)
    return not is_for_one(result) and selecting(tuple(name for name, _ in variant), headers) == variant


def variant_of(result: FetchResult) -> Variant:
    """Return the request headers by which the response was selected; none without a stored one."""
    match result:
        case StoreAndUse(stored) | StaleIfError(stored) | Revalidated(stored):
            return stored.variant
        case Failed() | Uncacheable():
            return ()
