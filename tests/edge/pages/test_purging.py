"""The purge for programs: what it removes, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edge.pages.asking import Site, view

JSON = {"content-type": "application/json"}


def stored() -> Site:
    return Site(
        copies=(view(tags=("a", "b")), view(key=("localhost/b",), tags=("b",)), view(key=("localhost/c",)))
    )


def purge(site: Site, wanted: Any, headers: dict[str, str] = JSON, **more: Any) -> tuple[int, Any]:
    body = wanted if isinstance(wanted, bytes) else json.dumps(wanted).encode()
    response = site.get("purge", **{"method": "POST", "headers": headers, "body": body, **more})
    assert isinstance(response.body, bytes)
    is_json = response.headers["content-type"] == "application/json"
    return response.status, json.loads(response.body) if is_json else response.body


@pytest.mark.parametrize(
    ("wanted", "removed"),
    [
        ({"tags": ["a"]}, 1),
        ({"tags": ["a", "b", "x"]}, 2),
        ({"urls": ["/b", "/c", "/d"]}, 2),
        ({"tags": ["b"], "urls": ["/c"]}, 3),
        ({"all": True}, 3),
        ({"tags": []}, 0),
    ],
)
def test_what_is_named_is_removed_and_counted(wanted: dict[str, Any], removed: int) -> None:
    site = stored()
    assert purge(site, wanted) == (200, {"purged": removed})
    assert len(site.cache.copies) == 3 - removed


@pytest.mark.parametrize(
    "wanted",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b'{"tags": ["' + b"a" * 1024 * 1024 + b'"]}',
        [],
        {},
        "all",
        {"all": "yes"},
        {"all": True, "tags": ["a"]},
        {"all": False},
        {"tag": ["a"]},
        {"tags": "a"},
        {"tags": [1]},
        {"tags": [""]},
        {"tags": ["a"] * 1001},
        {"urls": ["not a path"]},
        {"tags": ["a"], "urls": ["/b", "not a path"]},
    ],
)
def test_a_request_that_is_wrong_removes_nothing(wanted: Any) -> None:
    """Not even the part of it that is right."""
    site = stored()
    status, answer = purge(site, wanted)
    assert status == 400
    assert answer["error"]
    assert len(site.cache.copies) == 3


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "text/plain; application/json"},
    ],
)
def test_what_a_form_of_another_site_can_send_is_refused(headers: dict[str, str]) -> None:
    """A browser sends JSON across sites only after a preflight."""
    site = stored()
    assert purge(site, {"all": True}, headers)[0] == 415
    assert len(site.cache.copies) == 3


@pytest.mark.parametrize(
    ("headers", "more"),
    [
        ({"origin": "https://evil.example"}, {}),
        ({"sec-fetch-site": "cross-site"}, {}),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}, {}),
        ({"host": "evil.example"}, {}),
        ({"via": "1.1 proxy"}, {}),
        ({"x-forwarded-for": "192.0.2.1"}, {}),
        ({}, {"client": "192.0.2.1"}),
    ],
)
def test_only_programs_on_this_machine_purge(headers: dict[str, str], more: dict[str, Any]) -> None:
    site = stored()
    assert purge(site, {"all": True}, {**JSON, **headers}, **more)[0] == 403
    assert len(site.cache.copies) == 3


def test_a_preflight_and_a_get_are_refused() -> None:
    """Without headers that allow anything to another site."""
    site = stored()
    for method in ("OPTIONS", "GET", "HEAD", "PUT"):
        response = site.get("purge", method=method, headers={"origin": "http://localhost:8080"})
        assert (response.status, response.headers["allow"]) == (405, "POST")
        assert "access-control-allow-origin" not in response.headers
    assert len(site.cache.copies) == 3
