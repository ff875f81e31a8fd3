"""`explain`: everything that rules and freshness say about one request, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prefetchrouter.browser_support import BrowserVersion
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.browser_view.filter import Filtered, Omission
from prefetchrouter.evaluation import Decision, Evaluator
from prefetchrouter.explanation.delivery import delivery_of
from prefetchrouter.explanation.forecast import TODAY, Forecast, forecast
from prefetchrouter.explanation.in_browser import InBrowser, becomes_in
from prefetchrouter.explanation.narrow import concerning
from prefetchrouter.explanation.placement import Applied, applied_rules
from prefetchrouter.explanation.speculated import Speculated, speculated
from prefetchrouter.explanation.verdict import PrefetchVerdict, manifest_view, verdict
from prefetchrouter.explanation.verdict import differences as differences_of
from prefetchrouter.freshness import Delivery, spoken
from prefetchrouter.freshness.mechanism_table import MechanismName, mechanisms_in
from prefetchrouter.freshness.received_response import seconds
from prefetchrouter.http.message import HeaderFields, Request
from prefetchrouter.http_cache.outcome import PrefetchOutcome, prefetch_outcome
from prefetchrouter.http_cache.prefetches import Announced, foreign_prefetch, guards
from prefetchrouter.rules.rule import HasRules
from prefetchrouter.rules.rule_set import RuleSet, property_of

READING_SECONDS = 30.0
"""How long a visitor reads before the click, when not said otherwise."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a request gets and why, and how long a prefetch of it stays good.

    Args:
        decision: What the rules make of the request.
        in_browser: What browsers decide about its URL by the cache manifest.
        verdict: Whether browsers prefetch the page, and why.
        applied: The rules that apply, and what led to them.
        manifest: What the manifest shows of them.
        outcome: What the edge and the service worker make of a prefetch.
        delivery: The response to a prefetch, and the lifetimes from edge to visitor.
        forecast: Who uses a prefetch at the click.
        notes: What had to be assumed.
        foreign: How the request announces a prefetch by a browser or another library, None if it does not.
        guarded: Whether such a prefetch never reaches an origin.
        speculated: What browsers do with the link by Speculation Rules.
        browser: The browser that was given, None without one.

    Example:
        >>> from prefetchrouter import Request, Router, explain
        >>> router = Router().get("/a", caching={"max_age": "1h", "service_worker_max_age": "1h"})
        >>> explain(router, Request("/a")).verdict.prefetched
        True
    """

    decision: Decision
    in_browser: Decision
    verdict: PrefetchVerdict
    applied: tuple[Applied, ...]
    manifest: tuple[Filtered, ...]
    outcome: PrefetchOutcome
    delivery: Delivery
    forecast: Forecast
    notes: tuple[str, ...]
    foreign: Announced | None
    guarded: bool
    speculated: Speculated
    browser: BrowserVersion | None

    @property
    def in_browser_version(self) -> InBrowser | None:
        """What becomes of a prefetch in the browser that was given, None without one."""
        if self.browser is None:
            return None
        return becomes_in(self.browser, self.forecast, self.speculated)

    @property
    def differences(self) -> tuple[Omission, ...]:
        """What the manifest leaves out where browsers decide otherwise than the rules; none if they agree."""
        return () if self.verdict.agrees else differences_of(self.manifest, self.decision)

    @property
    def client_headers(self) -> tuple[tuple[str, str], ...]:
        """The headers that a client sees, as far as rules and the given response say; Age first."""
        layers = self.delivery.layers
        age = [("age", f"{self.delivery.response.age:.0f}")] if layers.age_sent and layers.edge else []
        return (*age, *(pair for pair in self.decision.response_headers().fields() if pair[0] != "age"))


def explain(
    rules: HasRules,
    request: Request,
    *,
    edge_age: float = 0.0,
    click: float = READING_SECONDS,
    mechanisms: Sequence[MechanismName] | None = None,
    worker_subtracts_age: bool = False,
    most_age: float | None = None,
    browser: BrowserVersion | str | None = None,
) -> Explanation:
    """Return what a request gets and why, and how long a prefetch of it stays good.

    Args:
        rules: A `Router` or a `RuleSet`.
        request: The request, perhaps with the origin's response.
        edge_age: The age of the stored response at the edge when it is prefetched, in seconds.
        click: Seconds from the prefetch to the click.
        mechanisms: The mechanisms to look at; when not given, those of the browser, or of today's.
        worker_subtracts_age: Whether the service worker is set to subtract the age.
        most_age: The oldest content that is acceptable, in seconds; older is a finding.
        browser: A browser in a version, such as ``"safari@27.3"``.

    Raises:
        RequestError: There is no such browser or version.
        FreshnessError: A number of seconds is not a usable one.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().get("/pages/:id", caching={"max_age": "1h", "client_max_age": "15m"})
        >>> found = explain(router, Request("/pages/1"), edge_age=840, click=600)
        >>> found.verdict.prefetched, found.verdict.reason
        (False, 'no matching rule sets caching.service_worker_max_age')
    """
    edge_age, click = seconds(edge_age, "the age at the edge"), seconds(click, "the click")
    version = BrowserVersion.parse(browser) if isinstance(browser, str) else browser
    concerned, property = concerning(rules.rules, request.path), property_of(rules)
    evaluator = Evaluator(RuleSet(rules=concerned, property=property))
    decision, in_browser = evaluator.evaluate(request), evaluate_in_browser(evaluator, request)
    early = evaluator.before_response(decision)
    outcome = prefetch_outcome(decision, early)
    delivery = delivery_of(
        decision, early, edge_age=edge_age, worker_subtracts_age=worker_subtracts_age, most_age=most_age
    )
    names = mechanisms or (TODAY if version is None else mechanisms_in(version))
    return Explanation(
        decision=decision,
        in_browser=in_browser,
        verdict=verdict(evaluator, decision, in_browser, outcome, rules.rules),
        applied=applied_rules(concerned, decision.rules),
        manifest=manifest_view(concerned, decision, in_browser),
        outcome=outcome,
        delivery=delivery,
        forecast=forecast(delivery, edge_age=edge_age, click=click, mechanisms=names, outcome=outcome),
        notes=tuple(_notes(decision, delivery, edge_age)),
        foreign=foreign_prefetch(HeaderFields(dict(request.headers)), request.query),
        guarded=guards(decision, property),
        speculated=speculated(rules, concerned, decision, version),
        browser=version,
    )


def _notes(decision: Decision, delivery: Delivery, edge_age: float) -> list[str]:
    notes = []
    layers = delivery.layers
    if decision.request.response is None and not delivery.response.cache_control.directives:
        notes.append(
            "no rule sets Cache-Control, so what the origin sends counts; taken as none here "
            "(give it with --response-header)"
        )
    if not layers.edge and not layers.edge_stale:
        notes.append("nothing is stored at the edge, as far as rules and headers say: every response is new")
    elif edge_age > layers.edge + layers.edge_stale:
        longest = spoken(layers.edge + layers.edge_stale)
        notes.append(f"no stored response gets {spoken(edge_age)} old: the edge keeps it for {longest}")
    if not layers.age_sent:
        notes.append(
            "the edge sends no Age, and presumably renews Date: browsers cannot know how old a response is"
        )
    return notes
