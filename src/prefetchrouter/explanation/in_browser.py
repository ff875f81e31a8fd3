"""What becomes of a prefetch and of the click in one browser in one version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prefetchrouter.browser_support import BrowserVersion, support_data
from prefetchrouter.explanation.forecast import Forecast
from prefetchrouter.explanation.speculated import Speculated
from prefetchrouter.freshness import MECHANISMS, spoken
from prefetchrouter.freshness.mechanism_table import LOOKUP_ORDER


@dataclass(frozen=True, slots=True)
class InBrowser:
    """What becomes of a prefetch in one browser.

    Args:
        browser: Which.
        facts: The facts: a subject and a sentence each.
        missing: The mechanisms of its engine that it does not have, each with the reason.
    """

    browser: BrowserVersion
    facts: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]


def becomes_in(browser: BrowserVersion, forecast: Forecast, speculated: Speculated) -> InBrowser:
    """Return what becomes of a prefetch in a browser.

    Args:
        browser: Which.
        forecast: Who uses a prefetch at a click.
        speculated: What browsers do with the link by themselves.
    """
    missing = tuple(
        (MECHANISMS[name].title, why)
        for name in LOOKUP_ORDER
        if MECHANISMS[name].today
        and MECHANISMS[name].is_of(browser)
        and (why := MECHANISMS[name].why_not_in(browser)) is not None
    )
    return InBrowser(browser, tuple(_facts(browser, forecast, speculated)), missing)


def _facts(browser: BrowserVersion, forecast: Forecast, speculated: Speculated) -> Iterator[tuple[str, str]]:
    yield "page script", _script(browser)
    used = [
        chance
        for chance in forecast.chances
        if chance.found.used and _works(chance.mechanism.name, speculated)
    ]
    click = f"{spoken(forecast.click)} after the prefetch"
    if used:
        first = used[0]
        left = spoken(first.found.seconds_left)
        yield "click", f"{click}: from {first.mechanism.title}, which is good for {left}; no request"
    else:
        yield "click", f"{click}: a request"
    yield "by itself", _by_itself(browser, speculated)
    if browser.supports("auto-preload"):
        if browser.supports("static-routes"):
            yield "sleeping worker", "static routes spare the edge a request while the worker starts"
    elif browser.supports("static-routes"):
        yield "sleeping worker", "static routes send pages of no rule past it"
    if browser.is_newer_than_known:
        data, facts = support_data(), browser.browser
        yield "note", f"the data of {data.date} knows {facts.title} up to {facts.beta}"
    guessed = [
        chance.mechanism.title
        for chance in forecast.chances
        if chance.mechanism.measured is not None and browser.browser.engine not in chance.mechanism.measured
    ]
    if guessed:
        yield (
            "note",
            f"not measured in {browser.browser.title}, taken to be as elsewhere: {', '.join(guessed)}",
        )


def _works(mechanism: str, speculated: Speculated) -> bool:
    """Return whether the rules make use of a mechanism at all."""
    actions = {one.action for one in speculated.covered_by}
    wanted = {"speculation-rules": "prefetch", "prerender": "prerender"}.get(mechanism)
    return wanted is None or wanted in actions


def _script(browser: BrowserVersion) -> str:
    """Return what keeps the responses that the page's script prefetches."""
    why = MECHANISMS["browser-cache"].why_not_in(browser)
    if why is None:
        return 'kept by the service worker; with data-worker="auto" by the HTTP cache, without any worker'
    return f'kept by the service worker, with data-worker="auto" too: No-Vary-Search, {why}'


def _by_itself(browser: BrowserVersion, speculated: Speculated) -> str:
    if not speculated.is_announced:
        return "no rule announces Speculation Rules"
    why = browser.why_not("speculation-header") or MECHANISMS["speculation-rules"].why_not_in(browser)
    if why is not None:
        return f"ignores the Speculation Rules: {why}"
    if not speculated.covered_by:
        return "no speculation rule covers this link"
    kinds = (f"{one.action}, {one.eagerness} ({one.source})" for one in speculated.covered_by)
    prerender = any(one.action == "prerender" for one in speculated.covered_by)
    lost = MECHANISMS["prerender"].why_not_in(browser) if prerender else None
    return f"{'; '.join(kinds)}" + (f"; no prerender: {lost}" if lost else "")
