"""Two users over many connections: no answer that is one's own gets to the other."""

from __future__ import annotations

import asyncio
import random

import pytest

from edge.faults.site import Act, Site, Turn, ok, run_scenario, site
from edge.serving import Answer, Client, request
from prefetchrouter import Router

USERS = ("ann", "bob")
CONNECTIONS = 8
EACH = 40


def user(turn: Turn) -> str:
    """Return the visitor, by cookie or authorization."""
    said = " ".join(turn.header("cookie") + turn.header("authorization"))
    return next((name for name in USERS if name in said), "nobody")


def answering_each(*headers: str) -> Act:
    async def act(turn: Turn) -> None:
        name = user(turn)
        if random.random() < 0.3:
            await asyncio.sleep(random.random() * 0.003)
        await turn.write(ok(f"of {name}".encode(), *(header.format(name=name) for header in headers)))

    return act


async def ask_again_and_again(
    running: Site, name: str, target: str, header: str, dice: random.Random
) -> list[Answer]:
    client: Client = await running.client()
    answers = []
    for _ in range(EACH):
        if dice.random() < 0.1:
            client.writer.transport.abort()
            client = await running.client()
        query = dice.choice(("", "?a", "?edgio_dt_pf=1"))
        await client.send(request(target + query, header.format(name=name)))
        if dice.random() < 0.05:
            client.writer.transport.abort()
            client = await running.client()
            continue
        answers.append(await client.answer())
    return answers


@pytest.mark.parametrize(
    "target, header, answer_headers",
    [
        ("/account", "Cookie: user={name}", ["Cache-Control: private, max-age=600"]),
        ("/account", "Cookie: user={name}", ["Cache-Control: no-store"]),
        (
            "/account",
            "Cookie: user={name}",
            ["Cache-Control: max-age=60", 'Cache-Control: private="set-cookie"'],
        ),
        ("/account", "Cookie: user={name}", ["Set-Cookie: session={name}", "Cache-Control: max-age=60"]),
        ("/account", "Cookie: user={name}", ["Vary: *"]),
        ("/account", "Cookie: user={name}", ["Vary: Cookie", "Cache-Control: max-age=60"]),
        ("/account", "Authorization: Bearer {name}", ["Cache-Control: max-age=60"]),
        ("/account", "Authorization: Bearer {name}", ["Cache-Control: public, s-maxage=60"]),
        ("/account/x.css", "Cookie: user={name}", ["Cache-Control: private", "Content-Type: text/html"]),
        ("/account/x.css", "Cookie: user={name}", ["Cache-Control: no-cache, no-store, must-revalidate"]),
        ("/account%3Fx.css", "Cookie: user={name}", ["Cache-Control: private"]),
        ("/account;x.css", "Cookie: user={name}", ["Cache-Control: private"]),
    ],
)
def test_each_gets_what_is_their_own(target: str, header: str, answer_headers: list[str]) -> None:
    """Hundreds of requests in any order, while a rule says that everything is kept for an hour."""

    async def scenario() -> None:
        async with site() as running:
            running.origin.answers[target] = answering_each(*answer_headers)
            asking = [
                ask_again_and_again(running, name, target, header, random.Random(f"{name}{number}"))
                for number in range(CONNECTIONS)
                for name in USERS
            ]
            all_answers = await asyncio.gather(*asking)
            for number, answers in enumerate(all_answers):
                name = USERS[number % 2]
                assert {(answer.status, answer.body) for answer in answers} == {(200, f"of {name}".encode())}
                for answer in answers:
                    assert answer.header("set-cookie") in ([], [f"session={name}"])
            if "Vary: Cookie" not in answer_headers:
                assert len(running.cache) == 0

    run_scenario(scenario)


def test_requests_that_waited_for_a_private_response_fetch_their_own() -> None:
    """All of a crowd, at once and together."""

    async def scenario() -> None:
        async with site() as running:
            waits = asyncio.Event()

            async def act(turn: Turn) -> None:
                await waits.wait()
                await turn.write(ok(turn.header("cookie")[0].encode(), "Cache-Control: private"))

            running.origin.answers["/account"] = act
            asking = [
                asyncio.ensure_future(running.get("/account", f"Cookie: user={number}"))
                for number in range(100)
            ]
            await running.until(lambda: len(running.server._state.tasks) == 100)
            await running.until(lambda: len(running.origin.turns) == 1)
            waits.set()
            for number, answer in enumerate(await asyncio.gather(*asking)):
                assert answer.body == f"user={number}".encode()
            assert len(running.origin.turns) == 100

    run_scenario(scenario)


def test_what_becomes_private_ends_the_copy() -> None:
    """Neither its old nor its new form is given to others from then on."""

    async def scenario() -> None:
        rules = Router().match("/a", caching={"max_age": "1s", "stale_while_revalidate": "1h"})
        async with site(rules) as running:
            running.origin.answers["/a"] = ok(b"for all")
            await running.get("/a")
            running.age(60)
            running.origin.answers["/a"] = answering_each("Cache-Control: private")
            assert (await running.get("/a", "Cookie: user=ann")).body == b"for all"
            await running.idle()
            assert len(running.cache) == 0
            for name in USERS:
                assert (await running.get("/a", f"Cookie: user={name}")).body == f"of {name}".encode()

    run_scenario(scenario)


def test_users_that_a_rule_tells_apart_have_separate_copies() -> None:
    """By a cookie in the cache key, the words with which a rule allows it."""

    async def scenario() -> None:
        rules = Router().always(caching={"max_age": "1h", "cache_key": {"include_cookies": ["user"]}})
        async with site(rules) as running:
            running.origin.answers["/a"] = answering_each()
            for _ in range(3):
                for name in USERS:
                    assert (await running.get("/a", f"Cookie: user={name}")).body == f"of {name}".encode()
            assert len(running.origin.turns) == len(running.cache) == 2

    run_scenario(scenario)
