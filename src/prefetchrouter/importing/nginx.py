"""nginx's configuration: locations and what they return, rewrite, add and store, as one chain.

Source: the pages of ngx_http_core_module, _rewrite, _headers and _proxy of nginx.org. Directives about the
server itself, such as ``listen`` and ``ssl_certificate``, are not rules and leave no remark; all others that
are not imported do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from prefetchrouter.importing.imported import Imported, ImportedRule, NotUnderstoodError
from prefetchrouter.importing.nginx_bodies import Settings, returned, rewritten, settings_of
from prefetchrouter.importing.nginx_conditions import Criteria, ignores_case_of_name
from prefetchrouter.importing.nginx_conf import Directive, parse_conf
from prefetchrouter.importing.nginx_ifs import NotImported, branches_of
from prefetchrouter.importing.nginx_maps import maps_of
from prefetchrouter.importing.nginx_order import Location, Test, in_order, location_of
from prefetchrouter.importing.nginx_proxying import proxied
from prefetchrouter.importing.nginx_servers import criteria_of_servers
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
    "set": "rules set no variables that others test",
}
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
    directives = parse_conf(text, file)
    http = [inner for each in directives if each.name == "http" for inner in each.block or ()]
    outer = [each for each in (*directives, *http) if each.name not in ("http", "server")]
    servers = [each for each in (*directives, *http) if each.name == "server"]
    upstreams = {each.arguments[0]: each for each in outer if each.name == "upstream" and each.arguments}
    maps = maps_of(outer)
    if not servers:
        _Server(tuple(outer), {}, Settings(), upstreams, maps, imported).write(is_only=True)
        return
    inherited = settings_of(outer, Settings(), imported)
    _remark_rest(outer, imported)
    for server, criteria in criteria_of_servers(servers, imported):
        made = _Server(server.block or (), criteria, inherited, upstreams, maps, imported)
        made.write(is_only=len(servers) == 1)


def _remark_rest(directives: Sequence[Directive], imported: Imported) -> None:
    for each in directives:
        if each.name not in (*_SETTINGS, "map") and not _OF_THE_SERVER.fullmatch(each.name):
            reason = _WITHOUT_COUNTERPART.get(each.name, "it has no counterpart")
            imported.not_understood(each.source, each.line, reason)


@dataclass
class _Server:
    """One server, written as branches of the chain."""

    block: tuple[Directive, ...]
    server: dict[str, Expression]
    inherited: Settings
    upstreams: dict[str, Directive]
    maps: Mapping[str, Directive]
    imported: Imported

    def write(self, *, is_only: bool) -> None:
        settings = settings_of(self.block, self.inherited, self.imported)
        locations: list[Location] = []
        early: list[Directive] = []
        for each in self.block:
            if each.name == "location":
                self._location(each, locations)
            else:
                early.append(each)
        if self._early(early, settings):
            return
        for location, test in self._with_slashes(locations):
            self._write_location(location, test, settings)
        has_all = any(location.kind == "" and location.text == "/" for location in locations)
        if not has_all and (not is_only or settings.sections()):
            self._add(Test(None), self.block[0] if self.block else None, Body(), settings)

    def _location(self, each: Directive, locations: list[Location]) -> None:
        try:
            locations.append(location_of(each))
        except NotUnderstoodError as error:
            self.imported.not_understood(each.source, each.line, str(error))

    def _with_slashes(self, locations: Sequence[Location]) -> Iterator[tuple[Location, Test]]:
        exact = {location.text for location in locations if location.kind == "="}
        for location in locations:
            if location.kind in ("", "^~") and location.text.endswith("/") and location.text != "/":
                bare = location.text[:-1]
                if bare not in exact and any(i.name == "proxy_pass" for i in location.directive.block or ()):
                    self.imported.note(
                        location.directive.source, f"nginx redirects {bare} to {location.text}"
                    )
                    to = f"{location.text}%{{is_args}}%{{query_string}}"
                    body = Body(sections={"url": {"url_redirect": {"code": 301, "destination": to}}})
                    self._add(Test([bare]), location.directive, body, Settings())
        yield from in_order(locations)

    def _early(self, directives: Sequence[Directive], settings: Settings) -> bool:
        """Write what a server returns before it looks for a location; return whether it always does."""
        for number, each in enumerate(directives):
            try:
                if each.name not in ("return", "rewrite", "if"):
                    _remark_rest([each], self.imported)
                    continue
                if each.name == "if":
                    self._conditional(each, Test(None), settings)
                    continue
                if each.name == "return":
                    self._add(Test(None), each, returned(each, None, ignores_case=False), settings)
                    _remark_rest(directives[number + 1 :], self.imported)
                    return True
                pattern, code, feature = rewritten(each)
                if code is None:
                    raise NotUnderstoodError("it looks for a location by the rewritten path")
                body = Body(sections={"url": {"url_redirect": feature}})
                self._add(Test(compiled(checked_regex(pattern), ignores_case=False)), each, body, settings)
            except NotUnderstoodError as error:
                self.imported.not_understood(each.source, each.line, str(error))
        return False

    def _write_location(self, location: Location, test: Test, outer: Settings) -> None:
        block = location.directive.block or ()
        settings = settings_of(block, outer, self.imported)
        body, rewrites = Body(), list[Expression]()
        for each in block:
            if each.name in _SETTINGS or _OF_THE_SERVER.fullmatch(each.name):
                continue
            try:
                match each.name:
                    case "return" | "if" if rewrites:
                        raise NotUnderstoodError("a rewrite stands before it")
                    case "if":
                        self._conditional(each, test, settings)
                    case "return":
                        source = location.text if location.is_regex else None
                        body = returned(each, source, ignores_case=location.kind == "~*")
                        break
                    case "rewrite":
                        pattern, code, feature = rewritten(each)
                        if code is None:
                            checked_regex(pattern)
                            rewrites.append(feature)
                        elif rewrites:
                            raise NotUnderstoodError("another rewrite stands before it")
                        else:
                            more = compiled(checked_regex(pattern), ignores_case=False)
                            redirect = Body(sections={"url": {"url_redirect": feature}})
                            self._add(test, each, redirect, settings, more)
                    case "proxy_pass":
                        body = proxied(each, location.text, location.is_regex, self.upstreams, self.imported)
                    case "deny" if each.arguments == ("all",) and not any(i.name == "allow" for i in block):
                        body = Body(sections={"access": {"deny_access": True}})
                    case _:
                        raise NotUnderstoodError(_WITHOUT_COUNTERPART.get(each.name, "it has no counterpart"))
            except NotUnderstoodError as error:
                self.imported.not_understood(each.source, each.line, str(error))
        if rewrites:
            body = Body(body.helper, {**(body.sections or {}), "url": {"url_rewrite": rewrites[:1]}})
        self._add(test, location.directive, body, settings)

    def _conditional(self, each: Directive, test: Test, settings: Settings) -> None:
        for branch in branches_of(each, self.maps):
            if isinstance(branch, NotImported):
                line = branch.directive
                self.imported.not_understood(line.source, line.line, branch.reason)
                continue
            is_noted = any(remark.reason == _NAME_IGNORES_CASE for remark in self.imported.remarks)
            if branch.criteria and ignores_case_of_name(branch.criteria) and not is_noted:
                self.imported.note(each.source, _NAME_IGNORES_CASE)
            self._add(test, branch.directive, branch.body, settings, branch.path, branch.criteria)

    def _add(
        self,
        test: Test,
        directive: Directive | None,
        body: Body,
        settings: Settings,
        more: Expression = None,
        condition: Criteria | None = None,
    ) -> None:
        if directive is None:
            return
        criteria = test.criteria(self.server, more, condition)
        sections = {**settings.sections(), **(body.sections or {})}
        self.imported.parts.append(ImportedRule(directive.source, criteria, body.helper, sections, CHAIN))
