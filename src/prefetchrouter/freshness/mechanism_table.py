"""The prefetch mechanisms by name, and which of them a browser has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from prefetchrouter.browser_support import BrowserVersion, support_data
from prefetchrouter.freshness.mechanisms import (
    Circumstances,
    Limit,
    browser_cache,
    chromium_link,
    chromium_link_age_bug,
    chromium_link_window,
    fetch,
    firefox_link,
    firefox_link_151,
    prerender,
    safari_preload,
    service_worker,
    speculation_rules,
)
from prefetchrouter.freshness.received_response import Reader, ReceivedResponse

MechanismName = Literal[
    "chromium-link",
    "chromium-link-window",
    "chromium-link-age-bug",
    "firefox-link-151",
    "firefox-link",
    "safari-preload",
    "fetch",
    "speculation-rules",
    "prerender",
    "service-worker",
    "browser-cache",
]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A prefetch mechanism.

    Args:
        name: A stable name.
        title: Its name in output.
        rule: Its clause in ``docs/freshness.md``.
        limit: The clause as code.
        today: Whether current browsers work this way by default.
        http_cache: What serves once the mechanism's own store has expired; None if it has no store.
        reader: How it parses headers.
        engine: The engine of the browsers that have it; None for any.
        needs: The rows of ``browser_support/support.json`` that a browser has to support.
        replaced_by: The row with which it ended; None while it is current.
        cleared_by: The rows of the values of ``Clear-Site-Data`` that drop what it has stored.
        measured: The engines in which the clause was measured; None for anything that is not up to browsers.
    """

    name: MechanismName
    title: str
    rule: str
    limit: Callable[[ReceivedResponse, Circumstances], Limit]
    today: bool = True
    http_cache: Callable[[ReceivedResponse, Circumstances], Limit] | None = None
    reader: Reader = "http"
    engine: str | None = None
    needs: tuple[str, ...] = ()
    replaced_by: str | None = None
    cleared_by: tuple[str, ...] = ("clear-cache",)
    measured: tuple[str, ...] | None = None

    def is_of(self, browser: BrowserVersion) -> bool:
        """Return whether it belongs to the browser's engine, in whatever version."""
        return self.engine is None or self.engine == browser.browser.engine

    def why_not_in(self, browser: BrowserVersion) -> str | None:
        """Return why a browser does not have it, or None if it does.

        Example:
            >>> MECHANISMS["prerender"].why_not_in(BrowserVersion.parse("firefox"))
            'Firefox does not support it'
        """
        for name in self.needs:
            why = browser.why_not(name)
            if why is not None:
                return why
        if self.replaced_by is not None and browser.supports(self.replaced_by):
            name, title = browser.browser.name, browser.browser.title
            return f"only before {title} {support_data().rows[self.replaced_by].support[name]}"
        return None


_ALL: Final = (
    Mechanism(
        "chromium-link", "link prefetch, Chromium", "P1", chromium_link,
        reader="chromium", engine="chromium", needs=("link-prefetch",), measured=("chromium",),
    ),
    Mechanism(
        "chromium-link-window", "link prefetch, Chromium with the 5-minute rule", "P2", chromium_link_window,
        today=False, reader="chromium", engine="chromium", needs=("link-prefetch",),
        replaced_by="link-prefetch-without-window", measured=(),
    ),
    Mechanism(
        "chromium-link-age-bug", "link prefetch, Chromium before mid-2020", "P3", chromium_link_age_bug,
        today=False, reader="chromium", engine="chromium", needs=("link-prefetch",),
        replaced_by="link-prefetch-without-window", measured=(),
    ),
    Mechanism(
        "firefox-link-151", "link prefetch, Firefox up to 151", "P4", firefox_link_151,
        today=False, reader="firefox", engine="firefox", needs=("link-prefetch",),
        replaced_by="link-prefetch-window", measured=("firefox",),
    ),
    Mechanism(
        "firefox-link", "link prefetch, Firefox", "P5", firefox_link,
        reader="firefox", engine="firefox", needs=("link-prefetch", "link-prefetch-window"),
        measured=("firefox",),
    ),
    Mechanism(
        "safari-preload", "link preload, Safari", "P6", safari_preload,
        engine="safari", needs=("link-preload",), measured=(),
    ),
    Mechanism("fetch", "HTTP cache, fetch()", "P7", fetch),
    Mechanism(
        "speculation-rules", "Speculation Rules", "P8", speculation_rules,
        http_cache=chromium_link, reader="chromium", needs=("speculation-prefetch", "speculation-where"),
        cleared_by=("clear-prefetch-cache", "clear-cache"), measured=("chromium",),
    ),
    Mechanism(
        "prerender", "prerender, Chromium", "P12", prerender,
        http_cache=chromium_link, reader="chromium", needs=("prerender",),
        cleared_by=("clear-prerender-cache", "clear-cache"), measured=("chromium",),
    ),
    Mechanism(
        "service-worker", "service worker store", "P9", service_worker,
        needs=("service-worker",), cleared_by=("clear-storage",),
    ),
    Mechanism(
        "browser-cache", "script without a worker", "P13", browser_cache,
        today=False, needs=("no-vary-search-http-cache", "only-if-cached"),
    ),
)  # fmt: skip
MECHANISMS: Final[Mapping[MechanismName, Mechanism]] = MappingProxyType(
    {mechanism.name: mechanism for mechanism in _ALL}
)
"""All mechanisms by name; those of current browsers have `today` set."""


def mechanisms_in(browser: BrowserVersion) -> tuple[MechanismName, ...]:
    """Return the mechanisms that a browser has, in the order in which it looks for a prefetched page.

    Example:
        >>> mechanisms_in(BrowserVersion.parse("safari@27.2"))
        ('service-worker', 'safari-preload', 'fetch')
        >>> mechanisms_in(BrowserVersion.parse("firefox"))
        ('service-worker', 'browser-cache', 'firefox-link', 'fetch')
    """
    found = (MECHANISMS[name] for name in LOOKUP_ORDER)
    return tuple(
        mechanism.name
        for mechanism in found
        if mechanism.is_of(browser) and mechanism.why_not_in(browser) is None
    )


LOOKUP_ORDER: Final[tuple[MechanismName, ...]] = (
    "service-worker",
    "prerender",
    "speculation-rules",
    "browser-cache",
    "chromium-link",
    "chromium-link-window",
    "firefox-link",
    "firefox-link-151",
    "safari-preload",
    "fetch",
)
"""Where browsers look for a prefetched page, without the oldest version of Chromium."""
