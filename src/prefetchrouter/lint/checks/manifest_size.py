"""A cache manifest that is large enough to delay the first prefetch."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site
from prefetchrouter.output.building import build

_MOST_BYTES = 20_000
"""Compressed: as much as the rest of the page's script twice over, some 0.1 s on a mobile connection."""


def _run(site: Site) -> Iterator[Finding]:
    (manifest,) = build(site.rules, targets="manifest", unsupported="ignore").files
    if manifest.gzipped_bytes > _MOST_BYTES:
        yield CHECK.finding(
            f"{manifest.path} has {manifest.gzipped_bytes:,} bytes compressed; every page loads it before the"
            f" first prefetch, and more than {_MOST_BYTES:,} delay that",
            None,
            hint="join rules with equal caching, or hide those that no link leads to"
            ' with comment="cache-manifest-ignore"',
        )


CHECK = Check("lint/manifest-size", "A cache manifest over 20 kB compressed.", _run)
