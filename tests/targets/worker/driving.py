"""Drives the runtime of the target ``worker`` in Node, on a clock set by hand, with origins in Python."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

import machine
from prefetchrouter.browser_view import filter_rules
from prefetchrouter.lowering import lower
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets import Job
from prefetchrouter.targets.worker import WorkerSettings, WorkerTarget
from prefetchrouter.targets.worker.worker_data import origins_data, rules_data, site_data
from prefetchrouter.targets.worker.worker_files import files_of, runtime_data

Message: TypeAlias = dict[str, Any]
Origin: TypeAlias = Callable[[Message], Awaitable[Message]]

DRIVER = Path(__file__).with_name("driver.mjs")


def data_of(rules: RuleSet, settings: WorkerSettings) -> Message:
    """Return rules as the runtime reads them."""
    job = Job(WorkerTarget(settings), rules, tuple(filter_rules(rules.rules)))
    site = site_data(rules.property, settings)
    return runtime_data(rules_data(lower(rules)), site, origins_data(job, settings), {})


def write_worker(folder: Path) -> Path:
    """Write a worker.js without rules, for its whole runtime, and return its path."""
    settings = WorkerSettings(whole=True)
    for file in files_of(rules_data(lower(RuleSet(rules=()))), site_data(None, settings), {}, {}, settings):
        (folder / file.path.removeprefix("worker/")).write_text(file.text)
    return folder / "worker.js"


class Driver:
    """One process of Node; `edge` begins anew with other rules.

    Args:
        worker: The path of worker.js.
        origin: Answers what origins are asked.
    """

    def __init__(self, worker: Path, origin: Origin) -> None:
        self._worker, self._origin = worker, origin
        self._number = 0
        self._waiting: dict[tuple[str, int], asyncio.Future[Message]] = {}
        self._answering: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Driver:
        self._process = await asyncio.create_subprocess_exec(
            machine.program("node"), str(DRIVER), self._worker.as_uri(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=2**24,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

    def edge(self, rules: RuleSet, settings: WorkerSettings) -> None:
        """Begin with other rules and nothing stored."""
        self._say({"kind": "edge", "data": data_of(rules, settings)})

    def time(self, now: float) -> None:
        """Set the clock."""
        self._say({"kind": "time", "now": now})

    async def request(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes = b""
    ) -> Message:
        """Send a request, and return the response."""
        encoded = base64.b64encode(body).decode()
        found = await self._call(
            "response",
            {
                "kind": "request",
                "method": method,
                "target": target,
                "headers": list(headers),
                "body": encoded,
            },
        )
        return {**found, "body": base64.b64decode(found["body"])}

    async def settled(self) -> None:
        """Return when nothing moves but what waits for an origin."""
        await self._call("settled", {"kind": "settle"})

    async def idle(self) -> None:
        """Return when nothing is in flight any more."""
        await self._call("idle", {"kind": "idle"})

    async def _call(self, kind: str, message: Message) -> Message:
        self._number += 1
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[kind, self._number] = future
        self._say({**message, "id": self._number})
        return await future

    def _say(self, message: Message) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            message = json.loads(line)
            if message["kind"] == "ask":
                task = asyncio.create_task(self._answer(message))
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)
            elif message["kind"] == "error":
                self._fail(message["text"])
            else:
                self._waiting.pop((message["kind"], message["id"])).set_result(message)
        self._fail("the process ended")

    async def _answer(self, asked: Message) -> None:
        found = await self._origin({**asked, "body": base64.b64decode(asked["body"])})
        if "body" in found:
            found = {"kind": "answer", **found, "body": base64.b64encode(found["body"]).decode()}
        self._say({**found, "id": asked["id"]})

    def _fail(self, text: str) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(AssertionError(text))
        self._waiting.clear()
