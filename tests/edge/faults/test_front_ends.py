"""No one sees the pages through a front end, also one that adds nothing to a request: real ones are tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from edge.program import ROUTES, Program, ask, front_end, relay, running_origin

SITE = "www.shop.example"
PAGES = ("/__edgio__/requests", "/__edgio__/requests.json", "/__edgio__/cache", "/__edgio__/cache.json")
FRONT_ENDS = {
    "nginx alone": ("",),
    "nginx with HTTP/1.1": ("proxy_http_version 1.1;", 'proxy_set_header Connection "";'),
    "nginx with the host": ("proxy_set_header Host $host;", "proxy_http_version 1.1;"),
    "nginx with its own host": ("proxy_set_header Host $http_host;",),
    "nginx with the address": (
        "proxy_set_header Host $host;",
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    ),
    "a relay of bytes": None,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES)
    return tmp_path


@pytest.fixture(params=[(), ("--pages",)], ids=["off", "on"])
def program(folder: Path, request: pytest.FixtureRequest) -> Iterator[Program]:
    with running_origin() as origin, Program("--origin", origin, *request.param) as running:
        yield running


@pytest.mark.needs("nginx")
@pytest.mark.parametrize("name", FRONT_ENDS)
def test_no_page_is_shown_on_the_port_of_the_site(folder: Path, program: Program, name: str) -> None:
    """What a stranger gets is the site, and at most the address of a page on the stranger's own machine."""
    directives = FRONT_ENDS[name]
    with ExitStack() as stack:
        front = relay(program.port) if directives is None else front_end(folder, program.port, *directives)
        port = stack.enter_context(front)
        assert ask(port, "/pages/1?token=c0ffee", host=SITE).status == 200
        for path in PAGES:
            for method in ("GET", "POST"):
                got = ask(port, path, method, b"all=yes" if method == "POST" else None, host=SITE)
                assert got.status == 404 or (got.status, got.body) == (302, b""), path
                assert b"c0ffee" not in got.body
                assert b"/pages/1" not in got.body
        assert ask(port, "/pages/1?token=c0ffee", host=SITE).status == 200

    def told() -> list[str]:
        pages = (
            event for event in program.events if event.get("url", "").startswith(f"https://{SITE}/pages/")
        )
        return [event["cache"] for event in pages]

    program.until(lambda: len(told()) == 2)
    assert told() == ["miss", "hit"]  # no one emptied the cache
    assert "c0ffee" not in "".join(program.lines)


@pytest.mark.needs("nginx")
@pytest.mark.parametrize("name", ["nginx alone", "nginx with the host", "nginx with the address"])
def test_a_front_end_before_the_pages_themselves_is_refused(folder: Path, name: str) -> None:
    directives = FRONT_ENDS[name]
    assert directives is not None
    with (
        running_origin() as origin,
        Program("--origin", origin, "--pages") as program,
        front_end(folder, program.pages(), *directives) as port,
    ):
        for host in (SITE, "evil.example"):
            assert ask(port, PAGES[0], host=host).status == 403
        assert ask(program.pages(), PAGES[0]).status == 200


def test_the_pages_have_a_separate_port_for_this_machine_alone(folder: Path) -> None:
    """Also where the site listens to the network; a stranger's name is unreachable."""
    with running_origin() as origin, Program("--origin", origin, "--pages", "--listen", "0.0.0.0") as program:
        port = program.pages()
        assert port != program.port
        for host in ("localhost", f"127.0.0.1:{port}", f"[::1]:{port}"):
            assert ask(port, PAGES[0], host=host).status == 200
        for host in (SITE, "evil.example", "shop.localhost", "127.0.0.1.nip.example", "0.0.0.0", "127.1"):
            assert ask(port, PAGES[0], host=host).status == 403
        assert ask(port, "/pages/1").status == 404
        assert ask(program.port, PAGES[0]).headers["location"] == f"http://localhost:{port}{PAGES[0]}"
        assert ask(program.port, "/pages/1", host="evil.example").status == 421
