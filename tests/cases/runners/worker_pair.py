"""The worker's edge and the model side by side, on one clock set by hand; see `edge.pair`."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import machine
from edge.model.cache import ModelEdge
from edge.model.origin import FORWARDED, Origin
from edge.model.plain import Ask, NoAnswer, OriginCall
from edge.model.random_steps import START, Change, Step, Turn, Wait
from edge.model.rules import Rule
from edge.pair import COMPARED, Clock, Pair, Seen, compared_answer, expected_answer, rule_set, same
from edge.waiting import PATIENCE
from prefetchrouter.output.building import build
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets.worker import WorkerSettings, WorkerTarget

SCRIPT = Path(__file__).with_name("worker_edge.mjs")
ORIGINS = {"": "http://default.example", "api": "http://api.example"}
_END_OF_DATA = "\n};\n"


def worker_files(rules: RuleSet) -> dict[str, str]:
    """Return the files of the target by their names; worker.js has the whole runtime."""
    target = WorkerTarget(WorkerSettings(origins=ORIGINS, scheme="http", whole=True))
    files = build(rules, targets=[target]).files
    return {file.path.removeprefix("worker/"): file.text for file in files}


def data_of(rules: RuleSet) -> str:
    """Return the part of worker.js that is data."""
    return worker_files(rules)["worker.js"].partition(_END_OF_DATA)[0] + _END_OF_DATA


class WorkerProcess:
    """Node with the worker's runtime; rules come and go."""

    def __init__(self, folder: Path) -> None:
        self._module = folder / "worker.js"
        for name, text in worker_files(RuleSet(rules=())).items():
            (folder / name).write_text(text, encoding="utf-8")
        self._waiting: dict[tuple[str, int], asyncio.Future[Any]] = {}
        self._number = 0
        self.asked: Any = None
        """Called with each request to an origin; returns the answer."""

    async def __aenter__(self) -> WorkerProcess:
        self._process = await asyncio.create_subprocess_exec(
            machine.program("node"), str(SCRIPT), str(self._module),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())
        self._answering: set[asyncio.Task[None]] = set()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 5)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading
        for task in self._answering:
            task.cancel()

    def tell(self, command: str, **values: Any) -> None:
        """Send a command."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": command, **values}).encode() + b"\n")

    async def call(self, command: str, event: str, **values: Any) -> Any:
        """Send a command, and wait for what comes of it."""
        self._number += 1
        future = self._waiting[event, self._number] = asyncio.get_running_loop().create_future()
        self.tell(command, id=self._number, **values)
        return await asyncio.wait_for(future, PATIENCE)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            message = json.loads(line)
            if "ask" in message:
                task = asyncio.create_task(self._answer(message))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)
                continue
            event = "response" if "response" in message else "settled"
            self._waiting.pop((event, message[event])).set_result(message)
        for future in self._waiting.values():
            future.set_exception(ConnectionError("node has ended"))

    async def _answer(self, message: Any) -> None:
        self.tell("answer", ask=message["ask"], **await self.asked(message))


class WorkerPair(Pair):
    """The worker's edge in place of the embedded one."""

    def __init__(self, rules: Sequence[Rule], process: WorkerProcess) -> None:
        self.rules, self.process = rules, process
        self.clock, self.outcomes = Clock(), []
        self.origin, self.models = Origin(), Origin()
        self.model = ModelEdge(rules, self.models, self.clock)
        self.gate = asyncio.Event()
        process.asked = self._asked
        process.tell("rules", data=data_of(rule_set(rules)), origins=ORIGINS)

    async def follow(self, steps: Sequence[Step]) -> None:
        """Take all steps, and compare after each request; see `Pair.follow`."""
        for step in steps:
            if isinstance(step, Wait):
                self._wait(step)
            elif isinstance(step, Change):
                self.origin.pages[step.path] = self.models.pages[step.path] = step.page
            elif isinstance(step, Turn):
                self.origin.state = self.models.state = step.state
            elif isinstance(step, Ask):
                await self._requests(step, 1)
            else:
                await self._requests(step.ask, step.times)

    async def _requests(self, ask: Ask, times: int) -> None:
        self.origin.asked.clear()
        self.models.asked.clear()
        self.gate.clear()
        process = self.process
        process.tell("clock", now=self.clock.now)
        under_way = [asyncio.create_task(self._sent(ask)) for _ in range(times)]
        await asyncio.sleep(0)
        if times > 1:
            await process.call("settle", "settled")
        self.gate.set()
        found = await asyncio.gather(*under_way)
        await process.call("settle", "settled")
        await process.call("settle", "settled")
        told = self.model.handle_at_once(ask, times)
        at = f"{self.clock.now - START:g} s: {times} times {ask}"
        same("origin traffic", self.origin.asked, self.models.asked, at)
        for (seen, cache), expected in zip(
            sorted(found, key=lambda pair: pair[1] == "coalesced"), told, strict=True
        ):
            same("cache", cache, expected.cache, at)
            wanted = compared_answer(expected_answer(expected.answer), cache)
            same("answer", compared_answer(seen, cache), wanted, at)
            self.outcomes.append(f"{cache} {seen.status}")

    async def _sent(self, ask: Ask) -> tuple[Seen, str]:
        message = await self.process.call(
            "handle", "response",
            method=ask.method, target=ask.target, headers=[["host", ask.host], *map(list, ask.headers)],
            body=base64.b64encode(ask.body).decode() if ask.body else None,
        )  # fmt: skip
        if "error" in message:
            raise AssertionError(message["error"])
        headers: dict[str, str] = {}
        for name, text in message["headers"]:
            if name in COMPARED:
                headers[name] = f"{headers[name]}, {text}" if name in headers else text
        body = base64.b64decode(message["body"])
        seen = Seen(message["status"], headers, body, message["isBroken"])
        return seen, message["cache"].replace("pass", "miss")

    async def _asked(self, message: Any) -> dict[str, Any]:
        url = urlsplit(message["url"])
        name = next(name for name, address in ORIGINS.items() if address.endswith(f"//{url.netloc}"))
        fields = sorted((name, text) for name, text in message["headers"] if name in FORWARDED)
        target = f"{url.path}?{url.query}" if url.query else url.path
        call = OriginCall(
            name or None, message["method"], target, tuple(fields), base64.b64decode(message["body"])
        )
        await self.gate.wait()
        try:
            answer = self.origin.answer(self.clock(), call)
        except NoAnswer as failure:
            return {"failure": "slow" if failure.slow else "unreachable"}
        return {
            "status": answer.status,
            "headers": [list(pair) for pair in answer.headers],
            "body": base64.b64encode(answer.body).decode(),
            "isBroken": answer.broken,
        }
