"""`EdgePages`: which of the edge's own pages a request gets."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from prefetchrouter.browser.names import NAMES
from prefetchrouter.edge.logging.entry_data import entry_data
from prefetchrouter.edge.logging.lines import size_text
from prefetchrouter.edge.logging.request_log import LogEntry, Reasons, RequestLog
from prefetchrouter.edge.pages import rows
from prefetchrouter.edge.pages.guard import is_from_page, refusal
from prefetchrouter.edge.pages.page_templates import empty_page, html_page, json_page, plain_page
from prefetchrouter.edge.pages.purging import purged
from prefetchrouter.edge.pages.request import page_data, page_texts
from prefetchrouter.edge.pages.sentences import MEANINGS
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.http.message import Fact
from prefetchrouter.rules.rule_set import RuleSet

_PAGE = re.compile(
    rf"{re.escape(NAMES.own_path_prefix)}(?:/|/(?:(?:requests|cache|origin)(?:\.json|/.*)?|purge))?"
)

HOME = f"{NAMES.own_path_prefix}/requests"
"""The path of the first page."""

_MOST_ROWS = 200
_MOST_BODY = 64 * 1024
_SHOWS: tuple[rows.Show, ...] = ("all", "prefetches", "misses")


def is_page(path: str) -> bool:
    """Return whether a path is one of the edge's pages.

    Example:
        >>> is_page("/__edgio__/requests/12"), is_page("/__edgio__/cache-manifest.js"), is_page("/")
        (True, False, False)
    """
    return _PAGE.fullmatch(path) is not None


class EdgePages:
    """The edge's own pages.

    Args:
        request_log: What happened.
        cache: The cache.
        rules: The current rules.
        facts: Facts about each visitor, such as ``{"location.country": "DE"}``.
        now: Returns the time in seconds since 1970.
    """

    def __init__(
        self,
        request_log: RequestLog,
        cache: rows.Copies,
        rules: Callable[[], RuleSet],
        facts: Mapping[str, Fact] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._request_log = request_log
        self._cache = cache
        self._rules = rules
        self._facts = dict(facts or {})
        self._now = now
        self._token = secrets.token_urlsafe(24)
        self._run = secrets.token_hex(4)

    async def page(self, request: EdgeRequest) -> EdgeResponse:
        """Return the response to a request on the listener of the pages."""
        path = request.path
        refused = refusal(request)
        if refused is not None:
            return plain_page(403, refused)
        if path in ("/", NAMES.own_path_prefix, f"{NAMES.own_path_prefix}/"):
            return empty_page(302, {"location": HOME})
        if not is_page(path):
            return plain_page(404, "there is no such page; the site is at another port")
        name = path.removeprefix(f"{NAMES.own_path_prefix}/")
        if name == "cache" and request.method == "POST":
            return await self._purged(request)
        if name == "purge":
            return await purged(request, self._cache)
        if request.method not in ("GET", "HEAD"):
            allowed = "GET, HEAD, POST" if name == "cache" else "GET, HEAD"
            return plain_page(405, "this page can only be looked at", {"allow": allowed})
        return await self._all_copies() if name == "cache.json" else self._shown(name, request)

    def _shown(self, name: str, request: EdgeRequest) -> EdgeResponse:
        base, _, ending = name.partition(".")
        if base == "requests" and name in ("requests", "requests.json"):
            return self._requests(request, as_json=bool(ending))
        if name == "cache":
            return self._copies()
        if name in ("origin", "origin.json"):
            return self._origin(request, as_json=bool(ending))
        return self._request(name.removeprefix("requests/"))

    def _requests(self, request: EdgeRequest, *, as_json: bool) -> EdgeResponse:
        show = _show(request.query)
        entries = [entry for entry in self._request_log.entries if rows.is_wanted(entry, show)]
        if as_json:
            found = [entry_data(entry) for entry in entries]
            return json_page({"counters": self._counters(), "requests": found})
        return self._lifespan(
            request,
            "requests",
            show=show,
            shows=_SHOWS,
            requests=[rows.request_row(entry) for entry in entries[:_MOST_ROWS]],
            more=max(0, len(entries) - _MOST_ROWS),
            keeps=self._request_log.keeps,
            meanings=MEANINGS,
        )

    def _request(self, number: str) -> EdgeResponse:
        digits, dot, ending = number.partition(".")
        entry = self._entry(digits)
        if entry is None or (dot and ending != "json"):
            return self._html("missing", status=404, title="Not here", keeps=self._request_log.keeps)
        if ending:
            return json_page(page_data(entry, self._rules(), self._facts))
        found = page_texts(entry, self._rules(), self._facts)
        return self._html("request", title=f"Request {entry.number}", found=found)

    def _entry(self, digits: str) -> LogEntry | None:
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 18
        return self._request_log.entry(int(digits)) if is_number else None

    async def _all_copies(self) -> EdgeResponse:
        """Return the data of all stored responses, from a thread: there may be 100,000 of them."""
        views = self._cache.views(self._now())
        found = {"counters": self._counters(), **self._bounds(len(views))}
        return await asyncio.to_thread(
            lambda: json_page({**found, "stored": list(map(rows.stored_data, views))})
        )

    def _bounds(self, count: int) -> dict[str, int]:
        return {"count": count, "size": self._cache.size, "limit": self._cache.limit}

    def _copies(self) -> EdgeResponse:
        cache = self._cache
        views = cache.views(self._now())
        bounds = self._bounds(len(views))
        return self._html(
            "cache",
            title="Cache",
            stored=[rows.stored_row(view) for view in views[:_MOST_ROWS]],
            more=max(0, len(views) - _MOST_ROWS),
            tags=sorted({tag for view in views for tag in view.tags})[:_MOST_ROWS],
            bounds={**bounds, "size_text": size_text(cache.size), "limit_text": size_text(cache.limit)},
            token=self._token,
        )

    async def _purged(self, request: EdgeRequest) -> EdgeResponse:
        form = await _form(request)
        token = form.get("token", "")
        if not is_from_page(request) or not hmac.compare_digest(token.encode(), self._token.encode()):
            return plain_page(403, "this form is too old, or not from this page; load the page again")
        if form.get("all") == "yes":
            self._cache.clear()
        if form.get("tag"):
            self._cache.purge_tags([form["tag"]])
        for view in self._cache.views(self._now()):
            if rows.stored_id(view.key) == form.get("id"):
                self._cache.remove(view.key)
        return empty_page(303, {"location": f"{NAMES.own_path_prefix}/cache"})

    def _origin(self, request: EdgeRequest, *, as_json: bool) -> EdgeResponse:
        reasons = Reasons(self._request_log.entries)
        calls = self._request_log.origin_calls
        if as_json:
            found = [rows.OriginCallRow.of(one, reasons).data() for one in calls]
            return json_page({"counters": self._counters(), "origin_requests": found})
        return self._lifespan(
            request,
            "origin",
            calls=[rows.OriginCallRow.of(one, reasons) for one in calls[:_MOST_ROWS]],
            more=max(0, len(calls) - _MOST_ROWS),
            keeps=self._request_log.keeps,
        )

    def _lifespan(self, request: EdgeRequest, name: str, **shown: Any) -> EdgeResponse:
        """Return a page, or 304 when nothing has changed since a browser got it."""
        tag = f'"{self._run}-{self._request_log.revision}"'
        if request.headers.get("if-none-match") == tag:
            return empty_page(304, {"etag": tag})
        return self._html(name, headers={"etag": tag}, title=name.capitalize(), **shown)

    def _html(self, name: str, **shown: Any) -> EdgeResponse:
        return html_page(
            name,
            tab=name,
            counters=self._request_log.counters,
            prefix=NAMES.own_path_prefix,
            now=self._now(),
            **shown,
        )

    def _counters(self) -> dict[str, int]:
        counters = self._request_log.counters
        return {name: getattr(counters, name) for name in counters.__slots__}


def _show(query: str) -> rows.Show:
    wanted = parse_qs(query).get("show", ["all"])[0]
    return next((show for show in _SHOWS if show == wanted), "all")  # pyright: ignore[reportReturnType]


async def _form(request: EdgeRequest) -> dict[str, str]:
    body = b""
    if request.body is not None:
        async for piece in request.body:
            body += piece
            if len(body) > _MOST_BODY:
                return {}
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
