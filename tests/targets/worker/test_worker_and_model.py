"""The runtime beside the model of the edge: random rules and requests, equal responses and origin traffic."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import event, given

from edge.model.origin import FORWARDED
from edge.model.plain import Ask, NoAnswer, OriginCall
from edge.model.random_rules import rule_lists
from edge.model.random_steps import Step, sequences
from edge.model.rules import Rule
from edge.pair import COMPARED, Clock, Pair, Seen, rule_set
from prefetchrouter.targets.worker import WorkerSettings
from targets.worker.driving import Driver, Message, write_worker

pytestmark = pytest.mark.needs("worker")

SETTINGS = WorkerSettings(
    origins={"": "http://default", "api": "http://api"}, scheme="http", cache_status="off"
)


class WorkerPair(Pair):
    """The runtime in Node and the model."""

    def __init__(self, rules: Sequence[Rule], worker: Path) -> None:
        self._worker = worker
        self.gate = asyncio.Event()
        super().__init__(rules, Clock())

    def __post_init__(self) -> None:
        super().__post_init__()
        self.driver = Driver(self._worker, self._origin_answers)

    async def follow(self, steps: Sequence[Step]) -> None:
        async with self.driver:
            self.driver.edge(rule_set(self.rules), SETTINGS)
            await super().follow(steps)

    async def _origin_answers(self, asked: Message) -> Message:
        fields = sorted((name, text) for name, text in asked["headers"] if name in FORWARDED)
        name = None if asked["origin"] == "default" else asked["origin"]
        call = OriginCall(name, asked["method"], asked["target"], tuple(fields), asked["body"])
        await self.wire.gate.wait()
        try:
            answer = self.origin.answer(self.clock(), call)
        except NoAnswer as failure:
            return {"kind": "failure", "slow": failure.slow}
        headers = list(answer.headers)
        return {"status": answer.status, "headers": headers, "body": answer.body, "broken": answer.broken}

    async def _begun(self) -> None:
        await self.driver.settled()

    async def _over(self) -> None:
        await self.driver.idle()

    async def _request(self, ask: Ask) -> tuple[Seen, str]:
        self.driver.time(self.clock.now)
        target = f"{ask.path}?{ask.query}" if ask.query else ask.path
        found = await self.driver.request(ask.method, target, [("host", ask.host), *ask.headers], ask.body)
        headers: dict[str, str] = {}
        for name, text in found["headers"]:
            headers[name] = f"{headers[name]}, {text}" if name in headers else text
        named = {name: headers[name] for name in COMPARED if name in headers}
        is_head = ask.method == "HEAD"
        body, broken = found["body"], found["broken"]
        seen = Seen(found["status"], named, b"" if is_head else body, broken and not is_head)
        return seen, found["cache"].replace("pass", "miss")


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_worker(tmp_path_factory.mktemp("worker"))


@given(rules=rule_lists(), steps=sequences())
def test_the_worker_does_what_the_model_does(worker: Path, rules: list[Rule], steps: list[Step]) -> None:
    pair = WorkerPair(rules, worker)
    asyncio.run(pair.follow(steps))
    for outcome in set(pair.outcomes):
        event(outcome)
