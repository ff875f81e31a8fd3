"""May a response be stored, for how long, and is a stored one still usable (RFC 9111 sections 3 and 4)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal, NamedTuple

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.decision import Decision
from prefetchrouter.freshness.cache_control import CacheControl
from prefetchrouter.freshness.http import freshness_lifetime, validates_always
from prefetchrouter.freshness.received_response import ReceivedResponse
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed, members
from prefetchrouter.http_cache.validation import conditional_headers
from prefetchrouter.http_cache.vary import vary_names
from prefetchrouter.rules.duration import Duration

Basis = Literal["rule", "s-maxage", "max-age", "expires", "default", "no-cache"]

SECONDS_WITHOUT_ORIGIN: Final = 120.0
"""How long a stale response is used under `stale_on_error` if no rule sets it."""

FAILURES: Final = frozenset({500, 502, 503, 504})
"""The statuses that count as a failure of the origin (RFC 5861, section 4)."""

_OF_ORIGINS: Final = ("if-match", "if-unmodified-since")
_PASSING: Final = frozenset({"authorization", *_OF_ORIGINS})
_UNCACHED: Final = frozenset({"cache-control", "pragma"})
_KNOWN: Final = frozenset(status.value for status in HTTPStatus)
_NO_CONTROL: Final = CacheControl()


@dataclass(frozen=True, slots=True)
class StoragePolicy:
    """How long a stored response is usable, in seconds.

    Args:
        fresh: For how long it is fresh after it was received: its ``freshness_lifetime`` less its
            ``corrected_initial_age``; with 0 or less it is stale at once.
        stale: How long after that it may be used while it is revalidated (stale-while-revalidate).
        error: How long after `fresh` it may be used if the origin fails (stale-if-error).
        basis: What sets the freshness lifetime.
    """

    fresh: float
    stale: float
    error: float
    basis: Basis


class NotStorable(NamedTuple):
    """Why a response may not be stored, in a few words."""

    reason: str


def reason_to_pass(
    decision: Decision, method: str, request_headers: HeaderFields, *, has_body: bool = False
) -> str | None:
    """E8, E9: return why a request passes the cache, None if it does not.

    A request with ``no-cache`` (`wants_validation`) does not: its response may be stored.

    Args:
        decision: The decision for the request.
        method: The method, in upper case.
        request_headers: The headers of the request.
        has_body: Whether the request has a body.

    Source: RFC 9110 sections 9.3 and 13.2.1; RFC 9111 sections 3.5 and 4.3.2.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> decision = evaluate(Router(), Request("/cart", method="DELETE"))
        >>> reason_to_pass(decision, "DELETE", HeaderFields())
        'DELETE'
    """
    if method in ("GET", "HEAD"):
        if has_body:
            return f"{method} with a body"
    elif method not in ("POST", "PUT") or method not in (
        decision.get(keys.caching.enable_caching_for_methods) or ()
    ):
        return method
    if decision.get(keys.caching.bypass_cache) is True:
        return "bypass_cache"
    if not request_headers.has_any(_PASSING):
        return None
    if "authorization" in request_headers and not _tells_users_apart(decision):
        return "authorization"
    return next((name for name in _OF_ORIGINS if name in request_headers), None)


def _tells_users_apart(decision: Decision) -> bool:
    return any(part.startswith("header authorization=") for part in decision.cache_key[1:])


def wants_validation(decision: Decision, request_headers: HeaderFields) -> bool:
    """E9: return whether a stored response has to be validated before it answers a request.

    With `honor_no_cache_request_header` a client's ``no-cache`` demands that; the response may replace the
    stored one.

    Args:
        decision: The decision for the request.
        request_headers: The headers of the request.

    Source: RFC 9111 sections 5.2.1.4 and 5.4.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> router = Router().get("/", caching={"honor_no_cache_request_header": True})
        >>> decision = evaluate(router, Request("/"))
        >>> headers = HeaderFields({"Cache-Control": "no-cache"})
        >>> wants_validation(decision, headers)
        True
    """
    if not request_headers.has_any(_UNCACHED):
        return False
    if decision.get(keys.caching.honor_no_cache_request_header) is not True:
        return False
    pragma = CacheControl.parse(request_headers.get("pragma", ""))
    return "no-cache" in _control(request_headers) or "no-cache" in pragma


def only_if_cached(request_headers: HeaderFields) -> bool:
    """E22: return whether a request is to be answered by a stored response or not at all.

    Source: RFC 9111 section 5.2.1.7.

    Example:
        >>> only_if_cached(HeaderFields({"Cache-Control": "only-if-cached"}))
        True
    """
    return "only-if-cached" in _control(request_headers)


def without_only_if_cached(headers: HeaderFields) -> HeaderFields:
    """E22: return the headers of a refresh, which is the cache's own: `only-if-cached` was for the cache.

    Example:
        >>> said = HeaderFields({"Cache-Control": "max-age=60, only-if-cached"})
        >>> without_only_if_cached(said)["cache-control"]
        'max-age=60'
    """
    rest = ", ".join(
        member
        for member in members(headers.get("cache-control", ""))
        if member.partition("=")[0].strip(" \t").lower() != "only-if-cached"
    )
    return changed(headers, {"cache-control": rest} if rest else {}, without=("cache-control",))


def forbids_storing(request_headers: HeaderFields) -> bool:
    """E10: return whether a client asks that nothing of the response be stored.

    Source: RFC 9111 section 5.2.1.5.

    Example:
        >>> forbids_storing(HeaderFields({"Cache-Control": "no-store"}))
        True
    """
    return "no-store" in _control(request_headers)


def storage_policy(
    decision: Decision,
    method: str,
    request_headers: HeaderFields,
    status: int,
    headers: HeaderFields,
    *,
    age: float,
    has_body: bool = False,
) -> StoragePolicy | NotStorable:
    """E10, E11, E12: return how long a response may be used, or why it may not be stored.

    Args:
        decision: The decision for the request with its response.
        method: The method of the request, in upper case.
        request_headers: The headers of the request.
        status: The status of the response.
        headers: The headers of the response after the rules on an origin's headers. ``Expires`` without
            ``Date`` counts as past: see `with_date`.
        age: How old the response was when it was received, in seconds.
        has_body: Whether the request has a body.

    A valid ``CDN-Cache-Control`` takes the place of ``Cache-Control`` and ``Expires``.

    Source: RFC 9111 sections 3, 4.2 and 5.2.2; RFC 5861; RFC 9213 section 2.2.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> decision = evaluate(Router().get("/a", caching={"max_age": "1h"}), Request("/a"))
        >>> storage_policy(decision, "GET", HeaderFields(), 200, HeaderFields({"age": "30"}), age=30)
        StoragePolicy(fresh=3600.0, stale=0.0, error=0.0, basis='rule')
        >>> private = HeaderFields({"cache-control": "private"})
        >>> storage_policy(decision, "GET", HeaderFields(), 200, private, age=0)
        NotStorable(reason='private')
    """
    received = ReceivedResponse.from_headers(headers.fields(), status=status)
    response = received.seen_by(shared=True)
    is_overruled = status in (decision.get(keys.caching.ignore_origin_no_cache) or ())
    reason = (
        reason_to_pass(decision, method, request_headers, has_body=has_body)
        or _reason_of_request(method, request_headers)
        or _reason_of_response(received, headers, is_overruled=is_overruled)
    )
    if reason is not None:
        return NotStorable(reason)
    is_validated = not is_overruled and validates_always(response)
    found = _fresh(decision, response, age, is_validated=is_validated)
    if isinstance(found, NotStorable):
        return found
    fresh, basis = found
    is_ruled = basis in ("rule", "default")
    if fresh <= 0 and not conditional_headers(headers):
        return NotStorable(
            "no-cache without a validator" if is_validated else "stale on arrival, without a validator"
        )
    if is_validated:
        return StoragePolicy(fresh, 0.0, 0.0, basis)
    stale, error = _stale_lifetimes(decision, status, response.cache_control, is_ruled=is_ruled)
    return StoragePolicy(fresh, stale, error, basis)


def _stale_lifetimes(
    decision: Decision, status: int, control: CacheControl, *, is_ruled: bool
) -> tuple[float, float]:
    """Return for how long a stale response may be used while it is validated, and when the origin fails."""
    says_s_maxage = not is_ruled and "s-maxage" in control
    forbids_stale = says_s_maxage or _says_any(control, "must-revalidate", "proxy-revalidate")
    stale = _stale(decision, control) if is_ruled or not forbids_stale else 0.0
    return stale, 0.0 if forbids_stale else _error(decision, status, control)


def _reason_of_request(method: str, request_headers: HeaderFields) -> str | None:
    if method == "HEAD":
        return "HEAD"
    if forbids_storing(request_headers):
        return "no-store in the request"
    return None


def _reason_of_response(
    response: ReceivedResponse, headers: HeaderFields, *, is_overruled: bool
) -> str | None:
    if response.status < 200 or response.status in (206, 304):
        return f"status {response.status}"
    if not is_overruled:
        control = response.seen_by(shared=True).cache_control
        for directive in ("no-store", "private"):
            if directive in control:
                return directive if response.targeted is None else f"{directive} in cdn-cache-control"
    if "set-cookie" in headers:
        return "set-cookie"
    if vary_names(headers) is None:
        return "vary: *" if "*" in headers["vary"] else "vary that names no headers"
    return None


def _fresh(
    decision: Decision, response: ReceivedResponse, age: float, *, is_validated: bool
) -> tuple[float, Basis] | NotStorable:
    """Return how long a response is fresh after receipt, and what sets that; or why it is not stored."""
    status = response.status
    ruled = decision.ttl(status)
    if ruled is not None:
        return _ruled(ruled, "rule", is_validated=is_validated)
    if "must-understand" in response.cache_control and status not in _KNOWN:
        return NotStorable(f"must-understand, and status {status} is not known")
    found = freshness_lifetime(response, shared=True)
    is_cacheable = status == 200 or status in (decision.get(keys.caching.cacheable_status_codes) or ())
    if is_cacheable and (found.basis == "s-maxage" or found.basis == "max-age" or found.basis == "expires"):
        return (0.0, "no-cache") if is_validated else (found.seconds - age, found.basis)
    default = decision.get(keys.caching.default_internal_max_age.entry(status))
    if default is not None:
        return _ruled(default, "default", is_validated=is_validated)
    if is_cacheable:
        return (0.0, "no-cache") if is_validated else NotStorable("no lifetime")
    return NotStorable(f"status {status} is not in cacheable_status_codes")


def _ruled(time: Duration, basis: Basis, *, is_validated: bool) -> tuple[float, Basis] | NotStorable:
    if is_validated:
        return NotStorable("no-cache")
    return (float(time.seconds), basis) if time.seconds > 0 else NotStorable("a rule sets a lifetime of zero")


def _stale(decision: Decision, control: CacheControl) -> float:
    ruled = decision.stale_while_revalidate
    return float(control.seconds("stale-while-revalidate") or 0 if ruled is None else ruled.seconds)


def _error(decision: Decision, status: int, control: CacheControl) -> float:
    by_origin = float(control.seconds("stale-if-error") or 0)
    if decision.get(keys.caching.stale_on_error) is not True:
        return by_origin
    ruled = decision.get(keys.caching.revalidate_after_origin_unavailable.entry(status))
    return max(by_origin, SECONDS_WITHOUT_ORIGIN if ruled is None else float(ruled.seconds))


def _says_any(control: CacheControl, *names: str) -> bool:
    return any(name in control for name in names)


def _control(headers: HeaderFields) -> CacheControl:
    texts = headers.all("cache-control")
    return CacheControl.parse(", ".join(texts)) if texts else _NO_CONTROL


def state(policy: StoragePolicy, resident: float) -> Literal["fresh", "stale", "expired"]:
    """E14 to E16: return whether a stored response is fresh, usable while it is revalidated, or neither.

    Args:
        policy: How long the stored response may be used.
        resident: Its ``resident_time``: the seconds since it was received.

    Source: RFC 9111 section 4.2; RFC 5861 section 3.

    Example:
        >>> [state(StoragePolicy(60, 30, 0, "rule"), resident) for resident in (59.9, 60, 90)]
        ['fresh', 'stale', 'expired']
    """
    if resident < policy.fresh:
        return "fresh"
    return "stale" if resident < policy.fresh + policy.stale else "expired"


def serves_on_error(policy: StoragePolicy, resident: float) -> bool:
    """E17: return whether a stored response may be used if the origin fails.

    Args:
        policy: How long the stored response may be used.
        resident: Its ``resident_time``: the seconds since it was received.

    Source: RFC 5861 section 4.

    Example:
        >>> [serves_on_error(StoragePolicy(60, 0, 120, "rule"), resident) for resident in (179.9, 180)]
        [True, False]
    """
    return resident < policy.fresh + policy.error
