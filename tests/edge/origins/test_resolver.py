"""Which addresses of a host count, and in which order."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiohttp.abc import ResolveResult

from prefetchrouter.edge.origins.resolver import FAMILIES, OrderedResolver, in_order
from prefetchrouter.rules.typed_property import DnsPreference


def address(host: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return ResolveResult(hostname="a.example", host=host, port=80, family=family, proto=0, flags=0)


FOUND = [address(host) for host in ("::1", "127.0.0.1", "::2", "127.0.0.2")]


@pytest.mark.parametrize(
    "preference, hosts",
    [
        ("prefv4", ["127.0.0.1", "127.0.0.2", "::1", "::2"]),
        ("prefv6", ["::1", "::2", "127.0.0.1", "127.0.0.2"]),
        (None, ["::1", "127.0.0.1", "::2", "127.0.0.2"]),
        ("onlyv4", ["::1", "127.0.0.1", "::2", "127.0.0.2"]),
    ],
)
def test_the_preferred_family_comes_first(preference: DnsPreference | None, hosts: list[str]) -> None:
    assert [found["host"] for found in in_order(FOUND, preference)] == hosts


def test_one_family_only() -> None:
    assert FAMILIES == {"onlyv4": socket.AF_INET, "onlyv6": socket.AF_INET6}

    async def run() -> set[int]:
        found = await OrderedResolver("onlyv4", 2).resolve("localhost", 80, FAMILIES["onlyv4"])
        return {one["family"] for one in found}

    assert asyncio.run(run()) == {socket.AF_INET}


def test_a_resolver_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async def never(*_: object, **__: object) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", never)
        await OrderedResolver(None, 0.05).resolve("a.example", 80)

    with pytest.raises(OSError, match=r"no address within 0\.05 s"):
        asyncio.run(run())
