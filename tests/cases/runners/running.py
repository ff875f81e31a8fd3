"""Runs cases on an engine, several at once, and says which differences its support table lists."""

from __future__ import annotations

import asyncio
import re
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from cases.runners.case import Case
from cases.runners.differences import excuse, is_sometimes_equal
from cases.runners.embedded import EmbeddedInProcess
from cases.runners.engine import Engine, NotStarted, Site
from cases.runners.in_process import InProcess
from cases.runners.origin import OriginServers, Script, origin_servers, ports
from cases.runners.playing import Session, play
from cases.runners.sockets import SocketSession
from prefetchrouter.authoring.loader import load
from prefetchrouter.errors import PrefetchRouterError
from prefetchrouter.rules.rule_set import RuleSet

_PORT = re.compile(r"\bPORT_([A-Z]+)\b")
_loading = threading.Lock()
START = 1_800_000_000.0
ANSWER_SECONDS = 3
"""How long engines wait for an origin that never answers."""


@dataclass(frozen=True)
class Result:
    """What became of a case on an engine.

    Args:
        problems: Where it differs.
        excuse: The entry of the support table that allows it to differ, as ``"E14: approximate: why"``.
        is_stale: Whether it is listed as different, and is equal.
    """

    problems: tuple[str, ...]
    excuse: str | None = None
    is_stale: bool = False


def groups(cases: Sequence[Case]) -> list[list[Case]]:
    """Return cases by their routes: one engine serves those of a group, one after the other."""
    found: dict[tuple[str, object], list[Case]] = {}
    for case in cases:
        own = case.path if case.needs_its_own_host else None
        found.setdefault((case.routes, own), []).append(case)
    return list(found.values())


def run_cases(engine: type[Engine], cases: Sequence[Case]) -> dict[Path, Result]:
    """Run cases on an engine, and return what became of each by its file."""

    async def all_of_them() -> dict[Path, Result]:
        room = asyncio.Semaphore(engine.at_once)
        found: dict[Path, Result] = {}

        async def one(group: Sequence[Case]) -> None:
            async with room:
                for case, problems in zip(group, await _run_group(engine, group), strict=True):
                    own = excuse(engine.name, case, engine.support)
                    is_stale = not problems and own is not None and not is_sometimes_equal(engine.name, case)
                    found[case.path] = Result(tuple(problems), own, is_stale)

        await asyncio.gather(*map(one, groups(cases)))
        return found

    return asyncio.run(all_of_them())


async def _run_group(kind: type[Engine], group: Sequence[Case]) -> list[list[str]]:
    """Run cases that share their routes on one engine; problems of the start are those of each case."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        text = group[0].routes
        named = _PORT.findall(text)
        names = [*(name for case in group for name in case.origins), *map(str.lower, named)]
        servers = await stack.enter_async_context(origin_servers(names))
        numbers = ports(servers.urls)
        text = _PORT.sub(lambda found: numbers[found[1].lower()], text)
        routes = folder / "routes.py"
        routes.write_text(text, encoding="utf-8")
        servers.is_of_one_case = len(group) == 1
        engine = kind()
        try:
            rules = await asyncio.to_thread(_load, routes)
            seconds = ANSWER_SECONDS if any(case.has_silent_origin for case in group) else None
            site = Site(folder, routes, rules, {} if named else servers.urls, seconds)
            try:
                url = await asyncio.to_thread(engine.start, site)
            except (NotStarted, PrefetchRouterError) as error:
                return [[f"not started: {error}"] for _ in group]
            room = asyncio.Semaphore(engine.cases_at_once)

            async def one(number: int, case: Case) -> list[str]:
                async with room:
                    return await _run_one(engine, case, rules, url, servers, number)

            return await asyncio.gather(*(one(number, case) for number, case in enumerate(group)))
        except PrefetchRouterError as error:
            return [[f"the routes cannot be loaded: {error}"] for _ in group]
        finally:
            await asyncio.to_thread(engine.stop)


def _load(routes: Path) -> RuleSet:
    with _loading:
        return load(routes).rule_set


async def _run_one(
    engine: Engine, case: Case, rules: RuleSet, url: str, servers: OriginServers, number: int
) -> list[str]:
    in_process = isinstance(engine, EmbeddedInProcess)
    script = Script(START if in_process else time.time(), frozenset(engine.added))
    session: Session
    if in_process:
        session = InProcess(rules, script)
    else:
        host = f"case-{number}.shop.example"
        servers.scripts[host] = script
        session = SocketSession(engine, url, host, script)
    try:
        return await play(case, session, script)
    except Exception as error:  # the other cases go on
        return [f"the case cannot be played: {error!r}"]
    finally:
        if not in_process:
            del servers.scripts[host]
