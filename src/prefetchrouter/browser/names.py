"""The names that the edge, the manifest and the browser's scripts agree on, from the table that all read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parent.parent / "static"
"""The folder of the built browser files, and of the table."""

OWN_PARAMETERS = "edgio_"
"""How the names of the parameters begin that prefetching clients add; they are in no cache key."""


@dataclass(frozen=True, slots=True)
class Names:
    """The table `static/names.json`; paths begin at the root of the site, ``{version}`` is filled in."""

    global_name: str
    manifest_global: str
    rules_global: str
    manifest_path: str
    install_path: str
    pinned_install_path: str
    parts: tuple[str, ...]
    routes_global: str
    worker_path: str
    own_path_prefix: str
    speculation_path: str
    navigation_path: str
    navigation_global: str
    prefetch_parameter: str
    cached_only_parameter: str
    browser_cache_parameter: str
    max_age_parameter: str
    body_parameter: str
    method_parameter: str
    worker_cache_header: str
    logging_out: str


def _read() -> Names:
    table = json.loads((STATIC / "names.json").read_text(encoding="utf-8"))
    return Names(**{_snake_case(name): _frozen(value) for name, value in table.items()})


def _snake_case(name: str) -> str:
    return re.sub("([A-Z])", r"_\1", name).lower()


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


NAMES = _read()
