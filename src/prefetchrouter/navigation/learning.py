"""From logs to a `Navigation`: read, count, choose the order, find the threshold for the budget."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Final

from prefetchrouter.errors import NavigationError, shown
from prefetchrouter.evaluation import Evaluator
from prefetchrouter.navigation.counts import Counts, Tally, count_visits, merge_counts, sequence
from prefetchrouter.navigation.counts_file import is_counts_table, read_counts
from prefetchrouter.navigation.held_out import Replay
from prefetchrouter.navigation.learned_site import KnownSite, PlainSite, RuleSite, cached_probability
from prefetchrouter.navigation.log_files import Progress
from prefetchrouter.navigation.model_data import LearnSettings, Order, navigation_of
from prefetchrouter.navigation.navigation_file import Navigation
from prefetchrouter.navigation.navigation_parts import HeldOut
from prefetchrouter.navigation.noise import private_counts
from prefetchrouter.navigation.reading import Engine, read_traffic
from prefetchrouter.navigation.traffic import Traffic
from prefetchrouter.navigation.transitions import Link, Transitions
from prefetchrouter.navigation.visits import Visit, visits_of
from prefetchrouter.rules.rule import HasRules

TRAINED_SHARE: Final = 0.8
"""The share of the visits that the model learns from while order and threshold are chosen."""
MOST_HELD_OUT: Final = 20_000
"""How many visits are replayed at most."""
ORDER_GAIN: Final = 0.005
"""How much more recall the order of two has to bring."""


@dataclass
class Learned:
    """What was learned, and from what.

    Args:
        navigation: The model.
        counts: The counts that it was made from.
        traffic: The log; empty where only tables were read.
        visits: The visits of the log.
        site: What the rules say.
        clicks_likely: The share of held-out clicks whose link had a probability of at least one half.
        kept: Links of the earlier navigation that this log alone would have lost.
        with_noise: How a model with noise did on held-out visits, where there is noise.
        without_noise: How the same model did without noise, where there is some.
    """

    navigation: Navigation
    counts: Counts
    traffic: Traffic
    visits: list[Visit]
    site: KnownSite
    clicks_likely: float = 0.0
    kept: list[tuple[str, str]] = field(default_factory=list)
    with_noise: HeldOut | None = None
    without_noise: HeldOut | None = None

    @property
    def sources(self) -> int:
        """How many views name the page that they come from."""
        views = (view for visit in self.visits for view in visit.views)
        return sum(view.source is not None and view.source != view.page for view in views)


def learn(
    paths: Iterable[str | Path],
    rules: HasRules | Evaluator | None = None,
    *,
    budget: float = 1.0,
    min_visitors: int = 3,
    order: Order = "auto",
    half_life: float | None = None,
    epsilon: float | None = None,
    hosts: Sequence[str] = (),
) -> Navigation:
    """Return what logs say about where visitors go next.

    Args:
        paths: Access logs, or tables of counts; formats are found by themselves.
        rules: A `RuleSet` or a `Router`: which URLs are one page, which may be listed, how long they stay
            fresh. Without, all pages may be listed.
        budget: How many prefetches a view there may be.
        min_visitors: How many visitors a page or step needs.
        order: The order of the model; ``"auto"`` takes 2 where it does better on held-out visits.
        half_life: In seconds: older visits count less; None: all count the same.
        epsilon: With it, counts get noise for differential privacy, as `noise` says.
        hosts: The hosts of the site, for `Referer`; if there are none, they are found.

    Raises:
        NavigationError: A file cannot be read.
    """
    settings = LearnSettings(budget, min_visitors, order, half_life, epsilon=epsilon)
    site: KnownSite = PlainSite() if rules is None else RuleSite(rules)
    return learn_files([Path(path) for path in paths], site, settings, hosts=hosts).navigation


def learn_files(
    paths: Sequence[Path],
    site: KnownSite,
    settings: LearnSettings,
    *,
    hosts: Sequence[str] = (),
    merged: Sequence[Path] = (),
    previous: Navigation | None = None,
    progress: Callable[[str], Progress | None] | None = None,
    engine: Engine = "auto",
) -> Learned:
    """Return what was learned from logs and tables of counts.

    Args:
        paths: Access logs, or tables of counts.
        site: What is known about the site.
        settings: How the model is made.
        hosts: The hosts of the site, for `Referer`.
        merged: More tables of counts.
        previous: What was learned before: what is missing now is kept.
        progress: Called with the name of each file, returns what is called while it is read.
        engine: What reads lines.

    Raises:
        NavigationError: A file cannot be read.
    """
    tables = [path for path in paths if is_counts_table(path)]
    logs = [path for path in paths if path not in tables]
    traffic = read_traffic(logs, site, hosts or site.hosts, progress, engine)
    visits = visits_of(traffic)
    parts = [read_counts(path) for path in (*tables, *merged)]
    if settings.epsilon is None:
        learned = learn_visits(visits, traffic, site, settings, parts)
    else:
        if parts:
            raise NavigationError.of(
                "log-file", f"{shown(str([*tables, *merged][0]))} is a table of counts, which has no noise",
                hint="learn with noise from logs only",
            )  # fmt: skip
        learned = learn_privately(visits, traffic, site, settings)
    return learned if previous is None else with_previous(learned, previous)


def learn_visits(
    visits: list[Visit],
    traffic: Traffic,
    site: KnownSite,
    settings: LearnSettings,
    parts: Sequence[Counts] = (),
) -> Learned:
    """Return what was learned from visits and counts.

    Args:
        visits: The visits of logs, in the order of their beginning.
        traffic: Where they come from.
        site: What is known about the site.
        settings: How the model is made.
        parts: Counts of earlier days or other machines.
    """
    counted = _counts(visits, traffic, site, settings)
    counts = _joined([counted, *parts], settings.half_life) if parts else counted
    cut = int(TRAINED_SHARE * len(visits))
    held: list[Sequence[str]] = [
        list(map(_named(site), sequence(visit) if settings.by_referer else visit.pages))
        for visit in visits[cut : cut + MOST_HELD_OUT]
    ]
    trained = _counts(visits[:cut], traffic, site, settings)
    if parts:
        trained = _joined([trained, *parts], settings.half_life)
    order = _order(trained, held, site, settings)
    tried = transitions(trained, order, site, settings)
    replay = Replay(held, scored(tried, trained, site, settings.places))
    model = transitions(counts, order, site, settings)
    if replay.clicks:
        threshold = replay.threshold(settings.budget)
        point = replay.at(threshold)
        found = HeldOut(point.per_view, point.recall, point.precision, replay.clicks, replay.views)
    else:
        threshold, found = _expected_threshold(model, counts, site, settings), None
    navigation = navigation_of(model, counts, site, settings)
    navigation = replace(navigation, threshold=_floor(threshold), held_out=found)
    likely = Replay(held, tried.after).at(0.5).recall if replay.clicks else 0.0
    return Learned(navigation, counts, traffic, visits, site, likely)


def learn_privately(
    visits: list[Visit],
    traffic: Traffic,
    site: KnownSite,
    settings: LearnSettings,
    source: Random | None = None,
) -> Learned:
    """Return what was learned from counts with noise; order and threshold come from these alone.

    What a visit shows of its visitor may not be in the file, so figures of held-out visits are in the report
    alone.

    Args:
        visits: The visits of logs, in the order of their beginning.
        traffic: Where they come from.
        site: What is known about the site.
        settings: How the model is made, with an epsilon.
        source: Where the noise comes from; only tests give one.
    """
    assert settings.epsilon is not None
    patterns = site if site.has_rules else None
    plain = learn_visits(visits, traffic, site, replace(settings, epsilon=None, order=1))

    def noisy(some: Sequence[Visit]) -> tuple[Counts, Transitions, float]:
        assert settings.epsilon is not None
        counts = private_counts(
            some,
            settings.epsilon,
            patterns,
            by_referer=settings.by_referer,
            is_listed=lambda page: site.unlisted(page) is None,
            named=_named(site),
            source=source,
        )
        model = transitions(counts, 1, site, settings)
        return counts, model, _expected_threshold(model, counts, site, settings)

    cut = int(TRAINED_SHARE * len(visits))
    trained, tried, tried_threshold = noisy(visits[:cut])
    held = [list(map(_named(site), visit.pages)) for visit in visits[cut : cut + MOST_HELD_OUT]]
    replay = Replay(held, scored(tried, trained, site, settings.places))
    point = replay.at(tried_threshold)
    counts, model, threshold = noisy(visits)
    navigation = replace(navigation_of(model, counts, site, settings), threshold=_floor(threshold))
    learned = Learned(navigation, counts, traffic, visits, site)
    learned.with_noise = HeldOut(point.per_view, point.recall, point.precision, replay.clicks, replay.views)
    learned.without_noise = plain.navigation.held_out
    return learned


def _counts(visits: Sequence[Visit], traffic: Traffic, site: KnownSite, settings: LearnSettings) -> Counts:
    return count_visits(
        visits,
        site if site.has_rules else None,
        visitors=traffic.visitors,
        hashes=settings.min_visitors if traffic.visitors or not visits else 0,
        half_life=settings.half_life,
        by_referer=settings.by_referer,
        is_listed=lambda page: site.unlisted(page) is None,
        named=_named(site) if site.has_rules else None,
    )


def _named(site: KnownSite) -> Callable[[str], str]:
    """Return what names a page where it is counted: an unlisted one without a name stays, to be left out."""

    def named(page: str) -> str:
        return site.source(page) or page

    return named


def _joined(parts: Sequence[Counts], half_life: float | None) -> Counts:
    if half_life is None:
        return merge_counts(parts)
    newest = max((part.last for part in parts if part.last is not None), default=0.0)
    return merge_counts(
        [
            part if part.last is None else aged(part, 0.5 ** ((newest - part.last) / half_life))
            for part in parts
        ]
    )


def aged(counts: Counts, weight: float) -> Counts:
    """Return counts that weigh less; visitors stay."""

    def less(tally: Tally) -> Tally:
        return tally._replace(n=tally.n * weight)

    return replace(
        counts,
        pages={key: less(tally) for key, tally in counts.pages.items()},
        steps={key: less(tally) for key, tally in counts.steps.items()},
        pairs={key: less(tally) for key, tally in counts.pairs.items()},
        templates={key: less(tally) for key, tally in counts.templates.items()},
    )


def transitions(counts: Counts, order: int, site: KnownSite, settings: LearnSettings) -> Transitions:
    """Return the model of counts, without pages that may not be listed."""
    return Transitions(
        counts,
        order,
        min_visitors=settings.min_visitors,
        patterns=site if site.has_rules else None,
        allowed=lambda page: site.unlisted(page) is None,
    )


def scored(
    model: Transitions, counts: Counts, site: KnownSite, places: int = 1
) -> Callable[[Sequence[str]], Sequence[Link]]:
    """Return the predictions of a model by what they are worth: how likely, times how likely cached."""
    if not site.has_rules:
        return model.after
    cached = {
        page: cached_probability(tally.n, counts.seconds, site.max_age(page), places)
        for page, tally in counts.pages.items()
        if page in model.pages
    }
    made: dict[tuple[Link, ...], Sequence[Link]] = {}

    def after(pages: Sequence[str]) -> Sequence[Link]:
        links = model.after(pages)
        found = made.get(links)
        if found is None:
            worth = [link._replace(p=link.p * cached.get(link.page, 1.0)) for link in links]
            found = made[links] = sorted(worth, key=lambda link: (-link.p, link.page))
        return found

    return after


def _order(counts: Counts, held: Sequence[Sequence[str]], site: KnownSite, settings: LearnSettings) -> int:
    """Return the order that does better on held-out visits: 2 if it brings more than chance may."""
    if settings.order != "auto":
        return settings.order
    replays = [Replay(held, transitions(counts, order, site, settings).after) for order in (1, 2)]
    for per_view in (1.0, 0.5):
        first, second = (replay.at_cost(per_view) for replay in replays)
        if first is not None and second is not None:
            least = max(ORDER_GAIN, 0.5 / math.sqrt(max(1, replays[0].clicks)))
            return 2 if second.recall - first.recall >= least else 1
    return 1


def _expected_threshold(
    model: Transitions, counts: Counts, site: KnownSite, settings: LearnSettings
) -> float:
    """Return the threshold for the budget by counts alone: as if no page had been seen before."""
    predict = scored(model, counts, site, settings.places)
    offers = sorted(
        ((link.p, n) for page, n in model.pages.items() for link in predict([page])), reverse=True
    )
    left = settings.budget * counts.views
    threshold = offers[0][0] * 1.0001 if offers else 0.0
    for p, n in offers:
        left -= n
        if left < 0:
            break
        threshold = p
    return min(1.0, threshold)


def _floor(threshold: float) -> float:
    """Return a threshold with few digits that cuts nothing that it did not cut before."""
    return max(0.0, int(min(1.0, threshold) * 1e6) / 1e6)


def with_previous(learned: Learned, previous: Navigation) -> Learned:
    """Return what was learned, with what an earlier model knew: no link gets less likely than it was.

    A page that was prefetched is opened from the browser's store, which no log shows. So a link that is
    followed less in the log may be followed more.
    """
    now = learned.navigation
    links = dict(now.links)
    kept: list[tuple[str, str]] = []
    for name, before in previous.links.items():
        page = learned.site.source(name)
        if page is None:
            continue
        found = {link.page: link for link in links.get(page, ())}
        for link in before:
            if learned.site.unlisted(link.page) is not None:
                continue
            if link.page not in found:
                kept.append((page, link.page))
            if link.page not in found or found[link.page].p < link.p:
                found[link.page] = link
        links[page] = tuple(sorted(found.values(), key=lambda link: (-link.p, link.page)))
    pages = {
        **{
            page: counts
            for name, counts in previous.pages.items()
            if (page := learned.site.source(name)) is not None
        },
        **now.pages,
    }
    learned.navigation = replace(now, links=dict(sorted(links.items())), pages=dict(sorted(pages.items())))
    learned.kept = sorted(kept)
    return learned
