"""`Answer`: what a request gets, as tests assert on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import total_ordering
from typing import Any

from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.catalog import keys
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.explanation import explain
from prefetchrouter.explanation.text import Detail, explanation_text
from prefetchrouter.explanation.verdict import verdict
from prefetchrouter.http.message import HeaderFields, Request
from prefetchrouter.http_cache.outcome import prefetch_outcome, storage_of
from prefetchrouter.http_cache.prefetches import foreign_prefetch, guards, is_cached_only
from prefetchrouter.http_cache.reasons import explained
from prefetchrouter.http_cache.storage import NotStorable, StoragePolicy
from prefetchrouter.printable import MOST_CHARACTERS, printable
from prefetchrouter.rules.duration import Duration, duration


class Verdict:
    """A boolean with its reason.

    A test that gets a verdict and never reads it has most likely forgotten its ``assert``; the
    pytest plugin then asserts it.

    Example:
        >>> verdict = Verdict(False, "not prefetchable: no rule matches")
        >>> bool(verdict), verdict
        (False, <not prefetchable: no rule matches>)
    """

    def __init__(self, holds: bool, reason: str) -> None:
        self._holds = holds
        self.reason = reason
        self.was_looked_at = False

    @property
    def holds(self) -> bool:
        """The verdict as a plain boolean."""
        self.was_looked_at = True
        return self._holds

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        return f"<{printable(self.reason, MOST_CHARACTERS)}>"


@total_ordering
class Lifetime:
    """How long a response is stored: compares with durations, and with numbers of seconds.

    Example:
        >>> hour = Lifetime(Duration("60m"))
        >>> hour == "1h", hour == 3600, hour < "1d"
        (True, True, True)
    """

    def __init__(self, length: Duration) -> None:
        self.length = length

    @property
    def seconds(self) -> int:
        """The length in seconds."""
        return self.length.seconds

    def __eq__(self, other: object) -> bool:
        length = _seconds(other)
        return NotImplemented if length is None else self.seconds == length

    def __lt__(self, other: object) -> bool:
        length = _seconds(other)
        return NotImplemented if length is None else self.seconds < length

    def __hash__(self) -> int:
        return hash(self.seconds)

    def __repr__(self) -> str:
        return repr(str(self.length))


def _seconds(length: object) -> int | float | None:
    """Return a duration in seconds, None for any other type."""
    if isinstance(length, Lifetime | Duration):
        return length.seconds
    if isinstance(length, str):
        return duration(length, signed=True).seconds
    return length if isinstance(length, int | float) else None


class Answer:
    """What one request gets.

    Args:
        evaluator: The rules.
        request: The request.
        note: Called with each verdict that is returned.

    Example:
        >>> from prefetchrouter import Evaluator, Request, Router
        >>> router = Router().get("/a", caching={"max_age": "1h"}, origin={"set_origin": "web"})
        >>> answer = Answer(Evaluator(router), Request("/a"))
        >>> answer.ttl == "60m", bool(answer.goes_to("web")), answer.is_prefetchable()
        (True, True, <not prefetchable: no matching rule sets caching.service_worker_max_age>)
    """

    def __init__(
        self, evaluator: Evaluator, request: Request, note: Callable[[Verdict], object] | None = None
    ) -> None:
        self.decision: Decision = evaluator.evaluate(request)
        self._evaluator = evaluator
        self._note = note

    def __repr__(self) -> str:
        return f"<{self.decision.request.method} {self.decision.request.url}>"

    def explanation(self, detail: Detail = "full") -> str:
        """Return the explanation of the request: each value with the line that set it.

        Args:
            detail: ``"short"`` leaves out forecast, manifest, headers and ages.
        """
        return explanation_text(explain(self._evaluator, self.decision.request), detail=detail)

    def _verdict(self, holds: bool, reason: str) -> Verdict:
        verdict = Verdict(holds, reason)
        if self._note is not None:
            self._note(verdict)
        return verdict

    # Prefetching and caching

    def is_prefetchable(self) -> Verdict:
        """Whether a prefetch works: browsers send it, the edge responds, and the service worker stores it.

        With a response (``status=``, ``response_headers=``) its headers count too, such as Set-Cookie.
        """
        in_browser = evaluate_in_browser(self._evaluator, self.decision.request)
        outcome = prefetch_outcome(self.decision, self._evaluator.before_response(self.decision))
        found = verdict(self._evaluator, self.decision, in_browser, outcome)
        if found.prefetched:
            return self._verdict(True, "prefetchable")
        cure = f"; {found.cure}" if found.cure else ""
        return self._verdict(False, f"not prefetchable: {found.reason}{cure}")

    def may_ask_origin(self) -> Verdict:
        """Whether a miss may go to the origin: not for a prefetch that the edge answers from its cache only.

        Prefetches are requests with ``edgio_prefetch=1``, and those with ``Sec-Purpose: prefetch``.
        """
        decision, request = self.decision, self.decision.request
        foreign = foreign_prefetch(HeaderFields(dict(request.headers)), request.query)
        if foreign and guards(decision, self._evaluator.property):
            return self._verdict(False, f"a foreign {foreign} gets the stored response, else 503")
        allowed = decision.get(keys.response.allow_prefetching_uncached_content) is True
        if is_cached_only(request.query) and not allowed:
            return self._verdict(False, "the prefetch gets the stored response, else 412")
        return self._verdict(
            True, f"a foreign {foreign} may go to the origin" if foreign else "it may go to the origin"
        )

    def is_cached(self, status: int = 200) -> Verdict:
        """Whether the edge stores a response with a status."""
        ttl = self.ttl_of(status)
        if ttl is not None and ttl.seconds > 0:
            return self._verdict(True, f"stored at the edge for {ttl.length}")
        storage = self._storage(status)
        why = f": {explained(storage.reason, status)}" if isinstance(storage, NotStorable) else ""
        return self._verdict(False, f"a {status} is not stored at the edge{why}")

    def _storage(self, status: int) -> StoragePolicy | NotStorable | None:
        """Return how the edge stores the response of the request, None for another status."""
        response = self.decision.request.response
        if response is not None and response.status != status:
            return None
        if response is None and status != 200:
            return None
        return storage_of(self.decision, self._evaluator.before_response(self.decision))

    @property
    def ttl(self) -> Lifetime | None:
        """How long the edge stores a 200, or None if it does not, or no rule says."""
        return self.ttl_of(200)

    def ttl_of(self, status: int) -> Lifetime | None:
        """Return how long the edge stores a response with a status, or None if it does not, or no rule says.

        With a response (``status=``, ``response_headers=``) it is the lifetime of that response.
        """
        found = self._storage(status)
        if isinstance(found, NotStorable):
            return None
        by_rule = self.decision.ttl(status)
        if found is not None and found.basis != "rule":
            return Lifetime(Duration(f"{max(0, int(found.fresh))}s"))
        return _lifetime(by_rule)

    @property
    def stale_while_revalidate(self) -> Lifetime | None:
        """How long a stale response may be served while it is revalidated."""
        return _lifetime(self.decision.stale_while_revalidate)

    @property
    def service_worker_ttl(self) -> Lifetime | None:
        """How long the service worker stores it."""
        value = self.value(keys.caching.service_worker_max_age)
        return _lifetime(value if isinstance(value, Duration) else None)

    @property
    def cache_key(self) -> tuple[str, ...]:
        """The parts of the cache key."""
        return self.decision.cache_key

    # Where it goes and what comes back

    def goes_to(self, origin: str) -> Verdict:
        """Whether a miss goes to this origin."""
        actual = self.decision.origin
        return self._verdict(actual == origin, f"it goes to {actual or 'no named origin'}")

    def redirects_to(self, location: str, status: int | None = None) -> Verdict:
        """Whether the client is redirected to this URL, optionally with a certain status."""
        redirect = self.decision.redirect
        if redirect is None:
            return self._verdict(False, "it is not a redirect")
        matches = redirect.location == location and status in (None, redirect.status)
        return self._verdict(matches, f"it redirects to {redirect.location} with {redirect.status}")

    def is_denied(self) -> Verdict:
        """Whether the request is refused: by a rule, or because its target is invalid."""
        if self.decision.refusal is not None:
            return self._verdict(True, f"refused with 400: {self.decision.refusal.message}")
        return self._verdict(self.decision.denied, "refused" if self.decision.denied else "not refused")

    @property
    def status(self) -> int | None:
        """The status set by rules, or None if the origin decides."""
        return self.decision.status

    @property
    def body(self) -> str | None:
        """The body set by rules, or None if the origin decides."""
        return self.decision.synthetic.body if self.decision.synthetic else None

    @property
    def path(self) -> str:
        """The path and query of the request to the origin."""
        return self.decision.path

    def header(self, name: str) -> str | None:
        """Return a header of the response to the client, None without one."""
        return self.decision.response_headers().get(name)

    def request_header(self, name: str) -> str | None:
        """Return a header of the request to the origin, None without one."""
        return self.decision.request_headers.get(name)

    def value(self, key: str) -> Any:
        """Return the value of a feature, such as ``"caching.bypass_cache"``, None if no rule sets it."""
        value = self.decision.value(key)
        return value.value if value is not None else None

    def matches(self, text: str) -> Verdict:
        """Whether a rule on the line ``"routes.py:12"``, or with the comment `text`, applies."""
        places = [str(matched.source) for matched in self.decision.rules if matched.source]
        comments = [matched.rule.features.comment for matched in self.decision.rules]
        pattern = re.compile(rf"(?:.*/)?{re.escape(text)}")
        applies = text in comments or any(pattern.fullmatch(place) for place in places)
        return self._verdict(applies, f"the rules that apply are at {', '.join(places) or 'no line'}")


def _lifetime(length: Duration | None) -> Lifetime | None:
    return Lifetime(length) if length is not None else None
