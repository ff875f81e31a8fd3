"""An explanation as a page for people: the results first, then what they come from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, TypeAlias

from prefetchrouter.browser_view.filter import Filtered
from prefetchrouter.catalog import keys
from prefetchrouter.evaluation import Decision, Dependency, Value
from prefetchrouter.explanation.explanation import Explanation
from prefetchrouter.explanation.forecast import Chance
from prefetchrouter.explanation.in_browser import InBrowser
from prefetchrouter.explanation.placement import Applied
from prefetchrouter.explanation.speculated_text import browser_lines, browser_title, speculated_lines
from prefetchrouter.freshness import MECHANISMS, spoken
from prefetchrouter.freshness.advice import percent
from prefetchrouter.freshness.mechanisms import WINDOW
from prefetchrouter.http_cache.reasons import explained
from prefetchrouter.http_cache.storage import NotStorable
from prefetchrouter.printable import MOST_SHOWN, printable
from prefetchrouter.report.build_report import listing
from prefetchrouter.report.describe import describe_condition
from prefetchrouter.report.diagnostic_lines import diagnostic_text
from prefetchrouter.report.table import Style, table, wrapped
from prefetchrouter.rules.features.section import written
from prefetchrouter.source import Source

_REASON_COLUMNS = 40
_PLAIN = Style(enabled=False)
_MOST_PLACES = 8
_MOST_OF_A_LINE = 1000


Detail: TypeAlias = Literal["full", "folded", "short"]
"""How much of an explanation is shown: all of it; what decides; what decides, without the forecast."""

_FOLDED: Final = ("In the manifest", "What a client sees", "How old it gets", "Assumed")
_FORECAST: Final = ("Prefetched now", "What to change")


def explanation_text(
    found: Explanation, style: Style = _PLAIN, width: int | None = None, *, detail: Detail = "full"
) -> str:
    """Return an explanation as a page of short sections.

    Args:
        found: The explanation.
        style: How to colour; not at all when not given.
        width: The columns that a line may have; None if nothing is to be wrapped.
        detail: ``"folded"`` leaves out what seldom decides, ``"short"`` the forecast too; the last line names
            what is left out.

    Example:
        >>> from prefetchrouter import Request, Router
        >>> from prefetchrouter.explanation import explain
        >>> print(explanation_text(explain(Router(), Request("/a"))).splitlines()[2])
        Prefetched?  no: no rule matches
    """
    sections = [_head(found, style), *_section("At the edge", _edge(found), style)]
    if found.decision.refusal is None:
        sections = _shown_sections(found, style, width, detail)
    broken = (
        "\n".join(_wrapped(line, width) for text in lines for line in text.split("\n")) for lines in sections
    )
    return "\n\n".join(broken)


def _shown_sections(found: Explanation, style: Style, width: int | None, detail: Detail) -> list[list[str]]:
    """Return the sections that are shown, and a line about the others."""
    sections = _sections(found, style, width)
    if detail == "full":
        return sections
    hidden: list[str] = [
        *(_FOLDED if found.verdict.agrees else _FOLDED[1:]),
        *(_FORECAST if detail == "short" else ()),
    ]
    titles = [next((title for title in hidden if title in lines[0]), None) for lines in sections]
    shown = [lines for lines, title in zip(sections, titles, strict=True) if title is None]
    left_out = [title.lower() for title in titles if title is not None]
    return [*shown, [style(f"--full shows more: {', '.join(left_out)}", "dim")]] if left_out else shown


def _sections(found: Explanation, style: Style, width: int | None) -> list[list[str]]:
    return [
        _head(found, style),
        _chances(found, style, width),
        *_browser(found.in_browser_version, style),
        *_section("Speculation Rules", speculated_lines(found.speculated), style),
        *_section("What to change", _advice(found, style), style),
        *_section("Rules that apply", _rules(found.applied), style),
        *_section("Not decided", _open(found.decision), style),
        *_section("Values", _values(found.decision, style), style),
        *_section("In the manifest", _manifest(found), style),
        *_section("At the edge", _edge(found), style),
        *_section("What a client sees", _headers(found), style),
        *_section("How old it gets", _ages(found), style),
        *_section("Assumed", map(printable, found.notes), style),
    ]


def _browser(found: InBrowser | None, style: Style) -> list[list[str]]:
    return [] if found is None else [*_section(browser_title(found), browser_lines(found), style)]


def _wrapped(line: str, width: int | None) -> str:
    """Return a line, broken where there is a width; what follows begins under its text."""
    return wrapped(line, width, len(line) - len(line.lstrip()) + 4)


def _section(title: str, lines: Iterable[str], style: Style) -> Iterator[list[str]]:
    body = [f"  {line}" for text in lines for line in text.split("\n")]
    if body:
        yield [style(title, "bold"), *body]


def _head(found: Explanation, style: Style) -> list[str]:
    request, verdict = found.decision.request, found.verdict
    result = style("yes", "green") if verdict.prefetched else style("no", "red")
    lines = [
        style(_shown(f"{request.method} {request.url}"), "bold"),
        "",
        f"{style('Prefetched?', 'bold')}  {result}: {_shown(verdict.reason)}",
    ]
    if verdict.cure is not None:
        lines.append(_shown(f"  {verdict.cure}"))
    lines += (_shown(f"  since {omission}") for omission in found.differences)
    if verdict.is_missing_a_feature:
        places = dict.fromkeys(_place(rule.source) for rule in found.applied if rule.source)
        lines += [f"  matching: {', '.join(list(places)[:_MOST_PLACES])}"] if places else []
    lines += (_shown(f"  nearly: {miss}") for miss in verdict.near)
    lines += (_shown(f"  but: {doubt}") for doubt in verdict.doubts)
    lines += (_shown(f"  it depends, {text}") for text in verdict.may_change)
    if found.foreign:
        gets = "what is stored, else 503; no origin request" if found.guarded else "what any request gets"
        lines.append(f"{style('Sent as', 'bold')}      a foreign {found.foreign}: it gets {gets}")
    return lines


def _chances(found: Explanation, style: Style, width: int | None) -> list[str]:
    forecast = found.forecast
    at, later = spoken(forecast.edge_age), spoken(forecast.click)
    title = f"Prefetched now, {at} old at the edge: used at a click {later} later?"
    lines_of = found.delivery.lines
    rows = [["mechanism", "used", "good for", "odds", "why"]]
    rows += (_chance(chance, lines_of) for chance in forecast.chances)
    header, *lines = (f"  {line}" for line in table(rows).splitlines())
    # On a narrow terminal the reasons go on further left, so that a file's name is not broken.
    why = header.index("why")
    reasons = why if width is None else min(why, width - _REASON_COLUMNS)
    coloured = [
        style(wrapped(line, width, reasons), "green" if chance.found.used else "red")
        for line, chance in zip(lines, forecast.chances, strict=True)
    ]
    return [style(title, "bold"), style(header, "dim"), *coloured]


def _chance(chance: Chance, lines: Mapping[str, Source]) -> list[str]:
    found = chance.found
    how = "yes" if found.used else "dead" if found.is_dead else "no"
    reason = f"{found.reason}, from the HTTP cache" if found.from_http_cache else found.reason
    if not found.used and found.request_at_click == "conditional":
        reason += "; the click sends a conditional request"
    if chance.mechanism.name in ("service-worker", "browser-cache"):
        reason += _set_at(lines, "service_worker_max_age")
    elif "F5" in found.clauses:
        reason += _set_at(lines, "bypass_client_cache", "client_max_age", "cache-control")
    return [chance.mechanism.title, how, spoken(found.seconds_left), percent(chance.odds), reason]


def _set_at(lines: Mapping[str, Source], *names: str) -> str:
    """Return the line that decides, where a rule does."""
    line = next((lines[name] for name in names if name in lines), None)
    return f", set at {line}" if line else ""


def _advice(found: Explanation, style: Style) -> Iterator[str]:
    yield from (diagnostic_text(finding, style) for finding in found.forecast.advice)


def _rules(applied: tuple[Applied, ...]) -> Iterator[str]:
    rows = [[_place(rule.source), _shown(rule.when) or "every request", _extra(rule)] for rule in applied]
    if rows:
        yield table(rows)


def _extra(rule: Applied) -> str:
    parts = [
        rule.branch,
        "by the response" if rule.late else None,
        rule.comment and f'"{printable(rule.comment, MOST_SHOWN)}"',
    ]
    return ", ".join(part for part in parts if part)


def _open(decision: Decision) -> Iterator[str]:
    for dependency in decision.depends_on:
        yield f"{_asks(dependency)}; {', '.join(dependency.facts)} is unknown, assumed false"
    for dependency in decision.awaiting_response:
        yield f"{_asks(dependency)}; depends on the response (pass --status)"


def _asks(dependency: Dependency) -> str:
    return f"{_place(dependency.source)}: {describe_condition(dependency.condition)}"


def _values(decision: Decision, style: Style) -> Iterator[str]:
    values = list(decision.values.values())
    if not values:
        return
    lines = table([[value.key, shown_value(value), _set_by(value)] for value in values]).splitlines()
    for line, value in zip(lines, values, strict=True):
        yield line
        for before in value.overrode:
            yield style(f"  overrides {shown_value(before)}, {_place(before.source)}", "dim")


def _set_by(value: Value) -> str:
    late = "" if value.has_effect else ", no effect: set after the response"
    return f"{_place(value.source)}{late}"


def shown_value(value: Value) -> str:
    """Return a feature's value as one line: words as they are, everything else as compact JSON.

    Example:
        >>> from prefetchrouter import Request, Router, evaluate
        >>> router = Router().match("/a", caching={"max_age": "1h", "bypass_cache": False})
        >>> [shown_value(value) for value in evaluate(router, Request("/a")).values.values()]
        ['1h', 'false']
    """
    plain = written(value.value)
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, default=str)
    return printable(text, MOST_SHOWN)


def _manifest(found: Explanation) -> Iterator[str]:
    for filtered in found.manifest:
        yield f"{_place(filtered.rule.source)}: {listing(filtered)}"
        yield from (_shown(f"  {note}") for note in _omissions(filtered))
    if found.verdict.agrees:
        yield "Browsers reach the same decision as the rules."
    else:
        by_browser = "prefetch it" if found.verdict.asked_for else "do not prefetch it"
        by_rules = "make it prefetchable" if found.decision.prefetchable else "do not make it prefetchable"
        yield f"Browsers {by_browser}; the rules {by_rules} for this request."


def _omissions(filtered: Filtered) -> Iterator[str]:
    for omission in filtered.omissions:
        where = f"{omission.source}: " if omission.source != filtered.rule.source else ""
        yield f"{where}{omission.message}"


def _edge(found: Explanation) -> Iterator[str]:
    decision = found.decision
    if decision.refusal is not None:
        yield _shown(f"refused with 400, whatever the rules say: {decision.refusal.message}")
        if decision.refusal.hint:
            yield _shown(f"hint: {decision.refusal.hint}")
        return
    uncached = decision.value(keys.response.allow_prefetching_uncached_content)
    allowed = uncached is not None and uncached.value is True
    line = f" ({uncached.source})" if uncached is not None and uncached.source else ""
    foreign = "" if allowed else f", a foreign one {'with 503' if found.guarded else 'goes to the origin'}"
    rows = [
        ["stored", _stored(found)],
        ["cache key", _shown(", ".join(decision.cache_key))],
        [
            "on a miss",
            f"a prefetch {'goes to the origin' if allowed else 'is refused with 412'}{line}{foreign}",
        ],
    ]
    if decision.origin:
        rows.append(["origin", _shown(decision.origin)])
    if decision.path != _asked(decision):
        rows.append(["origin path", _shown(decision.path)])
    if decision.redirect:
        rows.append(["redirect", _shown(f"{decision.redirect.status} to {decision.redirect.location}")])
    if decision.synthetic:
        rows.append(["synthetic", _synthetic(decision)])
    yield table(rows)


def _stored(found: Explanation) -> str:
    """Return how long the edge stores the response, or why it does not."""
    decision, storage = found.decision, found.outcome.storage
    response = decision.request.response
    status = 200 if response is None else response.status
    if isinstance(storage, NotStorable):
        return f"no: {explained(storage.reason, status)}"
    if storage is None and found.outcome.status_by_rules is not None:
        return "no: the response is synthetic"
    if response is not None and storage is not None:
        by = "a rule" if storage.basis in ("rule", "default") else storage.basis
        then = f", then stale for {spoken(storage.stale)}" if storage.stale else ""
        return f"{status}: {spoken(max(0.0, storage.fresh))} by {by}{then}"
    kept = [f"{status}: {ttl}" for status, ttl in decision.ttls.items()]
    if kept and decision.stale_while_revalidate:
        kept.append(f"then stale for {decision.stale_while_revalidate}")
    return ", ".join(kept) or "as the origin's headers say; no rule sets it"


def _asked(decision: Decision) -> str:
    request = decision.request
    return f"{request.path}?{request.query}" if request.query else request.path


def _synthetic(decision: Decision) -> str:
    made = decision.synthetic
    assert made is not None
    status = f"status {made.status}" if made.status else "the origin's status"
    body = f", {len(made.body.encode('utf-8', 'surrogatepass'))} bytes of body" if made.body else ""
    return f"{status}{body}{'; the origin is requested all the same' if made.asks_origin else ''}"


def _headers(found: Explanation) -> Iterator[str]:
    yield from (_shown(f"{name}: {text}") for name, text in found.client_headers)


def _ages(found: Explanation) -> Iterator[str]:
    forecast = found.forecast
    basis = f" ({forecast.lifetime.basis})" if forecast.lifetime.basis != "none" else ""
    yield f"fresh in browsers until {spoken(forecast.lifetime.seconds)} old{basis}"
    yield f"{spoken(forecast.age)} old on receipt"
    yield f"{forecast.worst} ({forecast.worst.sum})"
    after = forecast.after_purge
    yield f"after a purge of the edge up to {spoken(after.seconds)} ({after.sum})"
    if found.browser is None or MECHANISMS["speculation-rules"].why_not_in(found.browser) is None:
        yield f"Speculation Rules add up to {spoken(WINDOW)} to either"
    if found.browser is None or MECHANISMS["prerender"].why_not_in(found.browser) is None:
        yield "a prerender adds the time that the previous page stays open"


def _place(source: Source | None) -> str:
    return printable(str(source)) if source else "-"


def _shown(text: str) -> str:
    """Return text that holds something from rules or from outside: one line, and no more than a paragraph."""
    return printable(text, _MOST_OF_A_LINE)
