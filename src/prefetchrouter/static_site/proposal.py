"""Proposes rules from the paths of a site's pages: readable, and few."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from prefetchrouter.errors import LoadError, shown
from prefetchrouter.templates import template

MOST_RULES: Final = 12
"""With more, one rule for all pages is easier to read."""
MOST_SINGLE: Final = 4
"""So many pages beside each other are listed; more of them are a pattern."""

_SYNTAX: Final = re.compile(r"[^!#-\[\]-~]|[:*?+(){}]")
"""Characters that a pattern would read otherwise."""


@dataclass(frozen=True, slots=True)
class ProposedRule:
    """A rule for some pages.

    Args:
        pattern: The path pattern.
        count: How many pages it is for.
        example: One of them.
    """

    pattern: str
    count: int
    example: str

    @property
    def comment(self) -> str:
        """What the rule is for, for the line above it; empty where the pattern says it."""
        return "" if self.count == 1 else f"{self.count:,} pages, such as {self.example}"


def proposed_rules(paths: Iterable[str], base: str = "") -> tuple[ProposedRule, ...]:
    """Return rules that match all of these paths.

    Args:
        paths: The paths of pages, such as ``"/blog/hello.html"``.
        base: The path below which the site is.

    Example:
        >>> found = proposed_rules(["/", "/about", "/blog/", "/blog/a", "/blog/b", "/docs/x/y", "/docs/z"])
        >>> [rule.pattern for rule in found]
        ['/', '/about', '/blog/:page?', '/docs/:path*']
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for path in sorted(set(paths)):
        first, _, rest = path.removeprefix(f"{base}/").partition("/")
        groups[first if rest else ""].append(path)
    folders = set(groups)
    for path in [path for path in groups[""] if path.strip("/").rpartition("/")[2] in folders - {""}]:
        groups[""].remove(path)  # the page of a folder, such as /blog/ or /blog
        groups[path.strip("/").rpartition("/")[2]].insert(0, path)
    rules = [
        rule for first, group in sorted(groups.items()) if group for rule in _of_group(first, group, base)
    ]
    whole = f"{base}/:path*"
    if len(rules) <= MOST_RULES and all(rule.pattern != whole for rule in rules):
        return tuple(rules)
    every = sorted(path for group in groups.values() for path in group)
    return (ProposedRule(whole, len(every), every[-1]),)


def _of_group(first: str, paths: Sequence[str], base: str) -> Iterator[ProposedRule]:
    """Yield the rules for paths that have their first segment in common."""
    home = f"{base}/"
    if not first and home in paths:
        yield ProposedRule(home, 1, home)
        paths = [path for path in paths if path != home]
    plain = {_plain(path): path for path in paths}
    can_be_listed = len(plain) <= MOST_SINGLE if not first else len(plain) == 1
    if can_be_listed and not any(map(_SYNTAX.search, plain)):
        yield from (ProposedRule(path, 1, own) for path, own in plain.items())
        return
    start = f"{base}/{first}" if first else base
    if _SYNTAX.search(start):
        yield ProposedRule(f"{base}/:path*", len(paths), paths[-1])
        return
    deepest = max(path.removeprefix(f"{start}").strip("/").count("/") for path in paths)
    has_index = start in plain
    last = ":path*" if deepest else f":page{'?' if has_index and first else ''}"
    yield ProposedRule(f"{start}/{last}", len(paths), paths[-1])


def _plain(path: str) -> str:
    return path.removesuffix("/") or "/"


@dataclass(frozen=True, slots=True)
class ProposedOrigin:
    """Where requests go that the cache cannot answer.

    Args:
        scheme: ``"http"`` or ``"https"``.
        host: Its name.
        port: Its port.
    """

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, address: str) -> ProposedOrigin:
        """Return the origin at a URL.

        Raises:
            LoadError: It is not a URL of a server.

        Example:
            >>> ProposedOrigin.of("http://localhost:3000/")
            ProposedOrigin(scheme='http', host='localhost', port=3000)
        """
        try:
            parts = urlsplit(address)
            port = parts.port or _PORTS[parts.scheme]
            if re.fullmatch(r"[A-Za-z0-9.-]+", parts.hostname or ""):
                return cls(parts.scheme, str(parts.hostname), port)
        except (KeyError, ValueError):
            pass
        raise LoadError.of(
            "file-not-found", f"{shown(address)} is not the address of a server",
            expected="one such as http://localhost:3000",
        )  # fmt: skip


_PORTS: Final = {"http": 80, "https": 443}


def proposed_routes_text(
    rules: Sequence[ProposedRule],
    title: str,
    endings: Iterable[str] = (),
    site: ProposedOrigin | None = None,
) -> str:
    """Return a routes file with rules.

    Args:
        rules: The rules.
        title: The first line of its docstring, without a full stop.
        endings: How the paths of linked files end that are not pages, such as ``"pdf"``; nothing prefetches
            them.
        site: The origin; None to leave it to the options of `serve`.

    Example:
        >>> text = proposed_routes_text(proposed_rules(["/"]), "Rules for my site")
        >>> text.splitlines()[-2]
        '    .match("/", caching=PAGE)'
    """
    printable = "".join(each if each.isprintable() and each not in '\\"' else "?" for each in title)
    other = sorted(ending for ending in set(endings) if re.fullmatch(r"[a-z0-9]+", ending))
    return template("proposed_routes.py.j2").render(
        rules=rules, title=printable[:100], endings=other, site=site
    )


def proposed_test_text(rules: Sequence[ProposedRule]) -> str:
    """Return the test of a routes file with these rules.

    Example:
        >>> '"/": {"prefetchable": True' in proposed_test_text(proposed_rules(["/"]))
        True
    """
    return template("proposed_test.py.j2").render(rules=rules)
