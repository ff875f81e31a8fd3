"""Pages with a small cache behind them, and a short way to ask for one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

from prefetchrouter import Router
from prefetchrouter.edge.cache import StoredResponseView
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.logging.request_log import RequestLog
from prefetchrouter.edge.pages import EdgePages
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.rules.rule_set import RuleSet

NOW = 1100.0
VOID = ("meta", "link", "input", "br")
BLOCKS = ("dt", "dd", "th", "td", "li", "p", "h1", "h2", "h3")


def view(**facts: Any) -> StoredResponseView:
    """Return what there is to see of a copy; what is not told is usual."""
    usual = StoredResponseView(("localhost/pages/1",), (), 200, 2048, 60.0, 3540.0, 0.0, 3, "rule")
    return replace(usual, **facts)


@dataclass
class Copies:
    copies: list[StoredResponseView] = field(default_factory=list)
    limit: int = 10_000

    @property
    def size(self) -> int:
        return sum(copy.size for copy in self.copies)

    def views(self, now: float) -> list[StoredResponseView]:
        return list(self.copies)

    def remove(self, key: tuple[str, ...]) -> int:
        before = len(self.copies)
        self.copies = [copy for copy in self.copies if copy.key != key]
        return before - len(self.copies)

    def clear(self) -> int:
        count = len(self.copies)
        self.copies = []
        return count

    def purge_tags(self, tags: Sequence[str]) -> int:
        before = len(self.copies)
        self.copies = [copy for copy in self.copies if set(tags).isdisjoint(copy.tags)]
        return before - len(self.copies)

    def check_url(self, url: str) -> None:
        if not url.startswith("/"):
            raise ValueError(f'"{url}" is not a URL')

    def purge_url(self, url: str) -> int:
        return self.remove((f"localhost{url}",))


ROUTER = (
    Router()
    .match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "10m"})
    .match({"path": "/pages/:id", "cookies": {"session": "vip"}}, caching={"max_age": "2h"})
)


class Site:
    """The pages of an edge to which these things happened."""

    def __init__(
        self, *exchanges: Exchange, copies: tuple[StoredResponseView, ...] = (), router: Router = ROUTER
    ) -> None:
        self.request_log = RequestLog()
        for exchange in exchanges:
            self.request_log.note(exchange)
        self.cache = Copies(list(copies))
        self.pages = EdgePages(
            self.request_log, self.cache, lambda: RuleSet(rules=router.rules), now=lambda: NOW
        )

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        client: str = "127.0.0.1",
        body: bytes | None = None,
    ) -> EdgeResponse:
        path, _, query = f"/__edgio__/{path}".partition("?")
        fields = HeaderFields({"host": "localhost:8080", **(headers or {})})
        request = EdgeRequest(
            method,
            "http",
            "localhost:8080",
            path,
            query,
            fields,
            client,
            None if body is None else _pieces(body),
            host_header=fields["host"],
        )
        return asyncio.run(self.pages.page(request))

    def get(self, path: str, **more: Any) -> EdgeResponse:
        return self.ask(path, **more)

    def html(self, path: str) -> Page:
        return Page.of(self.get(path))

    def json(self, path: str) -> Any:
        response = self.get(path)
        assert response.headers["content-type"] == "application/json"
        assert isinstance(response.body, bytes)
        return json.loads(response.body)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]


class Page(HTMLParser):
    """What a browser sees: elements with their attributes, and the text outside of style and script."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = source
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(source)
        self.close()

    @classmethod
    def of(cls, response: EdgeResponse) -> Page:
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert isinstance(response.body, bytes)
        return cls(response.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} comes twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "br":
            self.text += " "

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag
        if tag in BLOCKS:
            self.text += " "

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    @property
    def words(self) -> str:
        """The text with single spaces."""
        return " ".join(self.text.split())

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """Which elements there are, each with the names of its attributes."""
        return [(tag, tuple(attributes)) for tag, attributes in self.elements]

    def links(self) -> list[str]:
        return [found["href"] or "" for tag, found in self.elements if tag == "a" and "href" in found]

    def value_of(self, name: str) -> str:
        return next(found["value"] or "" for tag, found in self.elements if found.get("name") == name)
