"""Origins by name: what is given, what is described, and what is nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from edge.origins.raw_origin import OK, answering, get, raw_origin, whole
from edge.waiting import PATIENCE
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginCall, OriginClient, OriginError, OriginRequest
from prefetchrouter.edge.origins import Origins
from prefetchrouter.errors import PropertyError
from prefetchrouter.rules.property import Property
from prefetchrouter.rules.servers import Origin

LIMITS = Limits(connect_seconds=PATIENCE, answer_seconds=PATIENCE, silence_seconds=PATIENCE)


def folders(root: Path, *names: str) -> dict[str, str]:
    """Make a folder for each name, with the name as its page."""
    for name in names:
        (root / name).mkdir()
        (root / name / "index.html").write_text(name)
    return {name: str(root / name) for name in names}


def ask(
    given: Mapping[str, str],
    name: str | None,
    site: Property | None = None,
    request: OriginRequest | None = None,
) -> tuple[str, list[OriginCall]]:
    """Return the body of an answer, and the log."""
    log: list[OriginCall] = []

    async def run() -> str:
        origins = Origins(site, given, limits=LIMITS, on_call=log.append)
        asks: OriginClient = origins
        await origins.start()
        try:
            return (await whole(await asks.fetch(name, request or get("/")))).decode()
        finally:
            await origins.close()

    return asyncio.run(run()), log


def described(**origins: dict[str, Any]) -> Property:
    return Property(origins=[Origin.read({"name": name, **origin}) for name, origin in origins.items()])


def test_an_origin_is_found_by_its_name(tmp_path: Path) -> None:
    given = folders(tmp_path, "web", "api")

    assert ask(given, "web")[0] == "web"
    assert ask(given, "api")[0] == "api"


def test_the_default_is_for_all_that_nothing_else_describes(tmp_path: Path) -> None:
    made = folders(tmp_path, "web", "rest")
    given = {"web": made["web"], "": made["rest"]}

    assert ask(given, "web")[0] == "web"
    assert ask(given, "api")[0] == "rest"
    assert ask(given, "edgio_static")[0] == "rest"
    assert ask(given, None)[0] == "rest"
    assert ask(given, "api", described(api={}))[0] == "rest"


def test_the_only_given_origin_is_meant_when_none_is_named(tmp_path: Path) -> None:
    given = folders(tmp_path, "web")

    assert ask(given, None)[0] == "web"
    assert ask(given, None, described(api={"hosts": ["api.shop.example"]}))[0] == "web"
    with pytest.raises(OriginError, match="--origin api=URL") as caught:
        ask(given, "api")
    assert caught.value.failure == "unknown"


def test_with_several_origins_none_is_meant(tmp_path: Path) -> None:
    with pytest.raises(OriginError, match="no rule names an origin for this request") as caught:
        ask(folders(tmp_path, "web", "api"), None)
    assert caught.value.failure == "unknown"


def test_what_is_given_goes_before_what_is_described(tmp_path: Path) -> None:
    site = described(web={"hosts": ["origin.invalid"], "balancer": "sqf"})

    assert ask(folders(tmp_path, "web"), "web", site)[0] == "web"


def test_a_described_origin_is_asked_where_it_is() -> None:
    log: list[OriginCall] = []

    async def run() -> tuple[list[bytes], int]:
        async with raw_origin(answering(OK)) as origin:
            host = {
                "location": [{"hostname": "127.0.0.1", "port": origin.port}],
                "dns_preference": "prefv4",
                "override_host_header": "inner.example",
            }
            site = described(web={"hosts": [host], "override_host_header": "outer.example"})
            origins = Origins(site, {}, limits=LIMITS, on_call=log.append)
            await origins.start()
            for name in ("web", None):
                await whole(await origins.fetch(name, get("/a")))
            await origins.close()
            return origin.heads, origin.port

    heads, port = asyncio.run(run())
    assert [head.split(b"\r\n")[1] for head in heads] == [b"host: inner.example"] * 2
    assert {(asked.origin, asked.url, asked.status) for asked in log} == {
        ("web", f"http://127.0.0.1:{port}/a", 200)
    }


def test_hosts_locations_and_retries_of_a_description() -> None:
    """Two locations that are down, then one that is busy at first."""
    busy = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"

    async def run() -> tuple[bytes, int]:
        async with raw_origin(answering(busy, OK)) as origin:
            down = {"location": ["a.invalid", {"hostname": "b.invalid", "port": 1}], "scheme": "http"}
            up = {"location": [{"hostname": "localhost", "port": origin.port}], "dns_preference": "onlyv4"}
            retry = {"status_codes": [503], "max_requests": 2, "max_wait_seconds": 1}
            site = described(web={"hosts": [down, up], "retry": retry, "override_host_header": "b.example"})
            origins = Origins(site, {}, limits=LIMITS)
            await origins.start()
            body = await whole(await origins.fetch("web", get("/a")))
            await origins.close()
            assert b"host: b.example" in origin.heads[0]
            return body, len(origin.heads)

    assert asyncio.run(run()) == (b"ok", 2)


@pytest.mark.parametrize(
    "host, scheme, address",
    [
        ("web.shop.example", "http", "http://web.shop.example"),
        ("web.shop.example", "https", "https://web.shop.example"),
        ({"location": "web.shop.example", "scheme": "match"}, "https", "https://web.shop.example"),
        ({"location": "web.shop.example", "scheme": "https"}, "http", "https://web.shop.example"),
        ({"location": "[::1]", "scheme": "http"}, "https", "http://[::1]"),
        (
            {"location": [{"hostname": "web.shop.example", "port": 8443}], "scheme": "https"},
            "http",
            "https://web.shop.example:8443",
        ),
    ],
)
def test_how_a_host_is_reached(host: object, scheme: str, address: str) -> None:
    origins = Origins(described(web={"hosts": [host]}), {}, limits=LIMITS)

    assert origins._named["web"].hosts._upstreams[0].address(scheme) == address


def test_the_check_reports_unreachable_origins(tmp_path: Path) -> None:
    site = described(
        web={"hosts": ["web.shop.example"]},
        bare={},
        stored={"hosts": ["web.shop.example"], "type": "cdn_storage"},
        odd={"hosts": ["web.shop.example"], "balancer": "carp64"},
    )
    origins = Origins(site, {}, limits=LIMITS)
    told = origins.check(["web", "bare", "odd", "stored", "edgio_self", "bare"])

    assert [text.partition(";")[0] for text in told] == [
        'origin "bare": nothing says where it is',
        'origin "edgio_self": nothing says where it is',
        'origin "odd": the edge has no balancer "carp64"',
        'origin "stored": type "cdn_storage" is not supported, since the edge has no storage service',
    ]
    assert all(text.endswith("=FOLDER") for text in told)
    with_default = Origins(site, {"": str(tmp_path)}, limits=LIMITS)
    assert with_default.check(["bare", "edgio_self", None]) == []
    assert len(with_default.check(["odd", "stored"])) == 2
    assert Origins(None, {}, limits=LIMITS).check([None]) == [
        "no rule names an origin for this request; give one with --origin URL or --origin FOLDER"
    ]


@pytest.mark.parametrize(
    "given, told",
    [
        ("nowhere", 'there is no folder "nowhere"; expected a URL or a folder'),
        ("", "there is no folder"),
        ("localhost:3000", 'write "http://localhost:3000"'),
        ("http://", "no proper host"),
        ("http://a b/", "no proper host"),
        ("http://localhost:99999", "out of range"),
        ("http://localhost:0", "no proper host"),
        ("http://[::1", "Invalid IPv6 URL"),
        ("http://münchen.example", "no proper host"),
        ("http://localhost:3000/app", 'write "http://localhost:3000"'),
        ("http://localhost/?a", "says more than where the origin is"),
        ("http://me:secret@localhost:1", 'write "http://localhost:1"'),
    ],
)
def test_what_is_given_may_be_wrong(given: str, told: str) -> None:
    with pytest.raises(PropertyError) as caught:
        Origins(None, {"web": given}, limits=LIMITS)

    assert str(caught.value).startswith("--origin web=")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "given, address",
    [
        ("HTTP://LocalHost:3000/", "http://localhost:3000"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://host_name.internal", "http://host_name.internal"),
    ],
)
def test_a_url_is_given(given: str, address: str) -> None:
    origins = Origins(None, {"": given}, limits=LIMITS)

    assert origins._named[""].hosts._upstreams[0].address("http") == address
