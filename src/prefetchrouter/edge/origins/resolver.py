"""The addresses of a host, in the order that its description prefers."""

from __future__ import annotations

import asyncio
import socket

from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver

from prefetchrouter.rules.typed_property import DnsPreference

FAMILIES: dict[DnsPreference | None, socket.AddressFamily] = {
    "onlyv4": socket.AF_INET,
    "onlyv6": socket.AF_INET6,
}
_FIRST: dict[DnsPreference | None, socket.AddressFamily] = {
    "prefv4": socket.AF_INET,
    "prefv6": socket.AF_INET6,
}


class OrderedResolver(ThreadedResolver):
    """The system's resolver, with a time limit and an order.

    Args:
        preference: Which addresses come first; None for the system's own order.
        seconds: How long it may take.
    """

    def __init__(self, preference: DnsPreference | None, seconds: float) -> None:
        super().__init__()
        self._preference = preference
        self._seconds = seconds

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host.

        Raises:
            OSError: There are none, or it took too long.
        """
        try:
            async with asyncio.timeout(self._seconds):
                found = await super().resolve(host, port, family)
        except TimeoutError:
            raise OSError(None, f"no address within {self._seconds:g} s") from None
        return in_order(found, self._preference)


def in_order(found: list[ResolveResult], preference: DnsPreference | None) -> list[ResolveResult]:
    """Return addresses with those of the preferred family first, else as they were."""
    first = _FIRST.get(preference)
    return sorted(found, key=lambda address: address["family"] != first) if first else found
