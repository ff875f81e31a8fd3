"""The bars of the model: order of links, recall at equal cost, calibration, budget, true clicks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from benchmarks.prediction.bars import Bars
from benchmarks.prediction.logs import Logs, NasaPatterns
from prefetchrouter.navigation.counts import count_visits
from prefetchrouter.navigation.held_out import Replay, calibration_error
from prefetchrouter.navigation.learned_site import PlainSite
from prefetchrouter.navigation.learning import learn_visits
from prefetchrouter.navigation.model_data import LearnSettings, popular
from prefetchrouter.navigation.ranking import rank_links
from prefetchrouter.navigation.traffic import Traffic
from prefetchrouter.navigation.transitions import Transitions
from prefetchrouter.navigation.visits import Visit

Pages = Sequence[Sequence[str]]
FIRST_SHOP = 6_000
"""How many test visits of the shop most bars look at."""


def pages_of(visits: Sequence[Visit]) -> Pages:
    return [visit.pages for visit in visits]


def model_of(visits: Sequence[Visit], order: int = 1) -> Transitions:
    return Transitions(count_visits(visits, by_referer=False), order)


def within_first(train: Sequence[Visit], test: Sequence[Visit], most: int = 4) -> float:
    """Return the share of clicks whose link is among the first ones that are fetched, of all links of a page.

    The links of a page are those that visitors of the training log followed.
    """
    counts = count_visits(train, by_referer=False)
    model = Transitions(counts)
    shares = popular(counts, model)
    followed: dict[str, set[str]] = {}
    for page, following in counts.steps:
        followed.setdefault(page, set()).add(following)
    ranked = {page: rank_links(model, shares, page, links) for page, links in followed.items()}
    clicks = found = 0
    for visit in test:
        seen = {visit.pages[0]}
        for number, page in enumerate(visit.pages[1:]):
            if page not in seen:
                clicks += 1
                links = [link for link in ranked.get(visit.pages[number], ()) if link not in seen]
                found += page in links[:most]
            seen.add(page)
    return found / clicks


def order_of_links(logs: Logs, bars: Bars) -> None:
    train, test = logs.split("NASA")
    bars.at_least("1   NASA: clicked link within the first 4", within_first(train, test), 0.42)
    train, test = logs.split("shop")
    bars.at_least("1   shop: the same, first 3,000 visits", within_first(train, test[:3000]), 0.55)
    bars.at_least("1   shop: the same, all visits", within_first(train, test), 0.515)


def equal_cost(logs: Logs, bars: Bars) -> None:
    train, test = logs.split("shop")
    chosen = learned_order(train)
    model = model_of(train, chosen)
    for name, visits, recall, precision in (
        ("first 6,000", test[:FIRST_SHOP], 0.41, 0.24),
        ("all", test, 0.395, 0.25),
    ):
        _at_one(
            f"2   shop, {name}, order {chosen}",
            Replay(pages_of(visits), model.after),
            recall,
            precision,
            bars,
        )
    train, test = logs.split("NASA")
    _at_one("2   NASA", Replay(pages_of(test), model_of(train).after), 0.30, 0.17, bars)
    everywhere = _pages(train, test)
    _at_one(
        "2   NASA, templates", Replay(pages_of(test), _templates(train, everywhere).after), 0.31, 0.18, bars
    )


def _at_one(name: str, replay: Replay, recall: float, precision: float, bars: Bars) -> None:
    point = replay.at_cost(1.0)
    bars.at_least(f"{name}: recall at 1 a view", point.recall if point else 0.0, recall)
    bars.at_least(f"{name}: precision at 1 a view", point.precision if point else 0.0, precision)


def learned_order(train: Sequence[Visit]) -> int:
    return learn_visits(list(train), Traffic(), PlainSite(), LearnSettings(by_referer=False)).navigation.order


def chosen_order(logs: Logs, bars: Bars) -> None:
    for name in ("NASA", "drift", "shop"):
        train, test = logs.split(name)
        pages = pages_of(test[:FIRST_SHOP] if name == "shop" else test)
        chosen = learned_order(train)
        replays = {order: Replay(pages, model_of(train, order).after) for order in (1, 2)}
        lost = 0.0
        for cost in (0.25, 1.0):
            recalls = {
                order: point.recall for order, replay in replays.items() if (point := replay.at_cost(cost))
            }
            lost = max(lost, max(recalls.values()) - recalls.get(chosen, 0.0))
        bars.at_most(f"3   {name}, order {chosen}: recall below the better one", lost, 0.015)


def calibration(logs: Logs, bars: Bars) -> None:
    train, test = logs.split("NASA")
    bars.at_most(
        "4   NASA: calibration error", calibration_error(pages_of(test), model_of(train).after), 0.010
    )
    train, test = logs.split("shop")
    pages = pages_of(test[:FIRST_SHOP])
    for order, most in ((1, 0.010), (2, 0.012)):
        error = calibration_error(pages, model_of(train, order).after)
        bars.at_most(f"4   shop, order {order}: calibration error", error, most)
    train, test = logs.split("drift")
    error = calibration_error(pages_of(test), _templates(train, _pages(train, test)).after)
    bars.at_most("4   drift, templates: calibration error", error, 0.025)


def _pages(*parts: Sequence[Visit]) -> set[str]:
    return {page for visits in parts for visit in visits for page in visit.pages}


def _templates(train: Sequence[Visit], pages: set[str]) -> Transitions:
    patterns = NasaPatterns()
    return Transitions(count_visits(train, patterns, by_referer=False), patterns=patterns, pages=pages)


def drift(logs: Logs, bars: Bars) -> None:
    train, test = logs.split("drift")
    for what, pages, bounds in (
        ("all pages", _pages(train, test), (0.22, 0.31)),
        ("pages of training", _pages(train), (0.21, 0.29)),
    ):
        replay = Replay(pages_of(test), _templates(train, pages).after)
        for cost, least in zip((1.0, 2.0), bounds, strict=True):
            point = replay.at_cost(cost)
            bars.at_least(
                f"5   drift, templates, {what}: recall at {cost:g}", point.recall if point else 0.0, least
            )


def budgets(logs: Logs, bars: Bars) -> None:
    for name, most in (("NASA", 0.15), ("shop", 0.15), ("drift", 0.40)):
        train, test = logs.split(name)
        for budget in (0.25, 0.5, 1.0, 2.0):
            settings = LearnSettings(budget=budget, by_referer=False)
            navigation = learn_visits(list(train), Traffic(), PlainSite(), settings).navigation
            model = model_of(train, navigation.order)
            made = Replay(pages_of(test), model.after).at(navigation.threshold).per_view
            bars.at_most(
                f"7   {name}: budget {budget:g} gives {made:.2f}, off by", abs(made / budget - 1), most
            )


def true_clicks(logs: Logs, bars: Bars) -> None:
    """Try the `Referer`: each view that names another page of the site is a click that really happened."""
    train, test = logs.split("blog")
    by_referer: dict[str, Counter[str]] = {}
    by_order: dict[str, Counter[str]] = {}
    for visit in train:
        for view in visit.views:
            if view.source is not None and view.source != view.page:
                by_referer.setdefault(view.source, Counter())[view.page] += 1
        for page, following in zip(visit.pages, visit.pages[1:], strict=False):
            by_order.setdefault(page, Counter())[following] += 1
    clicks = [
        (view.source, view.page)
        for visit in test
        for view in visit.views
        if view.source is not None and view.source != view.page
    ]
    bars.exact("12  blog: true clicks in the test", len(clicks), 110)
    for most, least in ((3, 38), (5, 59)):
        found = 0
        for source, page in clicks:
            known = by_referer.get(source) or by_order.get(source) or Counter()
            ranked = sorted(known.items(), key=lambda pair: (-pair[1], pair[0]))
            found += page in [name for name, _ in ranked[:most]]
        bars.at_least(f"12  blog: clicks among the {most} most frequent by Referer, else order", found, least)


def run(logs: Logs, bars: Bars) -> None:
    """Try all of them."""
    for part in (order_of_links, equal_cost, chosen_order, calibration, drift, budgets, true_clicks):
        part(logs, bars)
