"""Whether a response may be stored, and the stored response that it makes."""

from __future__ import annotations

from prefetchrouter.catalog import keys
from prefetchrouter.edge.cache import StoredResponse
from prefetchrouter.edge.cache.stored_response import Key, Variant
from prefetchrouter.edge.engine.fetching import Fetched
from prefetchrouter.edge.engine.plan import RequestPlan
from prefetchrouter.edge.policy.redirect_storage import RedirectHop, storage_after_redirects
from prefetchrouter.evaluation import Decision
from prefetchrouter.http.message import Response
from prefetchrouter.http_cache.age import corrected_initial_age, with_date
from prefetchrouter.http_cache.storage import NotStorable, StoragePolicy, storage_policy
from prefetchrouter.http_cache.vary import selecting, vary_names


def storable(
    plan: RequestPlan, key: Key, fetched: Fetched, response: Response, largest: int
) -> StoredResponse | NotStorable:
    """Return the stored response that a response makes, its body still empty; or why it makes none.

    Args:
        plan: The request.
        key: The cache key.
        fetched: The fetch that the response came from.
        response: Status and headers of the response; after a 304, those of the updated stored response.
        largest: The largest body that is stored, in bytes.

    Source: RFC 9111 sections 3 and 4.1; requirements E8 to E13 and E31.
    """
    if fetched.by_rules:
        return NotStorable("made by the rules for where the redirect leads")
    decision = plan.shared.with_response(response)
    stored = unstorable(key, (), decision, fetched, response)
    request, headers = plan.request, stored.headers
    policy = storage_policy(
        decision, request.method, request.headers, response.status, headers,
        age=stored.initial_age, has_body=request.body is not None,
    )  # fmt: skip
    if fetched.followed:
        hops = [_redirect_hop(followed, fetched, response) for followed in fetched.followed]
        policy = storage_after_redirects(policy, key, hops, response.status, age=stored.initial_age)
    if isinstance(policy, NotStorable):
        return policy
    names = vary_names(headers)
    if names is None:
        return NotStorable("vary: *")
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > largest:
        return NotStorable(f"larger than {largest} bytes")
    stored.select(selecting(names, request.headers))
    stored.policy = policy
    stored.tags = tuple(decision.get(keys.caching.purge_tags) or ())
    return stored


def unstorable(
    key: Key, variant: Variant, decision: Decision, fetched: Fetched, response: Response
) -> StoredResponse:
    """Return a response in the form of a stored one, its body still empty; it may only be used at once."""
    headers = with_date(decision.downstream.stored_headers(response.fields), fetched.response_time)
    age = corrected_initial_age(
        headers, request_time=fetched.request_time, response_time=fetched.response_time
    )
    policy = StoragePolicy(0.0, 0.0, 0.0, "no-cache")
    return StoredResponse(key, variant, response, headers, b"", policy, fetched.response_time, age)


def _redirect_hop(plan: RequestPlan, fetched: Fetched, response: Response) -> RedirectHop:
    decision = plan.shared.with_response(response)
    headers = with_date(decision.downstream.stored_headers(response.fields), fetched.response_time)
    return RedirectHop(plan.request, decision, headers)
