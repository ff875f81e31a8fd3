"""Origins as a property describes them."""

from __future__ import annotations

from collections.abc import Callable

from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginCall
from prefetchrouter.edge.origins.balancing import BALANCERS, LoadBalancer
from prefetchrouter.edge.origins.url_upstream import UrlUpstream
from prefetchrouter.rules.servers import Host, Location, Origin


def unsupported_reason(origin: Origin) -> str | None:
    """Return why the edge does not support an origin of a property, or None if it does.

    Example:
        >>> unsupported_reason(Origin(name="web", hosts=["web.shop.example"], balancer="sqf"))
        'the edge has no balancer "sqf"'
    """
    if origin.type == "cdn_storage":
        return 'type "cdn_storage" is not supported, since the edge has no storage service'
    if origin.balancer is not None and origin.balancer not in BALANCERS:
        return f'the edge has no balancer "{origin.balancer}"'
    return None


def balancer_for(
    origin: Origin, limits: Limits, on_call: Callable[[OriginCall], None] | None
) -> LoadBalancer:
    """Return the hosts of an origin, in the order of its description.

    A host without a scheme is requested by that of the client's request, as with ``"match"``; the default
    port is that of the scheme.

    Args:
        origin: Its description.
        limits: Limits of time and size.
        on_call: Called for each request that a host got.
    """
    upstreams = [
        _upstream(origin, host, location, limits)
        for host in origin.hosts or ()
        for location in _locations(host)
    ]
    balancer = origin.balancer or "primary_failover"
    return LoadBalancer(origin.name, upstreams, balancer=balancer, on_call=on_call)


def _locations(host: Host) -> tuple[str | Location, ...]:
    return (host.location,) if isinstance(host.location, str) else host.location


def _upstream(origin: Origin, host: Host, location: str | Location, limits: Limits) -> UrlUpstream:
    name, port = (location, None) if isinstance(location, str) else (location.hostname, location.port)
    return UrlUpstream(
        host.scheme or "match",
        name.strip("[]"),
        port,
        limits=limits,
        host_header=host.override_host_header or origin.override_host_header,
        verify=origin.tls_verify,
        dns_preference=host.dns_preference,
    )
