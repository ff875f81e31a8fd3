"""A browser in a version, such as ``safari@27.3``, and what it supports."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from prefetchrouter.browser_support.support_data import BrowserFacts, support_data
from prefetchrouter.errors import RequestError, did_you_mean, shown

_ALIASES: Final = {"chromium": "chrome", "ios": "safari-ios", "safari-iphone": "safari-ios"}
_VERSION: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,5}){0,3}")
_CHANNELS: Final = ("stable", "beta", "esr", "preview")


def _parts(version: str) -> tuple[float, ...]:
    return (math.inf,) if version == "preview" else tuple(map(float, version.split(".")))


@dataclass(frozen=True, slots=True)
class BrowserVersion:
    """A browser in a version.

    Args:
        browser: Which browser.
        version: Its version, or ``"preview"`` for builds for testing, such as Firefox Nightly.

    Example:
        >>> safari = BrowserVersion.parse("safari@27.3")
        >>> str(safari), safari.supports("static-routes"), safari.why_not("prerender")
        ('Safari 27.3', True, 'Safari does not support it')
        >>> BrowserVersion.parse("firefox@153").why_not("no-vary-search-http-cache")
        'from Firefox 154'
    """

    browser: BrowserFacts
    version: str

    @classmethod
    def parse(cls, text: str) -> BrowserVersion:
        """Return a browser from text: ``NAME`` for the current version, ``NAME@VERSION``, ``NAME@beta``.

        Raises:
            RequestError: There is no such browser, or no such version.
        """
        name, at, version = text.strip().lower().partition("@")
        browsers = support_data().browsers
        browser = browsers.get(_ALIASES.get(name, name))
        if browser is None:
            raise RequestError.of(
                "unknown-browser", f"{shown(name)} is not a known browser", expected=", ".join(browsers),
                hint=did_you_mean(name, [*browsers, *_ALIASES]),
            )  # fmt: skip
        found = _of_channel(browser, version) if at else browser.stable
        if found is None:
            channels = [channel for channel in _CHANNELS if _of_channel(browser, channel)]
            raise RequestError.of(
                "unknown-browser", f"{shown(version)} is not a version of {browser.title}",
                expected=f"a number such as {browser.stable}, or one of {', '.join(channels)}",
            )  # fmt: skip
        return cls(browser, found)

    def __str__(self) -> str:
        """Return its name and version."""
        return f"{self.browser.title} {self.version}"

    @property
    def is_newer_than_known(self) -> bool:
        """Whether it is newer than what the data can know."""
        return self.version != "preview" and _parts(self.version) > _parts(self.browser.beta)

    def is_at_least(self, version: str) -> bool:
        """Return whether its version is another one or a later one."""
        return _parts(self.version) >= _parts(version)

    def supports(self, name: str) -> bool:
        """Return whether it supports something by default.

        Args:
            name: The name of a row in ``support.json``.
        """
        return self.why_not(name) is None

    def why_not(self, name: str) -> str | None:
        """Return why it does not support something by default, or None if it does.

        Args:
            name: The name of a row in ``support.json``.
        """
        found, title = support_data().rows[name].support[self.browser.name], self.browser.title
        match found.kind:
            case "no":
                return f"{title} does not support it"
            case "flag":
                return f"{title} has it behind a flag that is off"
            case "preview":
                return None if self.version == "preview" else f"only in preview builds of {title}"
            case "yes" | "partial":
                assert found.since is not None
        return None if self.is_at_least(found.since) else f"from {title} {found.since}"


def _of_channel(browser: BrowserFacts, version: str) -> str | None:
    """Return the version that a text names, or None if it names none."""
    match version:
        case "stable":
            return browser.stable
        case "beta":
            return browser.beta
        case "esr":
            return browser.esr
        case "preview" | "nightly":
            return "preview"
        case _:
            return version if _VERSION.fullmatch(version) else None
