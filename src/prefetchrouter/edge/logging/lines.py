"""What the terminal shows: one line for each request, messages about the rules, a table at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.logging.request_log import Counters
from prefetchrouter.edge.logging.rule_lines import last_line, marked_lines
from prefetchrouter.edge.request_trace import CacheStatus, RequestTrace
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.errors import Diagnostic
from prefetchrouter.evaluation.request_key import without_own
from prefetchrouter.freshness import spoken
from prefetchrouter.http.masking import masked_target, masked_text
from prefetchrouter.printable import printable
from prefetchrouter.report.diagnostic_lines import diagnostics_text
from prefetchrouter.report.table import Style, columns_of, cut, cut_middle, padded, table

_PLAIN: Final = Style(enabled=False)
_ROOMY = 110
_METHOD_COLUMNS = 5
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
    "coalesced": "cyan",
    "pass": "cyan",
    "refused": "yellow",
    "error": "red",
}
_WAY = {
    "hit": "from the cache",
    "refused": "refused, no origin request",
    "fetched": "may reach the origin",
    "synthetic": "by the rules alone",
    "unusable": "unusable",
}
_SHORT = {
    "hit": "",
    "refused": "no origin request",
    "fetched": ", fetched",
    "synthetic": "",
    "unusable": ", unusable",
}


def short_target(request: EdgeRequest) -> str:
    """Return path and query without secrets and without the parameters of prefetching.

    Example:
        >>> short_target(EdgeRequest("GET", "http", "localhost", "/pages/2", "edgio_prefetch=1&a=1"))
        '/pages/2?a=1'
    """
    query = without_own(request.query)
    return masked_target(f"{request.path}?{query}" if query else request.path)


def size_text(size: int) -> str:
    """Return a number of bytes in the largest unit of which it has at least one.

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
    """Return how long a stored response stays fresh, or since when it is stale, from `RequestTrace.ttl`.

    Example:
        >>> left_text(3598.2), left_text(-4.7), left_text(None)
        ('TTL 59 min 58 s', 'stale for 5 s', '')
    """
    if ttl is None:
        return ""
    return f"TTL {spoken(int(ttl))}" if ttl >= 0 else f"stale for {spoken(round(-ttl))}"


def note_text(trace: RequestTrace) -> str:
    """Return the outcome of a request in a few words: the prefetch first, then what origins did, and why.

    Example:
        >>> calls = ["web 200 in 12 ms"]
        >>> note_text(RequestTrace(cache="pass", origin_calls=calls, reason="not stored: set-cookie"))
        '-> web 200 in 12 ms, not stored: set-cookie'
        >>> note_text(RequestTrace(cache="miss", origin_calls=calls))
        '-> web 200 in 12 ms'
        >>> note_text(RequestTrace(cache="refused", prefetch="refused"))
        'prefetch: refused, no origin request'
    """
    parts = [f"{prefetch_text(trace)}: {_way(trace)}"] if trace.prefetch else []
    parts += (f"-> {line}" for line in trace.origin_calls)
    said = " ".join(parts)
    has_reason = not said or trace.prefetch == "refused" or trace.cache == "pass"
    return masked_text(", ".join(part for part in (said, trace.reason if has_reason else "") if part))


def prefetch_text(trace: RequestTrace) -> str:
    """Return what kind of prefetch a request was: ours, or one by a browser or by something else.

    Example:
        >>> prefetch_text(RequestTrace(prefetch="hit"))
        'prefetch'
        >>> prefetch_text(RequestTrace(prefetch="hit", foreign="prerender"))
        'foreign prerender'
    """
    return f"foreign {trace.foreign}" if trace.foreign else "prefetch"


def _way(trace: RequestTrace) -> str:
    assert trace.prefetch is not None
    return "fetched first" if trace.is_warmed else _WAY[trace.prefetch]


def _short_prefetch(trace: RequestTrace) -> str:
    assert trace.prefetch is not None
    outcome = _SHORT[trace.prefetch]
    if trace.prefetch == "refused":
        outcome = _short_reason(trace)
        return outcome if trace.foreign is None else f"{prefetch_text(trace)}, {outcome}"
    return f"{prefetch_text(trace)}{', fetched first' if trace.is_warmed else outcome}"


def _short_reason(trace: RequestTrace) -> str:
    return printable(trace.reason.removeprefix("not stored: ")) or "no origin request"


def request_line(exchange: Exchange, style: Style = _PLAIN, width: int | None = None) -> str:
    """Return a request as one line.

    Args:
        exchange: The request.
        style: Colours; without it, none.
        width: The columns of the terminal; None for no limit.

    Example:
        >>> from prefetchrouter.edge.requests import EdgeRequest
        >>> from prefetchrouter.http.message import HeaderFields
        >>> request = EdgeRequest("GET", "http", "localhost", "/pages/2")
        >>> trace = RequestTrace(cache="hit", prefetch="hit", ttl=3598, rules=("routes.py:12",))
        >>> exchange = Exchange(0, request, 200, HeaderFields(), trace, 0.001, 120, "whole")
        >>> print(request_line(exchange, width=80))
        GET    /pages/2                200  hit       prefetch  TTL 59 min  routes.py:12
    """
    trace = exchange.trace
    is_roomy = width is None or width >= _ROOMY
    method, url = (
        f"{printable(exchange.request.method):<{_METHOD_COLUMNS}}",
        printable(short_target(exchange.request)),
    )
    columns = _URL_COLUMNS if width is None else min(_MOST_URL_COLUMNS, width * 2 // 7)
    # A longer method takes from the URL, so that the columns behind it are where they always are.
    columns = max(1, columns - max(0, len(method) - _METHOD_COLUMNS))
    url = padded(url if width is None else cut_middle(url, columns), columns)
    cache = f"{trace.cache:<{_CACHE_COLUMNS if is_roomy else _FEW_CACHE_COLUMNS}}"
    cells = [method, url, f"{exchange.status}", cache]
    room = None if width is None else width - sum(map(columns_of, cells)) - 2 * len(cells)
    tail = _tail(exchange, is_roomy, room)
    if trace.cache == "internal":
        return style("  ".join((*cells, tail)).rstrip(), "dim")
    if exchange.status >= 500:
        cells[2] = style(cells[2], "red")
    if colour := _COLOURS.get(trace.cache):
        cells[3] = style(cells[3], colour)
    return "  ".join((*cells, tail)).rstrip()


def _tail(exchange: Exchange, is_roomy: bool, room: int | None) -> str:
    """Return the text after the cache status, in the longest form that has room."""
    trace = exchange.trace
    cut_off = "" if exchange.ended == "whole" else exchange.ended
    note = ", ".join(part for part in (printable(note_text(trace)), cut_off) if part)
    left, rough = left_text(trace.ttl), left_text(_rough(trace.ttl))
    rules = printable(" ".join(marked_lines(trace.all_rules, trace.response_rules)))
    short = "  ".join(part for part in (_short_prefetch(trace) if trace.prefetch else note, cut_off) if part)
    last = printable(last_line(trace.all_rules))
    name = last.rpartition("/")[2]
    texts = []
    if is_roomy:
        middle = (
            f"{prefetch_text(trace)}, {_short_reason(trace)}"
            if trace.prefetch == "refused" and not cut_off
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
    """Return the counters as a table, without those that are 0 except requests to origins.

    Example:
        >>> from prefetchrouter.edge.logging.request_log import RequestLog
        >>> counters_text(RequestLog().counters)
        'no requests'
    """
    saved = _origin_note(counters)
    rows = [
        ("hit", counters.hits, "served from the cache"),
        ("stale", counters.stale, "served stale from the cache"),
        ("miss", counters.misses, "fetched from an origin"),
        ("pass", counters.passed, "fetched past the cache"),
        ("refused", counters.refused, "prefetches of uncached URLs; no origin request"),
        ("synthetic", counters.synthetic, "by the rules alone"),
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
    failed = f", {counters.origin_failures:,} without a response" if counters.origin_failures else ""
    return f"{counters.saved:,} saved{failed}"
