"""What can be noticed of a decision: by a client, an origin, a browser, or in the edge's storage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.catalog import keys
from prefetchrouter.catalog.feature_specs import split_key
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.http.message import Request
from prefetchrouter.printable import printable
from prefetchrouter.rules.duration import Duration
from prefetchrouter.source import Source

ANSWERED = ("status", "location", "body")
"""The aspects of a response that the edge makes itself."""
PREFETCHING = "prefetching"
"""The aspect of browsers: whether they prefetch links to the URL."""
_MOST_CHARACTERS = 120
_SHOWN_OTHERWISE = frozenset(
    {"comment", str(keys.url.url_redirect), str(keys.url.url_rewrite), str(keys.access.deny_access)}
)
"""Features whose effect is an aspect with another name: the status, the location, the path."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that can be noticed.

    Args:
        shown: As people read it.
        compared: What has to be equal for nothing to have changed: ``"60m"`` is ``"1h"``.
        source: The line that decides it, where one does.
    """

    shown: str
    compared: object
    source: Source | None = None


def behaviour(evaluator: Evaluator, request: Request) -> dict[str, Aspect]:
    """Return what can be noticed of a request, by the name of the aspect.

    Of a response that the edge makes itself, lifetimes and origins are left out: they have no effect.

    Args:
        evaluator: The rules.
        request: The request, perhaps with the origin's response.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().get("/a", access={"deny_access": True}, caching={"max_age": "1h"})
        >>> {name: aspect.shown for name, aspect in behaviour(Evaluator(router), Request("/a")).items()}
        {'status': '403', 'prefetching': 'no'}
    """
    decision = evaluator.evaluate(request)
    found: dict[str, Aspect] = {}
    found.update(_response(decision))
    if _is_answered(decision):
        found.update(_headers(decision))
    else:
        found.update(_forwarded(decision))
        found.update(_values(decision))
    found[PREFETCHING] = _prefetching(evaluator, request)
    return found


def _is_answered(decision: Decision) -> bool:
    """Return whether the edge makes the response without the origin and without its storage."""
    synthetic = decision.synthetic
    if synthetic is not None:
        return not synthetic.asks_origin
    return decision.redirect is not None and decision.decided_by(keys.url.url_redirect) is not None


def _response(decision: Decision) -> Iterator[tuple[str, Aspect]]:
    given = decision.request.response
    if decision.status is not None and (given is None or decision.status != given.status):
        yield "status", Aspect(str(decision.status), decision.status, _status_source(decision))
    if decision.redirect is not None:
        location = decision.redirect.location
        yield "location", Aspect(_short(location), location, _source(decision, keys.url.url_redirect))
    synthetic = decision.synthetic
    if synthetic is not None and synthetic.body is not None:
        source = _source(decision, keys.response.set_response_body)
        yield "body", Aspect(_short(synthetic.body), synthetic.body, source)


def _status_source(decision: Decision) -> Source | None:
    candidates = keys.access.deny_access, keys.url.url_redirect, keys.response.set_status_code
    return next((found for key in candidates if (found := _source(decision, key)) is not None), None)


def _headers(decision: Decision) -> Iterator[tuple[str, Aspect]]:
    for name, text in decision.response_headers().items():
        if name != "location":
            yield f"response header {name}", Aspect(_short(text), text, _header_source(decision, name))


def _header_source(decision: Decision, name: str) -> Source | None:
    value = decision.values.get(f"{keys.headers.set_response_headers}.{name}")
    return None if value is None else value.source


def _forwarded(decision: Decision) -> Iterator[tuple[str, Aspect]]:
    upstream = decision.upstream
    source = _source(decision, keys.origin.set_origin)
    if upstream.origin is not None:
        yield "origin", Aspect(_short(upstream.origin), upstream.origin, source)
    yield (
        "path to the origin",
        Aspect(_short(upstream.path), upstream.path, _source(decision, keys.url.url_rewrite)),
    )
    key = tuple(str(part) for part in decision.cache_key)
    yield "cache key", Aspect(_short(" ".join(key)), key, _source(decision, keys.caching.cache_key))


def _values(decision: Decision) -> Iterator[tuple[str, Aspect]]:
    for key, value in decision.values.items():
        if value.has_effect and key not in _SHOWN_OTHERWISE and split_key(key)[0] not in _SHOWN_OTHERWISE:
            yield key, Aspect(_short(_text(value.value)), _comparable(value.value), value.source)


def _prefetching(evaluator: Evaluator, request: Request) -> Aspect:
    shown = evaluate_in_browser(evaluator, request)
    may = request.method == "GET" and shown.prefetchable
    return Aspect("yes" if may else "no", may, _stops(shown))


def _stops(shown: Decision) -> Source | None:
    value = shown.value(keys.caching.service_worker_max_age)
    return None if value is None else value.source


def _source(decision: Decision, key: str) -> Source | None:
    found = decision.decided_by(key)
    return None if found is None else found.source


def _comparable(value: object) -> object:
    if isinstance(value, Duration):
        return value.seconds
    if isinstance(value, Mapping):
        return tuple(sorted((str(name), repr(_comparable(part))) for name, part in value.items()))
    if isinstance(value, list | tuple):
        return tuple(map(_comparable, value))
    return value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return str(value)


def _short(text: str) -> str:
    return printable(text, _MOST_CHARACTERS)
