"""What chosen targets cannot express, or only approximate."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from prefetchrouter.errors import Diagnostic, UnsupportedError
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site
from prefetchrouter.output.building import build

SUMMARIES = {
    "unsupported": "Something that a chosen target cannot express: see `lint --target`.",
    "approximate": "Something that a chosen target does only nearly.",
}
"""What each code finds."""


def _run(site: Site, code: str) -> Iterator[Finding]:
    found = (*site.warnings, *site.once(_of_targets))
    return (Finding(warning, site.witness_at(warning.source)) for warning in found if warning.code == code)


def _of_targets(site: Site) -> tuple[Diagnostic, ...]:
    """Return what targets say when they print the rules; most of it only their printers know."""
    found: list[Diagnostic] = []
    for target in site.targets:
        try:
            found += build(site.rules, targets=target, unsupported="warn").warnings
        except UnsupportedError as error:
            found += error.diagnostics
    return tuple(found)


CHECKS = tuple(Check(code, summary, partial(_run, code=code)) for code, summary in SUMMARIES.items())
