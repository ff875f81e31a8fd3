"""No spelling of a page evades a rule: denied pages are not served, private ones not stored."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from starlette.applications import Starlette
from starlette.requests import Request as OriginCall
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from edge.faults.site import LIMITS, site
from edge.faults.site import run_scenario as play_served
from edge.harness import body_of, request, run_scenario
from edge.spellings import PAGES, page_of, plain, protecting, spelled
from prefetchrouter import Evaluator, Request, Router, RuleSet
from prefetchrouter.edge.clients.server import EdgeServer
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.origin_client import OriginRequest, OriginResponse
from prefetchrouter.edge.requests import Body
from prefetchrouter.http.message import HeaderFields

VISITORS = ("alice", "mallory", "bob")


class Merging:
    """An origin that answers with the page and the visitor whom it is for."""

    def __init__(self, *, is_java: bool) -> None:
        self.is_java = is_java
        self.targets: list[str] = []

    async def fetch(self, name: str | None, asked: OriginRequest) -> OriginResponse:
        self.targets.append(asked.target)
        page = page_of(asked.target, is_java=self.is_java)
        visitor = asked.headers.get("cookie", "")
        return OriginResponse(200, HeaderFields(), _body(f"{page}\n{visitor}".encode()))


async def _body(content: bytes) -> Body:
    yield content


def check(evaluator: Evaluator, visitor: str, status: int, body: bytes) -> str:
    """Check one response; return what became of the request."""
    if status != 200:
        assert status in (400, 403)
        return str(status)
    page, _, owner = body.decode().partition("\n")
    decision = evaluator.evaluate(Request(plain(page)))
    assert not decision.denied, f"{page} is denied, and was served"
    if decision.setting("caching.bypass_cache"):
        assert owner == visitor, f"{page} is private, and {visitor} got that of {owner}"
        return "private"
    return "public"


@pytest.mark.parametrize("is_java", [False, True])
def test_no_spelling_evades_a_rule_in_front_of_an_origin_that_merges_all(is_java: bool) -> None:
    """Random rules, and random spellings of their pages, each asked for by three visitors."""
    seen: Counter[str] = Counter()

    async def scenario() -> None:
        for seed in range(120):
            random = Random(seed)
            rules = RuleSet(rules=protecting(random).rules)
            evaluator, origin = Evaluator(rules), Merging(is_java=is_java)
            edge = Edge(rules, origin)
            for _ in range(12):
                target = spelled(random.choice(PAGES), random)
                for visitor in VISITORS:
                    response, _ = await edge.handle(request(target, cookie=visitor))
                    seen[check(evaluator, visitor, response.status, await body_of(response))] += 1
                    await edge.idle()

    run_scenario(scenario)
    assert min(seen[kind] for kind in ("400", "403", "private", "public")) > 50, seen


def test_no_spelling_evades_a_rule_in_front_of_starlette() -> None:
    """Over real connections, with the decoding of a real framework."""

    async def page(asked: OriginCall) -> PlainTextResponse:
        return PlainTextResponse(f"{asked.scope['path']}\n{asked.headers.get('cookie')}")

    app = Starlette(routes=[Route("/{rest:path}", page)])
    seen: Counter[str] = Counter()

    async def scenario() -> None:
        server = EdgeServer(app, limits=LIMITS)
        await server.start()
        for seed in range(16):
            random = Random(seed)
            router: Router = protecting(random)
            evaluator = Evaluator(router)
            async with site(router, origin_url=f"http://127.0.0.1:{server.port}") as running:
                for _ in range(15):
                    target = spelled(random.choice(PAGES), random)
                    for visitor in VISITORS:
                        got = await running.get(target, f"Cookie: {visitor}")
                        seen[check(evaluator, visitor, got.status, got.body)] += 1
        await server.stop()

    play_served(scenario)
    assert min(seen[kind] for kind in ("400", "403", "private", "public")) > 5, seen


NAMES = ("id", "i d", "ids[]", "utm", "Id", "a.b", "caf\u00e9")
PARTS = (
    "id", "i%64", "%69%64", "i+d", "i%20d", "ids[]", "ids%5B%5d", "ids[%5D", "utm", "%75tm", "Id", "ID",
    "a.b", "a%2eb", "a%2Eb", "caf%C3%A9", "caf%c3%a9", "id[]", "%69d[0]", "x;id", "utm;id", "edgio_x",
    "edgio%5fx",
)  # fmt: skip


@pytest.mark.parametrize("feature", ["include_query_params", "include_all_query_params_except"])
@pytest.mark.parametrize("separators", ["&", "&;"])
def test_no_spelling_of_a_parameter_shares_a_copy_with_another_value(feature: str, separators: str) -> None:
    """The origin decodes; whoever gets a copy gets what the parameters that count make of it."""
    hits = 0

    def read(query: str, names: set[str]) -> list[tuple[str, str]]:
        pieces = query.replace(";", "&").split("&") if ";" in separators else query.split("&")
        pairs = [pair for piece in pieces for pair in parse_qsl(piece, keep_blank_values=True, separator="&")]
        if feature == "include_query_params":
            return [pair for pair in pairs if pair[0] in names]
        return [pair for pair in pairs if pair[0] not in names and not pair[0].startswith("edgio_")]

    async def scenario() -> None:
        nonlocal hits
        for seed in range(60):
            random = Random(seed)
            names = random.sample(NAMES, 2)
            spelt = [quote(name) if random.random() < 0.3 else name for name in names]
            key: Any = {"max_age": "1h", "cache_key": {feature: spelt}}
            origin = Merging(is_java=False)
            edge = Edge(RuleSet(rules=Router().always(caching=key).rules), origin)
            for _ in range(40):
                parts = random.choices(PARTS, k=random.randint(0, 3))
                query = "&".join(f"{part}={random.choice('12')}" for part in parts)
                response, trace = await edge.handle(request(f"/p?{query}", cookie=query))
                stored = (await body_of(response)).decode().partition("\n")[2]
                assert read(stored, set(names)) == read(query, set(names)), (names, stored, query)
                hits += trace.cache == "hit" and stored != query
                await edge.idle()

    run_scenario(scenario)
    assert hits > 20
