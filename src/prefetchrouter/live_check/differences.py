"""What differs between a response of a live edge and the decision of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin

from prefetchrouter.browser.names import NAMES
from prefetchrouter.catalog import keys
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.http.message import HeaderFields, Request, Response
from prefetchrouter.live_check.live_client import LiveResponse
from prefetchrouter.live_check.live_site import LiveSite
from prefetchrouter.printable import printable
from prefetchrouter.source import Source

_WITHOUT_ORIGIN: Final = frozenset({502, 503, 504})
_SET: Final = f"{keys.headers.set_response_headers}."
_ADDED: Final = f"{keys.headers.add_response_headers}."
_REMOVED: Final = f"{keys.headers.remove_response_headers}."
_REMOVED_EARLY: Final = f"{keys.headers.remove_origin_response_headers}."
_LIKELY: Final = (200, 301, 302, 304, 400, 401, 403, 404, 405, 410, 418, 429, 500, 502, 503, 504)
"""The statuses of an origin that are tried where rules on the response may have changed it."""
_OF_A_DENIAL: Final = frozenset({NAMES.worker_cache_header, "content-type"})
_MOST_CHARACTERS: Final = 100


@dataclass(frozen=True, slots=True)
class LiveDifference:
    """One thing in which a response is not what the rules say.

    Args:
        request: The request, as rules see it.
        aspect: What differs, such as ``"status"`` or ``"header x-frame-options"``.
        expected: What the rules say.
        actual: What the edge sent.
        source: The line of the rules, where one decides it.
    """

    request: Request
    aspect: str
    expected: str
    actual: str
    source: Source | None = None


def page_differences(
    evaluator: Evaluator, decision: Decision, response: LiveResponse, site: LiveSite
) -> tuple[list[LiveDifference], Decision]:
    """Return in what a response differs from the rules, and the decision that it was compared with.

    What only the origin knows, such as the status of a page that it makes, is not compared; nor is anything
    where rules depend on what only the edge knows, such as a random number.

    Args:
        evaluator: The rules.
        decision: What they say about the request, before there is a response.
        response: What the edge sent.
        site: The edge.
    """
    if decision.status is None and response.status in _WITHOUT_ORIGIN:
        expected, actual = "a response of the origin", str(response.status)
        return [LiveDifference(decision.request, "status", expected, actual, _last_line(decision))], decision
    possible = [
        ([] if one.depends_on else list(_all_of(one, response, site)), one)
        for one in _decisions(evaluator, decision, response)
    ]
    differences, compared = min(possible, key=lambda one: len(one[0]))
    return differences, compared


def _decisions(evaluator: Evaluator, decision: Decision, response: LiveResponse) -> Iterator[Decision]:
    """Yield the decisions that a response may come from.

    Where a rule waits for the response it may have set the status, so that the origin's is not known: each is
    tried that leads to the status that the edge sent.
    """
    if _is_answered(decision):
        yield decision
        return
    likely = _LIKELY if decision.awaiting_response else ()
    is_known = False
    for status in dict.fromkeys((response.status, *likely)):
        late = evaluator.evaluate(replace(decision.request, response=Response(status, response.headers)))
        if not decision.awaiting_response or late.status == response.status:
            is_known = True
            yield late
    if not is_known:
        yield decision


def _is_answered(decision: Decision) -> bool:
    """Return whether rules respond before there is a response of the origin."""
    if decision.denied or decision.refusal is not None:
        return True
    if decision.redirect is not None and decision.decided_by(keys.url.url_redirect) is not None:
        return True
    return decision.synthetic is not None and not decision.synthetic.asks_origin


def _all_of(decision: Decision, response: LiveResponse, site: LiveSite) -> Iterator[LiveDifference]:
    found = list(_made_by_rules(decision, response, site))
    yield from found or _headers(decision, response)


def _made_by_rules(decision: Decision, response: LiveResponse, site: LiveSite) -> Iterator[LiveDifference]:
    """Yield differences in what rules say of a response whose status they set."""
    request, status = decision.request, decision.status
    if status is None or status < 200:
        return
    if response.status != status:
        expected = f"{status}{'' if decision.redirect is None else f' to {decision.redirect.location}'}"
        location = response.headers.get("location")
        actual = f"{response.status}{'' if location is None else f' to {location}'}"
        yield LiveDifference(request, "status", _short(expected), _short(actual), _status_line(decision))
        return
    if decision.redirect is not None:
        wanted = site.seen_location(request, decision.redirect.location)
        sent = response.headers.get("location")
        if sent is None or site.seen_location(request, sent) != wanted:
            line = _line_of(decision, keys.url.url_redirect) or _last_line(decision)
            actual = "no Location" if sent is None else _short(sent)
            yield LiveDifference(request, "redirect", _short(decision.redirect.location), actual, line)
        return
    synthetic = decision.synthetic
    text = None if synthetic is None else synthetic.body
    is_template = "%{" in (decision.get(keys.response.set_response_body) or "")
    is_seen = request.method == "GET" and not response.is_cut and not is_template
    if text is not None and is_seen and response.body != text.encode():
        line = _line_of(decision, keys.response.set_response_body)
        shown = _short(response.body.decode("utf-8", "replace"))
        yield LiveDifference(request, "body", _short(text) or "no body", shown or "no body", line)


def _headers(decision: Decision, response: LiveResponse) -> Iterator[LiveDifference]:
    """Yield the headers that rules set, add or remove, and that are not as they say.

    The rules are applied to the headers that the edge sent: where it has applied them, nothing changes.
    """
    request, sent = decision.request, response.headers
    downstream = decision.downstream
    again = downstream.client_headers(downstream.stored_headers(sent))
    alone = downstream.client_headers(HeaderFields())
    for name, source in _ruled_names(decision).items():
        if name == "location":
            continue
        expected, actual = again.get(name), sent.get(name)
        if _is_added(decision, name):
            expected = alone.get(name)
            is_right = expected is None or (actual is not None and expected in actual)
        elif _is_template(decision, name):
            is_right = expected is None or actual is not None
        else:
            is_right = expected == actual
        if not is_right:
            yield LiveDifference(
                request, f"header {name}", "no such header" if expected is None else _short(expected),
                "no such header" if actual is None else _short(actual), source,
            )  # fmt: skip


def _ruled_names(decision: Decision) -> Mapping[str, Source | None]:
    """Return the response headers that rules decide, each with the line."""
    names: dict[str, Source | None] = {}
    for key, value in decision.values.items():
        start = next((start for start in _STARTS if key.startswith(start)), None)
        if start is not None:
            names[key.removeprefix(start).removeprefix("+").lower()] = value.source
    for feature, name in (
        (keys.caching.service_worker_max_age, NAMES.worker_cache_header),
        (keys.caching.client_max_age, "cache-control"),
        (keys.caching.bypass_client_cache, "cache-control"),
    ):
        found = decision.value(feature)
        if found is not None and found.has_effect and name not in names:
            names[name] = found.source
    if decision.denied:  # an edge's own page, which is in no case for the service worker (E7)
        return {name: line for name, line in names.items() if name not in _OF_A_DENIAL}
    if decision.status == 412:
        names.pop(NAMES.worker_cache_header, None)
    return names


_STARTS: Final = (_SET, _ADDED, _REMOVED, _REMOVED_EARLY)


def _is_added(decision: Decision, name: str) -> bool:
    return any(f"{start}{name}" in decision.values for start in (_ADDED, f"{_ADDED}+", f"{_SET}+"))


def _is_template(decision: Decision, name: str) -> bool:
    found = decision.values.get(f"{_SET}{name}")
    return found is not None and (not isinstance(found.value, str) or "%{" in found.value)


def _status_line(decision: Decision) -> Source | None:
    candidates = keys.access.deny_access, keys.url.url_redirect, keys.response.set_status_code
    found = next((line for key in candidates if (line := _line_of(decision, key)) is not None), None)
    return found or _last_line(decision)


def _line_of(decision: Decision, key: str) -> Source | None:
    found = decision.decided_by(key)
    return None if found is None else found.source


def _last_line(decision: Decision) -> Source | None:
    return next((found.source for found in reversed(decision.rules) if found.source is not None), None)


def _short(text: str) -> str:
    return printable(text, _MOST_CHARACTERS)


def prefetch_differences(
    kind: str, decision: Decision, response: LiveResponse, site: LiveSite
) -> Iterator[LiveDifference]:
    """Yield in what the response to a prefetch is not that of a guarded edge.

    Args:
        kind: The kind of the probe.
        decision: What the rules say about the request.
        response: What the edge sent.
        site: The edge.

    Source: requirements E6, E7 and E32 of ``docs/edge-rules.md``.
    """
    request = decision.request
    line = _line_of(decision, keys.caching.service_worker_max_age) or _last_line(decision)
    if kind == "redirected prefetch":
        yield from _redirected(decision, response, site, line)
        return
    wanted = 412 if kind == "prefetch" else 503
    if response.status != wanted:
        expected = f"{wanted}, since nothing is stored for it"
        yield LiveDifference(request, "prefetch", expected, str(response.status), line)
        return
    if "no-store" not in response.headers.get("cache-control", ""):
        actual = response.headers.get("cache-control", "no such header")
        yield LiveDifference(request, "header cache-control of the refusal", "no-store", _short(actual), line)
    worker = response.headers.get(NAMES.worker_cache_header)
    if worker is not None:
        name = f"header {NAMES.worker_cache_header} of the refusal"
        yield LiveDifference(request, name, "no such header", _short(worker), line)


def _redirected(
    decision: Decision, response: LiveResponse, site: LiveSite, line: Source | None
) -> Iterator[LiveDifference]:
    """Yield whether a redirect of a prefetch loses the parameter by which the next request is one, too."""
    request, location = decision.request, response.headers.get("location", "")
    seen = site.seen_location(request, location)
    base = urljoin(f"{request.scheme}://{request.host}", "/")
    if (
        300 <= response.status < 400
        and seen.startswith(base)
        and f"{NAMES.cached_only_parameter}=1" not in seen
    ):
        expected = f"a Location with {NAMES.cached_only_parameter}=1"
        yield LiveDifference(request, "redirect of a prefetch", expected, _short(location), line)
