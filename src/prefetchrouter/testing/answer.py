"""`Answer`: what a request gets, in the words of tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import total_ordering
from typing import Any

from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.catalog import keys
from prefetchrouter.errors import MOST_CHARACTERS
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.explanation import explain
from prefetchrouter.explanation.text import explanation_text
from prefetchrouter.explanation.verdict import verdict
from prefetchrouter.http.message import HeaderFields, Request
from prefetchrouter.http_cache.outcome import storage_of
from prefetchrouter.http_cache.prefetches import foreign_prefetch, guards, is_cached_only
from prefetchrouter.http_cache.reasons import explained
from prefetchrouter.http_cache.storage import StoragePolicy
from prefetchrouter.printable import printable
from prefetchrouter.rules.duration import Duration, duration


class Verdict:
    """Whether something holds, and why; true or false where a truth is wanted.

    A test that asks for a verdict and never looks at it has most likely forgotten its ``assert``; the
    pytest plugin then asserts in its place.

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
        """Whether it does, as a plain boolean."""
        self.was_looked_at = True
        return self._holds

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        return f"<{printable(self.reason, MOST_CHARACTERS)}>"


@total_ordering
class Lifetime:
    """How long something is kept: compares with durations, and with numbers of seconds, by its length.

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
    """Return a length of time in seconds, None when it is none."""
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
        note: Called with each verdict that is given.

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

    def explanation(self) -> str:
        """Return what the rules make of the request, value by value with the lines that set them."""
        return explanation_text(explain(self._evaluator, self.decision.request))

    def _verdict(self, holds: bool, reason: str) -> Verdict:
        verdict = Verdict(holds, reason)
        if self._note is not None:
            self._note(verdict)
        return verdict

    # Prefetching and caching

    def is_prefetchable(self) -> Verdict:
        """Whether a prefetch works: browsers ask for it, the edge answers, and the service worker stores it.

        With a response (``status=``, ``response_headers=``) what that says counts too, such as a Set-Cookie.
        """
        in_browser = evaluate_in_browser(self._evaluator, self.decision.request)
        found = verdict(self._evaluator, self.decision, in_browser)
        if found.prefetched:
            return self._verdict(True, "prefetchable")
        cure = f"; {found.cure}" if found.cure else ""
        return self._verdict(False, f"not prefetchable: {found.reason}{cure}")

    def may_ask_origin(self) -> Verdict:
        """Whether an origin may be asked where nothing is stored: not for a prefetch that is held back.

        Prefetches are requests with ``edgio_prefetch=1``, and those with ``Sec-Purpose: prefetch``.
        """
        decision, request = self.decision, self.decision.request
        foreign = foreign_prefetch(HeaderFields(dict(request.headers)), request.query)
        if foreign and guards(decision, self._evaluator.property):
            return self._verdict(False, f"a foreign {foreign} gets what is stored, else 503")
        allowed = decision.get(keys.response.allow_prefetching_uncached_content) is True
        if is_cached_only(request.query) and not allowed:
            return self._verdict(False, "the prefetch gets what is stored, else 412")
        return self._verdict(
            True, f"a foreign {foreign} may ask the origin" if foreign else "it may ask the origin"
        )

    def is_cached(self, status: int = 200) -> Verdict:
        """Whether rules make the edge keep a response of a status."""
        ttl = self.ttl_of(status)
        if ttl is not None and ttl.seconds > 0:
            return self._verdict(True, f"stored at the edge for {ttl.length}")
        storage = self._storage(status)
        why = f": {explained(storage, status)}" if isinstance(storage, str) else ""
        return self._verdict(False, f"a {status} is not stored at the edge{why}")

    def _storage(self, status: int) -> StoragePolicy | str | None:
        """Return what the edge does with the response that is known, None for any other."""
        response = self.decision.request.response
        if response is not None and response.status != status:
            return None
        if response is None and status != 200:
            return None
        return storage_of(self.decision, self._evaluator.before_response(self.decision))

    @property
    def ttl(self) -> Lifetime | None:
        """How long the edge keeps a successful response; None when rules do not make it keep any."""
        return self.ttl_of(200)

    def ttl_of(self, status: int) -> Lifetime | None:
        """Return how long the edge stores a response of a status, None when it does not or rules do not say.

        With a response (``status=``, ``response_headers=``) this is what the edge does with that one.
        """
        found = self._storage(status)
        if isinstance(found, str):
            return None
        by_rule = self.decision.ttl(status)
        if found is not None and found.basis != "rule":
            return Lifetime(Duration(f"{max(0, int(found.fresh))}s"))
        return _lifetime(by_rule)

    @property
    def stale_while_revalidate(self) -> Lifetime | None:
        """How long an expired copy may still serve while a fresh one is fetched."""
        return _lifetime(self.decision.stale_while_revalidate)

    @property
    def service_worker_ttl(self) -> Lifetime | None:
        """How long the browser's worker keeps it."""
        value = self.value(keys.caching.service_worker_max_age)
        return _lifetime(value if isinstance(value, Duration) else None)

    @property
    def cache_key(self) -> tuple[str, ...]:
        """What tells the edge's copies apart."""
        return self.decision.cache_key

    # Where it goes and what comes back

    def goes_to(self, origin: str) -> Verdict:
        """Whether the named origin is asked when no cache answers."""
        actual = self.decision.origin
        return self._verdict(actual == origin, f"it goes to {actual or 'no named origin'}")

    def redirects_to(self, location: str, status: int | None = None) -> Verdict:
        """Whether the client is sent to another address, perhaps with a certain status."""
        redirect = self.decision.redirect
        if redirect is None:
            return self._verdict(False, "it is no redirect")
        fits = redirect.location == location and status in (None, redirect.status)
        return self._verdict(fits, f"it redirects to {redirect.location} with {redirect.status}")

    def is_denied(self) -> Verdict:
        """Whether the request is refused: by a rule, or since no edge takes its target."""
        if self.decision.refusal is not None:
            return self._verdict(True, f"refused with 400: {self.decision.refusal.message}")
        return self._verdict(self.decision.denied, "refused" if self.decision.denied else "not refused")

    @property
    def status(self) -> int | None:
        """The status that rules give it, None when the origin decides."""
        return self.decision.status

    @property
    def body(self) -> str | None:
        """The body that rules give it, None when the origin decides."""
        return self.decision.synthetic.body if self.decision.synthetic else None

    @property
    def path(self) -> str:
        """The path and query that the origin is asked for."""
        return self.decision.path

    def header(self, name: str) -> str | None:
        """Return a header that the client sees, None when it sees none of that name."""
        return self.decision.response_headers().get(name)

    def request_header(self, name: str) -> str | None:
        """Return a header that the origin gets, None when it gets none of that name."""
        return self.decision.request_headers.get(name)

    def value(self, key: str) -> Any:
        """Return the value of a feature, such as ``"caching.bypass_cache"``, None when no rule sets it."""
        value = self.decision.value(key)
        return value.value if value is not None else None

    def matches(self, text: str) -> Verdict:
        """Whether a rule whose line is ``"routes.py:12"``, or whose comment is `text`, applies."""
        places = [str(matched.source) for matched in self.decision.rules if matched.source]
        comments = [matched.rule.features.comment for matched in self.decision.rules]
        pattern = re.compile(rf"(?:.*/)?{re.escape(text)}")
        applies = text in comments or any(pattern.fullmatch(place) for place in places)
        return self._verdict(applies, f"the rules that apply are at {', '.join(places) or 'no line'}")


def _lifetime(length: Duration | None) -> Lifetime | None:
    return Lifetime(length) if length is not None else None
