"""What goes back to the client: from a copy, from an origin's answer, or made by the edge itself."""

from __future__ import annotations

import weakref
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from prefetchrouter.browser.names import NAMES
from prefetchrouter.catalog import keys
from prefetchrouter.edge.cache.copy import Copy
from prefetchrouter.edge.engine.fetching import Fetched
from prefetchrouter.edge.engine.plan import Plan
from prefetchrouter.edge.engine.synthetic import final_status, headers_for, made
from prefetchrouter.edge.message import Body, EdgeResponse, OriginError, Story, plain
from prefetchrouter.edge.policy.compression import compressed, is_compressible
from prefetchrouter.edge.policy.ranges import range_response
from prefetchrouter.evaluation import Decision
from prefetchrouter.evaluation.merge import Merged
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.age import with_age
from prefetchrouter.http_cache.conditional import headers_of_304, is_not_modified
from prefetchrouter.http_cache.fields import changed

_MOST_SHOWN = 16
_MOST_WITH_AGE = 256
_AGE = ("age",)
_OF_THE_CLIENTS_COPY = frozenset({"if-none-match", "if-modified-since", "range"})
_OF_THE_BODY = frozenset(
    {"content-length", "content-encoding", "content-range", "etag", "last-modified", "accept-ranges"}
)


TOO_COSTLY = "This request is too long for a regular expression of the rules."


def failed(error: OriginError) -> EdgeResponse:
    """Return the answer when an origin gave none (rule E26), or was not asked because of the request."""
    if error.failure == "too-costly":
        return plain(400, TOO_COSTLY)
    if error.failure == "descriptors":
        return plain(503, f"The edge is overloaded: {error.message}")
    status = 504 if error.failure == "timeout" else 502
    return plain(status, f"No answer from the origin: {error.message}")


class Handling(NamedTuple):
    """How a response is handed to clients, as far as features alone say it.

    Args:
        own: The names of the headers that rules write; a 304 has them too.
        has_age: Whether the age is sent.
        types: The types that are compressed.
        ignores_unsatisfiable: Whether an impossible range gets the whole.
        refetches_empty: Whether a copy without a body counts as expired.
        ahead: How long before its end a copy is refreshed, in seconds.
    """

    own: frozenset[str]
    has_age: bool
    types: tuple[str, ...] = ()
    ignores_unsatisfiable: bool = False
    refetches_empty: bool = False
    ahead: float = 0.0

    @classmethod
    def of(cls, settings: Merged) -> Handling:
        """Return what settings say."""
        ahead = settings.value(keys.caching.prevalidate_cached_content)
        return cls(
            _names_set(settings),
            settings.value(keys.headers.age_response_header) is not False,
            tuple(settings.value(keys.response.compress_content_types) or ()),
            settings.value(keys.caching.ignore_unsatisfiable_ranges) is True,
            settings.value(keys.caching.refresh_zero_byte_cache_files) is True,
            0.0 if ahead is None else float(ahead.seconds),
        )

    @classmethod
    def of_own_body(cls, settings: Merged) -> Handling:
        """Return what settings say of a response that the edge makes itself: it has no age."""
        return cls(_names_set(settings), has_age=False)


def _names_set(settings: Merged) -> frozenset[str]:
    starts = (f"{keys.headers.set_response_headers}.", f"{keys.headers.add_response_headers}.")
    names = [key.split(".", 2)[2].removeprefix("+").lower() for key in settings if key.startswith(starts)]
    return frozenset([NAMES.worker_cache_header, *names])


@dataclass(slots=True, eq=False)
class Shown:
    """What a client sees of an answer, before it is known which part or form of it is wanted.

    Args:
        status: The status, as rules may have changed it.
        headers: The headers, but for the age.
        handling: How it is handed to clients.
        body: What rules put in place of the body, None where they do not.
        late_rules: The lines of the rules that apply because of the response.
    """

    status: int
    headers: HeaderFields
    handling: Handling
    body: bytes | None
    late_rules: tuple[str, ...]

    _age: int = -1
    _aged: HeaderFields | None = field(default=None, repr=False)

    def at_age(self, age: float) -> HeaderFields:
        """Return the headers of a copy that is so many seconds old; the same ones for the same second."""
        known = self._aged
        if known is None or self._age != int(age):
            has_age = self.handling.has_age
            known = with_age(self.headers, age) if has_age else changed(self.headers, without=_AGE)
            if self._aged is None:
                _remember_age(self)
            self._age, self._aged = int(age), known
        return known


_with_age: deque[Shown] = deque()


def _remember_age(seen: Shown) -> None:
    """Forget the headers with an age of the one that got them first, when there are many of them."""
    _with_age.append(seen)
    if len(_with_age) > _MOST_WITH_AGE:
        _with_age.popleft()._aged = None


def shown(decision: Decision, status: int, kept: HeaderFields) -> Shown:
    """Return what a client sees of an answer.

    Args:
        decision: The decision, with the answer at hand.
        status: The status with which the answer came.
        kept: Its headers, after the rules on an origin's headers.
    """
    body: bytes | None = None
    if decision.downstream.may_be_synthetic:
        if decision.denied or decision.get(keys.response.set_done) is True:
            own = made(decision)
            if own is not None:
                assert isinstance(own.body, bytes)
                handling = decision.of_settings(Handling.of_own_body)
                return Shown(own.status, own.headers, handling, own.body, decision.late_lines)
        if decision.synthetic is not None and decision.synthetic.body is not None:
            body = decision.synthetic.body.encode()
        status = final_status(decision.status, status)
    headers = decision.downstream.client_headers(kept)
    if body is not None:
        headers = changed(headers, without=_OF_THE_BODY)
    handling = decision.of_settings(Handling.of)
    return Shown(status, headers_for(status, headers), handling, body, decision.late_lines)


def shown_of(plan: Plan, copy: Copy) -> Shown:
    """Return what a client sees of a copy; worked out once for all requests that are alike."""
    known = copy.shown
    decided = weakref.ref(plan.remembered)
    found: Shown | None = known.get(decided)
    if found is None:
        found = shown(plan.on(copy.answer), copy.status, copy.headers)
        for other in [other for other in known if other() is None]:
            del known[other]
        if len(known) >= _MOST_SHOWN:
            known.clear()
        known[decided] = found
    return found


def from_copy(plan: Plan, copy: Copy, seen: Shown, age: float) -> EdgeResponse:
    """Return the response that a copy gives: the part or the form of it that the client wants.

    Args:
        plan: The request.
        copy: The copy; it is used, whether or not it is fresh.
        seen: What this client sees of it.
        age: How old it is now, in seconds.
    """
    headers, body = seen.at_age(age), copy.body
    if seen.body is not None:
        return EdgeResponse(seen.status, headers, seen.body)
    asked = plan.request.headers
    if seen.handling.types:
        headers, body = compressed(asked, headers, body, seen.handling.types)
    if seen.status == copy.status and asked.has_any(_OF_THE_CLIENTS_COPY):
        if _is_known(plan, seen.status, headers):
            return EdgeResponse(304, headers_of_304(headers, seen.handling.own))
        if seen.status == 200 and "range" in asked:
            part = range_response(
                plan.request.method, asked, headers, body,
                ignores_unsatisfiable=seen.handling.ignores_unsatisfiable,
            )  # fmt: skip
            if part is not None:
                return part
    return EdgeResponse(seen.status, headers, body)


def _is_known(plan: Plan, status: int, headers: HeaderFields) -> bool:
    """Return whether the client has this already; other methods than GET and HEAD do not ask that."""
    request = plan.request
    return request.method in ("GET", "HEAD") and is_not_modified(request.headers, status, headers)


def needs_whole(plan: Plan, seen: Shown) -> bool:
    """Return whether a response can only be made when all of the body is there."""
    if seen.body is not None:
        return False
    return "range" in plan.request.headers or is_compressible(seen.headers, seen.handling.types)


def coming(plan: Plan, seen: Shown, status: int, headers: HeaderFields, body: bytes | Body) -> EdgeResponse:
    """Return the response with a body that may be on its way; where it is not used, it is to be closed.

    Args:
        plan: The request.
        seen: What a client sees of the answer.
        status: The status with which the answer came.
        headers: The headers that the client sees.
        body: The body.
    """
    if seen.body is not None:
        return EdgeResponse(seen.status, headers, seen.body)
    if seen.status == status and _is_known(plan, status, headers):
        return EdgeResponse(304, headers_of_304(headers, seen.handling.own))
    return EdgeResponse(seen.status, headers, body)


def passed(plan: Plan, story: Story, fetched: Fetched) -> EdgeResponse:
    """Return the response with an origin's answer that is not kept."""
    decision = plan.on(fetched.response)
    seen = shown(decision, fetched.status, decision.downstream.stored_headers(fetched.response.fields))
    story.answer, story.late_rules = fetched.response, seen.late_rules
    return coming(plan, seen, fetched.status, seen.headers, fetched.answer.body)
