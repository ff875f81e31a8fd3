"""Which location of a server a request gets to: nginx's order, as the order of a chain.

nginx takes the location whose text is the path (``=``); else it notes the longest prefix, takes it if it has
``^~``, else the first expression that matches, else the prefix that it noted.
Source: the directive ``location`` of ngx_http_core_module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from prefetchrouter.importing.imported import NotUnderstoodError
from prefetchrouter.importing.nginx_conf import Directive
from prefetchrouter.importing.nginx_text import checked_regex, compiled
from prefetchrouter.importing.python_source import Call, Expression, regex
from prefetchrouter.regex import literal

_PASSES_ON: Final = frozenset(
    f"{protocol}_pass" for protocol in ("proxy", "fastcgi", "uwsgi", "scgi", "memcached", "grpc")
)

Kind: TypeAlias = Literal["=", "^~", "~", "~*", ""]


@dataclass(frozen=True)
class NginxLocation:
    """One location.

    Args:
        kind: Its modifier; empty for a prefix without one.
        text: The path, prefix or expression.
        directive: The directive.
    """

    kind: Kind
    text: str
    directive: Directive

    @property
    def is_regex(self) -> bool:
        """Whether its text is an expression."""
        return self.kind in ("~", "~*")


@dataclass(frozen=True)
class Test:
    """What a request of a location has: a value of the criterion ``path``, and prefixes that it has not.

    Args:
        path: The value; None for every path.
        others: The longer prefixes, each with its location.
    """

    path: Expression
    others: tuple[str, ...] = ()

    def criteria(
        self,
        server: Mapping[str, Expression],
        more: Expression = None,
        condition: Mapping[str, Expression] | None = None,
    ) -> Expression:
        """Return the criteria of a rule.

        Args:
            server: The criteria of the server.
            more: Another value that the path has, too.
            condition: What else is tested, such as by ``if``.
        """
        tests: list[Mapping[str, Expression]] = [each for each in (server, condition) if each]
        tests += [{"path": path} for path in (self.path, more) if path is not None]
        tests += [{"path": Call("not_", (prefix_regex(other),))} for other in self.others]
        merged = {key: value for test in tests for key, value in test.items()}
        if len(merged) < sum(map(len, tests)):
            return Call("and_", tuple(tests))
        return (merged["path"] if len(merged) == 1 and "path" in merged else merged) or None


def location_of(directive: Directive) -> NginxLocation:
    """Return the location of a directive.

    Raises:
        NotUnderstoodError: It is a named one, or no request has such a path.
    """
    *kinds, text = directive.arguments or ("",)
    kind = kinds[0] if kinds else ""
    if text.startswith("@"):
        raise NotUnderstoodError("a named location is for other directives only")
    if kind in ("~", "~*"):
        return NginxLocation("~" if kind == "~" else "~*", checked_regex(text), directive)
    if not re.fullmatch(r"/[\w/.~!$&'()*+,;=:@-]*", text, re.ASCII) or "//" in text or "/." in text:
        raise NotUnderstoodError("rules see a path as it was sent: this one is sent otherwise, or never")
    if kind not in ("=", "^~", ""):
        raise NotUnderstoodError(f'"{kind}" is not a modifier of a location')
    return NginxLocation("=" if kind == "=" else "^~" if kind == "^~" else "", text, directive)


def prefix_regex(prefix: str) -> Expression:
    """Return the expression of all paths that begin with a text."""
    return regex("^" + literal(prefix))


def regex_of(location: NginxLocation) -> str:
    """Return the expression of a location, as rule sets write it.

    Example:
        >>> regex_of(NginxLocation("=", "/a.b", None)), regex_of(NginxLocation("~*", "x$", None))
        ('^/a\\\\.b$', '(?i)x$')
    """
    if location.is_regex:
        return ("(?i)" if location.kind == "~*" else "") + location.text
    return f"^{literal(location.text)}" + ("$" if location.kind == "=" else "")


def bare_folders(locations: Sequence[NginxLocation]) -> dict[str, NginxLocation]:
    """Return the paths that nginx redirects to the same path with a slash, each with the location of that.

    These locations are passed on, and no other location is the path without the slash.
    Source: the end of the directive ``location``; that a prefix prevents it too is what nginx does.
    """
    texts = {location.text for location in locations if not location.is_regex}
    return {
        location.text[:-1]: location
        for location in locations
        if not location.is_regex and location.text.endswith("/") and location.text != "/"
        if location.text[:-1] not in texts
        and any(inner.name in _PASSES_ON for inner in location.directive.block or ())
    }


def in_order(locations: Sequence[NginxLocation]) -> Iterator[tuple[NginxLocation, Test]]:
    """Yield locations in the order in which the first that matches is nginx's, each with its test.

    Example:
        >>> written = [("", "/a"), ("~", "x$"), ("=", "/a/b")]
        >>> locations = [NginxLocation(kind, text, None) for kind, text in written]
        >>> [location.text for location, _ in in_order(locations)]
        ['/a/b', 'x$', '/a']
    """
    prefixes = sorted(
        (each for each in locations if each.kind in ("", "^~")), key=lambda each: -len(each.text)
    )
    for each in locations:
        if each.kind == "=":
            yield each, Test([each.text])
    for each in prefixes:
        if each.kind == "^~":
            longer = tuple(
                other.text
                for other in prefixes
                if other.kind == "" and other.text.startswith(each.text) and other.text != each.text
            )
            yield each, Test(prefix_regex(each.text), longer)
    for each in locations:
        if each.is_regex:
            yield each, Test(compiled(each.text, ignores_case=each.kind == "~*"))
    for each in prefixes:
        if each.kind == "":
            yield each, Test(prefix_regex(each.text) if each.text != "/" else None)
