"""Visits in turns, so that what changes meanwhile changes for all modes; and the browser that makes them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from prefetchrouter.browser.links import logging_out
from prefetchrouter.browser.names import NAMES
from prefetchrouter.errors import LoadError, shown
from prefetchrouter.lab.lab_visits import NoSuchLink, Visited, visit
from prefetchrouter.lab.link import SlowLink
from prefetchrouter.lab.modes import MODES, USUAL_RULES, Mode

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MOST_LINKS: Final = 3
_UNHINDERED: Final = 1e9


@dataclass(frozen=True, slots=True)
class LabSettings:
    """The options of an experiment.

    Args:
        runs: How often each link is opened in each mode.
        kilobits: The bandwidth, in kbit/s.
        round_trip: In milliseconds.
        cpu: How many times slower the processor is.
        dwell: How long the visitor reads the first page, in seconds.
        browser: The browser's executable; None to search for one.
        modes: What is compared.
    """

    runs: int = 3
    kilobits: float = 1600
    round_trip: float = 150
    cpu: float = 1
    dwell: float = 2
    browser: str | None = None
    modes: tuple[Mode, ...] = MODES


def experiment(urls: Sequence[str], settings: LabSettings, progress: Callable[[str], None]) -> list[Visited]:
    """Return all visits, mode by mode in turns.

    Every page is opened once before, without a limit, so that the edge has what it may store.

    Args:
        urls: The first page, and pages that it links to; the first page alone: some of its links.
        settings: The options.
        progress: Called with what is being done.

    Raises:
        LoadError: A page, its links or the files of the browser part are missing, or there is no browser.
    """
    start, *targets = urls
    with SlowLink(_UNHINDERED, 0) as fast, _browser(settings, fast) as browser:
        progress("opening each page once")
        targets, rules = _prepare(browser, start, targets, settings)
    visits: list[Visited] = []
    total = settings.runs * len(targets) * len(settings.modes)
    with (
        SlowLink(settings.kilobits * 125, settings.round_trip / 1000) as link,
        _browser(settings, link) as browser,
    ):
        for run in range(settings.runs):
            for target in targets:
                # Each mode is the first one as often as the others.
                turn = run % len(settings.modes)
                for mode in (*settings.modes[turn:], *settings.modes[:turn]):
                    progress(f"visit {len(visits) + 1} of {total}: {mode}, {_path(target)}")
                    visits.append(_visited(browser, link, start, target, mode, rules, settings))
    return visits


def _visited(
    browser: Browser, link: SlowLink, start: str, target: str, mode: Mode, rules: str, settings: LabSettings
) -> Visited:
    from playwright.sync_api import Error

    try:
        return visit(browser, link, start, target, mode, rules=rules, dwell=settings.dwell, cpu=settings.cpu)
    except NoSuchLink:
        raise LoadError.of(
            "command-line", f"{shown(start)} has no link to {shown(target)}",
            expected="URLs that the first page links to",
        ) from None  # fmt: skip
    except Error as error:
        raise _failed(target, error) from None


def _prepare(
    browser: Browser, start: str, targets: Sequence[str], settings: LabSettings
) -> tuple[list[str], str]:
    """Open each page once; return the targets and the Speculation Rules of the site."""
    from playwright.sync_api import Error

    page = browser.new_page(ignore_https_errors=True)
    url = start
    try:
        page.goto(start, wait_until="load")
        found = [urljoin(start, target) for target in targets] or _links(
            page.evaluate("[...document.links].filter((a) => a.checkVisibility()).map((a) => a.href)"),
            page.url,
        )
        request = page.context.request
        if "ours" in settings.modes and not request.get(urljoin(start, NAMES.install_path)).ok:
            raise LoadError.of(
                "command-line", f"{shown(start)} does not serve {NAMES.install_path}",
                hint=f"put your rules before it: prefetchrouter serve --origin {start}",
            )  # fmt: skip
        own = request.get(urljoin(start, NAMES.speculation_path))
        rules = own.text() if own.ok and own.text().lstrip().startswith("{") else USUAL_RULES
        for url in found:
            page.goto(url, wait_until="load")
    except Error as error:
        raise _failed(url, error) from None
    if not found:
        raise LoadError.of(
            "command-line", f"{shown(start)} has no link to another page of its site",
            expected="a page with links, or URLs of pages that it links to",
        )  # fmt: skip
    return found, rules


def _links(hrefs: Sequence[str], start: str) -> list[str]:
    """Return the first links to other pages of the site.

    Example:
        >>> _links(["https://a.example/#x", "https://a.example/1", "https://b.example/2"], "https://a.example/")
        ['https://a.example/1']
    """
    here = urlsplit(start)
    plain = dict.fromkeys(href.partition("#")[0] for href in hrefs)
    return [
        href
        for href in plain
        if urlsplit(href)[:2] == here[:2] and href != start.partition("#")[0] and not logging_out(_path(href))
    ][:_MOST_LINKS]


def _path(url: str) -> str:
    return urlsplit(url).path or "/"


def _failed(url: str, error: Exception) -> LoadError:
    reason = str(error).partition("\n")[0].partition("Call log")[0].strip()
    return LoadError.of(
        "command-line", f"{shown(url)} cannot be opened: {reason}",
        expected="the URL of a page that responds",
    )  # fmt: skip


@contextmanager
def _browser(settings: LabSettings, link: SlowLink) -> Iterator[Browser]:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ModuleNotFoundError:
        raise LoadError.of(
            "command-line", "Playwright is not installed", hint='pip install "prefetchrouter[lab]"'
        ) from None
    program = settings.browser or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=program,
                proxy={"server": f"socks5://127.0.0.1:{link.port}"},
                # Containers have no sandbox; only pages of the user are opened.
                chromium_sandbox=False,
            )
        except Error as error:
            reason = str(error).partition("\n")[0]
            raise LoadError.of(
                "command-line", f"Chromium does not start: {reason}",
                hint="playwright install chromium, or name one with --browser /usr/bin/chromium",
            ) from None  # fmt: skip
        try:
            yield browser
        finally:
            browser.close()
