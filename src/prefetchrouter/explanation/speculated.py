"""What Speculation Rules make of a URL: which rule covers it, whose request this is, what a login drops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prefetchrouter.browser_support import BrowserVersion, support_data
from prefetchrouter.evaluation import Decision
from prefetchrouter.freshness import MECHANISMS
from prefetchrouter.freshness.mechanism_table import mechanisms_in
from prefetchrouter.http.message import HeaderFields, Request
from prefetchrouter.http.structured_fields import list_values
from prefetchrouter.rules.rule import HasRules, Rule
from prefetchrouter.rules.rule_set import RuleSet, property_of
from prefetchrouter.rules.walk import distinct_features
from prefetchrouter.source import Source
from prefetchrouter.speculation import Speculation, announces, covering, speculations_of, tag

_CLEARED = {
    "prefetchCache": "clear-prefetch-cache",
    "prerenderCache": "clear-prerender-cache",
    "cache": "clear-cache",
    "storage": "clear-storage",
}


@dataclass(frozen=True, slots=True)
class Speculated:
    """What browsers do with a link by themselves.

    Args:
        is_announced: Whether the rules point browsers to Speculation Rules.
        covered_by: The speculation rules that cover the link.
        left_out: Why rules that make it prefetchable are not among them.
        sent_by: The tags of a speculative request, each with the line of its rule; None for another's rule.
        dropped: What browsers drop upon the response, by mechanism, each with the browsers that do so.
        outlives_login: Whether browsers show a page from before a login after it, as far as the rules go.
    """

    is_announced: bool
    covered_by: tuple[Speculation, ...]
    left_out: tuple[str, ...]
    sent_by: tuple[tuple[str, Source | None], ...]
    dropped: tuple[tuple[str, str], ...]
    outlives_login: bool = False


def speculated(
    rules: HasRules, concerned: tuple[Rule, ...], decision: Decision, browser: BrowserVersion | None = None
) -> Speculated:
    """Return what browsers do with a link by themselves.

    Args:
        rules: All of the rules.
        concerned: Those that may concern the URL.
        decision: What they make of the request.
        browser: The browser to describe; None for all known ones.

    Example:
        >>> from prefetchrouter import Router, evaluate
        >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> rules = Router().speculation_rules().match("/a", caching=ages)
        >>> found = speculated(rules, rules.rules, evaluate(rules, Request("/a")))
        >>> [one.eagerness for one in found.covered_by]
        ['moderate']
    """
    request, is_announced = decision.request, announces(rules)
    tags = _tags(request)
    covered: tuple[Speculation, ...] = ()
    left_out: tuple[str, ...] = ()
    lines: dict[str, Source] = {}
    if is_announced or tags:
        made = speculations_of(RuleSet(rules=concerned, property=property_of(rules)))
        lines = {tag(one.source): one.source for one in made.found if one.source is not None}
        covered = tuple(covering(made.found, request.path, request.query, request.scheme))
        left_out = tuple(f"{found.source}: a link does not show {found.why}" for found in made.left_out)
    return Speculated(
        is_announced=is_announced,
        covered_by=covered if is_announced else (),
        left_out=left_out if decision.prefetchable and not covered else (),
        sent_by=tuple((text, lines.get(text)) for text in tags),
        dropped=tuple(_dropped(decision, browser)),
        outlives_login=bool(is_announced and covered) and _outlives_login(rules, decision),
    )


def _outlives_login(rules: HasRules, decision: Decision) -> bool:
    """Return whether a page that cookies change is covered, and no rule marks what changes the session."""
    vary = decision.response_headers().get("vary") or ""
    if "cookie" not in [name.strip().lower() for name in vary.split(",")]:
        return False
    key = "clear-site-data"
    headers = (found.headers for found in distinct_features(rules.rules) if found.headers is not None)
    return not any(key in map(str.lower, dict(found.set_response_headers or {})) for found in headers)


def _tags(request: Request) -> Sequence[str]:
    text = HeaderFields(dict(request.headers)).get("sec-speculation-tags")
    found = None if text is None else list_values(text)
    return [str(value) for value in found or () if value is not None]


def _dropped(decision: Decision, browser: BrowserVersion | None) -> Iterator[tuple[str, str]]:
    """Yield what ``Clear-Site-Data`` of the response drops, by mechanism."""
    text = decision.response_headers().get("clear-site-data")
    values = set(map(str, (None if text is None else list_values(text)) or ()))
    if not values:
        return
    rows = set(_CLEARED.values()) if "*" in values else {_CLEARED[name] for name in values & set(_CLEARED)}
    for mechanism in MECHANISMS.values():
        clearing = [name for name in mechanism.cleared_by if name in rows]
        if mechanism.today and (browser is None or mechanism.name in mechanisms_in(browser)):
            yield mechanism.title, _by(clearing, browser)


def _by(clearing: Sequence[str], browser: BrowserVersion | None) -> str:
    """Return which browsers drop something upon some values, in words."""
    if not clearing:
        return "stays"
    if browser is not None:
        refusals = [browser.why_not(name) for name in clearing]
        return "dropped" if None in refusals else f"stays: {refusals[0]}"
    data = support_data()
    since = {
        facts.title: str(data.rows[name].support[facts.name])
        for name in reversed(clearing)
        for facts in data.browsers.values()
        if data.rows[name].support[facts.name].kind in ("yes", "partial")
        and facts.name in ("chrome", "firefox", "safari")
    }
    return f"dropped by {', '.join(f'{title} {version}' for title, version in since.items())}"
