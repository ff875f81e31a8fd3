"""Loads a routes file in a separate process, so that it can neither block nor break the edge."""

from __future__ import annotations

import asyncio
import math
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

from prefetchrouter.authoring.loader import Routes, load
from prefetchrouter.errors import LoadError, PrefetchRouterError
from prefetchrouter.rules.typed_property import UnsupportedConditions
from prefetchrouter.source import Source

SLOW_SECONDS = 3.0
"""After how long a file that is still loading is reported."""
PATIENCE_SECONDS = 60.0
"""After how long loading is cancelled."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The result of loading a routes file.

    Args:
        routes: What the file defines; None if it is invalid.
        error: What is wrong; None if it is valid.
        files: The files in its folder or the current one, or below these, that it read: modules and data.
    """

    routes: Routes | None
    error: PrefetchRouterError | None
    files: frozenset[str]
    began: float = math.inf
    """When loading began, in seconds since 1970; later changes may not have been read."""


async def load_apart(
    path: str | os.PathLike[str],
    *,
    debug: bool = False,
    slow: Callable[[float], None] | None = None,
    slow_seconds: float = SLOW_SECONDS,
    patience_seconds: float = PATIENCE_SECONDS,
    unsupported_conditions: UnsupportedConditions | None = None,
) -> Loaded:
    """Return what a routes file defines, or what is wrong with it.

    The process in which it is loaded ends when the caller is cancelled.

    Args:
        path: The routes file.
        debug: Whether the traceback of an error is printed to the standard error output.
        slow: Called with the seconds when loading takes long.
        slow_seconds: How long that is.
        patience_seconds: The time limit.
        unsupported_conditions: Overrides the setting of the property.
    """
    began = time.time()
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            f"import sys; sys.path[:] = {sys.path!r}; "
            "from prefetchrouter.edge.running.loading_process import child; "
            f"child({os.fspath(path)!r}, {debug!r}, {os.getpid()})",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl+C is for the edge, which then ends this process
        )
    except OSError as error:
        return _failed(path, f"there is no process to load it in: {error.strerror or error}")
    loop = asyncio.get_running_loop()
    timer = loop.call_later(slow_seconds, slow, slow_seconds) if slow is not None else None
    try:
        answer, _ = await asyncio.wait_for(child.communicate(), patience_seconds)
    except TimeoutError:
        problem = f"it is still running after {patience_seconds:g} seconds; given up"
        return _failed(path, problem, "look for a loop without an end, or for a wait")
    finally:
        if timer is not None:
            timer.cancel()
        if child.returncode is None:
            _kill(child.pid)
            await child.wait()
    if not answer:
        return _failed(path, f"it ended Python while it was loaded (exit code {child.returncode})")
    found = replace(await asyncio.to_thread(_unpickled, answer), began=began)
    if found.routes is None or unsupported_conditions is None:
        return found
    return replace(found, routes=found.routes.listing_by(unsupported_conditions))


def _kill(process: int) -> None:
    """Kill a session leader and its process group."""
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            os.kill(process, signal.SIGTERM)
        else:
            os.killpg(process, signal.SIGKILL)


def child(path: str, debug: bool, parent: int) -> None:
    """Load a routes file and write the result to the standard output; only for `load_apart`."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of the file and of programs that it starts must not mix with the result
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    folders = (str(Path(path).absolute().parent), os.getcwd())
    opened: set[str] = set()

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str):
            opened.add(arguments[0])

    sys.addaudithook(note)
    try:
        loaded = Loaded(load(path), None, _near(opened, folders))
    except PrefetchRouterError as error:
        if debug:
            traceback.print_exc()
        loaded = Loaded(None, type(error)(*error.diagnostics), _near(opened, folders))
    with out:
        pickle.dump(loaded, out, pickle.HIGHEST_PROTOCOL)


def _end_with(parent: int) -> None:
    """Exit when the parent process is gone, even while the file runs."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _near(opened: Iterable[str], folders: Iterable[str]) -> frozenset[str]:
    """Return the files that are the user's: below one of the folders, and no part of what is installed."""
    files = {os.path.abspath(_source(name)) for name in opened}
    own = tuple(folder.rstrip(os.sep) + os.sep for folder in folders)
    installed = (sys.prefix + os.sep, str(Path(__file__).parents[2]) + os.sep)
    return frozenset(
        file
        for file in files
        if file.startswith(own) and not file.startswith(installed) and "site-packages" not in file
    )


def _source(name: str) -> str:
    if name.endswith(".pyc"):
        try:
            return source_from_cache(name)
        except ValueError:
            return name
    return name


def _unpickled(answer: bytes) -> Loaded:
    loaded = pickle.loads(answer)
    assert isinstance(loaded, Loaded)
    return loaded


def _failed(path: str | os.PathLike[str], problem: str, hint: str | None = None) -> Loaded:
    error = LoadError.of("import-failed", problem, source=Source(os.path.abspath(path), 1), hint=hint)
    return Loaded(None, error, frozenset())
