"""Which addresses of a host count, and in which order."""

from __future__ import annotations

import asyncio
import socket

import pytest

from prefetchrouter.edge.origins.resolver import FAMILIES, Address, Resolver, in_order
from prefetchrouter.rules.typed_property import DnsPreference


def address(host: str) -> Address:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return family, socket.SOCK_STREAM, 6, "", (host, 80)


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
    assert [found[4][0] for found in in_order(FOUND, preference)] == hosts


def test_one_family_only() -> None:
    assert FAMILIES == {"onlyv4": socket.AF_INET, "onlyv6": socket.AF_INET6}

    async def run() -> set[int]:
        return {found[0] for found in await Resolver("localhost", 80, "onlyv4", 2).addresses()}

    assert asyncio.run(run()) == {socket.AF_INET}


def test_a_resolver_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async def never(*_: object, **__: object) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", never)
        await Resolver("a.example", 80, None, 0.05).addresses()

    with pytest.raises(OSError, match=r"no address within 0\.05 s"):
        asyncio.run(run())


def test_many_requests_at_once_look_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the answer is remembered; a failure is not."""
    looked_up: list[str] = []

    async def run() -> None:
        async def look_up(host: str, *_: object, **__: object) -> list[Address]:
            looked_up.append(host)
            await asyncio.sleep(0)
            if len(looked_up) == 1:
                raise OSError(None, "not now")
            return [address("127.0.0.1")]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
        resolver = Resolver("a.example", 80, None, 2)
        with pytest.raises(OSError, match="not now"):
            await resolver.addresses()
        found = await asyncio.gather(*(resolver.addresses() for _ in range(20)))
        assert found == [[address("127.0.0.1")]] * 20

    asyncio.run(run())
    assert looked_up == ["a.example"] * 2


@pytest.mark.parametrize("host", ["a..b", "\ud800", "x" * 300])
def test_a_name_that_cannot_be_one(host: str) -> None:
    with pytest.raises(OSError, match=r"\w"):
        asyncio.run(Resolver(host, 80, None, 2).addresses())
