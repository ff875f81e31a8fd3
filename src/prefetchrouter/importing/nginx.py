"""nginx's configuration: locations and what they return, rewrite, add and store, as one chain.

Source: the pages of ngx_http_core_module, _rewrite, _headers and _proxy of nginx.org. Directives about the
server itself, such as ``listen`` and ``ssl_certificate``, are not rules and leave no remark; all others that
are not imported do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from prefetchrouter.importing.imported import Imported, ImportedRule, NotUnderstoodError
from prefetchrouter.importing.nginx_bodies import InheritedSettings, Rewrite, returned, rewritten, settings_of
from prefetchrouter.importing.nginx_conditions import Criteria, ignores_case_of_name
from prefetchrouter.importing.nginx_conf import Directive, parse_conf
from prefetchrouter.importing.nginx_files import fallback, index_pages
from prefetchrouter.importing.nginx_ifs import NotImported, branches_of
from prefetchrouter.importing.nginx_landing import Landing, check_staying, content, is_task_of_origin
from prefetchrouter.importing.nginx_maps import maps_of
from prefetchrouter.importing.nginx_order import NginxLocation, Test, bare_folders, in_order, location_of
from prefetchrouter.importing.nginx_servers import criteria_of_servers
from prefetchrouter.importing.nginx_sets import with_constants
from prefetchrouter.importing.nginx_text import checked_regex, compiled
from prefetchrouter.importing.python_source import Expression
from prefetchrouter.importing.rule_bodies import Body

CHAIN: Final = "nginx"
_SETTINGS: Final = ("add_header", "expires", "proxy_cache_valid")
_OF_THE_SERVER: Final = re.compile(
    r"listen|server_name|ssl_\w+|http2|http3|quic\w*|access_log|error_log|log_format|worker_\w+|events|user|pid|daemon|"
    r"sendfile|tcp_\w+|keepalive_\w+|server_tokens|types|types_hash\w*|default_type|server_names_hash\w*|client_\w+|"
    r"resolver\w*|send_timeout|master_process|load_module|proxy_cache_path|proxy_cache|proxy_http_version|"
    r"proxy_\w*timeout|proxy_buffer\w*|proxy_set_header|upstream|gzip\w*|root|index|charset|proxy_cache_lock\w*|log_not_found"
)
"""Directives that say how the server runs, or what belongs to an origin."""
_WITHOUT_COUNTERPART: Final = {
    "include": "there is no such file below the folder of the configuration",
    "try_files": "looking for files is the origin's job",
    "fastcgi_pass": "running programs is the origin's job: give its address to set_origin",
    "error_page": "nginx does this for its own errors; error_page of the router, for those of an origin",
    "set": "its value depends on the request, nginx reads it itself, or other lines set it too",
}
_ORIGIN_LOOKS: Final = "the origin looks for files, as here, and answers 404 where there is none"
_NAME_IGNORES_CASE: Final = (
    "nginx ignores the letter case of the name of a cookie or parameter; here the case has to match"
)


def read_nginx(text: str, file: str, imported: Imported) -> None:
    """Read a configuration, or a part of one: of an `http` or `server` block, or locations alone.

    Args:
        text: Its text.
        file: Its name, for comments and messages.
        imported: Takes what is read.

    Example:
        >>> read_nginx("location = /a { return 301 /b; }", "a.conf", imported := Imported())
        >>> imported.parts[-1].sections
        {'url': {'url_redirect': {'code': 301, 'destination': '/b'}}}
    """
    directives = with_constants(parse_conf(text, file))
    http = [inner for each in directives if each.name == "http" for inner in each.block or ()]
    outer = [each for each in (*directives, *http) if each.name not in ("http", "server")]
    servers = [each for each in (*directives, *http) if each.name == "server"]
    upstreams = {each.arguments[0]: each for each in outer if each.name == "upstream" and each.arguments}
    maps = maps_of(outer)
    if not servers:
        _Server(tuple(outer), {}, InheritedSettings(), upstreams, maps, imported).write(is_only=True)
        return
    inherited = settings_of(outer, InheritedSettings(), imported)
    _remark_rest(outer, imported)
    for server, criteria in criteria_of_servers(servers, imported):
        made = _Server(server.block or (), criteria, inherited, upstreams, maps, imported)
        made.write(is_only=len(servers) == 1)


def _remark_rest(directives: Sequence[Directive], imported: Imported) -> None:
    for each in directives:
        if each.name not in (*_SETTINGS, "map") and not _OF_THE_SERVER.fullmatch(each.name):
            reason = _WITHOUT_COUNTERPART.get(each.name, "it has no counterpart")
            imported.not_understood(each.source, each.line, reason)


@dataclass(frozen=True)
class _Ways:
    """What becomes of a request whose path is rewritten.

    Args:
        landing: The locations of the server.
        location: That of the directive; None for the server itself.
        after: The directives that follow it.
    """

    landing: Landing
    location: NginxLocation | None
    after: Sequence[Directive]

    def body(self, found: Rewrite, settings: InheritedSettings) -> tuple[Body, InheritedSettings]:
        if found.code is not None:
            return Body(sections={"url": {"url_redirect": found.feature}}), settings
        checked_regex(found.pattern)
        if not found.ends and _of_rewriting(self.after):
            raise NotUnderstoodError("without last or break, the directives after it see the rewritten path")
        if found.stays and self.location is not None:
            check_staying(found, settings)
            return self.landing.body(self.location, None, {"url_rewrite": [found.feature]}), settings
        return self.landing.of(found)


def _of_rewriting(directives: Sequence[Directive]) -> bool:
    """Whether directives decide by the path, as those before them may have rewritten it."""
    return any(each.name in ("rewrite", "return", "if", "set", "break") for each in directives)


@dataclass
class _Server:
    """One server, written as branches of the chain."""

    block: tuple[Directive, ...]
    server: dict[str, Expression]
    inherited: InheritedSettings
    upstreams: dict[str, Directive]
    maps: Mapping[str, Directive]
    imported: Imported
    used: set[str] = field(default_factory=set)
    """The named locations that were written."""

    def write(self, *, is_only: bool) -> None:
        settings = settings_of(self.block, self.inherited, self.imported)
        locations: list[NginxLocation] = []
        early: list[Directive] = []
        named: dict[str, Directive] = {}
        for each in self.block:
            if each.name == "location" and each.arguments and each.arguments[0].startswith("@"):
                named[each.arguments[0]] = each
            elif each.name == "location":
                self._location(each, locations)
            else:
                early.append(each)
        landing = Landing(
            tuple(locations), settings, self.upstreams, _OF_THE_SERVER, self.imported, tuple(early), named
        )
        if self._early(early, settings, landing):
            return
        for location, test in self._with_slashes(locations):
            self._write_location(location, test, landing)
        for each in named.values():
            if each.arguments[0] not in self.used:
                self.imported.not_understood(
                    each.source, each.line, "a named location is for other directives only"
                )
        has_all = any(location.kind == "" and location.text == "/" for location in locations)
        if self.block:
            self._index_pages(None, self.block[0], landing, settings)
        if not has_all and (not is_only or settings.sections()):
            self._add(Test(None), self.block[0] if self.block else None, Body(), settings)

    def _location(self, each: Directive, locations: list[NginxLocation]) -> None:
        try:
            locations.append(location_of(each))
        except NotUnderstoodError as error:
            self.imported.not_understood(each.source, each.line, str(error))

    def _with_slashes(self, locations: Sequence[NginxLocation]) -> Iterator[tuple[NginxLocation, Test]]:
        for bare, location in bare_folders(locations).items():
            self.imported.note(location.directive.source, f"nginx redirects {bare} to {location.text}")
            to = f"{location.text}%{{is_args}}%{{query_string}}"
            body = Body(sections={"url": {"url_redirect": {"code": 301, "destination": to}}})
            self._add(Test([bare]), location.directive, body, InheritedSettings())
        yield from in_order(locations)

    def _early(self, directives: Sequence[Directive], settings: InheritedSettings, landing: Landing) -> bool:
        """Write what a server returns before it looks for a location; return whether it always does."""
        for number, each in enumerate(directives):
            after = directives[number + 1 :]
            try:
                match each.name:
                    case "if":
                        self._conditional(each, Test(None), settings, _Ways(landing, None, after))
                    case "return":
                        self._add(Test(None), each, returned(each, None, ignores_case=False), settings)
                        _remark_rest(after, self.imported)
                        return True
                    case "rewrite":
                        self._rewrite(each, Test(None), settings, _Ways(landing, None, after))
                    case _:
                        _remark_rest([each], self.imported)
            except NotUnderstoodError as error:
                self.imported.not_understood(each.source, each.line, str(error))
        return False

    def _write_location(self, location: NginxLocation, test: Test, landing: Landing) -> None:
        block = location.directive.block or ()
        settings = settings_of(block, landing.outer, self.imported)
        body, last = Body(), Body()
        tried: Directive | None = None
        for number, each in enumerate(block):
            if each.name in _SETTINGS or _OF_THE_SERVER.fullmatch(each.name):
                continue
            after = block[number + 1 :]
            ways = _Ways(landing, location, after)
            try:
                match each.name:
                    case "if":
                        self._conditional(each, test, settings, ways)
                    case "return":
                        source = location.text if location.is_regex else None
                        body, tried = returned(each, source, ignores_case=location.kind == "~*"), None
                        break
                    case "rewrite" if each.arguments[2:] == ("break",) and not _of_rewriting(after):
                        # As the last of them it is part of the rule of the location itself.
                        staying = rewritten(each)
                        check_staying(staying, settings)
                        last = Body(sections={"url": {"url_rewrite": [staying.feature]}})
                    case "rewrite":
                        self._rewrite(each, test, settings, ways)
                    case "try_files" if is_task_of_origin(each):
                        if not any(remark.reason == _ORIGIN_LOOKS for remark in self.imported.remarks):
                            self.imported.note(each.source, _ORIGIN_LOOKS)
                    case "try_files":
                        tried = each
                    case "proxy_pass" | "deny":
                        found = content(each, location, self.upstreams, self.imported)
                        body = Body(None, {**(body.sections or {}), **(found.sections or {})})
                    case _:
                        raise NotUnderstoodError(_WITHOUT_COUNTERPART.get(each.name, "it has no counterpart"))
            except NotUnderstoodError as error:
                self.imported.not_understood(each.source, each.line, str(error))
        body = Body(body.helper, {**(body.sections or {}), **(last.sections or {})})
        if body.helper is None and not body.sections:
            self._index_pages(location, tried or location.directive, landing, settings)
        if tried is not None and "access" not in (body.sections or {}):
            body, settings = self._tried(tried, location, landing, body, settings)
        self._add(test, location.directive, body, settings)

    def _index_pages(
        self, location: NginxLocation | None, each: Directive, landing: Landing, settings: InheritedSettings
    ) -> None:
        """Write what folders get whose page is in another location than they are."""
        try:
            for pages in index_pages(location, landing, settings.index):
                self._add(Test(pages.paths), each, pages.body, pages.settings)
        except NotUnderstoodError as error:
            self.imported.not_understood(each.source, each.line, str(error))

    def _tried(
        self,
        each: Directive,
        location: NginxLocation,
        landing: Landing,
        body: Body,
        settings: InheritedSettings,
    ) -> tuple[Body, InheritedSettings]:
        """Write what files get by ``try_files``, and return what the other requests of the location get."""
        try:
            if "url" in (body.sections or {}):
                raise NotUnderstoodError("it looks for files at a path that another line replaces")
            found = fallback(each, location, landing)
        except NotUnderstoodError as error:
            self.imported.not_understood(each.source, each.line, str(error))
            return body, settings
        if found.files:
            self._add(Test(found.files), each, body, settings)
        self.used.add(each.arguments[-1])
        return found.body, found.settings

    def _rewrite(self, each: Directive, test: Test, settings: InheritedSettings, ways: _Ways) -> None:
        found = rewritten(each)
        body, after = ways.body(found, settings)
        path = None if found.pattern == "^" else compiled(checked_regex(found.pattern), ignores_case=False)
        self._add(test, each, body, after, path)

    def _conditional(self, each: Directive, test: Test, settings: InheritedSettings, ways: _Ways) -> None:
        for branch in branches_of(each, self.maps, lambda found: ways.body(found, settings)):
            if isinstance(branch, NotImported):
                line = branch.directive
                self.imported.not_understood(line.source, line.line, branch.reason)
                continue
            is_noted = any(remark.reason == _NAME_IGNORES_CASE for remark in self.imported.remarks)
            if branch.criteria and ignores_case_of_name(branch.criteria) and not is_noted:
                self.imported.note(each.source, _NAME_IGNORES_CASE)
            after = branch.settings or settings
            self._add(test, branch.directive, branch.body, after, branch.path, branch.criteria)

    def _add(
        self,
        test: Test,
        directive: Directive | None,
        body: Body,
        settings: InheritedSettings,
        more: Expression = None,
        condition: Criteria | None = None,
    ) -> None:
        if directive is None:
            return
        criteria = test.criteria(self.server, more, condition)
        sections = {**settings.sections(), **(body.sections or {})}
        self.imported.parts.append(ImportedRule(directive.source, criteria, body.helper, sections, CHAIN))
