"""The files of a site of nginx: the pages of its folders, and ``try_files`` with what other requests get.

Source: the directive ``try_files`` of ngx_http_core_module. Its last word is a status, a named location, or a
path: nginx looks for its location, from the server's own directives on, with the query that is written; so it
does for the page of a folder, see ``index`` of ngx_http_index_module.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from prefetchrouter.importing.imported import Imported, NotUnderstoodError
from prefetchrouter.importing.known_files import folders_of
from prefetchrouter.importing.nginx_bodies import InheritedSettings, settings_of
from prefetchrouter.importing.nginx_conditions import SAME_ALWAYS, variable_of
from prefetchrouter.importing.nginx_conf import Directive
from prefetchrouter.importing.nginx_landing import Landing
from prefetchrouter.importing.nginx_order import NginxLocation, regex_of
from prefetchrouter.importing.nginx_paths import may_match
from prefetchrouter.importing.nginx_text import checked_regex
from prefetchrouter.importing.python_source import Expression
from prefetchrouter.importing.rule_bodies import Body
from prefetchrouter.regex import literal

_FILES: Final = frozenset(("$uri", "$uri/"))
_PATH: Final = re.compile(r"(?:/[\w-][\w.-]*)+", re.ASCII)
_IS_ELSEWHERE: Final = re.compile(r"/|.*\$").match


@dataclass(frozen=True)
class IndexPages:
    """Folders whose pages are in another location, to which nginx redirects internally.

    Args:
        paths: The paths of the folders.
        body: What requests for these get.
        settings: The settings of that location.
    """

    paths: list[str]
    body: Body
    settings: InheritedSettings


@dataclass(frozen=True)
class Fallback:
    """What ``try_files`` does.

    Args:
        files: The paths that the site has a file or folder at.
        body: What the other requests get.
        settings: The settings of these.
    """

    files: list[str]
    body: Body
    settings: InheritedSettings


def fallback(each: Directive, location: NginxLocation, landing: Landing) -> Fallback:
    """Return what ``try_files`` of a location does, where the files of the site are known.

    Args:
        each: The directive.
        location: Its location.
        landing: The locations of the server.

    Raises:
        NotUnderstoodError: The files are not known, or no rule does the same.
    """
    *tried, last = each.arguments or ("",)
    files = landing.imported.files
    if files is None:
        raise NotUnderstoodError(
            "looking for files is the origin's job; with --files FOLDER, the root of the site, they are known"
        )
    if not _FILES.issuperset(tried) or _is_elsewhere(location):
        raise NotUnderstoodError(
            "it looks elsewhere than at the path of the request, below the root of the site"
        )
    found = sorted({*_paths_of(tried, files)})
    own = [path for path in found if landing.reached(path) is location]
    if last.startswith("@"):
        if last not in landing.named:
            raise NotUnderstoodError(f"there is no location {last}")
        return Fallback(own, *_at_named(landing.named[last], location, landing))
    path, _, query = last.partition("?")
    if not _PATH.fullmatch(path) or query not in ("", "$args", "$query_string"):
        raise NotUnderstoodError("its last word is neither a path nor a named location")
    if path not in found:
        raise NotUnderstoodError(f"the site has no file {path}")
    for line in landing.early:
        _check_early(line, f"^{literal(path)}$")
    source = "^[^?]*$" if query else r"^[^?]*(?:\?.*)?$"
    feature: dict[str, Expression] = {"source": source, "syntax": "regexp", "destination": path}
    return Fallback(own, *landing.at(f"^{literal(path)}$", {"url_rewrite": [feature]}, is_file=True))


def _paths_of(tried: Sequence[str], files: tuple[str, ...]) -> list[str]:
    found = list(files) if "$uri" in tried else []
    if "$uri/" in tried:
        found += [path for folder in folders_of(files) for path in {folder, folder.rstrip("/") or "/"}]
    return found


def index_pages(location: NginxLocation | None, landing: Landing, index: Sequence[str]) -> list[IndexPages]:
    """Return the folders of a location whose page another location has.

    ``index`` redirects to it internally, with the query.

    Args:
        location: The location, which serves files itself; None for the server outside of its locations.
        landing: The locations of the server.
        index: The names of pages.

    Raises:
        NotUnderstoodError: No rule does the same.
    """
    block = () if location is None else location.directive.block or ()
    tries_no_folder = any(each.name == "try_files" and "$uri/" not in each.arguments for each in block)
    if landing.imported.files is None or tries_no_folder or (location and _is_elsewhere(location)):
        return []
    found: list[IndexPages] = []
    files = frozenset(landing.imported.files)
    for folder in folders_of(landing.imported.files):
        if landing.reached(folder) is not location:
            continue
        name = next((name for name in index if _IS_ELSEWHERE(name) or folder + name in files), None)
        if name is None:
            continue
        if _IS_ELSEWHERE(name):
            raise NotUnderstoodError("`index` has a page outside of the folder, or a variable")
        page = f"^{literal(folder + name)}$"
        if landing.reached(folder + name) is location:
            continue
        for line in landing.early:
            _check_early(line, page)
        feature = {"source": "^([^?]*/)$", "syntax": "regexp", "destination": f"$1{name}"}
        body, settings = landing.at(page, {"url_rewrite": [feature]}, is_file=True)
        for pages in found:
            if (pages.body, pages.settings) == (body, settings):
                pages.paths.append(folder)
                break
        else:
            found.append(IndexPages([folder], body, settings))
    return found


def _is_elsewhere(location: NginxLocation) -> bool:
    """Whether the files of a location are not those below the root of the site."""
    return any(each.name in ("root", "alias") for each in location.directive.block or ())


def _at_named(
    directive: Directive, location: NginxLocation, landing: Landing
) -> tuple[Body, InheritedSettings]:
    scratch = Imported()
    settings = settings_of(directive.block or (), landing.outer, scratch)
    if any(not remark.is_understood for remark in scratch.remarks):
        raise NotUnderstoodError("the location that it leads to has lines that are not imported")
    body = landing.body(NginxLocation("=", directive.arguments[0], directive), regex_of(location), {})
    return Body(body.helper, {name: each for name, each in (body.sections or {}).items() if each}), settings


def _check_early(line: Directive, paths: str) -> None:
    """Refuse a directive of the server that may act on the path of a fallback, which gets to it again."""
    if line.name == "rewrite" and any(may_match(checked_regex(each), paths) for each in line.arguments[:1]):
        raise NotUnderstoodError("the rewrites of the server apply to the file again")
    if line.name == "if":
        name = variable_of(line.arguments[0] if line.arguments else "")
        if name is None or not SAME_ALWAYS.fullmatch(name):
            raise NotUnderstoodError("an `if` of the server may apply to the file again")
