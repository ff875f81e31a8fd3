"""The host of a request: normalised, mapped from localhost to the site, and limited to the site's names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from typing import Final, Literal

_HOST: Final = re.compile(
    r"(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[(?P<address>[0-9a-f:.]+)\])(?::(?P<port>[0-9]{0,5}))?",
    re.ASCII,
)
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
_LONGEST_HOST: Final = 300
_MOST_REMEMBERED: Final = 1024

UNKNOWN_HOST: Final = ""
"""In place of a host: it is not one of the site's."""


def is_loopback(address: str) -> bool:
    """Return whether an address is a loopback address.

    Example:
        >>> [is_loopback(text) for text in ("127.0.0.1", "::1", "::ffff:127.0.0.1", "192.0.2.7", "")]
        [True, True, True, False, False]
    """
    found = _address(address)
    return found is not None and found.is_loopback


def is_local_name(host: str) -> bool:
    """Return whether a ``Host`` header names this machine; another name that resolves to it does not count.

    Browsers resolve ``localhost`` and all names below it to the machine itself (RFC 6761, section 6.3).

    Example:
        >>> [is_local_name(host) for host in ("localhost:8080", "[::1]:80", "shop.localhost", "evil.example")]
        [True, True, True, False]
    """
    parts = _HOST.fullmatch(host.lower())
    if parts is None:
        return False
    name = parts["name"].removesuffix(".")
    return name == "localhost" or name.endswith(".localhost") or is_loopback(name.strip("[]"))


@dataclass(frozen=True, slots=True)
class SiteIdentity:
    """The scheme and hosts of the site that the edge serves, as rules and origins see them.

    Args:
        scheme: The scheme that rules see, whatever the connection has.
        host: The host that they see instead of this machine's names and addresses; None keeps these.
        hostnames: The names of the site, in lower case; ``*.shop.example`` matches every name below
            ``shop.example``. Without any, every host is accepted.
        aliases: Further names that are mapped to `host`.

    Example:
        >>> shop = SiteIdentity("https", "www.shop.example", ("www.shop.example", "*.shop.example"))
        >>> [shop.host_for(text) for text in ("localhost:8080", "WWW.Shop.example.:443", "de.shop.example")]
        ['www.shop.example', 'www.shop.example', 'de.shop.example']
        >>> shop.host_for("evil.example") is UNKNOWN_HOST, shop.host_for("a b") is None
        (True, True)
    """

    scheme: Literal["http", "https"] | str = "https"
    host: str | None = None
    hostnames: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    _known: dict[tuple[str, str], str | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def host_for(self, text: str, own_address: str = "") -> str | None:
        """Return the host that rules see for a ``Host`` header.

        It is `UNKNOWN_HOST` for a host of another site, and None for an invalid header.

        Args:
            text: The value of the header.
            own_address: The address of this machine to which the client is connected.

        Source: RFC 9110, sections 4.2.3, 7.2 and 7.4.
        """
        key = (text, own_address)
        try:
            return self._known[key]
        except KeyError:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._host_for(text, own_address)
            return found

    @property
    def default_host(self) -> str:
        """The host of a request without one, as HTTP/1.0 allows."""
        return self.host or next((name for name in self.hostnames if "*" not in name), "localhost")

    def _host_for(self, text: str, own_address: str) -> str | None:
        host = text.strip(" \t").lower()
        parts = _HOST.fullmatch(host) if len(host) <= _LONGEST_HOST else None
        if parts is None or int(parts["port"] or 0) > 65535:
            return None
        if parts["address"] is not None:
            try:
                IPv6Address(parts["address"])
            except AddressValueError:
                return None
        name = parts["name"].removesuffix(".")
        port = parts["port"] or ""
        whole = f"{name}:{port}" if port not in ("", _DEFAULT_PORTS[self.scheme]) else name
        is_own = is_local_name(name) or _is_same(name.strip("[]"), own_address)
        if self.host is not None and (is_own or name in self.aliases or name == _without_port(self.host)):
            return self.host
        if not self.hostnames:
            return whole
        if _is_among(name, self.hostnames):
            return name
        return whole if is_own or name in self.aliases else UNKNOWN_HOST


def _is_among(name: str, hostnames: Iterable[str]) -> bool:
    return any(
        name == known or (known.startswith("*.") and name.endswith(known[1:]) and len(name) > len(known) - 1)
        for known in hostnames
    )


def _without_port(host: str) -> str:
    return host.partition(":")[0] if not host.startswith("[") else host.partition("]")[0] + "]"


def _is_same(name: str, address: str) -> bool:
    found = _address(name)
    return found is not None and found == _address(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found
