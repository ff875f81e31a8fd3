"""Origins as upstreams of nginx."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from prefetchrouter.rules.property import Property
from prefetchrouter.rules.servers import Host, Location, Origin
from prefetchrouter.targets.nginx.conf_text import ConfText, variable_name


@dataclass(frozen=True, slots=True)
class NginxUpstream:
    """An origin.

    Args:
        name: What rules call it; empty for the one that answers where they name none.
        upstream: The name of its upstream.
        servers: What stands behind ``server``.
        scheme: How it is spoken to.
        host: The Host header that it gets; None for that of the client.
        tls_name: The name that its certificate must carry.
    """

    name: str
    upstream: ConfText
    servers: tuple[ConfText, ...]
    scheme: ConfText
    host: str | None
    tls_name: str


def upstreams_of(property: Property | None, given: Mapping[str, str]) -> list[NginxUpstream]:
    """Return the origins of a property, and those given by URL, which override them.

    Args:
        property: The site.
        given: URLs by the names of origins; ``""`` is the default.

    Example:
        >>> [found.servers for found in upstreams_of(None, {"web": "http://127.0.0.1:9001"})]
        [('127.0.0.1:9001 max_fails=0',)]
    """
    found = {
        origin.name: _described(origin) for origin in (property and property.origins) or () if origin.hosts
    }
    for name, url in given.items():
        found[name] = _of_url(name, url)
    return list(found.values())


def _named(name: str) -> ConfText:
    return ConfText(f"pr_origin_{variable_name(name)}")


def _of_url(name: str, url: str) -> NginxUpstream:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or "localhost"
    address = f"[{host}]" if ":" in host else host
    server = ConfText(f"{address}:{port} max_fails=0")
    return NginxUpstream(name, _named(name), (server,), ConfText(parts.scheme or "http"), None, host)


def _described(origin: Origin) -> NginxUpstream:
    hosts = [(host, location) for host in origin.hosts or () for location in _locations(host)]
    first = hosts[0][0]
    scheme = "http" if first.scheme == "http" else "https"
    is_backup = origin.balancer != "round_robin"
    servers = []
    for number, (_, location) in enumerate(hosts):
        name, port = (location, None) if isinstance(location, str) else (location.hostname, location.port)
        words = "max_fails=0" if len(hosts) == 1 else "max_fails=1 fail_timeout=5s"
        backup = " backup" if number and is_backup else ""
        servers.append(ConfText(f"{name}:{port or (80 if scheme == 'http' else 443)} {words}{backup}"))
    host = first.override_host_header or origin.override_host_header
    location = hosts[0][1]
    tls_name = host or (location if isinstance(location, str) else location.hostname)
    return NginxUpstream(origin.name, _named(origin.name), tuple(servers), ConfText(scheme), host, tls_name)


def _locations(host: Host) -> tuple[str | Location, ...]:
    return (host.location,) if isinstance(host.location, str) else host.location
