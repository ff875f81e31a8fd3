"""What `prefetchrouter learn` prints: what was read, what was dropped and why, and what was learned."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from prefetchrouter.errors import shown
from prefetchrouter.navigation.learned_site import Unlisted
from prefetchrouter.navigation.learning import Learned
from prefetchrouter.navigation.traffic import REASONS, Reason

WANTED_STEPS: Final = 10
"""How many steps a page a table wants: then it finds about 85 % of what it finds with four times as many."""
_LARGE_SHARE: Final = 0.01
"""One address with more of the views than this is probably a proxy."""
_MOST_PROXY_VISITS: Final = 50

_WORDS: Final[dict[Reason, tuple[str, str]]] = {
    "unreadable": ("unreadable line", "unreadable lines"),
    "method": ("not GET", "not GET"),
    "robot": ("robot by agent", "robots by agent"),
    "status": ("other status", "other statuses"),
    "prefetch": ("prefetch", "prefetches"),
    "asset": ("asset", "assets"),
    "url": ("URL that is not a page", "URLs that are not pages"),
    "robots-file": ("view of a reader of robots.txt", "views of readers of robots.txt"),
    "reload": ("reload", "reloads"),
    "machine": ("view at the speed of a machine", "views at the speed of machines"),
    "long": ("view in a visit of more than 200", "views in visits of more than 200"),
}
PURPOSE_LINES: Final = {
    "nginx": '"$http_sec_purpose" at the end of log_format',
    "Apache": '\\"%{Sec-Purpose}i\\" at the end of LogFormat',
    "Varnish": 'varnishncsa -F \'%h %l %u %t "%r" %s %b "%{Referer}i" "%{User-agent}i" "%{Sec-Purpose}i"\'',
    "Cloudflare": "Sec-Purpose among the custom fields of Logpush",
}
"""What to add to the log of each product, so that prefetches can be seen."""


def learned_text(learned: Learned) -> str:
    """Return the report as text."""
    lines = [*_files(learned), *_dropped(learned), *_kept(learned), *_learned(learned), *_held_out(learned)]
    lines += [f"{'warning':<10}{warning}" for warning in warnings_of(learned)]
    return "\n".join(lines)


def learned_data(learned: Learned) -> dict[str, Any]:
    """Return the report as plain data."""
    navigation, traffic = learned.navigation, learned.traffic
    return {
        "files": [vars(file) for file in traffic.files],
        "lines": traffic.lines,
        "dropped": {reason: traffic.dropped[reason] for reason in REASONS if traffic.dropped[reason]},
        "views": navigation.views,
        "visits": navigation.visits,
        "visitors": navigation.visitors,
        "pages": len(learned.counts.pages),
        "sources": learned.sources,
        "rows": len(navigation.links),
        "links": sum(map(len, navigation.links.values())),
        "order": navigation.order,
        "threshold": navigation.threshold,
        "unlisted": dict(unlisted_pages(learned)),
        "held_out": None if navigation.held_out is None else navigation.held_out._asdict(),
        "warnings": list(warnings_of(learned)),
    }


def _files(learned: Learned) -> Iterator[str]:
    for file in learned.traffic.files:
        yield f"{file.path}: {file.format}, {_counted(file.lines, 'line')}, {file.unreadable:,} unreadable"


def _dropped(learned: Learned) -> Iterator[str]:
    if not learned.traffic.files:
        return
    dropped = learned.traffic.dropped
    parts = []
    for reason, count in sorted(dropped.items(), key=lambda pair: (-pair[1], REASONS.index(pair[0]))):
        if count and reason != "prefetch":
            share = f" ({count / learned.traffic.lines:.0%})" if reason == "robot" else ""
            parts.append(f"{count:,} {_WORDS[reason][count != 1]}{share}")
    parts.append(f"{dropped['prefetch']:,} {_WORDS['prefetch'][dropped['prefetch'] != 1]}")
    yield f"{'dropped':<10}{', '.join(parts)}"
    robots = learned.traffic.examples.get("robot", Counter[str]())
    for agent, count in sorted(robots.items(), key=lambda pair: (-pair[1], pair[0]))[:1]:
        yield f"{'':<10}robots such as {shown(agent)} ({_counted(count, 'line')})"


def _kept(learned: Learned) -> Iterator[str]:
    counts = learned.counts
    views = [view for visit in learned.visits for view in visit.views]
    if views:
        yield (
            f"{'kept':<10}{_counted(len(views), 'view')} in {_counted(len(learned.visits), 'visit')} of "
            f"{_counted(len({view.visitor for view in views}), 'visitor')}, "
            f"{_counted(len({view.page for view in views}), 'page')}; "
            f"{_counted(learned.sources, 'view')} with a Referer of the site"
        )
    if learned.with_noise is not None:
        return
    if counts.visits != len(learned.visits) or not views:
        yield (
            f"{'merged':<10}{_counted(round(counts.views), 'view')} in {_counted(counts.visits, 'visit')} of "
            f"{_counted(counts.visitors, 'visitor')}, {_counted(len(counts.pages), 'page')}"
        )
    unlisted = unlisted_pages(learned)
    if unlisted:
        words = {
            "hidden": "hidden by cache-manifest-ignore",
            "not prefetchable": "not prefetchable by the rules",
            "private": "with a part that looks private",
            "rare": f"of fewer than {learned.navigation.min_visitors} visitors",
        }
        parts = [f"{_counted(count, 'page')} {words[reason]}" for reason, count in sorted(unlisted.items())]
        yield f"{'left out':<10}{', '.join(parts)}"


def unlisted_pages(learned: Learned) -> Counter[Unlisted | str]:
    """Return how many pages are not listed, by reason; ``"rare"`` are those of too few visitors."""
    found: Counter[Unlisted | str] = Counter()
    for page, tally in learned.counts.pages.items():
        if page not in learned.navigation.pages:
            is_rare = tally.visitors < learned.navigation.min_visitors
            reason = None if is_rare else learned.site.unlisted(page)
            found[reason or "rare"] += 1
    return found


def _learned(learned: Learned) -> Iterator[str]:
    navigation = learned.navigation
    links = sum(map(len, navigation.links.values()))
    yield (
        f"{'learned':<10}{_counted(len(navigation.links), 'page')} with a row, {_counted(links, 'link')} "
        f"of at least {_counted(navigation.min_visitors, 'visitor')}, order {navigation.order}"
    )
    if navigation.templates:
        count = sum(map(len, navigation.templates.values()))
        yield f"{'':<10}{_counted(count, 'link')} of {_counted(len(navigation.templates), 'page pattern')}"
    if learned.kept:
        first = " -> ".join(learned.kept[0])
        yield (
            f"{'previous':<10}{_counted(len(learned.kept), 'link')} kept that this log alone would lose, "
            f"such as {first}"
        )


def _held_out(learned: Learned) -> Iterator[str]:
    found = learned.navigation.held_out
    if learned.with_noise is not None and learned.without_noise is not None:
        noisy, plain = learned.with_noise, learned.without_noise
        yield (
            f"{'privacy':<10}with noise {noisy.recall:.0%} of held-out clicks were prefetched, at "
            f"{noisy.per_view:.2f} prefetches a view; without {plain.recall:.0%}, at {plain.per_view:.2f}"
        )
        return
    if found is None:
        yield f"{'held out':<10}nothing: tables of counts have no visits to try the model on"
        return
    yield (
        f"{'held out':<10}at {found.per_view:.2f} prefetches a view: {found.recall:.0%} of clicks were "
        f"prefetched, {found.precision:.0%} of prefetches used ({_counted(found.clicks, 'click')}, "
        f"±{100 * _bound(found.recall, found.clicks):.0f} points)"
    )
    if learned.clicks_likely >= 0.005:
        yield f"{'':<10}{learned.clicks_likely:.0%} of clicks were on links of a probability of at least 50 %"


def _bound(share: float, count: int) -> float:
    """Return half the width of the 95 % interval of a share."""
    return 1.96 * math.sqrt(max(share * (1 - share), 0.25 / max(count, 1)) / max(count, 1))


def warnings_of(learned: Learned) -> Iterator[str]:
    """Yield what makes the result less sure, and what to do about it."""
    counts, traffic = learned.counts, learned.traffic
    if not counts.pages:
        yield "no views of pages were found; see what was dropped"
        return
    if traffic.dropped["unreadable"]:
        example = shown(next(iter(traffic.examples["unreadable"])))
        yield f"{_counted(traffic.dropped['unreadable'], 'line')} could not be read, such as {example}"
    pages = len(learned.navigation.pages) or len(counts.pages)
    steps = sum(tally.n for tally in counts.steps.values())
    if steps / pages < WANTED_STEPS:
        yield f"{steps / pages:.1f} steps a page; a table wants about {WANTED_STEPS}"
    yield from _proxy(learned)
    if learned.site.has_rules and traffic.files and not traffic.has_purpose:
        yield (
            "the log has no Sec-Purpose, so what browsers prefetch by themselves counts as views; "
            "add it: " + "; ".join(f"{product}: {line}" for product, line in PURPOSE_LINES.items())
        )
    if traffic.views and not learned.sources:
        yield "no view names a Referer of the site, so steps are by the order of views alone"


def _proxy(learned: Learned) -> Iterator[str]:
    views: Counter[str] = Counter()
    for visit in learned.visits:
        views[learned.traffic.visitors[visit.visitor][0]] += len(visit.views)
    for _, count in views.most_common(1):
        total = sum(views.values())
        if count > _MOST_PROXY_VISITS and count > _LARGE_SHARE * total:
            yield (
                f"one address has {count / total:.0%} of the views, as if it were a proxy: "
                "log the address in X-Forwarded-For instead"
            )


def _counted(count: float, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
