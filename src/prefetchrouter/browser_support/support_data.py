"""What browsers support, as data: ``support.json``, read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal["yes", "partial", "flag", "preview", "no"]
"""Supported; in part; behind a setting that is off; in builds for testing only; not supported."""

COMPAT_NAMES: Final = (
    "chrome", "chrome_android", "edge", "firefox", "firefox_android", "safari", "safari_ios",
)  # fmt: skip
"""The browsers that the data has, by the names of browser-compat-data."""


@dataclass(frozen=True, slots=True)
class BrowserSupport:
    """Whether and since when a browser supports something.

    Args:
        kind: How far.
        since: The first version, where there is one.

    Example:
        >>> BrowserSupport.parse("flag 13.1")
        BrowserSupport(kind='flag', since='13.1')
        >>> str(BrowserSupport.parse("141")), BrowserSupport.parse("no").since
        ('141', None)
    """

    kind: Kind
    since: str | None = None

    @classmethod
    def parse(cls, text: str) -> BrowserSupport:
        """Return what a text in ``support.json`` says, such as ``"141"``, ``"partial 127"`` or ``"no"``."""
        match text.split():
            case ["no"]:
                return cls("no")
            case ["preview"]:
                return cls("preview")
            case ["flag", since]:
                return cls("flag", since)
            case ["partial", since]:
                return cls("partial", since)
            case [since] if since[:1].isdigit():
                return cls("yes", since)
            case _:
                raise ValueError(f"{text!r} does not say how far something is supported")

    def __str__(self) -> str:
        """Return it as the cell of a table."""
        match self.kind:
            case "flag":
                return f"{self.since}, behind a flag"
            case "partial":
                return f"{self.since}, in part"
            case "preview":
                return "preview builds"
            case "yes" | "no":
                return self.since or "no"


@dataclass(frozen=True, slots=True)
class BrowserFacts:
    """A browser that the data knows.

    Args:
        name: Its name on the command line, such as ``"safari-ios"``.
        title: Its name in output.
        engine: What it is built on: ``"chromium"``, ``"firefox"`` or ``"safari"``.
        stable: The current version.
        beta: The next one.
        esr: The version with extended support, where there is one.
        measured: The version that this project has measured, where it has.
    """

    name: str
    title: str
    engine: str
    stable: str
    beta: str
    esr: str | None = None
    measured: str | None = None


@dataclass(frozen=True, slots=True)
class SupportRow:
    """Something that a browser may support.

    Args:
        name: A stable name, such as ``"static-routes"``.
        title: What it is, in Markdown.
        compat: Its key in browser-compat-data; None if that has none.
        source: Where the rest is from: that of rows without a key, and of corrections.
        support: How far each browser supports it.
        seconds: For how long, where it is a cache with a lifetime.
    """

    name: str
    title: str
    compat: str | None
    source: str | None
    support: Mapping[str, BrowserSupport]
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class SupportData:
    """All of the data.

    Args:
        version: The version of browser-compat-data that the rows are from.
        date: Its date.
        browsers: The browsers, by name.
        rows: The rows, by name.
    """

    version: str
    date: str
    browsers: Mapping[str, BrowserFacts]
    rows: Mapping[str, SupportRow]


@cache
def support_data() -> SupportData:
    """Return what browsers support.

    Source: MDN browser-compat-data, and the sources that rows name.

    Example:
        >>> str(support_data().rows["static-routes"].support["safari"])
        '27'
    """
    text = files("prefetchrouter.browser_support").joinpath("support.json").read_text("utf-8")
    data = json.loads(text)
    browsers = {
        key.replace("_", "-"): BrowserFacts(
            key.replace("_", "-"),
            facts["title"],
            facts["engine"],
            facts["stable"],
            facts["beta"],
            facts.get("esr"),
            facts.get("measured"),
        )
        for key, facts in data["browsers"].items()
    }
    rows = {row["name"]: _row(row) for row in data["rows"]}
    compat = data["compat"]
    return SupportData(compat["version"], compat["date"], MappingProxyType(browsers), MappingProxyType(rows))


def _row(row: Mapping[str, object]) -> SupportRow:
    support, instead, seconds = row["support"], row.get("instead", {}), row.get("seconds")
    assert isinstance(support, dict)
    assert isinstance(instead, dict)
    assert isinstance(seconds, int | float | None)
    texts = {**support, **instead}
    return SupportRow(
        str(row["name"]),
        str(row["title"]),
        str(row["compat"]) if "compat" in row else None,
        str(row["source"]) if "source" in row else None,
        MappingProxyType({key.replace("_", "-"): BrowserSupport.parse(text) for key, text in texts.items()}),
        None if seconds is None else float(seconds),
    )


def seconds_of(name: str) -> float:
    """Return for how many seconds a cache of browsers keeps what it has.

    Args:
        name: The name of its row.

    Example:
        >>> seconds_of("speculation-prefetch")
        300.0
    """
    seconds = support_data().rows[name].seconds
    assert seconds is not None, f"{name} has no lifetime"
    return seconds
