"""One measured page view: a beacon that was checked, since anybody can send one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

MARK: Final = "edgio_view"
"""The parameter that makes a request a beacon; its value is the version of the form."""

MOST_QUERY: Final = 4096
"""In characters; pages send at most half of it."""

MOST_RULES: Final = 40
MOST_NAME: Final = 120
MOST_COUNT: Final = 1000
MOST_MILLISECONDS: Final = 600_000

GROUPS: Final = ("prefetch", "control", "")
BROWSERS: Final = ("chromium", "firefox", "safari", "other")
NAVIGATIONS: Final = ("click", "arrival", "reload", "back-forward")
SOURCES: Final = (
    "store", "http-prefetch", "speculation", "prerender", "http-cache", "back-forward-cache", "network",
)  # fmt: skip

PREFETCHED_SOURCES: Final = ("store", "http-prefetch", "speculation", "prerender")
"""Those of pages that were there before the click."""

FIGURES: Final = ("ttfb", "lcp", "inp")


class BeaconError(ValueError):
    """An invalid beacon; its text says why, in words that are the same for all of a kind."""


class RuleCount(NamedTuple):
    """Prefetches of a page view by rule.

    Args:
        rule: The path of the rule; empty for URLs of no rule.
        prefetched: Responses that the view has prefetched.
        used: Prefetched responses that the view was the first to use.
        refused: Prefetches that brought nothing.
    """

    rule: str
    prefetched: int = 0
    used: int = 0
    refused: int = 0


class PageView(NamedTuple):
    """A measured page view.

    Args:
        group: ``"prefetch"``, ``"control"``, or empty where there is no control group.
        browser: The family of the browser, one of `BROWSERS`.
        source: Where the page came from, one of `SOURCES`.
        navigation: What led to it, one of `NAVIGATIONS`.
        rule: The path of its rule; empty for a page of no rule.
        ttfb: Time to first byte in milliseconds; None if it is not known.
        lcp: Largest Contentful Paint in milliseconds.
        inp: Interaction to Next Paint in milliseconds.
        share: The share of the control group, 0 to 1.
        rules: Prefetches by rule.
        time: When it was received, in seconds since 1970; 0 where that is not known.
        visitor: A number for address and user agent, which access logs have; 0 where they are not known. It
            never leaves the memory.
    """

    group: str
    browser: str
    source: str
    navigation: str
    rule: str = ""
    ttfb: int | None = None
    lcp: int | None = None
    inp: int | None = None
    share: float = 0.0
    rules: tuple[RuleCount, ...] = ()
    time: float = 0.0
    visitor: int = 0

    def data(self) -> dict[str, Any]:
        """Return it as plain data, in the form that the script's function `measure` gets."""
        figures = {name: value for name in FIGURES if (value := getattr(self, name)) is not None}
        return {
            "time": self.time,
            "group": self.group,
            "share": self.share,
            "browser": self.browser,
            "source": self.source,
            "navigation": self.navigation,
            "rule": self.rule,
            **figures,
            "rules": [found._asdict() for found in self.rules],
        }


def view_of_query(query: str, time: float = 0.0) -> PageView:
    """Return the view of a beacon that is a request, by its query.

    Args:
        query: The query, without its question mark.
        time: When it was received, in seconds since 1970.

    Raises:
        BeaconError: It is not a beacon, or one that no page sends.

    Example:
        >>> query = "edgio_view=1&group=control&browser=firefox&source=network&navigation=click&lcp=912"
        >>> view_of_query(query).lcp
        912
        >>> view_of_query("edgio_view=1&group=a")
        Traceback (most recent call last):
        prefetchrouter.measurement.page_view.BeaconError: no such group
    """
    if len(query) > MOST_QUERY:
        raise BeaconError("too long")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_RULES + 20, errors="replace")
    except ValueError:
        raise BeaconError("too many fields") from None
    data: dict[str, Any] = {name: value for name, value in pairs if name != "by"}
    if data.pop(MARK, None) != "1":
        raise BeaconError("another version")
    rules: list[Any] = []
    for name, value in pairs:
        if name == "by":
            *counts, rule = value.split(" ", 3)
            if len(counts) != 3:
                raise BeaconError("wrong prefetches by rule")
            numbers = [_whole(text) for text in counts]
            rules.append({"rule": rule, **dict(zip(RuleCount._fields[1:], numbers, strict=True))})
    for name in FIGURES:
        if name in data:
            data[name] = _whole(data[name])
    if "share" in data:
        data["share"] = _decimal(data["share"])
    return view_of_data({**data, "rules": rules, "time": time})


def view_of_data(data: Mapping[str, Any]) -> PageView:
    """Return the view of plain data, as `PageView.data` returns it.

    Raises:
        BeaconError: The data is not that of a view.
    """
    figures = {name: _milliseconds(data.get(name)) for name in FIGURES}
    ttfb, lcp = figures["ttfb"], figures["lcp"]
    if ttfb is not None and lcp is not None and lcp + 1 < ttfb:
        raise BeaconError("painted before its first byte")
    return PageView(
        _one_of(data.get("group", ""), GROUPS, "no such group"),
        _one_of(data.get("browser"), BROWSERS, "no such browser"),
        _one_of(data.get("source"), SOURCES, "no such source"),
        _one_of(data.get("navigation"), NAVIGATIONS, "no such navigation"),
        _name(data.get("rule", "")),
        ttfb=ttfb, lcp=lcp, inp=figures["inp"],
        share=_number(data.get("share", 0.0), 1.0),
        rules=_rules(data.get("rules", [])),
        time=_number(data.get("time", 0.0), 1e11),
    )  # fmt: skip


def is_view_data(data: object) -> bool:
    """Return whether plain data is meant as a view: access logs have JSON of other keys."""
    return isinstance(data, dict) and {"source", "navigation", "browser"} <= data.keys()


def _rules(found: object) -> tuple[RuleCount, ...]:
    if not isinstance(found, list) or len(found) > MOST_RULES:
        raise BeaconError("wrong prefetches by rule")
    return tuple(_rule(data) for data in found)


def _rule(data: object) -> RuleCount:
    if not isinstance(data, dict):
        raise BeaconError("wrong prefetches by rule")
    counts = [data.get(name, 0) for name in RuleCount._fields[1:]]
    if not all(type(count) is int and 0 <= count <= MOST_COUNT for count in counts):
        raise BeaconError("wrong prefetches by rule")
    return RuleCount(_name(data.get("rule", "")), *counts)


def _one_of(value: object, known: tuple[str, ...], problem: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise BeaconError(problem)
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or len(value) > MOST_NAME or not value.isprintable():
        raise BeaconError("no name of a rule")
    return value


def _milliseconds(value: object) -> int | None:
    if value is None:
        return None
    return round(_number(value, MOST_MILLISECONDS))


def _number(value: object, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BeaconError("no number")
    if not (math.isfinite(value) and 0 <= value <= most):
        raise BeaconError("a number that cannot be")
    return value


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BeaconError("no number")
    return int(text)


def _decimal(text: str) -> float:
    try:
        return float(text) if len(text) <= 30 else math.inf
    except ValueError:
        raise BeaconError("no number") from None
