"""`site.vcl`: the origins, and how rules see the scheme of a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from prefetchrouter.catalog import keys
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.servers import Host, Location, Origin
from prefetchrouter.targets.target import Job
from prefetchrouter.targets.varnish.vcl_readings import fact_header
from prefetchrouter.targets.varnish.vcl_text import string

Scheme = Literal["detect", "http", "https"]


@dataclass(frozen=True, slots=True)
class Server:
    """A server of an origin.

    Args:
        host: Its name or address.
        port: Its port.
        host_header: The `Host` that it gets; None for the client's.
        scheme: How it is spoken to.
    """

    host: str
    port: int
    host_header: str | None = None
    scheme: str = "http"


@dataclass(frozen=True, slots=True)
class OriginPlace:
    """Where an origin is.

    Args:
        name: Its name; empty for the default.
        servers: Its servers.
        balancer: How requests are spread over them.
    """

    name: str
    servers: tuple[Server, ...] = field(default=())
    balancer: str = "primary_failover"

    @property
    def identifier(self) -> str:
        """Its name in VCL; no two names have the same."""
        safe = re.sub("[^A-Za-z0-9]", lambda found: f"_{ord(found[0]):x}_", self.name)
        return f"pr_o_{safe}" if self.name else "pr_default"


def places(
    property: Property | None, given: Mapping[str, str], used: Iterable[str], job: Job
) -> tuple[OriginPlace, ...]:
    """Return where the origins are.

    Args:
        property: The property.
        given: URLs by name, which replace those of the property; the default under ``""``.
        used: The names that rules set.
        job: Where it says what VCL cannot do.
    """
    found = {name: OriginPlace(name, (_given(url),)) for name, url in given.items()}
    for origin in (property.origins if property else None) or ():
        if origin.name not in found and origin.hosts:
            found[origin.name] = _described(origin, job)
    for name in used:
        if name not in found and "" not in found:
            found[name] = OriginPlace(name)
    return tuple(found.values())


def _given(url: str) -> Server:
    parts = urlsplit(url)
    https = parts.scheme == "https"
    return Server(parts.hostname or "localhost", parts.port or (443 if https else 80), scheme=parts.scheme)


def _described(origin: Origin, job: Job) -> OriginPlace:
    servers = [
        _server(host, location, origin)
        for host in origin.hosts or ()
        for location in ((host.location,) if isinstance(host.location, str) else host.location)
    ]
    if any(server.scheme == "https" for server in servers):
        job.unsupported(
            keys.origin.set_origin,
            None,
            f'origin "{origin.name}": Varnish speaks no TLS to origins',
            nearest="a TLS tunnel on this machine, such as stunnel or hitch, as a host with the scheme http",
        )
    return OriginPlace(origin.name, tuple(servers), origin.balancer or "primary_failover")


def _server(host: Host, location: str | Location, origin: Origin) -> Server:
    name, port = (location, None) if isinstance(location, str) else (location.hostname, location.port)
    scheme = host.scheme or "match"
    header = host.override_host_header or origin.override_host_header
    return Server(name.strip("[]"), port or (443 if scheme == "https" else 80), header, scheme)


def site_vcl(
    property: Property | None,
    found: tuple[OriginPlace, ...],
    scheme: Scheme,
    facts: Mapping[str, str],
    answer_seconds: int,
) -> str:
    """Return the text of site.vcl."""
    texts = ["# Where the origins are, and how rules see the scheme of a request. Made by prefetchrouter.\n"]
    if any(len(place.servers) > 1 for place in found):
        texts.append("import directors;\n")
    for place in found:
        texts += _backends(place, answer_seconds)
    if not found:
        texts.append("backend pr_none none;\n")
    directors = [place for place in found if len(place.servers) > 1]
    if directors:
        texts.append(_init(directors))
    texts += [
        _scheme(scheme),
        _facts(facts),
        _choose(property, found),
        _host_headers(found),
        _failover(found),
    ]
    return "\n".join(text for text in texts if text)


def _backends(place: OriginPlace, answer_seconds: int) -> list[str]:
    if not place.servers:
        return [f"# Nothing says where this origin is.\nbackend {place.identifier} none;\n"]
    return [
        f"backend {_identifier(place, number)} {{\n"
        f"    .host = {string(server.host)};\n"
        f"    .port = {string(str(server.port))};\n"
        f"    .connect_timeout = 5s;\n    .first_byte_timeout = {answer_seconds}s;\n"
        "    .between_bytes_timeout = 60s;\n}\n"
        for number, server in enumerate(place.servers)
    ]


def _identifier(place: OriginPlace, number: int) -> str:
    return place.identifier if len(place.servers) == 1 else f"{place.identifier}_{number + 1}"


def _init(directors: list[OriginPlace]) -> str:
    lines = []
    for place in directors:
        kind = "round_robin" if place.balancer == "round_robin" else "fallback"
        lines.append(f"    new {place.identifier} = directors.{kind}();")
        lines += [
            f"    {place.identifier}.add_backend({_identifier(place, number)});"
            for number in range(len(place.servers))
        ]
    return "sub vcl_init {\n" + "\n".join(lines) + "\n}\n"


def _failover(found: tuple[OriginPlace, ...]) -> str:
    lines = []
    for place in found:
        if len(place.servers) < 2:
            continue
        lines.append(f'    if (var.get("site") == {string(place.name)}) {{')
        lines += [
            f"        if (bereq.retries == {number}) {{ set bereq.backend = {_identifier(place, number)}; }}"
            for number in range(1, len(place.servers))
        ]
        lines.append("    }")
    return "sub pr_host_of_retry {\n" + "\n".join(lines) + "\n}\n" if lines else ""


def _scheme(scheme: Scheme) -> str:
    if scheme != "detect":
        return f'sub pr_scheme {{\n    set req.http.pr_scheme = "{scheme}";\n}}\n'
    return (
        "sub pr_scheme {\n"
        "    # TLS ends in front of Varnish, at a proxy that says so by the PROXY protocol, version 2.\n"
        '    set req.http.pr_scheme = "http";\n'
        '    if (proxy.is_ssl()) { set req.http.pr_scheme = "https"; }\n'
        "}\n"
    )


def _facts(facts: Mapping[str, str]) -> str:
    lines = [f"    set req.http.{fact_header(name)} = {string(text)};" for name, text in facts.items()]
    body = "\n".join(lines or ["    # What only a platform knows, such as the country, is not known here."])
    return f"sub pr_facts {{\n{body}\n}}\n"


def _hint(place: OriginPlace) -> str:
    return f"{place.identifier}.backend()" if len(place.servers) > 1 else place.identifier


def _chosen(place: OriginPlace) -> str:
    hosts = len(place.servers)
    made = f"set req.backend_hint = {_hint(place)};"
    return (
        made
        if hosts < 2
        else (f'{made} set req.http.pr_site = {string(place.name)}; set req.http.pr_hosts = "{hosts}";')
    )


def _choose(property: Property | None, found: tuple[OriginPlace, ...]) -> str:
    lines = []
    named = [place for place in found if place.name]
    default = next((place for place in found if not place.name), named[0] if len(named) == 1 else None)
    for hostname in (property.hostnames if property else None) or ():
        if hostname.default_origin_name is not None:
            name = hostname.hostname
            test = f"req.http.host == {string(name)}"
            if name.startswith("*."):
                test = f"str.endswith(req.http.host, {string(name[1:])})"
            lines.append(
                f"if (!req.http.pr_origin && {test}) {{ set req.http.pr_site_origin = "
                f"{string(hostname.default_origin_name)}; }}"
            )
    if default is None:
        lines.append("set req.backend_hint = pr_none;")
    else:
        lines.append(_chosen(default))
    for number, place in enumerate(named):
        for header in ("pr_origin", "pr_site_origin") if lines[:-1] else ("pr_origin",):
            word = "if" if number == 0 and header == "pr_origin" else "elsif"
            lines.append(f"{word} (req.http.{header} == {string(place.name)}) {{ {_chosen(place)} }}")
    body = "\n".join(f"    {line}" for line in lines)
    none = "backend pr_none none;\n\n" if default is None and found else ""
    return f"{none}sub pr_choose_origin {{\n{body}\n}}\n"


def _host_headers(found: tuple[OriginPlace, ...]) -> str:
    lines = [
        f'    if (var.get("origin") == {string(place.name)}) {{ set bereq.http.host = {string(header)}; }}'
        for place in found
        for header in [next((server.host_header for server in place.servers if server.host_header), None)]
        if header is not None
    ]
    body = "\n".join(lines or ["    # Origins get the Host of the client's request."])
    return f"sub pr_host_header {{\n{body}\n}}\n"
