"""All origins of a site, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginCall, OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.origins.balancing import LoadBalancer
from prefetchrouter.edge.origins.option_origins import upstream_for
from prefetchrouter.edge.origins.property_origins import balancer_for, unsupported_reason
from prefetchrouter.edge.origins.retrying import fetch_with_retries
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.servers import Retry

DEFAULT = ""
"""The name of the default origin in the options."""


@dataclass(frozen=True, slots=True)
class _Named:
    hosts: LoadBalancer
    retry: Retry | None = None


class Origins:
    """Finds origins by name, and sends requests to them.

    An origin from the options replaces the one of that name in the property. Unknown names, and requests
    without a name, go to the default origin; without a default, a request without a name goes to the only
    origin in the options, or else to the only one of the property.

    Args:
        property: The description of the site; None without one.
        given: URLs and folders by name; the default under ``""``.
        limits: Limits of time and size.
        on_call: Called for each request that a host got.

    Raises:
        PropertyError: A given origin is neither a URL nor a folder.

    Example:
        >>> origins = Origins(None, {"web": "http://localhost:3000"}, limits=Limits())
        >>> origins.check(["web", "api"])
        ['origin "api": nothing says where it is; give it with --origin api=URL or --origin api=FOLDER']
    """

    def __init__(
        self,
        property: Property | None,
        given: Mapping[str, str],
        *,
        limits: Limits,
        on_call: Callable[[OriginCall], None] | None = None,
    ) -> None:
        self._named: dict[str, _Named] = {}
        self._unusable: dict[str, str] = {}
        for name, text in given.items():
            self._named[name] = _Named(
                LoadBalancer(name, [upstream_for(name, text, limits)], on_call=on_call)
            )
        for origin in (property.origins if property else None) or ():
            if origin.name in given or not origin.hosts:
                continue
            unknown = unsupported_reason(origin)
            if unknown is not None:
                self._unusable[origin.name] = unknown
            else:
                self._named[origin.name] = _Named(balancer_for(origin, limits, on_call), origin.retry)
        self._unnamed = _only(self._named, [name for name in given if name]) or _only(
            self._named, list(self._named)
        )

    async def start(self) -> None:
        """Get ready for requests, in a running event loop."""
        for named in self._named.values():
            await named.hosts.start()

    async def close(self) -> None:
        """Close all connections."""
        for named in self._named.values():
            await named.hosts.close()

    def check(self, names: Iterable[str | None]) -> list[str]:
        """Return one sentence for each of these origins that cannot be requested.

        Args:
            names: The names that rules can select; None for requests without one.
        """
        return [
            self._problem(name)
            for name in sorted(set(names), key=lambda name: name or "")
            if not self._find(name)
        ]

    async def fetch(self, name: str | None, request: OriginRequest) -> OriginResponse:
        """Return the response of an origin, after retries; see `OriginClient.fetch`."""
        found = self._find(name)
        if found is None:
            raise OriginError("unknown", self._problem(name))
        return await fetch_with_retries(found.hosts.fetch, request, found.retry)

    def _find(self, name: str | None) -> _Named | None:
        default = self._named.get(DEFAULT)
        if name is None:
            return default or self._unnamed
        return None if name in self._unusable else self._named.get(name) or default

    def _problem(self, name: str | None) -> str:
        if name is None:
            return "no rule names an origin for this request; give one with --origin URL or --origin FOLDER"
        why = self._unusable.get(name, "nothing says where it is")
        return f'origin "{name}": {why}; give it with --origin {name}=URL or --origin {name}=FOLDER'


def _only(named: Mapping[str, _Named], names: list[str]) -> _Named | None:
    """Return the origin of the only name, or None if there are several or none."""
    return named[names[0]] if len(names) == 1 else None
