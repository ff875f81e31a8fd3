"""Watches the folders that serve as origins: a file that is edited is seen at the next request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from watchfiles import DefaultFilter, awatch

_STEP_MILLISECONDS = 50
_DEBOUNCE_MILLISECONDS = 500


def folders_among(places: Iterable[str]) -> tuple[str, ...]:
    """Return the origins that are folders, each once.

    Example:
        >>> folders_among(["http://localhost:3000", ".", "."])
        ('.',)
    """
    found = (str(Path(place).expanduser()) for place in places if "://" not in place)
    return tuple(dict.fromkeys(place for place in found if Path(place).is_dir()))


async def watch_folders(folders: Iterable[str], changed: Callable[[str], None]) -> None:
    """Call back whenever files in one of the folders change, until cancelled.

    Args:
        folders: The folders, with all that is in them; hidden folders and ``node_modules`` are left out.
        changed: Called with the folder, a moment after the change.
    """
    async with asyncio.TaskGroup() as tasks:
        for folder in folders:
            tasks.create_task(_watch(folder, changed))


async def _watch(folder: str, changed: Callable[[str], None]) -> None:
    async for _ in awatch(
        folder, watch_filter=DefaultFilter(), step=_STEP_MILLISECONDS, debounce=_DEBOUNCE_MILLISECONDS
    ):
        changed(folder)
