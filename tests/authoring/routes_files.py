"""Routes files that tests write and load, in the folder that they run in."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from prefetchrouter import load
from prefetchrouter.errors import PrefetchRouterError

IMPORT = "from prefetchrouter import Origin, Property, Router\n"
GOOD = IMPORT + 'router = Router().match("/a", {})\n'


def write(text: str, name: str = "routes.py") -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(dedent(text))


def failure(text: str | None = None, path: str = "routes.py") -> PrefetchRouterError:
    """What loading a file of that text raises."""
    if text is not None:
        write(text, path)
    with pytest.raises(PrefetchRouterError) as raised:
        load(path)
    return raised.value


# What a file defines
