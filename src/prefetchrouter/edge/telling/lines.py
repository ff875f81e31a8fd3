"""What the terminal shows: one line for each request, messages about the rules, a table at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from prefetchrouter.edge.message import CacheStatus, EdgeRequest, Story
from prefetchrouter.edge.telling.exchange import Exchange
from prefetchrouter.edge.telling.journal import Counters
from prefetchrouter.edge.telling.masking import masked_target, masked_text
from prefetchrouter.edge.telling.rule_lines import last_line, marked_lines
from prefetchrouter.errors import Diagnostic
from prefetchrouter.evaluation.cache_key import without_own
from prefetchrouter.freshness import spoken
from prefetchrouter.printable import printable
from prefetchrouter.report.diagnostics import diagnostics_text
from prefetchrouter.report.table import Style, columns_of, cut, cut_middle, padded, table

_PLAIN: Final = Style(enabled=False)
_ROOMY = 110
_URL_COLUMNS = 40
_MOST_URL_COLUMNS = 60
_CACHE_COLUMNS = 11
_FEW_CACHE_COLUMNS = 8
_NOTE_COLUMNS = 26
_TTL_COLUMNS = 15
_FEW_NOTE_COLUMNS = 22
_ROUGH_TTL_COLUMNS = 10

_COLOURS: Final[Mapping[CacheStatus, str]] = {
    "hit": "green",
    "revalidated": "green",
    "stale": "yellow",
    "stale-error": "yellow",
    "miss": "cyan",
    "joined": "cyan",
    "pass": "cyan",
    "refused": "yellow",
    "error": "red",
}
_WAY = {
    "hit": "from the cache",
    "refused": "refused, the origin was not asked",
    "fetched": "may ask the origin",
    "made": "by the rules alone",
    "unusable": "of no use",
}
_SHORT = {
    "hit": "",
    "refused": "origin not asked",
    "fetched": ", fetched",
    "made": "",
    "unusable": " of no use",
}


def short_target(request: EdgeRequest) -> str:
    """Return path and query without secrets, and without the parameters of prefetching, told in words.

    Example:
        >>> short_target(EdgeRequest("GET", "http", "localhost", "/pages/2", "edgio_prefetch=1&a=1"))
        '/pages/2?a=1'
    """
    query = without_own(request.query)
    return masked_target(f"{request.path}?{query}" if query else request.path)


def size_text(size: int) -> str:
    """Return a number of bytes in the largest unit that it fills.

    Example:
        >>> [size_text(size) for size in (999, 1024, 5_600_000)]
        ['999 B', '1 KiB', '5.3 MiB']
    """
    if size < 1024:
        return f"{size} B"
    value = float(size)
    for unit in ("KiB", "MiB", "GiB", "TiB"):
        value /= 1024
        if value < 999.95 or unit == "TiB":
            break
    return f"{value:.1f}".removesuffix(".0") + f" {unit}"


def left_text(ttl: float | None) -> str:
    """Return how long a copy stays fresh, or since when it is not, in seconds as `Story.ttl` counts them.

    Example:
        >>> left_text(3598.2), left_text(-4.7), left_text(None)
        ('TTL 59 min 58 s', 'stale for 5 s', '')
    """
    if ttl is None:
        return ""
    return f"TTL {spoken(int(ttl))}" if ttl >= 0 else f"stale for {spoken(round(-ttl))}"


def note_text(story: Story) -> str:
    """Return what became of a request in a few words: the prefetch first, then what origins did, and why.

    Example:
        >>> note_text(Story(cache="pass", origin=["web 200 in 12 ms"], reason="not stored: set-cookie"))
        '-> web 200 in 12 ms, not stored: set-cookie'
        >>> note_text(Story(cache="miss", origin=["web 200 in 12 ms"]))
        '-> web 200 in 12 ms'
        >>> note_text(Story(cache="refused", prefetch="refused"))
        'prefetch: refused, the origin was not asked'
    """
    parts = [f"{prefetch_text(story)}: {_WAY[story.prefetch]}"] if story.prefetch else []
    parts += (f"-> {line}" for line in story.origin)
    said = " ".join(parts)
    is_told = not said or story.prefetch == "refused" or story.cache == "pass"
    return masked_text(", ".join(part for part in (said, story.reason if is_told else "") if part))


def prefetch_text(story: Story) -> str:
    """Return what kind of prefetch a request was: ours, or one by a browser or by something else.

    Example:
        >>> prefetch_text(Story(prefetch="hit")), prefetch_text(Story(prefetch="hit", foreign="prerender"))
        ('prefetch', 'foreign prerender')
    """
    return f"foreign {story.foreign}" if story.foreign else "prefetch"


def _short_prefetch(story: Story) -> str:
    assert story.prefetch is not None
    told = _SHORT[story.prefetch]
    if story.prefetch == "refused":
        told = _short_reason(story)
        return told if story.foreign is None else f"{prefetch_text(story)}, {told}"
    return f"{prefetch_text(story)}{told}"


def _short_reason(story: Story) -> str:
    return printable(story.reason.removeprefix("not stored: ")) or "origin not asked"


def request_line(exchange: Exchange, style: Style = _PLAIN, width: int | None = None) -> str:
    """Return a request as one line.

    Args:
        exchange: The request.
        style: How to colour; not at all when not given.
        width: The columns that the line may have; None when nothing is to be cut.

    Example:
        >>> from prefetchrouter.edge.message import EdgeRequest
        >>> from prefetchrouter.http.message import HeaderFields
        >>> request = EdgeRequest("GET", "http", "localhost", "/pages/2")
        >>> story = Story(cache="hit", prefetch="hit", ttl=3598, rules=("routes.py:12",))
        >>> exchange = Exchange(0, request, 200, HeaderFields(), story, 0.001, 120, "whole")
        >>> print(request_line(exchange, width=80))
        GET    /pages/2                200  hit       prefetch  TTL 59 min  routes.py:12
    """
    story = exchange.story
    is_roomy = width is None or width >= _ROOMY
    method, url = f"{printable(exchange.request.method):<5}", printable(short_target(exchange.request))
    columns = _URL_COLUMNS if width is None else min(_MOST_URL_COLUMNS, width * 2 // 7)
    url = padded(url if width is None else cut_middle(url, columns), columns)
    cache = f"{story.cache:<{_CACHE_COLUMNS if is_roomy else _FEW_CACHE_COLUMNS}}"
    cells = [method, url, f"{exchange.status}", cache]
    room = None if width is None else width - sum(map(columns_of, cells)) - 2 * len(cells)
    tail = _tail(exchange, is_roomy, room)
    if story.cache == "own":
        return style("  ".join((*cells, tail)).rstrip(), "dim")
    if exchange.status >= 500:
        cells[2] = style(cells[2], "red")
    if colour := _COLOURS.get(story.cache):
        cells[3] = style(cells[3], colour)
    return "  ".join((*cells, tail)).rstrip()


def _tail(exchange: Exchange, is_roomy: bool, room: int | None) -> str:
    """Return what stands behind the cache status, in the longest form that has room."""
    story = exchange.story
    cut_off = "" if exchange.ended == "whole" else exchange.ended
    note = ", ".join(part for part in (printable(note_text(story)), cut_off) if part)
    left, rough = left_text(story.ttl), left_text(_rough(story.ttl))
    rules = printable(" ".join(marked_lines(story.all_rules, story.late_rules)))
    short = "  ".join(part for part in (_short_prefetch(story) if story.prefetch else note, cut_off) if part)
    last = printable(last_line(story.all_rules))
    name = last.rpartition("/")[2]
    texts = []
    if is_roomy:
        middle = (
            f"{prefetch_text(story)}, {_short_reason(story)}"
            if story.prefetch == "refused" and not cut_off
            else short
        )
        texts += [
            f"{padded(note, _NOTE_COLUMNS)}  {left:<{_TTL_COLUMNS}}  {rules}".rstrip(),
            f"{padded(middle, _NOTE_COLUMNS)}  {left:<{_TTL_COLUMNS}}  {rules}".rstrip(),
            f"{padded(middle, _NOTE_COLUMNS)}  {rough:<{_ROUGH_TTL_COLUMNS}}  {last}".rstrip(),
            f"{padded(short, _FEW_NOTE_COLUMNS)}  {rough:<{_ROUGH_TTL_COLUMNS}}  {last}".rstrip(),
            f"{padded(short, _FEW_NOTE_COLUMNS)}  {rough:<{_ROUGH_TTL_COLUMNS}}  {name}".rstrip(),
        ]
    forms: tuple[tuple[str, ...], ...]
    forms = ((note, left, rules), (short, left, rules), (short, rough, rules), (short, rough, last))
    forms += ((short, rough, name), (short, rough, name.partition(" ")[0]), (short, rough), (short,))
    texts += ["  ".join(part for part in form if part) for form in forms]
    if room is None:
        return texts[0]
    return next((text for text in texts if columns_of(text) <= room), cut(texts[-1], room))


def _rough(seconds: float | None) -> float | None:
    """Return a time in whole minutes, hours or days, when it is long."""
    unit = 0 if seconds is None else next((size for size in (86400, 3600, 60) if abs(seconds) >= 2 * size), 1)
    return None if seconds is None else int(seconds / unit) * unit


def reloaded_line(file: str, rules: int, style: Style = _PLAIN) -> str:
    """Return the message that changed rules are in force.

    Example:
        >>> reloaded_line("routes.py", 15)
        'routes.py changed: 15 rules now'
    """
    return f"{style(printable(file), 'bold')} changed: {rules:,} {'rule' if rules == 1 else 'rules'} now"


def reload_failed_text(file: str, diagnostics: Iterable[Diagnostic], style: Style = _PLAIN) -> str:
    """Return the message that changed rules are wrong, with every reason.

    Example:
        >>> print(reload_failed_text("routes.py", [Diagnostic("duration", '"1hr" is not a duration')]))
        routes.py is wrong; the old rules stay
        error: "1hr" is not a duration [duration]
    """
    said = f"{style(printable(file), 'bold')} is wrong; the old rules stay"
    found = diagnostics_text(diagnostics, style)
    return f"{said}\n{found}" if found else said


def counters_text(counters: Counters, style: Style = _PLAIN) -> str:
    """Return the counters as a table, for the end; what stayed at zero is left out, but for what origins got.

    Example:
        >>> from prefetchrouter.edge.telling.journal import Journal
        >>> counters_text(Journal().counters)
        'no requests'
    """
    saved = _origin_note(counters)
    rows = [
        ("hit", counters.hits, "answered with a copy"),
        ("stale", counters.stale, "answered with an expired copy"),
        ("miss", counters.misses, "fetched from an origin"),
        ("pass", counters.passed, "fetched; the cache had no part in it"),
        ("refused", counters.refused, "prefetches that nothing stored could answer; no origin was asked"),
        ("made", counters.made, "by the rules alone"),
        ("error", counters.errors, "no answer to pass on"),
        ("prefetches", counters.prefetches, f"{counters.prefetch_hits:,} from the cache"),
        ("origin requests", counters.origin_requests, saved),
    ]
    if not counters.requests:
        return "no requests"
    first = ("requests", counters.requests, _bytes_note(counters))
    return table(
        [[name, f"{count:>9,}", note] for name, count, note in (first, *rows) if count or note is saved],
        ["", "bold", "dim"],
        style,
    )


def _bytes_note(counters: Counters) -> str:
    cached, fetched = size_text(counters.bytes_cached), size_text(counters.bytes_fetched)
    return f"{cached} from the cache, {fetched} from origins"


def _origin_note(counters: Counters) -> str:
    failed = f", {counters.origin_failures:,} without an answer" if counters.origin_failures else ""
    return f"{counters.saved:,} saved{failed}"
