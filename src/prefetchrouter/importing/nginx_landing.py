"""Where a rewritten path gets to: nginx looks for its location again, and does what is written there.

The paths that a replacement can make are a regular expression, and so is each location. So it is known
whether all of these paths get to one location, or whether that depends on the request.
Source: the directives ``rewrite`` of ngx_http_rewrite_module and ``location`` of ngx_http_core_module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from prefetchrouter.importing.imported import Imported, NotUnderstoodError
from prefetchrouter.importing.nginx_bodies import InheritedSettings, Rewrite, returned, rewritten, settings_of
from prefetchrouter.importing.nginx_conditions import SAME_ALWAYS
from prefetchrouter.importing.nginx_conf import Directive
from prefetchrouter.importing.nginx_order import NginxLocation, bare_folders, in_order, regex_of
from prefetchrouter.importing.nginx_paths import have_common, may_match, paths_made
from prefetchrouter.importing.nginx_proxying import proxied
from prefetchrouter.importing.nginx_text import checked_regex
from prefetchrouter.importing.python_source import Expression
from prefetchrouter.importing.rule_bodies import Body
from prefetchrouter.regex import compiled, literal

SKIPPED_IN_LANDING = ("add_header", "expires", "proxy_cache_valid")
_AT_ORIGINS = frozenset(("$uri", "$uri/", "$uri.html", "$uri/index.html"))


@dataclass(frozen=True)
class Landing:
    """The locations of a server, for paths that are rewritten.

    Args:
        locations: The locations.
        outer: The settings of the server.
        upstreams: The groups of servers, by name.
        is_of_server: Whether a directive says how the server runs, by its name.
        imported: Takes origins.
        early: The directives of the server outside of locations.
        named: The named locations.
    """

    locations: Sequence[NginxLocation]
    outer: InheritedSettings
    upstreams: Mapping[str, Directive]
    is_of_server: re.Pattern[str]
    imported: Imported
    early: tuple[Directive, ...] = ()
    named: Mapping[str, Directive] = field(default_factory=dict)

    def of(self, rewrite: Rewrite) -> tuple[Body, InheritedSettings]:
        """Return what a request gets after a rewrite that looks for a location.

        Raises:
            NotUnderstoodError: That depends on the request, or no rule does the same.
        """
        return self.at(path_made(rewrite), {"url_rewrite": [rewrite.feature]})

    def reached(self, path: str) -> NginxLocation | None:
        """Return the location of one path, or None for the server itself, or for what nginx redirects."""
        if path in self._redirected:
            return None
        return next((found for found, matches in self._tests if matches(path)), None)

    @cached_property
    def _redirected(self) -> Set[str]:
        return bare_folders(self.locations).keys()

    @cached_property
    def _tests(self) -> Sequence[tuple[NginxLocation, Callable[[str], bool]]]:
        """The locations in nginx's order, each with whether a path gets to it."""

        def test_of(location: NginxLocation, others: tuple[str, ...]) -> Callable[[str], bool]:
            expression = compiled(regex_of(location), captures=False)
            return lambda path: expression.search(path) is not None and not path.startswith(others)

        return [(location, test_of(location, test.others)) for location, test in in_order(self.locations)]

    def at(
        self, paths: str, url: Mapping[str, Expression], *, is_file: bool = False
    ) -> tuple[Body, InheritedSettings]:
        """Return what requests for paths get, and the settings of their location.

        Args:
            paths: The regular expression of the paths.
            url: The section ``url`` that leads there.
            is_file: Whether the site has a file there, so that ``try_files`` finds it.

        Raises:
            NotUnderstoodError: That depends on the request, or no rule does the same.
        """
        location = reached(self.locations, paths)
        block = () if location is None else location.directive.block or ()
        scratch = Imported()
        settings = self.outer if location is None else settings_of(block, self.outer, scratch)
        if any(not remark.is_understood for remark in scratch.remarks):
            raise NotUnderstoodError("the location that it leads to has lines that are not imported")
        _check_headers(settings)
        return self.body(location, paths, url, is_file=is_file), settings

    def body(
        self,
        location: NginxLocation | None,
        paths: str | None,
        url: Mapping[str, Expression],
        *,
        is_file: bool = False,
    ) -> Body:
        """Return what a location does to a request that was rewritten.

        Args:
            location: The location, or None if the server has none for the paths.
            paths: The paths that it is reached with, or None if it is not left, as after ``break``.
            url: The section ``url``.
            is_file: Whether ``try_files`` finds a file there.

        Raises:
            NotUnderstoodError: No rule does the same.
        """
        sections: dict[str, Expression] = {"url": url}
        for each in () if location is None else location.directive.block or ():
            if each.name in SKIPPED_IN_LANDING or self.is_of_server.fullmatch(each.name):
                continue
            if each.name == "try_files" and (
                is_task_of_origin(each) or (is_file and "$uri" in each.arguments)
            ):
                continue
            if location is not None and each.name in ("proxy_pass", "deny"):
                found = content(each, location, self.upstreams, self.imported)
                if "url" in (found.sections or {}):
                    raise NotUnderstoodError("the location that it leads to replaces the path again")
                sections |= found.sections or {}
            elif each.name in ("return", "rewrite", "if") and paths is None:
                continue
            elif each.name == "return":
                if any(map(_depends_on_path, each.arguments)):
                    raise NotUnderstoodError("the location that it leads to returns what depends on the path")
                return returned(each, None, ignores_case=False)
            elif each.name != "rewrite" or may_match(checked_regex(rewritten(each).pattern), paths or ""):
                raise NotUnderstoodError(f"the location that it leads to has a line with {each.name}")
        return Body(sections=sections)


def is_task_of_origin(each: Directive) -> bool:
    """Return whether an origin that serves files does what ``try_files`` says, without a rule."""
    *tried, last = each.arguments or ("",)
    return last == "=404" and _AT_ORIGINS.issuperset(tried)


def content(
    each: Directive, location: NginxLocation, upstreams: Mapping[str, Directive], imported: Imported
) -> Body:
    """Return the body of ``proxy_pass`` or ``deny all``.

    Raises:
        NotUnderstoodError: No rule does the same.
    """
    if each.name == "proxy_pass":
        return proxied(each, location.text, location.is_regex, upstreams, imported)
    if each.arguments != ("all",) or any(i.name == "allow" for i in location.directive.block or ()):
        raise NotUnderstoodError("it has no counterpart")
    return Body(sections={"access": {"deny_access": True}})


def path_made(rewrite: Rewrite) -> str:
    """Return the regular expression of the paths that a rewrite makes, or of more.

    Raises:
        NotUnderstoodError: No rule makes the same path.
    """
    return paths_made(rewrite.pattern, str(rewrite.feature["destination"]))


def check_staying(rewrite: Rewrite, settings: InheritedSettings) -> None:
    """Refuse a rewrite with ``break`` that no rule with the settings of its location does."""
    path_made(rewrite)
    _check_headers(settings)


def _check_headers(settings: InheritedSettings) -> None:
    """Refuse headers with what a rewrite changes: those of rules have the URL of the request."""
    names = (name for value in (settings.headers or {}).values() for name in re.findall(r"%\{(\w+)\}", value))
    if not all(map(SAME_ALWAYS.fullmatch, names)):
        raise NotUnderstoodError(
            "a header there has the rewritten URL; those of rules have that of the request"
        )


def _depends_on_path(word: str) -> bool:
    names = (found[1] or found[2] for found in re.finditer(r"\$(?:\{(\w+)\}|(\w+))", word, re.ASCII))
    return not all(map(SAME_ALWAYS.fullmatch, names))


def reached(locations: Sequence[NginxLocation], paths: str) -> NginxLocation | None:
    r"""Return the location that all of the paths get to, None for that of the server itself.

    Args:
        locations: The locations of the server.
        paths: A regular expression of whole paths.

    Raises:
        NotUnderstoodError: They get to several.
    """
    if any(have_common([paths, f"^{literal(bare)}$"]) for bare in bare_folders(locations)):
        raise NotUnderstoodError("nginx redirects a path that it leads to")
    for location, test in in_order(locations):
        wanted = regex_of(location)
        others = [f"^{literal(other)}" for other in test.others]
        if not have_common([paths, wanted], others):
            continue
        if have_common([paths], [wanted]) or any(have_common([paths, other]) for other in others):
            raise NotUnderstoodError("which location it leads to depends on the request")
        return location
    return None
