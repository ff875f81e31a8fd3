"""Watches a routes file, loads it again when it changes, and notifies a listener of the result."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from watchfiles import Change, awatch

from prefetchrouter.authoring.loader import Routes
from prefetchrouter.edge.running.loading_process import PATIENCE_SECONDS, SLOW_SECONDS, Loaded, load_apart
from prefetchrouter.errors import PrefetchRouterError
from prefetchrouter.rules.typed_property import UnsupportedConditions

_GONE_SECONDS = 1.0
"""How long a file may be missing: editors write a new one and rename it."""
_DEBOUNCE_MILLISECONDS = 250
_CLOCK_STEP = 0.05
"""How far the modification time of a file may lag behind the clock, in seconds."""


class ReloadListener(Protocol):
    """A listener for changes of a routes file."""

    async def changed(self, routes: Routes) -> None:
        """The file has changed, and is valid."""

    def wrong(self, error: PrefetchRouterError) -> None:
        """The file has changed, and is invalid."""

    def slow(self, seconds: float) -> None:
        """The changed file takes long to load."""


async def watch(
    path: str | os.PathLike[str],
    loaded: Loaded,
    listener: ReloadListener,
    *,
    slow_seconds: float = SLOW_SECONDS,
    patience_seconds: float = PATIENCE_SECONDS,
    unsupported_conditions: UnsupportedConditions | None = None,
) -> None:
    """Load a routes file again whenever it changes, or a file that it reads; until cancelled.

    A change during loading restarts it.

    Args:
        path: The routes file.
        loaded: The previous result of loading it.
        listener: Notified of each result that differs from the previous one.
        slow_seconds: After how long loading is reported as slow.
        patience_seconds: After how long loading is cancelled.
        unsupported_conditions: Overrides the setting of the property.
    """
    file = Path(path).absolute()
    changes = _Changes(file, loaded.files)
    loading: asyncio.Task[None] | None = None

    async def find() -> Loaded:
        await _is_there(file)
        return await load_apart(
            path, slow=listener.slow, slow_seconds=slow_seconds, patience_seconds=patience_seconds,
            unsupported_conditions=unsupported_conditions,
        )  # fmt: skip

    async def load() -> None:
        nonlocal loaded
        found = await find()
        if _is_missing(found) and await _is_there(file):
            found = await find()  # it was renamed away after loading had begun
        before, loaded = loaded, found
        changes.also(found.files)
        if found.error is not None:
            if before.error is None or before.error.diagnostics != found.error.diagnostics:
                listener.wrong(found.error)
        elif found.routes is not None and found.routes != before.routes:
            await listener.changed(found.routes)

    async def catch_up() -> None:
        if changes.are_later_than(loaded.began - _CLOCK_STEP):
            await load()

    async with asyncio.TaskGroup() as tasks:
        loading = tasks.create_task(
            catch_up()
        )  # runs once the watch has started, so that no change is missed
        async for _ in changes:
            if loading is not None:
                loading.cancel()
                await asyncio.wait([loading])
            loading = tasks.create_task(load())


class _Changes:
    """Yields whenever one of the files may have changed; it watches their folders."""

    def __init__(self, file: Path, others: Iterable[str]) -> None:
        self._folder = file.parent
        self._files = {str(file), os.path.realpath(file), *others}
        self._again = asyncio.Event()

    def also(self, files: Iterable[str]) -> None:
        """Watch these files too."""
        before = self._folders()
        self._files |= set(files)
        if self._folders() != before:
            self._again.set()

    def are_later_than(self, moment: float) -> bool:
        """Return whether any of the files was written after a moment, in seconds since 1970."""
        for file in self._files:
            with suppress(OSError):
                if os.stat(file).st_mtime > moment:
                    return True
        return False

    async def __aiter__(self) -> AsyncIterator[None]:
        while True:
            self._again.clear()
            if not self._folder.is_dir():
                while not self._folder.is_dir():
                    await asyncio.sleep(_GONE_SECONDS)
                yield
            watched = self._folders()
            with suppress(FileNotFoundError):
                async for _ in awatch(
                    *watched,
                    watch_filter=self._counts,
                    recursive=False,
                    debounce=_DEBOUNCE_MILLISECONDS,
                    stop_event=self._again,
                ):
                    yield
                    if self._folders() != watched:
                        break
            yield  # changes between the two watches were missed

    def _folders(self) -> dict[str, int]:
        """Return the existing folders with their inodes, since a folder may be replaced."""
        folders = sorted({os.path.dirname(file) for file in self._files})
        return {folder: os.stat(folder).st_ino for folder in folders if os.path.isdir(folder)}

    def _counts(self, _: Change, name: str) -> bool:
        return name in self._files or (name.endswith(".py") and os.path.dirname(name) == str(self._folder))


def _is_missing(found: Loaded) -> bool:
    return found.error is not None and found.error.code == "file-not-found"


async def _is_there(file: Path) -> bool:
    """Return whether a file exists, or comes back soon."""
    for _ in range(20):
        if file.is_file():
            return True
        await asyncio.sleep(_GONE_SECONDS / 20)
    return False
