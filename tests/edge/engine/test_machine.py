"""The state machine as a table of its transitions, the same that `docs/edge-rules.md` draws."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

import pytest

from edge.harness import Answer, Harness, request, run_scenario
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.cache import StoredResponse
from prefetchrouter.edge.engine import edge, machine
from prefetchrouter.edge.engine.coalescing import Coalescer
from prefetchrouter.edge.engine.deliver import deliver
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.engine.machine import FetchPast, Hash, Lookup, Miss, Pass
from prefetchrouter.edge.engine.plan import Planner, RequestPlan
from prefetchrouter.edge.origin_client import OriginError, OriginRequest
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.storage import StoragePolicy

PAGE = Path(__file__).parents[3] / "docs" / "edge-rules.md"

POSTS = {"max_age": "1h", "enable_caching_for_methods": ["POST"]}
RULES = (
    Router()
    .match("/a", caching={"max_age": "10s", "stale_while_revalidate": "20s", "stale_on_error": True})
    .match("/form", caching=POSTS)  # type: ignore[arg-type]
    .match("/past", caching={"bypass_cache": True})
    .match("/no", access={"deny_access": True})
)
PLANNER = Planner(RuleSet(rules=RULES.rules))
KEY = ("shop.example/a",)
RECEIVED = 1000.0


def plan(target: str = "/a", method: str = "GET", body: bytes | None = None, **headers: str) -> RequestPlan:
    return PLANNER.plan(request(target, method, body, **headers))


def stored() -> StoredResponse:
    """Return a response that is fresh for 10 s, may be stale for 20, and for 60 if the origin fails."""
    policy = StoragePolicy(10.0, 20.0, 60.0, "rule")
    return StoredResponse(
        KEY, (), Response(200, HeaderFields()), HeaderFields(), b"old", policy, RECEIVED, 0.0
    )


def receive(of: RequestPlan) -> object:
    return machine.receive(of, PLANNER)


def hash_body(*, is_complete: bool) -> object:
    return machine.hash_body(plan("/form", "POST"), b"x=1", is_complete=is_complete)


def look_up(age: float | None) -> object:
    found = None if age is None else stored()
    return machine.look_up(plan(), Lookup(KEY), found, RECEIVED + (age or 0), has_variants=False)


def miss(of: RequestPlan, *, is_down: bool = False) -> object:
    missed = Miss(Lookup(KEY), "stale", stored())
    return machine.miss(
        of, missed, RECEIVED + 40, is_origin_down=lambda _: is_down, why_not_stored=lambda: "expired"
    )


def pass_by(of: RequestPlan) -> object:
    return machine.pass_by(of, Pass("bypass_cache", None))


class Case(NamedTuple):
    """A transition: from one state to another, and what takes it."""

    start: str
    end: str
    take: Callable[[], object]


ONLY_IF_CACHED = "only-if-cached"
PREFETCH = "edgio_prefetch=1"

REQUESTS = [
    Case("receive", "Restart", lambda: receive(plan("/form?pref_edgio_method=post&pref_edgio_body=1"))),
    Case("receive", "Synth", lambda: receive(plan("/no"))),
    Case("receive", "Synth", lambda: receive(plan("/no?pref_edgio_method=post&pref_edgio_body=1"))),
    Case("receive", "Invalid", lambda: receive(plan("/a%2Fb"))),
    Case("receive", "Pass", lambda: receive(plan("/past"))),
    Case("receive", "Pass", lambda: receive(plan(method="DELETE"))),
    Case("receive", "Pass", lambda: receive(plan(method="POST"))),
    Case("receive", "Pass", lambda: receive(plan(body=b"a GET with a body"))),
    Case("receive", "Pass", lambda: receive(plan(authorization="Basic eDp5"))),
    Case("receive", "Pass", lambda: receive(plan(if_match='"1"'))),
    Case("receive", "Hash", lambda: receive(plan("/form", "POST", b"x=1"))),
    Case("receive", "Lookup", lambda: receive(plan())),
    Case("receive", "Lookup", lambda: receive(plan(method="HEAD"))),
    Case("receive", "Lookup", lambda: receive(plan(f"/a?{PREFETCH}"))),
    Case("Hash", "Lookup", lambda: hash_body(is_complete=True)),
    Case("Hash", "Pass", lambda: hash_body(is_complete=False)),
    Case("Lookup", "Miss", lambda: look_up(None)),
    Case("Lookup", "Hit", lambda: look_up(9.9)),
    Case("Lookup", "StaleHit", lambda: look_up(10)),
    Case("Lookup", "Miss", lambda: look_up(30)),
    Case("Miss", "Refused", lambda: miss(plan(f"/a?{PREFETCH}"))),
    Case("Miss", "Refused", lambda: miss(plan(f"/a?{PREFETCH}", cache_control=ONLY_IF_CACHED))),
    Case("Miss", "Refused", lambda: miss(plan(f"/a?{PREFETCH}"), is_down=True)),
    Case("Miss", "NotCached", lambda: miss(plan(cache_control=ONLY_IF_CACHED))),
    Case("Miss", "StaleIfError", lambda: miss(plan(), is_down=True)),
    Case("Miss", "StaleIfError", lambda: miss(plan(method="HEAD"), is_down=True)),
    Case("Miss", "FetchPast", lambda: miss(plan(method="HEAD"))),
    Case("Miss", "Fetch", lambda: miss(plan())),
    Case("Pass", "Refused", lambda: pass_by(plan(f"/a?{PREFETCH}"))),
    Case("Pass", "NotCached", lambda: pass_by(plan(cache_control=ONLY_IF_CACHED))),
    Case("Pass", "FetchPast", lambda: pass_by(plan())),
]
"""The transitions that need no origin."""


def revalidates(asked: OriginRequest) -> Answer:
    return Answer(304, {"etag": '"1"'}, ())


UNREACHABLE = Answer(error=OriginError("unreachable", "no connection"))
FETCHES: list[tuple[str, str, Answer | Callable[[OriginRequest], Answer], str, float]] = [
    ("Fetch", "Streamed", Answer(), "GET", 40),
    ("Fetch", "Revalidated", revalidates, "GET", 40),
    ("Fetch", "Uncacheable", Answer(headers={"cache-control": "private"}), "GET", 40),
    ("Fetch", "StaleIfError", Answer(503), "GET", 40),
    ("Fetch", "StaleIfError", UNREACHABLE, "GET", 40),
    ("Fetch", "Uncacheable", Answer(503), "GET", 400),
    ("Fetch", "Failed", UNREACHABLE, "GET", 400),
    ("FetchPast", "Uncacheable", Answer(), "HEAD", 40),
    ("FetchPast", "StaleIfError", Answer(503), "HEAD", 40),
    ("FetchPast", "StaleIfError", UNREACHABLE, "HEAD", 40),
    ("FetchPast", "Uncacheable", Answer(503), "HEAD", 400),
    ("FetchPast", "Failed", UNREACHABLE, "HEAD", 400),
]
"""Those of a fetch: what the origin does, the method, and the age of the stored response in seconds."""


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: f"{case.start}-{case.end}")
def test_a_request_takes_each_transition(case: Case) -> None:
    assert type(case.take()).__name__ == case.end


@pytest.mark.parametrize(("start", "end", "answer", "method", "age"), FETCHES)
def test_a_fetch_takes_each_transition(
    start: str,
    end: str,
    answer: Answer | Callable[[OriginRequest], Answer],
    method: str,
    age: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    async def noting(of: RequestPlan, trace: Any, state: machine.Final, now: float) -> Any:
        seen.append(type(state).__name__)
        return await deliver(of, trace, state, now)

    async def scenario() -> None:
        harness = Harness(RULES)
        harness.answers("/a", etag='"1"')
        await harness.get("/a")
        harness.now += age
        harness.origin.answers["/a"] = answer
        monkeypatch.setattr(edge, "deliver", noting)
        await harness.ask("/a", method)
        await harness.edge.idle()

    run_scenario(scenario)
    assert seen == [end]


def test_a_refresh_before_the_end_is_part_of_a_hit() -> None:
    rules = Router().match("/a", caching={"max_age": "10s", "prevalidate_cached_content": "3s"})
    of = Planner(RuleSet(rules=rules.rules)).plan(request("/a"))
    for age, is_ending in ((7, False), (7.1, True)):
        state = machine.look_up(of, Lookup(KEY), stored(), RECEIVED + age, has_variants=False)
        assert (type(state).__name__, getattr(state, "is_ending", None)) == ("Hit", is_ending)


def drawn() -> set[tuple[str, str]]:
    """Return the transitions of the picture in `docs/edge-rules.md`."""
    picture = PAGE.read_text("utf-8").partition("## The states of a request")[2].partition("\n## ")[0]
    found, start = set(), ""
    for name, end in re.findall(r"(?m)^ {4}(\w*) +──> (\w+)", picture):
        start = name or start
        found.add((start, end))
    return found


def typed() -> set[tuple[str, str]]:
    """Return the transitions that the types of the functions allow."""
    functions = {
        "receive": machine.receive, "Hash": machine.hash_body, "Lookup": machine.look_up,
        "Miss": machine.miss, "Pass": machine.pass_by, "Fetch": Coalescer.fetch,
        "FetchPast": Edge._fetch_past,
    }  # fmt: skip
    names = {**vars(edge), **vars(machine), "BufferReader": object}
    return {
        (start, end.__name__)
        for start, function in functions.items()
        for end in get_args(get_type_hints(function, names)["return"])
    }


def test_code_picture_and_these_tests_have_the_same_transitions() -> None:
    tested = {(case.start, case.end) for case in REQUESTS} | {(start, end) for start, end, *_ in FETCHES}
    assert drawn() == tested
    assert typed() == tested


def test_the_picture_marks_the_final_states() -> None:
    marked = set(re.findall(r"(?m)──> (\w+) ■", PAGE.read_text("utf-8")))
    assert marked == {state.__name__ for state in get_args(machine.Final)}
    assert not marked & {state.__name__ for state in (FetchPast, Hash, Lookup, Miss, Pass)}
