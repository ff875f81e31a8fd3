"""The addresses of a host, in the order that its description prefers."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any, TypeAlias

from prefetchrouter.rules.typed_property import DnsPreference

Address: TypeAlias = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, Any]
"""An address as `socket.getaddrinfo` returns it: family, kind, protocol, name, and the address itself."""

FAMILIES: dict[DnsPreference | None, socket.AddressFamily] = {
    "onlyv4": socket.AF_INET,
    "onlyv6": socket.AF_INET6,
}
_FIRST: dict[DnsPreference | None, socket.AddressFamily] = {
    "prefv4": socket.AF_INET,
    "prefv6": socket.AF_INET6,
}
_KEPT_SECONDS = 10.0


class Resolver:
    """Looks a host up with the system's resolver, within a time limit, and remembers it for 10 seconds.

    Args:
        host: A name, or an address without brackets.
        port: The port.
        preference: Which addresses count, and which come first; None for the order of the system.
        seconds: How long a lookup may take.
    """

    def __init__(self, host: str, port: int, preference: DnsPreference | None, seconds: float) -> None:
        self._host = host
        self._port = port
        self._preference = preference
        self._seconds = seconds
        self._known: list[Address] = []
        self._known_until = float("-inf")
        self._lookup = asyncio.Lock()

    async def addresses(self) -> list[Address]:
        """Return the addresses of the host, at least one.

        Raises:
            OSError: The host has no address, or the lookup took too long.
        """
        loop = asyncio.get_running_loop()
        async with self._lookup:
            if loop.time() >= self._known_until:
                try:
                    async with asyncio.timeout(self._seconds):
                        found = await loop.getaddrinfo(
                            self._host,
                            self._port,
                            family=FAMILIES.get(self._preference, socket.AF_UNSPEC),  # pyright: ignore[reportArgumentType, reportCallIssue]
                            type=socket.SOCK_STREAM,
                            flags=0 if _is_address(self._host) else socket.AI_ADDRCONFIG,
                        )
                except TimeoutError:
                    raise OSError(None, f"no address within {self._seconds:g} s") from None
                except UnicodeError as error:
                    raise OSError(None, f"{self._host} is not a host name") from error
                self._known = in_order(found, self._preference)  # pyright: ignore[reportArgumentType]
                self._known_until = loop.time() + _KEPT_SECONDS
            return self._known


def in_order(found: Iterable[Address], preference: DnsPreference | None) -> list[Address]:
    """Return addresses with those of the preferred family first, else as they were."""
    first = _FIRST.get(preference)
    return sorted(found, key=lambda address: address[0] != first) if first else [*found]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
