"""Counts and figures of page views, by rule and by browser, and the groups compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from prefetchrouter.measurement.beacon_reading import LoggedPrefetch, browser_of
from prefetchrouter.measurement.bootstrap import GroupDifference, difference
from prefetchrouter.measurement.page_view import FIGURES, PREFETCHED_SOURCES, SOURCES, PageView
from prefetchrouter.measurement.rule_names import RuleNames

OTHER: Final = "(other)"
"""The name of all rules beyond the number that is kept: anybody can invent names."""
_MOST_NAMES: Final = 1000

ALL: Final = "all views"
CLICKS: Final = "clicks within the site"

QUANTILES: Final = (("median", 0.5), ("p75", 0.75))


@dataclass
class PrefetchCount:
    """Prefetches of a rule, or of a browser.

    `prefetched`, `used` and `refused` are of beacons; the others of access logs.
    """

    views: int = 0
    instant: int = 0
    prefetched: int = 0
    used: int = 0
    refused: int = 0
    logged: int = 0
    logged_refused: int = 0
    bytes: int = 0

    @property
    def wasted(self) -> int:
        """How many prefetches no view has used."""
        return max(0, self.prefetched - self.used)

    @property
    def wasted_bytes(self) -> int | None:
        """How many bytes of them, by the mean size of a prefetch, or None if no log says."""
        served = self.logged - self.logged_refused
        if not served:
            return None
        share = self.wasted / self.prefetched if self.prefetched else 1.0
        return round(self.bytes * min(1.0, share))


class ComparedGroups(NamedTuple):
    """The groups compared, for some of the views.

    Args:
        name: Which views.
        kind: ``"all"``, ``"browser"`` or ``"rule"``.
        differences: The difference of each figure by its name, such as ``"LCP, median"``, in milliseconds.
    """

    name: str
    kind: str
    differences: Mapping[str, GroupDifference]


@dataclass
class Measured:
    """Page views by group, rule and browser.

    Example:
        >>> found = Measured()
        >>> found.note(PageView("prefetch", "firefox", "store", "click", "/products/:id", lcp=210))
        >>> found.by_rule["/products/:id"].instant, found.sources["prefetch"]["store"]
        (1, 1)
    """

    by_rule: dict[str, PrefetchCount] = field(default_factory=dict)
    by_browser: dict[str, PrefetchCount] = field(default_factory=dict)
    sources: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """How many views came from where, by group."""
    views: int = 0
    spoiled: int = 0
    """Views of the control group that something had prefetched all the same."""
    first: float = 0.0
    last: float = 0.0
    """The times of the first and the last view, in seconds since 1970; 0 where they are not known."""
    shares: Counter[float] = field(default_factory=Counter)
    _figures: dict[tuple[str, str, str], dict[str, list[tuple[int, int]]]] = field(default_factory=dict)
    """The values of figures, each with its visitor."""

    def note(self, view: PageView) -> None:
        """Take in a view."""
        self.views += 1
        self.sources[view.group][view.source] += 1
        self.shares[view.share] += 1
        is_instant = view.source in PREFETCHED_SOURCES
        self.spoiled += is_instant and view.group == "control"
        if view.time:
            self.first = min(self.first or view.time, view.time)
            self.last = max(self.last, view.time)
        browser = self._browser(view.browser)
        for count in (self._rule(view.rule), browser):
            count.views += 1
            count.instant += is_instant
        for found in view.rules:
            for count in (self._rule(found.rule), browser):
                count.prefetched += found.prefetched
                count.used += found.used
                count.refused += found.refused
        self._compare(view)

    def note_prefetches(self, prefetches: Iterable[LoggedPrefetch], names: RuleNames) -> None:
        """Take in prefetches of access logs.

        Args:
            prefetches: The prefetches.
            names: Names the rules of their URLs.
        """
        for found in prefetches:
            for count in (self._rule(names.of(found.url)), self._browser(browser_of(found.agent))):
                count.logged += 1
                if 200 <= found.status < 300:
                    count.bytes += found.size
                else:
                    count.logged_refused += 1

    @property
    def has_control(self) -> bool:
        """Whether a view is of the control group."""
        return "control" in self.sources

    def compared(self, most_rules: int = 10) -> list[ComparedGroups]:
        """Return the groups compared: clicks, all views, then clicks by browser and by rule.

        Only clicks on pages of the site can be faster: no page could prefetch the first one of a visit.

        Args:
            most_rules: For how many rules, those with the most views of the control group first.
        """
        if not self.has_control:
            return []
        keys = [("all", CLICKS), ("all", ALL)]
        for kind, most in (("browser", 10), ("rule", most_rules)):
            names = sorted(
                {name for found, name, group in self._figures if found == kind and group == "control"},
                key=lambda name: (-self._number(kind, name), name),
            )
            keys += [(kind, name) for name in names[:most]]
        return [ComparedGroups(name, kind, self._differences(kind, name)) for kind, name in keys]

    def _compare(self, view: PageView) -> None:
        if view.group not in ("prefetch", "control"):
            return
        keys = [("all", ALL)]
        if view.navigation == "click":
            keys += [("all", CLICKS), ("browser", view.browser)]
            keys += [("rule", self._known(view.rule))] if view.rule else []
        for kind, name in keys:
            figures = self._figures.setdefault((kind, name, view.group), {known: [] for known in FIGURES})
            for figure, values in figures.items():
                value = getattr(view, figure)
                if value is not None:
                    values.append((value, view.visitor))

    def _differences(self, kind: str, name: str) -> dict[str, GroupDifference]:
        nothing: dict[str, list[tuple[int, int]]] = {known: [] for known in FIGURES}
        ours = self._figures.get((kind, name, "prefetch"), nothing)
        others = self._figures.get((kind, name, "control"), nothing)
        return {
            f"{figure.upper()}, {said}": difference(
                [value for value, _ in ours[figure]],
                [value for value, _ in others[figure]],
                share,
                f"{kind}/{name}/{figure}",
                prefetch_visitors=[visitor for _, visitor in ours[figure]],
                control_visitors=[visitor for _, visitor in others[figure]],
            )
            for figure in FIGURES
            for said, share in QUANTILES
        }

    def _number(self, kind: str, name: str) -> int:
        return max(map(len, self._figures[kind, name, "control"].values()))

    def _rule(self, name: str) -> PrefetchCount:
        return self.by_rule.setdefault(self._known(name), PrefetchCount())

    def _known(self, name: str) -> str:
        return name if name in self.by_rule or len(self.by_rule) < _MOST_NAMES else OTHER

    def _browser(self, name: str) -> PrefetchCount:
        return self.by_browser.setdefault(name, PrefetchCount())

    def sources_of(self, group: str) -> list[tuple[str, int]]:
        """Return where the views of a group came from, and how many."""
        return [(source, self.sources[group][source]) for source in SOURCES if self.sources[group][source]]
