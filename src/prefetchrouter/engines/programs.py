"""Engines by name; a new one is a line here."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from prefetchrouter.engines.program import Engine

EMBEDDED: Final = "embedded"
"""The edge of this package, which `serve` starts without another program."""

ENGINES: Final = {
    "workerd": "prefetchrouter.engines.javascript_engines:Workerd",
    "node": "prefetchrouter.engines.javascript_engines:NodeJs",
    "deno": "prefetchrouter.engines.javascript_engines:Deno",
    "bun": "prefetchrouter.engines.javascript_engines:Bun",
    "varnish": "prefetchrouter.engines.varnish_engine:Varnish",
    "vinyl": "prefetchrouter.engines.varnish_engine:Vinyl",
    "nginx": "prefetchrouter.engines.nginx_program:Nginx",
}
"""Where the class of each engine is."""


def engine_named(name: str, path: str | None = None) -> Engine:
    """Return the engine of a name, imported now.

    Args:
        name: The name.
        path: The path of its program; None to look for it.

    Example:
        >>> engine_named("node").program
        'node'
    """
    module, _, attribute = ENGINES[name].partition(":")
    return cast("Engine", getattr(importlib.import_module(module), attribute)(path))
