"""`serve --engine`: a target is built, its program started, reloaded when rules change, and ended."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

import machine
from cli.test_serve import Serving
from prefetchrouter.authoring.loader import load
from prefetchrouter.browser.names import NAMES
from prefetchrouter.engines.programs import ENGINES, engine_named
from prefetchrouter.navigation import Link, Navigation, for_pages

ROUTES = """\
from prefetchrouter import Router

router = Router().match("/a", response={"set_done": True, "set_response_body": "one"})
"""

FACTS = """\
from prefetchrouter import Router

router = (
    Router()
    .match("/:path", response={"set_done": True, "set_response_body": "in %{geo_city}"})
    .match({"path": "/a", "location": {"country": "DE"}}, response={"set_response_body": "at home"})
)
"""


def path_of_programs() -> str:
    return f"{machine.PROGRAMS}:{Path(sys.executable).parent}:/usr/bin:/bin"


@pytest.mark.needs("worker")
@pytest.mark.parametrize("engine", ["node", "workerd"])
def test_it_serves_reloads_and_ends(engine: str, tmp_path: Path) -> None:
    routes = tmp_path / "routes.py"
    routes.write_text(ROUTES)
    arguments = (str(routes), "--engine", engine, "--origin", "http://127.0.0.1:9", "--quiet")
    with Serving(*arguments, PATH=path_of_programs()) as serving:
        assert serving.start["engine"] == engine
        assert serving.get("/a").body == b"one"  # type: ignore[attr-defined]
        routes.write_text(ROUTES.replace('"one"', '"other"'))
        serving.until("changed")
        assert serving.get("/a").body == b"other"  # type: ignore[attr-defined]
        routes.write_text("nothing")
        assert serving.until("wrong")["errors"]
        assert serving.get("/a").body == b"other"  # type: ignore[attr-defined]
        serving.process.send_signal(signal.SIGTERM)
        assert serving.ended() == 0


EACH_ENGINE = pytest.mark.parametrize(
    "engine",
    [
        *(
            pytest.param(name, marks=pytest.mark.needs("worker"))
            for name in ("node", "deno", "bun", "workerd")
        ),
        pytest.param("nginx", marks=pytest.mark.needs("nginx", "njs")),
        pytest.param("varnish", marks=pytest.mark.needs("varnishd")),
    ],
)


@EACH_ENGINE
def test_what_was_learned_is_served(engine: str, tmp_path: Path) -> None:
    """The embedded edge, too, which needs no program."""
    tmp_path.chmod(0o755)
    routes = tmp_path / "routes.py"
    routes.write_text(
        "from prefetchrouter import Router\n"
        'ages = {"max_age": "1h", "service_worker_max_age": "1h"}\n'
        'router = Router().get("/:page?", caching=ages)\n'
    )
    learned = Navigation(links={"/": (Link("/about", 0.4, 9),)})
    learned.save(tmp_path / "navigation.json")
    [(path, text)] = for_pages(learned, load(routes).rule_set).files.items()
    given = (str(routes), "--origin", "http://127.0.0.1:9", "--quiet")
    for chosen in (("--engine", engine), ()):
        arguments = (*given, *chosen, "--navigation", str(tmp_path / "navigation.json"))
        with Serving(*arguments, PATH=f"{path_of_programs()}:/usr/sbin") as serving:
            assert serving.get(path).body == text.encode()  # type: ignore[attr-defined]
            script = serving.get(NAMES.install_path).body  # type: ignore[attr-defined]
            assert script.startswith(f"self.{NAMES.navigation_global}=".encode())


@EACH_ENGINE
def test_facts_hold_for_every_visitor(engine: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    routes = tmp_path / "routes.py"
    routes.write_text(FACTS)
    arguments = (str(routes), "--engine", engine, "--origin", "http://127.0.0.1:9", "--quiet")
    fact = ("--fact", "location.country=DE", "--fact", 'location.city=K\u00f6ln a"b$c')
    with Serving(*arguments, *fact, PATH=f"{path_of_programs()}:/usr/sbin") as serving:
        assert serving.get("/a").body == b"at home"  # type: ignore[attr-defined]
        assert serving.get("/b").body == 'in K\u00f6ln a"b$c'.encode()  # type: ignore[attr-defined]


@pytest.mark.needs("worker")
def test_folders_are_origins_too(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("page")
    routes = tmp_path / "routes.py"
    routes.write_text("from prefetchrouter import Router\n\nrouter = Router()\n")
    arguments = (str(routes), "--engine", "node", "--origin", str(tmp_path), "--quiet")
    with Serving(*arguments, PATH=path_of_programs()) as serving:
        assert serving.get("/page").body == b"page"  # type: ignore[attr-defined]


@pytest.mark.needs("worker")
def test_the_program_ends_with_a_command_that_is_killed(tmp_path: Path) -> None:
    routes = tmp_path / "routes.py"
    routes.write_text(ROUTES)
    arguments = (str(routes), "--engine", "node", "--origin", "http://127.0.0.1:9", "--quiet")
    with Serving(*arguments, PATH=path_of_programs()) as serving:
        serving.process.kill()
        serving.takes_no_one()


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_a_program_that_is_missing_is_an_error_with_a_cure(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from prefetchrouter.errors import ServeError

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("prefetchrouter.engines.program._ELSEWHERE", ())
    engine = engine_named(name)
    with pytest.raises(ServeError, match=f"--engine {name}: .* is not installed; {engine.install[:10]}"):
        engine.found()
