"""A real engine and the model side by side, without time: random rules, requests and failures at one moment.

    PYTHONPATH=tests .venv/bin/python -m cases.runners.socket_pair varnish --count 100 --seed 1

What passes time is left out, and what the engine's support table lists as different: rules that it refuses or
serves nearly, and requests and pages with the headers that belong to such a rule of edge behaviour.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from cases.runners.case import Send
from cases.runners.client import exchange, request_bytes
from cases.runners.comparing import Response, joined
from cases.runners.engine import Engine, NotStarted, Site
from edge.model.cache import ModelEdge
from edge.model.origin import FORWARDED, Origin
from edge.model.plain import Ask, NoAnswer, OriginCall
from edge.model.random_rules import rule_lists
from edge.model.random_steps import Change, Crowd, Step, Turn, sequences
from edge.model.rules import Rule
from edge.origins.raw_origin import RawOrigin, raw_origin, read_request
from edge.pair import COMPARED, Clock, Different, Seen, compared_answer, expected_answer, rule_set, same
from prefetchrouter.edge.running.preparing import wanted_origins
from prefetchrouter.errors import PrefetchRouterError

NAMES = "", "api"
TIMED = frozenset({"age", "date", "expires"})
QUIET = 0.25
LONGEST = 4.0
"""The shortest lifetime of random rules is 5 s: a sequence that takes longer is left where it is."""

OF_REQUESTS = {
    "E24": {"range", "if-range", "if-none-match", "if-modified-since"},
    "E13": {"accept-language"},
    "E22": {"cache-control"},
    "E32": {"sec-purpose"},
}
SAFE = "GET", "HEAD", "OPTIONS", "TRACE"
OF_PAGES = {
    "E34": {"cdn-cache-control"},
    "E12": {"pragma"},
    "E14": {"age"},
    "E13": {"vary"},
    "E35": {"expires"},
}
"""The headers of requests and pages that belong to a rule of edge behaviour."""


def is_served(engine: type[Engine], rules: Sequence[Rule]) -> bool:
    """Return whether an engine serves all features of rules as they are meant."""
    names = [
        f"{section}.{name}"
        for rule in rules
        for section, values in rule.features.items()
        for name in (values if isinstance(values, dict) else ())
    ]
    return all(engine.support.of("feature", name).level == "full" for name in names)


def timeless(engine: type[Engine], steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the steps that need no time, and what the engine does as it is meant."""

    def differs(rule: str) -> bool:
        return engine.support.of("edge rule", rule).level != "full"

    requests = frozenset().union(*(names for rule, names in OF_REQUESTS.items() if differs(rule)))
    pages = frozenset().union(*(names for rule, names in OF_PAGES.items() if differs(rule)))
    for step in steps:
        if isinstance(step, Change):
            kept = tuple(pair for pair in step.page.headers if pair[0] not in pages)
            page = replace(step.page, headers=kept)
            if differs("E16") and not (engine.validates_bodies and page.body):
                page = replace(page, etag=None, modified=None)
            yield replace(step, page=page)
        elif isinstance(step, Turn):
            if step.state not in ("slow", "breaking"):
                yield step
        elif isinstance(step, Ask | Crowd):
            ask = step if isinstance(step, Ask) else step.ask
            ask = replace(ask, headers=tuple(pair for pair in ask.headers if pair[0] not in requests))
            yield ask if isinstance(step, Ask) or differs("E19") else replace(step, ask=ask)


class SocketPair:
    """An engine on a socket and the model, each with its own origin."""

    def __init__(
        self, rules: Sequence[Rule], url: str, origin: Origin, gate: asyncio.Event, *, settles: bool = False
    ) -> None:
        self.settles = settles  # whether it removes stored responses some time after the response of a write
        self.url, self.origin, self.gate = url, origin, gate
        self.clock = Clock(float(int(time.time())))
        self.models = Origin()
        self.model = ModelEdge(rules, self.models, self.clock)
        self.outcomes: list[str] = []

    async def follow(self, steps: Sequence[Step]) -> None:
        """Take all steps, and compare after each request; raise `Different` at the first difference."""
        began = time.monotonic()
        for step in steps:
            if time.monotonic() - began > LONGEST:
                return
            if isinstance(step, Change):
                self.origin.pages[step.path] = self.models.pages[step.path] = step.page
            elif isinstance(step, Turn):
                self.origin.state = self.models.state = step.state
            elif isinstance(step, Ask):
                await self._requests(step, 1)
            elif isinstance(step, Crowd):
                await self._requests(step.ask, step.times)

    async def _requests(self, ask: Ask, times: int) -> None:
        self.origin.asked.clear()
        self.models.asked.clear()
        if times > 1:
            self.gate.clear()
        under_way = [asyncio.create_task(self._sent(ask)) for _ in range(times)]
        await asyncio.sleep(QUIET if times > 1 else 0)
        self.gate.set()
        found = await asyncio.gather(*under_way)
        told = self.model.handle_at_once(ask, times)
        is_write = self.settles and ask.method not in SAFE
        if is_write or (any(one.cache in ("stale", "hit") for one in told) and self.models.asked):
            await asyncio.sleep(QUIET)
        at = f"{times} times {ask}"
        self._same_traffic(at)
        wanted = [compared_answer(_on_the_wire(expected_answer(one.answer)), one.cache) for one in told]
        caches = [one.cache for one in told]
        answers = [compared_answer(seen, cache) for seen, cache in zip(found, caches, strict=True)]
        same("answers", sorted(map(repr, answers)), sorted(map(repr, wanted)), at)
        self.outcomes += [f"{one.cache} {one.answer.status}" for one in told]

    def _same_traffic(self, at: str) -> None:
        came, wanted = (sorted(map(repr, one.asked)) for one in (self.origin, self.models))
        if self.origin.state == "unreachable":  # a dropped connection may be tried again (E37)
            came, wanted = sorted(set(came)), sorted(set(wanted))
        same("origin traffic", came, wanted, at)

    async def _sent(self, ask: Ask) -> Seen:
        send = Send(0, ask.method, ask.target, (("host", ask.host), *ask.headers), ask.body)
        response: Response = await exchange(self.url, request_bytes(send, "", 0), ask.method)
        headers = {name: text for name, text in joined(response.headers).items() if name in COMPARED}
        if "set-cookie" in headers:
            headers["set-cookie"] = headers["set-cookie"].replace(" && ", ", ")
        return _on_the_wire(Seen(response.status, headers, response.body, response.is_cut))


def _on_the_wire(seen: Seen) -> Seen:
    kept = {name: text for name, text in sorted(seen.headers.items()) if name not in TIMED}
    return replace(seen, headers=kept, body=b"" if seen.status in (204, 304) else seen.body)


async def compare(engine: type[Engine], rules: Sequence[Rule], steps: Sequence[Step]) -> list[str]:
    """Run a sequence on an engine and on the model, and return the outcomes.

    Raises:
        Different: They do not do the same.
        NotStarted: The engine does not serve these rules.
    """
    origin, gate = Origin(), asyncio.Event()
    gate.set()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {}
        for name in NAMES:

            async def script(
                reader: asyncio.StreamReader, writer: asyncio.StreamWriter, raw: RawOrigin, name: str = name
            ) -> None:
                await _serve(name, reader, writer, raw, origin, gate)

            urls[name] = (await stack.enter_async_context(raw_origin(script))).url
        running = engine()
        try:
            loaded = rule_set(rules)
            wanted = {name or "" for name in wanted_origins(loaded)}
            urls = {name: url for name, url in urls.items() if name in wanted}
            site = Site(folder, folder / "routes.py", loaded, urls)
            url = await asyncio.to_thread(running.start, site)
            settles = engine.support.of("edge rule", "E21").level != "full"
            pair = SocketPair(rules, url, origin, gate, settles=settles)
            await pair.follow(steps)
            return pair.outcomes
        finally:
            await asyncio.to_thread(running.stop)


async def _serve(
    name: str,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    raw: RawOrigin,
    origin: Origin,
    gate: asyncio.Event,
) -> None:
    while True:
        await read_request(reader, raw)
        method, target, _ = raw.heads[-1].decode("latin-1").split(" ", 2)
        lines = raw.heads[-1].decode("latin-1").split("\r\n")[1:-2]
        pairs = [(own.lower(), text.strip()) for own, _, text in (line.partition(":") for line in lines)]
        fields = tuple(sorted(pair for pair in pairs if pair[0] in FORWARDED))
        await gate.wait()
        try:
            answer = origin.answer(
                time.time(), OriginCall(name or None, method, target, fields, raw.bodies[-1])
            )
        except NoAnswer:
            return
        headers = [*answer.headers]
        if answer.status not in (204, 304):
            headers.append(("content-length", str(len(answer.body))))
        head = "".join(f"{own}: {text}\r\n" for own, text in headers)
        writer.write(f"HTTP/1.1 {answer.status} OK\r\n{head}\r\n".encode() + answer.body)
        await writer.drain()


def drawn(count: int, number: int) -> list[tuple[list[Rule], list[Step]]]:
    """Return random rules with random steps, the same for the same number."""
    found: list[tuple[list[Rule], list[Step]]] = []

    @settings(
        max_examples=count, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @seed(number)
    @given(rule_lists(), sequences())
    def collect(rules: list[Rule], steps: list[Step]) -> None:
        found.append((rules, steps))

    collect()
    return found


async def compare_many(engine: type[Engine], count: int, number: int) -> tuple[Counter[str], list[str]]:
    """Compare that many sequences, some at once; return the outcomes and the differences."""
    room, outcomes, differences = asyncio.Semaphore(4), Counter[str](), list[str]()

    async def one(rules: list[Rule], steps: list[Step]) -> None:
        if not is_served(engine, rules):
            outcomes["not served"] += 1
            return
        async with room:
            try:
                outcomes.update(await compare(engine, rules, list(timeless(engine, steps))))
            except (NotStarted, PrefetchRouterError) as error:
                outcomes[f"not started: {str(error)[:80]}"] += 1
            except (Different, OSError) as error:
                differences.append(f"{error}\nrules: {rules}\nsteps: {steps}")

    await asyncio.gather(*(one(rules, steps) for rules, steps in drawn(count, number)))
    return outcomes, differences


def main(arguments: Sequence[str]) -> int:
    """Compare engines with the model; 1 if they differ."""
    from cases.runners.registry import ENGINES

    parser = argparse.ArgumentParser(prog="python -m cases.runners.socket_pair")
    parser.add_argument("engine", choices=[engine.name for engine in ENGINES])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    engine = next(engine for engine in ENGINES if engine.name == options.engine)
    outcomes, differences = asyncio.run(compare_many(engine, options.count, options.seed))
    print(*(f"{count:6} {outcome}" for outcome, count in outcomes.most_common()), sep="\n")
    print(f"{len(differences)} of {options.count} sequences differ", *differences, sep="\n\n")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
