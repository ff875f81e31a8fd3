"""`LiveSite`: where a live edge is, and which host and scheme rules see for requests to it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urljoin, urlsplit

from prefetchrouter.errors import LiveEdgeError, shown
from prefetchrouter.http.message import Request
from prefetchrouter.rules.rule_set import RuleSet, property_of

Scheme = Literal["http", "https"]


@dataclass(frozen=True, slots=True)
class LiveSite:
    """Where a live edge is, and which host and scheme rules see for requests to it.

    Args:
        scheme: How it is requested.
        address: Its host, with a port unless that is the scheme's default.
        host: The host that rules see.
        seen_scheme: The scheme that rules see.
        sent_host: The ``Host`` header of requests for that host.
        hostnames: All hosts of the site, in lower case.
    """

    scheme: Scheme
    address: str
    host: str
    seen_scheme: Scheme
    sent_host: str
    hostnames: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, url: str, rules: RuleSet, *, host: str | None = None, scheme: Scheme | None = None
    ) -> LiveSite:
        """Return the site at a URL.

        Rules see the host of the URL if it is one of the property, or if the property names none; else the
        property's first, as for `serve` on localhost.

        Args:
            url: Scheme and host of the edge; a path is not part of it.
            rules: The rules.
            host: The host to send and to evaluate with, in place of that of the URL: for an edge that does
                not have its name yet.
            scheme: The scheme that rules see; by default that of the URL, and https for this machine, as for
                `serve`.

        Raises:
            LiveEdgeError: It is not a URL of an edge.

        Example:
            >>> LiveSite.of("http://localhost:8080", RuleSet(rules=())).seen_scheme
            'https'
        """
        try:
            parts = urlsplit(url if "://" in url else f"https://{url}")
            port = parts.port
        except ValueError:
            raise _not_a_url(url) from None
        name = (parts.hostname or "").lower()
        is_plain = (
            parts.path in ("", "/") and not parts.query and not parts.fragment and "@" not in parts.netloc
        )
        if parts.scheme not in ("http", "https") or not name or not name.isascii() or not is_plain:
            raise _not_a_url(url)
        own_scheme: Scheme = "https" if parts.scheme == "https" else "http"
        bracketed = f"[{name}]" if ":" in name else name
        is_usual = port in (None, 443 if own_scheme == "https" else 80)
        address = bracketed if is_usual else f"{bracketed}:{port}"
        site = property_of(rules)
        hostnames = [found.hostname.lower() for found in (site and site.hostnames) or ()]
        plain = [known for known in hostnames if "*" not in known]
        seen = host or (plain[0] if plain and not _is_among(name, hostnames) else bracketed)
        return cls(
            own_scheme, address, seen.lower(), scheme or ("https" if _is_local(name) else own_scheme),
            host or address, frozenset([seen.lower(), *plain]),
        )  # fmt: skip

    @property
    def url(self) -> str:
        """Its URL."""
        return f"{self.scheme}://{self.address}"

    def host_header(self, request: Request) -> str | None:
        """Return the ``Host`` header for a request of rules, or None if it is for a host of another site."""
        if request.host in (None, self.host):
            return self.sent_host
        return request.host if request.host in self.hostnames else None

    def seen_location(self, request: Request, location: str) -> str:
        """Return where a redirect leads, as rules see it: absolute, and with their host for this edge's.

        Args:
            request: The request.
            location: The ``Location`` of the response.
        """
        base = f"{self.seen_scheme}://{request.host or self.host}{request.path}"
        try:
            found = urlsplit(urljoin(base, location))
            if found.netloc.lower() in (self.address, self.sent_host.lower()):
                found = found._replace(scheme=self.seen_scheme, netloc=request.host or self.host)
        except ValueError:
            return location
        return found.geturl()


def _not_a_url(url: str) -> LiveEdgeError:
    return LiveEdgeError.of(
        "live-edge",
        f"{shown(url)} is not the URL of an edge",
        expected='one such as "https://www.shop.example"',
    )


def _is_among(name: str, hostnames: list[str]) -> bool:
    return any(name == known or (known.startswith("*.") and name.endswith(known[1:])) for known in hostnames)


def _is_local(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
