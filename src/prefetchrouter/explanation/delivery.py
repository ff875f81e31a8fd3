"""From a decision to the response to a prefetch: headers, lifetimes, and the lines that set them."""

from __future__ import annotations

from prefetchrouter.catalog import Key, keys
from prefetchrouter.evaluation import Decision
from prefetchrouter.freshness import CacheControl, Delivery, Layers, ReceivedResponse, Worker
from prefetchrouter.freshness.http import freshness_lifetime, storable, validates_always
from prefetchrouter.http_cache.outcome import storage_of
from prefetchrouter.http_cache.storage import NotStorable, StoragePolicy
from prefetchrouter.source import Source

WORKER_HEADER = "x-sw-cache-control"
"""The header that says for how long the service worker may store a response."""

_LINES: dict[str, tuple[Key[object], ...]] = {
    "client_max_age": (keys.caching.client_max_age,),
    "bypass_client_cache": (keys.caching.bypass_client_cache,),
    "service_worker_max_age": (keys.caching.service_worker_max_age,),
    "cache-control": (
        keys.headers.set_response_headers.entry("cache-control"),
        keys.headers.set_origin_response_headers.entry("cache-control"),
    ),
    "vary": (
        keys.headers.set_response_headers.entry("vary"),
        keys.headers.set_origin_response_headers.entry("vary"),
    ),
    "age": (keys.headers.age_response_header,),
}


def sends_age(decision: Decision) -> bool:
    """Return whether the edge sends Age: caches do unless a rule says otherwise.

    Source: RFC 9111 section 5.1.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.evaluation import evaluate
        >>> from prefetchrouter.http.message import Request
        >>> sends_age(evaluate(Router().match("/a", headers={"age_response_header": False}), Request("/a")))
        False
    """
    setting = decision.value(keys.headers.age_response_header)
    return setting is None or setting.value is not False


def edge_seconds(
    decision: Decision, storage: StoragePolicy | NotStorable | None, status: int
) -> float | None:
    """Return how long a response of a status is fresh at the edge, or None if the edge does not store it.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.evaluation import evaluate
        >>> from prefetchrouter.http.message import Request
        >>> decision = evaluate(Router().match("/a", caching={"max_age": "1h"}), Request("/a"))
        >>> edge_seconds(decision, storage_of(decision, decision), 200)
        3600.0
    """
    if isinstance(storage, StoragePolicy):
        return max(0.0, storage.fresh)
    ttl = decision.ttl(status)
    return max(0.0, float(ttl.seconds)) if storage is None and ttl is not None else None


def delivery_of(
    decision: Decision,
    early: Decision,
    *,
    edge_age: float = 0.0,
    worker_subtracts_age: bool = False,
    most_age: float | None = None,
) -> Delivery:
    """Return the response to a prefetch of the URL, and the lifetimes from edge to visitor.

    Args:
        decision: What the rules make of the URL.
        early: What they make of it without a response.
        edge_age: The age of the stored response at the edge, in seconds; ignored if there is none.
        worker_subtracts_age: Whether the service worker is set to subtract the age.
        most_age: The oldest content that the author accepts, in seconds.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.evaluation import evaluate
        >>> from prefetchrouter.http.message import Request
        >>> router = Router().match("/a", caching={"max_age": "1h", "client_max_age": "15m"})
        >>> decision = evaluate(router, Request("/a"))
        >>> delivery = delivery_of(decision, decision, edge_age=840)
        >>> delivery.response.age, delivery.layers.edge, delivery.layers.browser
        (840.0, 3600.0, 900.0)
    """
    status = decision.status or 200
    headers = {name: text for name, text in decision.response_headers().items() if name != "age"}
    stored = storage_of(decision, early)
    edge = edge_seconds(decision, stored, status)
    age_sent = sends_age(decision)
    if age_sent and edge is not None:
        headers["age"] = f"{edge_age:.0f}"
    response = ReceivedResponse.from_headers(headers, status=status)
    kept = CacheControl.parse(headers.get(WORKER_HEADER, "")).seconds("max-age")
    stale = decision.stale_while_revalidate
    edge_stale = float(stale.seconds) if edge is not None and stale is not None else 0.0
    layers = Layers(
        edge=edge or 0.0,
        edge_stale=stored.stale if isinstance(stored, StoragePolicy) else edge_stale,
        browser=_browser_seconds(response),
        worker=Worker(float(kept), worker_subtracts_age, keeps=status == 200) if kept else None,
        age_sent=age_sent,
    )
    return Delivery(response, layers, _lines(decision, status), most_age)


def _browser_seconds(response: ReceivedResponse) -> float:
    if not storable(response) or validates_always(response):
        return 0.0
    return freshness_lifetime(response).seconds


def _lines(decision: Decision, status: int) -> dict[str, Source]:
    max_age = keys.caching.max_age
    deciding = {"max_age": (max_age.entry(status), max_age.entry(200)), **_LINES}
    found = {}
    for name, candidates in deciding.items():
        value = next((value for key in candidates if (value := decision.value(key)) is not None), None)
        if value is not None and value.source is not None:
            found[name] = value.source
    return found
