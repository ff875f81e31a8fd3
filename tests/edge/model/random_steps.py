"""Random sequences of what happens to an edge: requests, other pages, failures, time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from edge.model.origin import Page, State, http_date
from edge.model.plain import Ask
from edge.model.random_rules import some

START = 1_790_000_000
"""When each sequence begins, in seconds since 1970."""

PATHS = (*["/a"] * 8, "/b", "/b", "/d/x", "/d/y", "/old", "/made")
BODIES = ("POST", "PUT")
ETAGS = ('"one"', '"two"', 'W/"one"')
STATUSES = (*[200] * 12, 404, 404, 301, 204, 410)


@dataclass(frozen=True)
class Wait:
    """Time goes by: some seconds, or to a moment around the end of some copy."""

    seconds: int
    towards: int | None = None
    """Which of the coming moments; `seconds` is then how far from it."""


@dataclass(frozen=True)
class Change:
    """The origin has something else at a path from now on."""

    path: str
    page: Page


@dataclass(frozen=True)
class Turn:
    """The origin goes down, or comes back."""

    state: State


@dataclass(frozen=True)
class Crowd:
    """Several clients ask the same at once."""

    ask: Ask
    times: int


Step = Wait | Change | Turn | Ask | Crowd


_CONTROLS = (
    "max-age=10",
    "max-age=20",
    "max-age=10, stale-while-revalidate=10, stale-if-error=30",
    "max-age=20, stale-while-revalidate=10",
    "max-age=10, stale-if-error=20",
    "max-age=10, must-revalidate",
    "max-age=5, s-maxage=10, stale-while-revalidate=20",
    "s-maxage=0, max-age=10",
    "max-age=0",
    "max-age=0, stale-while-revalidate=20, stale-if-error=20",
    "max-age=abc",
    "public",
    "no-cache",
    "no-cache, max-age=10",
    "No-Store",
    "private, max-age=10",
    "max-age=10, proxy-revalidate, stale-if-error=20",
    "MAX-AGE=10, stale-while-revalidate=5",
)
_TARGETED = (
    "max-age=10",
    "max-age=20, stale-if-error=20",
    "s-maxage=10, max-age=5",
    "private, max-age=10",
    "no-cache",
    "no-store",
    "none",
    "max-age=0",
    "max-age=abc",
    "max-age=10,",
    "MAX-AGE=10",
    "",
)
_EXTRA: dict[str, st.SearchStrategy[Any]] = {
    "age": st.sampled_from(("3", "10", "30")),
    "cdn-cache-control": st.sampled_from(_TARGETED),
    "expires": st.just("0"),
    "pragma": st.just("no-cache"),
    "set-cookie": st.sampled_from(("who=me", "b=1; Path=/")),
    "content-location": st.sampled_from(("/b", "/a?x=1", "http://other.example/a")),
    "location": st.sampled_from(("/b", "d/x", "http://shop.example/a", "//other.example/a")),
}


_VARY = ("Accept-Language", "accept-language", "X-Kind", "X-Kind, Accept-Language", "*")


def _page(
    version: int, control: str | None, extra: dict[str, str], vary: str | None, status: int, **others: Any
) -> Page:
    fields = {"x-version": str(version), **extra}
    if control is not None:
        fields["cache-control"] = control
    if vary is not None:
        fields["vary"] = vary
    return Page(status=status, headers=tuple(fields.items()), **others)


_pages = st.builds(
    _page,
    version=st.integers(1, 9),
    control=st.sampled_from((None, *_CONTROLS)),
    extra=st.one_of(st.just({}), st.just({}), st.just({}), some(_EXTRA, 2)),
    vary=st.sampled_from((*[None] * 16, *_VARY)),
    status=st.sampled_from(STATUSES),
    body=st.sampled_from((b"page", b"another page", b"0123456789", b"")),
    etag=st.sampled_from((None, *ETAGS)),
    modified=st.sampled_from((None, None, START - 1000, START - 2000)),
    date=st.sampled_from((0, 0, 0, None, -4)),
    expires=st.sampled_from((None, None, None, 10, 0, -100)),
)


_QUERIES = (
    *[""] * 12,
    "x=1",
    "x=2&y=1",
    "y=1&x=1",
    "x=1&edgio_prefetch=1",
    "edgio_prefetch=0&edgio_prefetch=1",
    "edgio_prefetch=0",
    "edgio_prefetch=11",
    "x=edgio_prefetch=1",
    "edgio%5Fprefetch=1",
    "edgio_dpl=7&x=1",
)
_ASKED = {
    "accept-language": st.sampled_from(("de", "en", "de, en", "de,en")),
    "authorization": st.sampled_from(("Basic eDp5", "Basic eDp6")),
    "cache-control": st.sampled_from(("no-cache", "only-if-cached", "no-store", "max-age=0", "max-stale=9")),
    "cookie": st.sampled_from(("who=me", "who=you; b=1")),
    "if-modified-since": st.sampled_from(
        (http_date(START - 1000), http_date(START - 1500), http_date(START + 5))
    ),
    "if-none-match": st.sampled_from((*ETAGS, "*", '"none", "two"')),
    "pragma": st.just("no-cache"),
    "range": st.sampled_from(("bytes=0-1", "bytes=2-", "bytes=-3", "bytes=90-99", "bytes=5-2", "lines=1-2")),
    "sec-purpose": st.sampled_from(("prefetch", "prefetch;prerender", "prefetching", '"prefetch"')),
    "x-kind": st.sampled_from(("k", "l")),
}


_IF_RANGE = st.sampled_from((None, None, *ETAGS, http_date(START - 1000)))


def _ask(
    method: str, host: str, path: str, query: str, fields: dict[str, str], if_range: str | None, body: bytes
) -> Ask:
    if "range" in fields and if_range is not None:
        fields = {**fields, "if-range": if_range}
    return Ask(method, host, path, query, tuple(sorted(fields.items())), body if method in BODIES else b"")


_asks = st.builds(
    _ask,
    method=st.sampled_from(("GET",) * 9 + ("HEAD", "POST", "PUT", "DELETE", "OPTIONS")),
    host=st.sampled_from(("shop.example",) * 7 + ("other.example",)),
    path=st.sampled_from(PATHS),
    query=st.sampled_from(_QUERIES),
    fields=st.one_of(st.just({}), st.just({}), some(_ASKED, 2)),
    if_range=_IF_RANGE,
    body=st.sampled_from((b"", b"q=1", b"q=2")),
)
_moments = st.builds(Wait, st.sampled_from((-1, 0, 0, 1)), st.sampled_from((0, 0, 1, 2, 3)))
_waits = _moments | st.builds(Wait, st.sampled_from((1, 3, 5, 10, 30)))
_failing = st.builds(
    Turn, st.sampled_from((*["unreachable"] * 4, "slow", "slow", 500, 502, 503, 504, 501, "breaking"))
)


_crowds = st.integers(2, 4)
_anywhere = st.sampled_from(PATHS)
_near = st.integers(0, 11)
_SCENES = (
    "variant",
    "variant variant",
    "crowd",
    "plain moment crowd",
    "plain wait variant",
    "plain moment variant plain",
    "plain moment failing variant variant working variant",
    "plain expiry failing plain plain wait variant working plain",
    "plain failing moment variant wait variant working",
    "plain change moment variant variant",
    "change crowd moment variant",
    "failing crowd moment crowd working",
    "elsewhere ask ask",
    "change",
    "wait wait",
)
_played = st.lists(st.sampled_from([scenario.split() for scenario in _SCENES]), min_size=2, max_size=8)


@st.composite
def sequences(draw: st.DrawFn) -> list[Step]:
    """What happens to an edge, from its start: scenes, most of them about one page."""
    usual = draw(_asks)
    if usual.path == "/made":
        usual = replace(usual, path="/a")
    plain = replace(usual, method="GET", body=b"")
    hurried = replace(plain, query=f"{plain.query}&edgio_prefetch=1" if plain.query else "edgio_prefetch=1")
    german, english = (replace(plain, headers=(("accept-language", name),)) for name in ("de", "en"))
    near = (plain, plain, plain, usual, hurried, replace(plain, method="HEAD"), german, english)
    about = usual.path if usual.path in ("/a", "/b", "/d/x", "/d/y") else "/a"

    def variant() -> Ask:
        found = draw(_near)
        return near[found] if found < len(near) else draw(_asks)

    steps: dict[str, Callable[[], Step]] = {
        "ask": lambda: draw(_asks),
        "change": lambda: Change(about, draw(_pages)),
        "crowd": lambda: Crowd(variant(), draw(_crowds)),
        "elsewhere": lambda: Change(draw(_anywhere), draw(_pages)),
        "expiry": lambda: Wait(0, towards=0),
        "failing": lambda: draw(_failing),
        "moment": lambda: draw(_moments),
        "plain": lambda: plain,
        "variant": variant,
        "wait": lambda: draw(_waits),
        "working": lambda: Turn("up"),
    }
    return [steps["change"](), *(steps[name]() for scenario in draw(_played) for name in scenario)]
