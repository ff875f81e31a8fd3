"""What a reader finds in a file: rules as calls of the router, and remarks on what it did not understand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

from prefetchrouter.importing.python_source import Call, Expression
from prefetchrouter.source import Source


@dataclass(frozen=True)
class ImportedRule:
    """One rule: a call of the router.

    Args:
        source: Its place in the file that was read.
        criteria: The first argument of the call; None for a rule about every request.
        body: A helper function, or None.
        sections: The features, by section.
        chain: Which chain it is a branch of; None for a rule that does not stop later ones.
        method: ``"match"``, or that of one HTTP method such as ``"get"``.
        comments: Comments of the file that stand above it.
    """

    source: Source
    criteria: Expression
    body: Call | None = None
    sections: Mapping[str, Expression] = field(default_factory=dict)
    chain: str | None = None
    method: str = "match"
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remark:
    """A line that was not understood, or that was and is worth a look.

    Args:
        source: Its place.
        line: Its text; "" where there is no single line.
        reason: Why it was not understood, or what to look at.
        is_understood: Whether a rule was written for it all the same.
    """

    source: Source
    line: str
    reason: str
    is_understood: bool = False

    def comment(self) -> str:
        """Return the comment that stands in the written file, one line for each fact."""
        place = f"{self.source.file}:{self.source.line}"
        if self.is_understood:
            return f"{place}: {self.reason}"
        return (
            f"not imported, {place}: {self.line}\n  {self.reason}" if self.line else f"{place}: {self.reason}"
        )


Part: TypeAlias = ImportedRule | Remark


class NotUnderstoodError(Exception):
    """A line cannot be imported; the reader catches it and leaves a remark."""


@dataclass
class Imported:
    """All that was read, in order."""

    parts: list[Part] = field(default_factory=list)
    origins: dict[str, tuple[str, str, int | None]] = field(default_factory=dict)
    """Scheme, host and port of each origin, by its name."""
    property_call: Call | None = None
    """The property, where the file has one."""
    files: tuple[str, ...] | None = None
    """The path of each file of the site, where the user named its folder."""

    @property
    def remarks(self) -> list[Remark]:
        """What the reader has to say."""
        return [part for part in self.parts if isinstance(part, Remark)]

    def not_understood(self, source: Source, line: str, reason: str) -> None:
        """Leave a remark on a line for which no rule is written."""
        self.parts.append(Remark(source, " ".join(line.split())[:200], reason))

    def note(self, source: Source, reason: str) -> None:
        """Leave a remark on a line for which a rule is written."""
        self.parts.append(Remark(source, "", reason, is_understood=True))

    def origin_for(self, url: str) -> tuple[str, str]:
        """Return the name of the origin that a URL names, and the rest of the URL.

        Raises:
            NotUnderstoodError: The URL has no plain host name.

        Example:
            >>> Imported().origin_for("https://api.shop.example/v1/$1")
            ('api-shop-example', '/v1/$1')
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise NotUnderstoodError("the destination is not a valid URL") from None
        host = (parts.hostname or "").rstrip(".")
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", host) or parts.username is not None:
            raise NotUnderstoodError("the destination has no fixed host name")
        if "." not in host or parts.scheme not in ("http", "https"):
            raise NotUnderstoodError("the destination has no fixed host name with a dot")
        origin = (parts.scheme, host, port)
        name = host.replace(".", "-")
        while self.origins.get(name, origin) != origin:
            name += "-2"
        self.origins[name] = origin
        rest = parts.path or "/"
        return name, f"{rest}?{parts.query}" if parts.query else rest
