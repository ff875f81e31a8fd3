"""One visit: the start page is read, a link is pointed at and opened, and the page behind it is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefetchrouter.lab.link import SlowLink
from prefetchrouter.lab.modes import Mode, blocked_urls, script_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_PATIENCE_MILLISECONDS: Final = 60_000
_POINTS_MILLISECONDS: Final = 200
"""How long a visitor points at a link before the click: a usual time for a mouse."""
_QUIET_MILLISECONDS: Final = 1000
"""How long the page is left alone after its load, so that its largest part is painted."""

_FIGURES: Final = """
() => {
  const [entry] = performance.getEntriesByType('navigation');
  const { responseStart, activationStart = 0, deliveryType = '' } = entry;
  const since = (time) => Math.max(0, Math.round(time - activationStart));
  return { ttfb: since(responseStart), lcp: labPaint ? since(labPaint) : null, from: deliveryType };
}
"""

_FIND: Final = "(target) => [...document.links].find(({ href }) => href.replace(/#.*/s, '') === target)"


class Visited(NamedTuple):
    """What was measured in a visit.

    Args:
        mode: What pages prefetched with.
        target: The URL of the page behind the link.
        ttfb: Its time to first byte in milliseconds.
        lcp: Its Largest Contentful Paint in milliseconds; None if nothing was painted.
        bytes: Bytes towards the browser, of the whole visit.
        requests: Requests of the whole visit; None if they were encrypted.
        origin_requests: Those that the edge forwarded, by `Cache-Status`; None if that is unknown.
        from_: Where the page came from, as the browser says it.
    """

    mode: Mode
    target: str
    ttfb: int
    lcp: int | None
    bytes: int
    requests: int | None
    origin_requests: int | None
    from_: str = ""


class NoSuchLink(Exception):
    """The start page has no link to a target."""


def visit(
    browser: Browser, link: SlowLink, start: str, target: str, mode: Mode, *,
    rules: str, dwell: float, cpu: float,
) -> Visited:  # fmt: skip
    """Visit a page and click on one of its links, with nothing in the browser's caches.

    Args:
        browser: The browser.
        link: The link that its requests pass.
        start: The URL of the first page.
        target: The URL of the link.
        mode: What pages prefetch with.
        rules: The Speculation Rules of that mode.
        dwell: How long the visitor reads the first page, in seconds.
        cpu: How many times slower the processor is.

    Raises:
        NoSuchLink: The first page has no such link.
    """
    context = browser.new_context(ignore_https_errors=True)
    try:
        context.set_default_timeout(_PATIENCE_MILLISECONDS)
        context.add_init_script(script_of(mode, rules))
        page = context.new_page()
        _slow_down(page, mode, cpu)
        link.forget()
        page.goto(start, wait_until="load")
        _open(page, target, dwell)
        figures: dict[str, Any] = page.evaluate(_FIGURES)
        seen = link.seen
    finally:
        context.close()
    is_readable = not seen.encrypted
    return Visited(
        mode, target, figures["ttfb"], figures["lcp"], seen.bytes,
        seen.requests if is_readable else None,
        seen.forwarded if is_readable else None,
        figures["from"],
    )  # fmt: skip


def _slow_down(page: Page, mode: Mode, cpu: float) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setBlockedURLs", {"urls": blocked_urls(mode)})
    session.send("Emulation.setCPUThrottlingRate", {"rate": cpu})


def _open(page: Page, target: str, dwell: float) -> None:
    found = page.evaluate_handle(_FIND, target).as_element()
    if found is None:
        raise NoSuchLink(target)
    found.scroll_into_view_if_needed()
    page.wait_for_timeout(dwell * 1000)
    found.hover()
    page.wait_for_timeout(_POINTS_MILLISECONDS)
    with page.expect_navigation(wait_until="load"):
        found.click(no_wait_after=True)
    page.wait_for_timeout(_QUIET_MILLISECONDS)
