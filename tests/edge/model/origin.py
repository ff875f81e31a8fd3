"""An origin that answers from a table, knows validators, can be down, and records its requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from typing import Literal

from edge.model.plain import Answer, Fields, NoAnswer, OriginCall, value_of

FORWARDED = (
    "accept-language",
    "authorization",
    "cookie",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "range",
    "x-kind",
)
"""The request headers that are compared."""


def http_date(seconds: float) -> str:
    """A time as HTTP writes it."""
    return formatdate(int(seconds), usegmt=True)


@dataclass(frozen=True)
class Page:
    """What an origin has at one path. Times are in seconds from now; `modified` is its own time."""

    status: int = 200
    body: bytes = b"page"
    headers: Fields = ()
    etag: str | None = None
    modified: int | None = None
    date: int | None = 0
    expires: int | None = None


USUAL = Page(headers=(("cache-control", "max-age=10, stale-if-error=20"),), etag='"usual"')
"""What is at every path that has nothing else."""

State = Literal["up", "unreachable", "slow", "breaking"] | int
"""What an origin does: answer, not answer, break off in the body, or fail with a status."""


@dataclass
class Origin:
    """Origins of all names; they hold the same pages."""

    pages: dict[str, Page] = field(default_factory=dict)
    state: State = "up"
    asked: list[OriginCall] = field(default_factory=list)

    def answer(self, now: float, asked: OriginCall) -> Answer:
        """Answer one request, and remember it.

        Raises:
            NoAnswer: The origin is down.
        """
        self.asked.append(asked)
        if self.state in ("unreachable", "slow"):
            raise NoAnswer(slow=self.state == "slow")
        if isinstance(self.state, int):
            failed = b"" if asked.method == "HEAD" else b"failed"
            return Answer(self.state, (("date", http_date(now)),), failed)
        path = asked.target.partition("?")[0]
        page = self.pages.get(path, USUAL)
        headers = _headers(page, now)
        if page.status == 200 and asked.method in ("GET", "HEAD") and _unchanged(page, asked.headers):
            return Answer(304, tuple(pair for pair in headers if pair[0] != "content-type"))
        where = b" from " + (asked.origin or "default").encode() + b" of " + asked.target.encode()
        body = page.body and page.body + where
        language = value_of(asked.headers, "accept-language")
        if body and language is not None and "accept-language" in (value_of(headers, "vary") or "").lower():
            body += b" in " + language.encode()
        if asked.method in ("POST", "PUT"):
            body += b" for " + asked.body
        if asked.method == "HEAD" or page.status in (204, 304):
            body = b""
        broken = self.state == "breaking" and body != b""
        return Answer(page.status, headers, body[:3] if broken else body, broken)


def _headers(page: Page, now: float) -> Fields:
    fields: list[tuple[str, str]] = [("content-type", "text/plain"), *page.headers]
    if page.date is not None:
        fields.append(("date", http_date(int(now) + page.date)))
    if page.expires is not None:
        fields.append(("expires", http_date(int(now) + page.expires)))
    if page.etag is not None:
        fields.append(("etag", page.etag))
    if page.modified is not None:
        fields.append(("last-modified", http_date(page.modified)))
    return tuple(fields)


def _unchanged(page: Page, headers: Fields) -> bool:
    tags = value_of(headers, "if-none-match")
    if tags is not None:
        own = (page.etag or "").removeprefix("W/")
        return any(tag.strip().removeprefix("W/") in (own, "*") for tag in tags.split(",")) and own != ""
    since = value_of(headers, "if-modified-since")
    if since is None or page.modified is None:
        return False
    return page.modified <= parsedate_to_datetime(since).timestamp()
