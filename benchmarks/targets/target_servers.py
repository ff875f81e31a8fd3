"""Engines as processes: built rules, and a hand-written configuration."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from benchmarks.serving.processes import free_port
from benchmarks.targets.hand_written import hand_written
from benchmarks.targets.rich_rules import HOST, Shape, page_of, rich_rules
from prefetchrouter import build
from prefetchrouter.engines.program import Engine, EngineOptions
from prefetchrouter.engines.programs import engine_named
from prefetchrouter.output.building import write

ROOT: Final = Path(__file__).parents[2]
_START_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class TargetServer:
    """A running engine.

    Args:
        port: Where it listens.
        page: The path of a page that it has stored.
        group: The process group of the engine.
        built: Processor seconds that the build took; 0 where nothing was built.
        loaded: Seconds from the start of the engine to its first response.
        loading: Processor seconds of the same.
    """

    port: int
    page: str
    group: int
    built: float
    loaded: float
    loading: float

    @property
    def cpu_seconds(self) -> float:
        """Processor time of all its processes until now."""
        return cpu_seconds(self.group)


def cpu_seconds(group: int, *, with_ended: bool = False) -> float:
    """Return the processor time of a process group until now.

    Args:
        group: Its number.
        with_ended: Whether processes that have ended count, such as a compiler.
    """
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[2]) == group:
            ticks += sum(map(int, fields[11 : 15 if with_ended else 13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def engine(name: str) -> Engine:
    """Return an engine; its program may be one of npm's packages."""
    own = ROOT / "worker" / "node_modules" / ".bin" / name
    return engine_named(name, str(own) if own.exists() else None)


@contextmanager
def built_rules(name: str, count: int, shape: Shape, folder: Path, origin: int) -> Iterator[TargetServer]:
    """Build rich rules for an engine, and serve them until the end of the block.

    Args:
        name: The engine.
        count: How many rules.
        shape: Where they are.
        folder: An empty folder.
        origin: The port of the origin.
    """
    program = engine(name)
    options = EngineOptions(
        {"": f"http://127.0.0.1:{origin}"}, port=free_port(), host=HOST, cache_status="off", quiet=True
    )
    folder.mkdir()
    start = time.process_time()
    write(build(rich_rules(count, shape), targets=[program.target(options)]), folder)
    spent = time.process_time() - start
    command = program.command(folder, options)
    environment = program.environment(options)
    with _serving(command, folder, environment, options.port, page_of(count, shape), spent) as server:
        yield server


@contextmanager
def by_hand(
    name: str, page: str, folder: Path, origin: int, *, with_map: bool = False
) -> Iterator[TargetServer]:
    """Serve the hand-written configuration of an engine until the end of the block; `page` is asked for."""
    port = free_port()
    cache = ROOT / "src" / "prefetchrouter" / "targets" / "worker" / "runtime" / "cache.js"
    command = hand_written(name, engine(name).found(), folder, port, origin, cache, with_map=with_map)
    with _serving(command, folder, {}, port, page, 0) as server:
        yield server


@contextmanager
def _serving(
    command: list[str], folder: Path, environment: Mapping[str, str], port: int, page: str, built: float
) -> Iterator[TargetServer]:
    log = folder / "engine.log"
    start = time.monotonic()
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
            stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _first_response(process, port, page, log)
        loaded, loading = time.monotonic() - start, cpu_seconds(process.pid, with_ended=True)
        yield TargetServer(port, page, process.pid, built, loaded, loading)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _first_response(process: subprocess.Popen[bytes], port: int, page: str, log: Path) -> None:
    """Return once a page has come with 200: the variant for no Accept-Encoding, which `wrk` requests."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.putrequest("GET", page, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", HOST)
            connection.endheaders()
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            time.sleep(0.005)
        else:
            if status == HTTPStatus.OK:
                return
            sys.exit(f"{page}: the first response has the status {status}")
        finally:
            connection.close()
    sys.exit(f"{' '.join(process.args)} does not serve:\n{log.read_text(errors='replace')}")  # type: ignore[arg-type]
