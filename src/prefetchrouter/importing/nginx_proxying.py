"""``proxy_pass``: the origin of a location, and what becomes of its path."""

from __future__ import annotations

import re
from collections.abc import Mapping

from prefetchrouter.importing.imported import Imported, NotUnderstoodError
from prefetchrouter.importing.nginx_conf import Directive
from prefetchrouter.importing.python_source import Expression
from prefetchrouter.importing.rule_bodies import Body
from prefetchrouter.regex import literal

_URL = re.compile(r"(https?://)([\w.-]+)((?::\d+)?)(/[\w/.-]*)?", re.ASCII)


def proxied(
    each: Directive, prefix: str, is_regex: bool, upstreams: Mapping[str, Directive], imported: Imported
) -> Body:
    """Return the body of ``proxy_pass``.

    Args:
        each: The directive.
        prefix: The text of the location.
        is_regex: Whether that is an expression.
        upstreams: The groups of servers, by name.
        imported: Takes the origin.

    Raises:
        NotUnderstoodError: The destination has variables, or names no single host.
    """
    found = _URL.fullmatch(each.arguments[0]) if len(each.arguments) == 1 else None
    if found is None:
        raise NotUnderstoodError("its destination is a URL with variables, or not a URL")
    scheme, host, port, path = found.groups()
    if host in upstreams:
        host, port = _server_of(upstreams[host])
    name, _ = imported.origin_for(f"{scheme}{host}{port}")
    sections: dict[str, Expression] = {"origin": {"set_origin": name}}
    if path is not None and path != prefix:
        if is_regex:
            raise NotUnderstoodError("a location by an expression passes no other path")
        rewrite = {"source": f"^{literal(prefix)}([^?]*)$", "syntax": "regexp", "destination": f"{path}$1"}
        sections["url"] = {"url_rewrite": [rewrite]}
    return Body(None, sections)


def _server_of(upstream: Directive) -> tuple[str, str]:
    servers = [each.arguments[0] for each in upstream.block or () if each.name == "server" and each.arguments]
    if len(servers) != 1:
        raise NotUnderstoodError("its group has several servers: describe them as one origin")
    host, colon, port = servers[0].partition(":")
    return host, colon + port
