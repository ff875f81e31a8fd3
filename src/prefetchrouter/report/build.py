"""What a build made, for people and for programs."""

from __future__ import annotations

from typing import Any, Literal

from prefetchrouter.builder import Build
from prefetchrouter.loader import Routes
from prefetchrouter.manifest import Filtered
from prefetchrouter.report.describe import describe_rule
from prefetchrouter.report.diagnostics import diagnostic_line, diagnostics_json
from prefetchrouter.report.table import Style, table

Listing = Literal["listed", "partly", "left out"]
_COLOURS = {"listed": "green", "partly": "yellow", "left out": "dim"}


def listing(filtered: Filtered) -> Listing:
    """Return how much of a rule the manifest lists: all that concerns it, a part, or nothing.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.manifest import filter_rules
        >>> listing(filter_rules(Router().match("/a", caching={"max_age": "1h"}).rules)[0])
        'listed'
    """
    if filtered.listed is None:
        return "left out"
    return "partly" if filtered.omissions else "listed"


def build_text(routes: Routes, build: Build, style: Style) -> str:
    """Return a table of the rules and what the manifest shows of each, and the sizes of the files."""
    rows = [[_line(filtered), listing(filtered), describe_rule(filtered.rule)] for filtered in build.filtered]
    lines = [style("line, in the manifest, rule", "dim")] if rows else ["There are no rules yet."]
    if rows:
        printed = table(rows).splitlines()
        for filtered, text in zip(build.filtered, printed, strict=True):
            lines.append(style(text, _COLOURS[listing(filtered)]))
            lines += (f"    {note}" for note in _notes(filtered))
    lines += ["", *_summary(build)]
    if routes.warnings:
        lines += ["", *(diagnostic_line(warning, style) for warning in routes.warnings)]
    return "\n".join(lines)


def _notes(filtered: Filtered) -> list[str]:
    notes = [f"{_where(omission.source, filtered)}{omission.message}" for omission in filtered.omissions]
    unlisted = filtered.unlisted_features if filtered.listed is not None else ()
    return [*notes, f"not shown: {', '.join(unlisted)}"] if unlisted else notes


def _line(filtered: Filtered) -> str:
    return str(filtered.rule.source) if filtered.rule.source else "-"


def _where(source: object, filtered: Filtered) -> str:
    return f"{source}: " if source and source != filtered.rule.source else ""


def _summary(build: Build) -> list[str]:
    listed = sum(filtered.listed is not None for filtered in build.filtered)
    count = len(build.filtered)
    return [f"{count} rule{'s' if count != 1 else ''}, {listed} in the manifest"]


def files_text(build: Build, folder: str) -> str:
    """Return the built files with their sizes."""
    return table(
        [f"{folder}/{file.name}", f"{file.size_bytes:,} bytes", f"{file.gzipped_bytes:,} gzipped"]
        for file in build.files
    )


def build_json(routes: Routes, build: Build) -> dict[str, Any]:
    """Return the same as plain data."""
    return {
        "rules": [
            {
                "line": _line(filtered),
                "rule": describe_rule(filtered.rule),
                "manifest": listing(filtered),
                "left_out": [
                    {
                        "line": str(omission.source) if omission.source else None,
                        "reason": omission.reason,
                        "message": omission.message,
                    }
                    for omission in filtered.omissions
                ],
                "unlisted_features": filtered.unlisted_features,
            }
            for filtered in build.filtered
        ],
        "files": [
            {"name": file.name, "bytes": file.size_bytes, "gzipped_bytes": file.gzipped_bytes}
            for file in build.files
        ],
        "warnings": diagnostics_json(routes.warnings),
    }
