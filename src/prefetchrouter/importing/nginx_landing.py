"""Where a rewritten path gets to: nginx looks for its location again, and does what is written there.

The paths that a replacement can make are a regular expression, and so is each location. So it is known
whether all of these paths get to one location, or whether that depends on the request.
Source: the directives ``rewrite`` of ngx_http_rewrite_module and ``location`` of ngx_http_core_module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from prefetchrouter.importing.imported import Imported, NotUnderstoodError
from prefetchrouter.importing.nginx_bodies import InheritedSettings, Rewrite, returned, rewritten, settings_of
from prefetchrouter.importing.nginx_conditions import SAME_ALWAYS
from prefetchrouter.importing.nginx_conf import Directive
from prefetchrouter.importing.nginx_order import NginxLocation, in_order, regex_of
from prefetchrouter.importing.nginx_proxying import proxied
from prefetchrouter.importing.nginx_text import checked_regex
from prefetchrouter.importing.python_source import Expression
from prefetchrouter.importing.rule_bodies import Body
from prefetchrouter.regex import literal
from prefetchrouter.regex.language import Language, TooLargeError, common_text, language

SKIPPED_IN_LANDING = ("add_header", "expires", "proxy_cache_valid")
_AT_ORIGINS = frozenset(("$uri", "$uri/", "$uri.html", "$uri/index.html"))
_GROUP_OR_VARIABLE = re.compile(r"\$([1-9])|%\{[^}]*\}")
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?|[()]|[^\\\[()]+", re.S)


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
        paths = paths_made(rewrite.pattern, str(rewrite.feature["destination"]))
        return self.at(paths, {"url_rewrite": [rewrite.feature]})

    def reached(self, path: str) -> NginxLocation | None:
        """Return the location of one path."""
        return reached(self.locations, f"^{literal(path)}$")

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
        if any("%{uri}" in value for value in (settings.headers or {}).values()):
            raise NotUnderstoodError("a header of the location that it leads to names the rewritten path")
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


def _depends_on_path(word: str) -> bool:
    names = (found[1] or found[2] for found in re.finditer(r"\$(?:\{(\w+)\}|(\w+))", word, re.ASCII))
    return not all(map(SAME_ALWAYS.fullmatch, names))


def paths_made(pattern: str, destination: str) -> str:
    r"""Return the regular expression of the paths that a replacement makes, or of more.

    Raises:
        NotUnderstoodError: A path may hold two slashes, of which rules leave one.

    Example:
        >>> paths_made(r"^/u/(\d+)/", "/user/$1?a=$2")
        '^/user/(?:\\d+)?$'
    """
    groups = list(_groups(pattern))

    def text_of(found: re.Match[str]) -> str:
        number = int(found[1] or 0)
        known = groups[number - 1] if 0 < number <= len(groups) else _Group(".*", follows_slash=True)
        if (
            path[: found.start()].endswith("/")
            and not known.follows_slash
            and may_match("^/", f"^(?:{known.text})$")
        ):
            raise NotUnderstoodError("the path that it makes may have two slashes")
        return f"(?:{known.text})?"

    path = destination.partition("?")[0]
    parts, end = [], 0
    for found in _GROUP_OR_VARIABLE.finditer(path):
        parts += [literal(path[end : found.start()]), text_of(found)]
        end = found.end()
    return f"^{''.join(parts)}{literal(path[end:])}$"


class _Group(NamedTuple):
    """A group that captures: its text, `.*` where that depends on the text around it."""

    text: str
    follows_slash: bool


def _groups(pattern: str) -> Iterator[_Group]:
    starts: list[tuple[int, int | None]] = []
    found: list[_Group] = []
    for token in _TOKEN.finditer(pattern):
        if token[0] == "(":
            starts.append((token.end(), len(found)))
            found.append(_Group(".*", pattern[: token.start()].endswith("/")))
        elif token[0] == "(?":
            starts.append((token.end(), None))
        elif token[0] == ")" and starts:
            start, number = starts.pop()
            inner = pattern[start : token.start()]
            if number is not None and not re.search(r"[\^$]|\(\?[=!<]|\\[bB1-9]", inner.replace("[^", "[")):
                found[number] = found[number]._replace(text=inner)
    yield from found


def may_match(pattern: str, paths: str) -> bool:
    """Return whether an expression may match one of the paths.

    Example:
        >>> may_match("[.]php$", "^/user/(?:[0-9]+)?$"), may_match("^/u", "^/user/1$")
        (False, True)
    """
    return _have_common([paths, pattern])


def reached(locations: Sequence[NginxLocation], paths: str) -> NginxLocation | None:
    r"""Return the location that all of the paths get to, None for that of the server itself.

    Args:
        locations: The locations of the server.
        paths: A regular expression of whole paths.

    Raises:
        NotUnderstoodError: They get to several.
    """
    for location, test in in_order(locations):
        wanted = regex_of(location)
        others = [f"^{literal(other)}" for other in test.others]
        if not _have_common([paths, wanted], others):
            continue
        if _have_common([paths], [wanted]) or any(_have_common([paths, other]) for other in others):
            raise NotUnderstoodError("which location it leads to depends on the request")
        return location
    return None


def _have_common(wanted: Sequence[str], unwanted: Sequence[str] = ()) -> bool:
    """Whether expressions have a text in common; True if that cannot be said."""
    yes, no = _languages(wanted), _languages(unwanted)
    if yes is None or no is None or not all(each.is_exact for each in no):
        return True
    try:
        return common_text(yes, no) is not None
    except TooLargeError:
        return True


def _languages(sources: Sequence[str]) -> list[Language] | None:
    found = [language(source) for source in sources]
    return None if None in found else [each for each in found if each is not None]
