"""The names that the edge, the manifest and the browser's scripts agree on, from the table that all read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""The folder of the built browser files, and of the table."""


@dataclass(frozen=True, slots=True)
class Names:
    """The table `static/names.json`; paths begin at the root of the site, ``{version}`` is filled in."""

    global_name: str
    manifest_global: str
    manifest_path: str
    install_path: str
    pinned_install_path: str
    beside_install: tuple[str, ...]
    worker_path: str
    own_path_prefix: str
    prefetch_parameter: str
    cached_only_parameter: str
    max_age_parameter: str
    body_parameter: str
    method_parameter: str
    worker_cache_header: str


def _read() -> Names:
    table = json.loads((STATIC / "names.json").read_text(encoding="utf-8"))
    return Names(
        global_name=table["globalName"],
        manifest_global=table["manifestGlobal"],
        manifest_path=table["manifestPath"],
        install_path=table["installPath"],
        pinned_install_path=table["pinnedInstallPath"],
        beside_install=tuple(table["besideInstall"]),
        worker_path=table["workerPath"],
        own_path_prefix=table["ownPathPrefix"],
        prefetch_parameter=table["prefetchParameter"],
        cached_only_parameter=table["cachedOnlyParameter"],
        max_age_parameter=table["maxAgeParameter"],
        body_parameter=table["bodyParameter"],
        method_parameter=table["methodParameter"],
        worker_cache_header=table["workerCacheHeader"],
    )


NAMES = _read()
