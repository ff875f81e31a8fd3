"""What becomes of a prefetch: does the edge store the page and answer it, does the browser store it?

Explanations, tests of rules and the edge's pages use it. `serve` decides by the same parts, which are
`reason_to_pass` and `storage_policy`; tests hold the two together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from prefetchrouter.browser.names import NAMES
from prefetchrouter.catalog import Key, keys
from prefetchrouter.evaluation.decision import Decision
from prefetchrouter.freshness.cache_control import CacheControl
from prefetchrouter.http.http_dates import strict_date
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.age import corrected_initial_age
from prefetchrouter.http_cache.hop_by_hop import end_to_end_headers
from prefetchrouter.http_cache.prefetches import shows_no_page
from prefetchrouter.http_cache.reasons import Explained, explained
from prefetchrouter.http_cache.storage import (
    NotStorable,
    StoragePolicy,
    only_if_cached,
    reason_to_pass,
    storage_policy,
    wants_validation,
)
from prefetchrouter.http_cache.vary import vary_names
from prefetchrouter.printable import MOST_SHOWN, printable

MOST_BODY_BYTES: Final = 32 * 1024 * 1024
"""The largest body that `serve` stores, unless configured otherwise."""


def is_usable(status: int, *, is_foreign: bool = False) -> bool:
    """Return whether a response to a prefetch leaves the browser with the page.

    The service worker stores only a 200; a 304 says that the browser has the page. Browsers that prefetch
    themselves follow redirects, too.

    Args:
        status: Its status.
        is_foreign: Whether a browser or another library prefetches, and not this project's scripts.

    Example:
        >>> is_usable(200), is_usable(404), is_usable(301)
        (True, False, False)
    """
    return status in (200, 304) or (is_foreign and 300 <= status < 400)


_DATELESS: Final = 0.0


@dataclass(frozen=True, slots=True)
class PrefetchOutcome:
    """What becomes of a prefetch of a page that was requested once before.

    Args:
        storage: How long the edge stores the response, or why it does not; None if that is not known
            without the origin's response, or when rules make the response.
        status: The status that a client gets where the prefetch is not refused.
        is_answered: Whether the prefetch gets a response and not a refusal (412).
        problem: Why the browser does not have the page afterwards, None if it has.
        doubts: What may keep the prefetch from helping although nothing is wrong.
        status_by_rules: The status of a response that rules make themselves; None if an origin makes it.
    """

    storage: StoragePolicy | NotStorable | None
    status: int
    is_answered: bool
    problem: Explained | None
    doubts: tuple[str, ...] = ()
    status_by_rules: int | None = None

    @property
    def works(self) -> bool:
        """Whether the browser has the page before the click."""
        return self.problem is None

    @property
    def seconds(self) -> float | None:
        """How long the response stays fresh at the edge, or None if it is not stored or that is not known."""
        return max(0.0, self.storage.fresh) if isinstance(self.storage, StoragePolicy) else None


def prefetch_outcome(
    decision: Decision, early: Decision, *, most_bytes: int = MOST_BODY_BYTES
) -> PrefetchOutcome:
    """Return what becomes of a prefetch that is like a decision's request, sent after it.

    Whether browsers send it at all, by the manifest and the link, is another question.

    Args:
        decision: The decision; with its origin's response if that is known, else a plain 200 is assumed.
        early: The decision on the same request without a response; see `Evaluator.before_response`.
        most_bytes: The largest body that the edge stores.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> from prefetchrouter.http.message import Response
        >>> router = Router().match("/a", caching={"max_age": "1h", "service_worker_max_age": "1h"})
        >>> request = Request("/a", response=Response(200, {"Set-Cookie": "a=b"}))
        >>> early = evaluate(router, Request("/a"))
        >>> str(prefetch_outcome(evaluate(router, request), early).problem)
        'Set-Cookie keeps the response out of the shared cache'
        >>> prefetch_outcome(early, early).seconds
        3600.0
    """
    if early.refusal is not None:
        refused = Explained(
            f"the edge refuses it with 400: {early.refusal.message}", None, early.refusal.hint
        )
        return PrefetchOutcome(None, 400, True, refused, status_by_rules=400)
    made = _status_by_rules(early)
    if made is not None:
        is_answered = not shows_no_page(made, HeaderFields(decision.request.headers))
        problem = _not_stored_by_worker(early, made)
        return PrefetchOutcome(None, made, is_answered, problem, status_by_rules=made)
    request = decision.request
    response = request.response
    status = 200 if response is None else response.status
    storage = storage_of(decision, early, most_bytes=most_bytes)
    seen = _status_seen(decision, status)
    may_fetch = early.get(keys.response.allow_prefetching_uncached_content) is True
    if may_fetch and only_if_cached(HeaderFields(request.headers)):
        return PrefetchOutcome(storage, 504, True, explained("only-if-cached"))
    reason = None if may_fetch else _refusal(decision, early, storage)
    if reason is not None:
        return PrefetchOutcome(storage, seen, False, _placed(explained(reason, status), reason, decision))
    headers = HeaderFields() if response is None else response.fields
    if early.get(keys.url.follow_redirects) is True and 300 <= status < 400:
        return PrefetchOutcome(storage, seen, True, None, ("the edge follows the redirect itself",))
    problem = _not_stored_by_worker(decision, seen)
    has_body = decision.synthetic is not None and decision.synthetic.body is not None
    is_cut = isinstance(storage, StoragePolicy) and not has_body and seen == status
    if problem is None and is_cut and "range" in request.headers:
        problem = Explained(
            "the request has Range, so it may get a part: the service worker stores only a 200"
        )
    doubts = () if problem is not None else tuple(_doubts(storage, headers, may_fetch))
    is_answered = not shows_no_page(seen, end_to_end_headers(HeaderFields(request.headers)))
    return PrefetchOutcome(storage, seen, is_answered, problem, doubts)


def storage_of(
    decision: Decision, early: Decision, *, most_bytes: int = MOST_BODY_BYTES
) -> StoragePolicy | NotStorable | None:
    """Return how long the edge stores the response to a request, or why it does not.

    None if that is not known without the origin's response, or there is nothing to store.

    Args:
        decision: The decision; with its origin's response if that is known.
        early: The decision on the same request without a response; see `Evaluator.before_response`.
        most_bytes: The largest body that the edge stores.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> from prefetchrouter.http.message import Response
        >>> router = Router().match("/a", caching={"max_age": "1h"})
        >>> early = evaluate(router, Request("/a"))
        >>> storage_of(early, early)
        StoragePolicy(fresh=3600.0, stale=0.0, error=0.0, basis='rule')
        >>> storage_of(evaluate(router, Request("/a", response=Response(206))), early)
        NotStorable(reason='status 206')
    """
    request = decision.request
    if early.refusal is not None or _status_by_rules(early) is not None:
        return None
    request_headers = end_to_end_headers(HeaderFields(request.headers))
    passes = reason_to_pass(early, request.method, request_headers)
    if passes is not None:
        return NotStorable(passes)
    if only_if_cached(request_headers):
        return NotStorable("only-if-cached")
    response = request.response
    if response is None:
        if early.ttl(200) is None:
            return None
        return storage_policy(early, request.method, request_headers, 200, HeaderFields(), age=0.0)
    stored = decision.downstream.stored_headers(end_to_end_headers(response.fields))
    date_value = strict_date(stored.get("date", ""))
    now = _DATELESS if date_value is None else date_value
    age = corrected_initial_age(stored, request_time=now, response_time=now)
    found = storage_policy(decision, request.method, request_headers, response.status, stored, age=age)
    length = stored.get("content-length", "")
    is_large = length.isascii() and length.isdigit() and int(length[:20]) > most_bytes
    if is_large and isinstance(found, StoragePolicy):
        return NotStorable(f"larger than {most_bytes} bytes")
    return found


def _refusal(decision: Decision, early: Decision, storage: StoragePolicy | NotStorable | None) -> str | None:
    """Return why the edge answers a prefetch with 412, or None if it does not."""
    request_headers = end_to_end_headers(HeaderFields(decision.request.headers))
    if storage is None:
        return None
    if isinstance(storage, NotStorable):
        return storage.reason
    if storage.fresh + storage.stale <= 0:
        return "expired on arrival"
    if wants_validation(early, request_headers):
        return "no-cache by the client"
    response = decision.request.response
    is_empty = response is not None and _is_empty(response) and not _is_made_late(decision)
    if is_empty and decision.get(keys.caching.refresh_zero_byte_cache_files) is True:
        return "empty"
    return None


def _placed(found: Explained, reason: str, decision: Decision) -> Explained:
    """Return a reason with the line of the rule that gives it."""
    status = 200 if decision.request.response is None else decision.request.response.status
    deciding: dict[str, Key[object]] = {
        "bypass_cache": keys.caching.bypass_cache,
        "a rule sets a lifetime of zero": keys.caching.max_age.entry(status),
    }
    key = deciding.get(reason)
    value = decision.value(key) if key is not None else None
    if value is None or value.source is None:
        return found
    return replace(found, sentence=f"{found.sentence}, set at {value.source}")


def _status_by_rules(decision: Decision) -> int | None:
    """Return the status of a response that rules make before an origin gets a request, None without one."""
    if decision.denied:
        return 403
    if decision.redirect is not None:
        return decision.redirect.status
    synthetic = decision.synthetic
    if synthetic is None or synthetic.asks_origin:
        return None
    return _final(synthetic.status, 200)


def _status_seen(decision: Decision, status: int) -> int:
    """Return the status that a client gets where the origin answers with this one."""
    made = _status_by_rules(decision) if _is_made_late(decision) else None
    return _final(decision.status, status) if made is None else made


def _is_made_late(decision: Decision) -> bool:
    """Return whether rules make the response in place of the origin's, with that at hand."""
    is_done = decision.denied or decision.get(keys.response.set_done) is True
    return is_done and _status_by_rules(decision) is not None


def _is_empty(response: Response) -> bool:
    return response.status in (204, 304) or response.fields.get("content-length") == "0"


def _final(wanted: int | None, usual: int) -> int:
    return wanted if wanted is not None and wanted >= 200 else usual


_UNSEEN: Final = re.compile(
    r"cookie|downlink|dpr|ect|(x-)?purpose|referer|rtt|save-data|(viewport-)?width|"
    r"sec-(?!ch-ua|gpc$).+",
    re.IGNORECASE,
)
"""The headers in `Vary` for which the service worker stores nothing (``sw/vary.ts``)."""


def _unseen(headers: HeaderFields) -> str | None:
    names = (name.strip(" \t") for text in headers.all("vary") for name in text.split(","))
    return next((name for name in names if _UNSEEN.fullmatch(name)), None)


def _not_stored_by_worker(decision: Decision, status: int) -> Explained | None:
    """Return why the service worker does not store a response, or None if it does (`sw/judge.ts`)."""
    if decision.denied:
        value = decision.value(keys.access.deny_access)
        line = f" ({value.source})" if value is not None and value.source is not None else ""
        return Explained(f"{keys.access.deny_access} is true{line}: a prefetch gets 403")
    redirect = decision.redirect
    if redirect is not None and status == redirect.status:
        location = printable(redirect.location, MOST_SHOWN)
        return Explained(
            f"it is a redirect to {location}: the service worker stores no redirects",
            advice="link to where it leads",
        )
    if status != 200:
        return Explained(f"it is answered with {status}: the service worker stores only 200")
    synthetic = decision.synthetic
    is_made = synthetic is not None and not synthetic.asks_origin
    body = None if synthetic is None else synthetic.body
    response = decision.request.response
    is_empty = response is not None and _is_empty(response)
    if not body and (is_made or body == "" or is_empty):
        return Explained("its body is empty: the service worker stores no empty response")
    headers = decision.response_headers()
    worker = CacheControl.parse(headers.get(NAMES.worker_cache_header, ""))
    if "no-store" in worker:
        return Explained(f"{NAMES.worker_cache_header} forbids the service worker to store it")
    if (name := _unseen(headers)) is not None:
        return Explained(
            f"the client gets Vary: {name}, a header that the service worker cannot see change",
            'headers={"remove_response_headers": ["vary"]}',
            "only if the page is the same for every visitor",
        )
    if not worker.seconds("max-age"):
        control = CacheControl.parse(headers.get("cache-control", ""))
        for directive in ("no-store", "private"):
            if directive in control:
                return Explained(
                    f"the client gets Cache-Control: {directive}, so the service worker does not store it",
                    'caching={"service_worker_max_age": "10m"}',
                )
        if "*" in headers.get("vary", ""):
            return Explained("the client gets Vary: *, so the service worker does not store it")
    return None


def _doubts(storage: StoragePolicy | NotStorable | None, origin: HeaderFields, may_fetch: bool) -> list[str]:
    doubts = []
    if isinstance(storage, NotStorable):
        why = explained(storage.reason)
        doubts.append(f"each prefetch goes to the origin, since nothing is stored: {why}")
    names = [name for name in vary_names(origin) or () if name != "accept-encoding"]
    if names and not may_fetch:
        doubts.append(
            f"Vary: {', '.join(names)}: a response is stored for each value, and only requests with the same "
            "value get it"
        )
    return doubts
