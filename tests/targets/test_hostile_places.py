"""No value leaves its place, in whatever place: names, cookies, parameters, expressions, `%{...}` and more.

Real engines serve rules with hostile values, and do what `evaluate` says.
`HOSTILE_TEXTS=200` takes more of them, `HOSTILE_SEED=7` others.
"""

from __future__ import annotations

import http.client
import itertools
import os
import random
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from cases.runners.engine import Engine, Site
from cases.runners.nginx import Nginx
from cases.runners.varnish import Varnish
from cases.runners.worker import Node
from prefetchrouter import Request, Router, RuleSet, build
from prefetchrouter.errors import PrefetchRouterError
from prefetchrouter.evaluation import Evaluator
from prefetchrouter.targets.nginx import NginxTarget, Options
from prefetchrouter.targets.varnish import VarnishTarget

PIECES = (
'"', "'", "\\", "$", "${", "}", "{", ";", "#", "%", "~", "*", "=", "a", "B", " ", "$host", "\\n", "$1", "\\1",
    "default", "*/", "//", "\u00e9", "\u65e5", "`", "|", "&", "(?i)", "^", ".*", "$$", "]", "[",
    "(", ")", "<", ">",
    "%41", "%2F", "%e9", "+", "?", "\t", "\n", "\r", "\x01", "\x7f", "\u2028", "include x;",
    "return 200;", "C{",
    "}C", '"}', '{"', '"""', "${pr_empty}", "%{host}", "%{path:=x}", "\\%{", "_", "-", ".", ",", "0",
)  # fmt: skip
PLACES = 18
"""How many places `hostile` has."""

DONE: dict[str, Any] = {"set_done": True}
MATCHED: dict[str, Any] = {"response": DONE, "headers": {"set_response_headers": {"x-v": "1"}}}


@dataclass(frozen=True)
class Hostile:
    """A rule with a hostile value, and the request that it is for."""

    place: str
    text: str
    criteria: Any
    features: dict[str, Any]
    target: str
    headers: dict[str, str] = field(default_factory=dict)

    def router(self, router: Router) -> Router:
        """Return a router with this rule added."""
        return router.match(self.criteria, **self.features)


def hostile(path: str, text: str) -> Iterator[Hostile]:
    """Yield a rule for each place that holds a text."""
    sent = "".join(found for found in text if found.isprintable() and ord(found) < 256).strip()
    encoded = quote(text, safe="")

    def rule(place: str, criteria: Any, features: dict[str, Any], more: str = "", **headers: str) -> Hostile:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Hostile(place, text, criteria, features, path + more, named)

    for operation in ("set_response_headers", "add_response_headers"):
        yield rule(operation, path, {"headers": {operation: {"x-v": text}}, "response": DONE})
    yield rule("body", path, {"response": {**DONE, "set_response_body": text}})
    yield rule("comment", path, {**MATCHED, "comment": text})
    yield rule("purge tag", path, {**MATCHED, "caching": {"purge_tags": [text], "max_age": "1h"}})
    yield rule("path", f"{path}/{text}", MATCHED, f"/{encoded}")
    yield rule("cookie", {"path": path, "cookies": {"c": text}}, MATCHED, cookie=f"c={sent}")
    yield rule("cookie name", {"path": path, "cookies": {text: "1"}}, MATCHED, cookie=f"{sent}=1")
    yield rule("header", {"path": path, "headers": {"x-a": text}}, MATCHED, x_a=sent)
    yield rule("parameter", {"path": path, "query": {"q": text}}, MATCHED, f"?q={encoded}")
    yield rule("parameter name", {"path": path, "query": {text: "1"}}, MATCHED, f"?{encoded}=1")
    exact = re.compile(f"^{re.escape(text)}$")
    yield rule("expression", {"path": path, "headers": {"x-a": exact}}, MATCHED, x_a=sent)
    yield rule(
        "header name", path, {"headers": {"set_response_headers": {f"x-{text}": "1"}}, "response": DONE}
    )
    for form in (f":={text}", f":+{text}", f"#{text}", f"//{text}/{text}"):
        value = f"%{{http_x_a{form}}}"
        yield rule(
            form[:2], path, {"headers": {"set_response_headers": {"x-v": value}}, "response": DONE}, x_a=sent
        )


def _is_valid(found: Hostile) -> bool:
    try:
        rules = found.router(Router()).rules
        Evaluator(RuleSet(rules=rules)).evaluate(Request(f"https://shop.example{found.target}"))
    except PrefetchRouterError:
        return False
    return True


def _rules() -> list[Hostile]:
    draw = random.Random(int(os.environ.get("HOSTILE_SEED", "3")))
    found: list[Hostile] = []
    for _ in range(int(os.environ.get("HOSTILE_TEXTS", "16"))):
        text = "".join(draw.choices(PIECES, k=draw.choice((0, 1, 1, 2, 3, 5, 9)))) * draw.choice(
            (1,) * 12 + (60,)
        )
        for number in range(PLACES):
            found += itertools.islice(hostile(f"/p{len(found)}", text), number, number + 1)
    return [one for one in found if _is_valid(one)]


def _is_refused(engine: type[Engine], found: Hostile) -> bool:
    """Return whether a target refuses a rule with an error, which names its line."""
    origins = {"": "http://127.0.0.1:9"}
    target = VarnishTarget(origins=origins) if engine is Varnish else NginxTarget(Options(origins=origins))
    if engine is Node:
        return False
    try:
        build(found.router(Router()), targets=[target])
    except PrefetchRouterError:
        return True
    return False


def _response(netloc: str, found: Hostile) -> tuple[int, bytes, dict[str, bytes]]:
    connection = http.client.HTTPConnection(netloc, timeout=60)
    connection.putrequest("GET", found.target, skip_host=True, skip_accept_encoding=True)
    connection.putheader("host", "shop.example")
    for name, value in found.headers.items():
        connection.putheader(name, value.encode("latin-1"))
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    own = {name.lower(): value.encode("latin-1") for name, value in response.getheaders()}
    return (
        response.status,
        body,
        {name: value for name, value in own.items() if name.startswith("x-") and value},
    )


def _wanted(evaluator: Evaluator, found: Hostile) -> tuple[int, bytes, dict[str, bytes]] | None:
    """Return what `evaluate` says; None for anything that is left to an origin."""
    decision = evaluator.evaluate(Request(f"https://shop.example{found.target}", headers=found.headers))
    made = decision.synthetic
    if made is None:
        return None
    headers = {name.lower(): _bytes(value) for name, value in decision.response_headers().items()}
    own = {name: value for name, value in headers.items() if name.startswith("x-") and value}
    return made.status or 200, (made.body or "").encode(), own


def _bytes(value: str) -> bytes:
    value = value.strip(" \t")
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param(Node, marks=pytest.mark.needs("worker"), id="node"),
        pytest.param(Nginx, marks=pytest.mark.needs("nginx", "njs"), id="nginx"),
        pytest.param(Varnish, marks=pytest.mark.needs("varnishd"), id="varnish"),
    ],
)
def test_hostile_values_stay_in_their_places(engine: type[Engine]) -> None:
    found = [one for one in _rules() if not _is_refused(engine, one)]
    assert len({one.place for one in found}) > 14
    router = Router()
    for one in found:
        router = one.router(router)
    rules = RuleSet(rules=router.rules)
    evaluator, running = Evaluator(rules), engine()
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), Path(folder) / "routes.py", rules, {"": "http://127.0.0.1:9"})
        try:
            netloc = urlsplit(running.start(site)).netloc
            for one in found:
                status, *rest = _response(netloc, one)
                wanted = _wanted(evaluator, one)
                # What the origin would respond, or a target that no origin gets.
                same = (
                    status in (400, 502) if wanted is None or wanted[0] == 400 else (status, *rest) == wanted
                )
                assert same, (one, (status, *rest), wanted)
        finally:
            running.stop()
