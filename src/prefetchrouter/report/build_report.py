"""The report of a build, as text and JSON."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any, Literal

from prefetchrouter.authoring.loader import Routes
from prefetchrouter.browser_view import Filtered
from prefetchrouter.errors import Diagnostic
from prefetchrouter.output.building import Build
from prefetchrouter.printable import MOST_SHOWN, printable
from prefetchrouter.report.describe import describe_rule
from prefetchrouter.report.diagnostic_lines import diagnostics_json, diagnostics_text
from prefetchrouter.report.table import Style, cut, table, wrapped
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.features.kept import once_for_each
from prefetchrouter.rules.features.section import Section, items
from prefetchrouter.rules.rule_json import exported_features, rule_data
from prefetchrouter.rules.walk import applied
from prefetchrouter.source import Source

Listing = Literal["listed", "partly", "left out"]
Detail = Literal["full", "folded", "quiet"]
_MOST_ALIKE = 3
"""At most this many rules of one line, as in a loop, are listed."""
_MOST_LISTED = 200
"""So many rules are listed in all: more are read by a program, if at all."""
_COLOURS = {"listed": "green", "partly": "yellow", "left out": "dim"}
_HEADER = ["line", "manifest", "rule (+ in the manifest, - left out of it)"]


def listing(filtered: Filtered) -> Listing:
    """Return how much of a rule the manifest lists: everything relevant, a part, or nothing.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.browser_view import filter_rules
        >>> listing(filter_rules(Router().match("/a", caching={"max_age": "1h"}).rules)[0])
        'listed'
    """
    if filtered.listed is None:
        return "left out"
    return "partly" if filtered.omissions else "listed"


def build_text(
    routes: Routes,
    build: Build,
    folder: str,
    style: Style,
    width: int | None = None,
    *,
    detail: Detail = "full",
) -> str:
    """Return a table of the rules, each with what the manifest shows of it, and the built files.

    Args:
        routes: What was built.
        build: What came of it.
        folder: Where the files were written, as the user calls it.
        style: How to colour.
        width: The columns that a line may have; None if nothing is to be cut or wrapped.
        detail: Which rules are listed: all of them; of many on one line the first few, and not too many in
            all; or none.
    """
    parts: list[str] = []
    if not build.filtered:
        parts.append("There are no rules yet.")
    elif detail != "quiet":
        parts.append(_rules_text(build, style, width, is_folded=detail == "folded"))
    parts.append(f"{_summary(build)}\n{_files_text(build, folder)}")
    if build.commands:
        parts.append(_commands_text(build, folder))
    return _with_warnings("\n\n".join(parts), (*routes.warnings, *build.warnings), style)


def check_text(warnings: Sequence[Diagnostic], differences: Sequence[str], folder: str, style: Style) -> str:
    """Return how the files on disk differ from what was built, and the warnings.

    Args:
        warnings: Those of the rules, and of the targets.
        differences: The lines of the difference.
        folder: Where the files are, as the user calls it.
        style: How to colour.
    """
    text = "\n".join(map(printable, differences)) if differences else f"{folder} is up to date"
    return _with_warnings(text, warnings, style)


def _with_warnings(text: str, warnings: Sequence[Diagnostic], style: Style) -> str:
    return f"{text}\n\n{diagnostics_text(warnings, style)}" if warnings else text


def _rules_text(build: Build, style: Style, width: int | None, *, is_folded: bool) -> str:
    display = _display()
    shown, more = _folded(build.filtered) if is_folded else (build.filtered, {})
    cells = [(_place(filtered.rule.source, display), listing(filtered)) for filtered in shown]
    distinct = dict.fromkeys(cells)  # the rules of a loop are on one line
    header, *starts = table([[*_HEADER[:2], "|"], *((*cell, "|") for cell in distinct)]).splitlines()
    start_of = dict(zip(distinct, starts, strict=True))
    indent = len(header) - 1
    lines = [style(header[:-1] + _HEADER[2], "dim")]
    columns = None if width is None else max(width, indent + 40)
    space = " " * indent

    @cache
    def note_lines(note: str) -> str:
        text = wrapped(space + printable(note), columns, indent + 2)
        return "\n".join(style(line, "dim") for line in text.split("\n"))

    for number, (filtered, cell) in enumerate(zip(shown, cells, strict=True)):
        lines.append(style(cut(start_of[cell][:-1] + describe_rule(filtered.rule), width), _COLOURS[cell[1]]))
        lines += map(note_lines, _notes(filtered))
        if number in more:
            lines.append(style(f"{space}and {more[number]:,} more rules on this line", "dim"))
    rest = len(build.filtered) - len(shown) - sum(more.values())
    if rest:
        lines.append(style(f"and {rest:,} more rules; --full lists all", "dim"))
    return "\n".join(lines)


def _folded(filtered: Sequence[Filtered]) -> tuple[list[Filtered], dict[int, int]]:
    """Return the rules to list, and after which of them how many of the same line are left out."""
    shown: list[Filtered] = []
    more: dict[int, int] = {}
    for _, group in groupby(filtered, key=lambda each: each.rule.source):
        alike = list(group)
        if len(shown) >= _MOST_LISTED:
            break
        few = alike[:_MOST_ALIKE] if len(alike) > _MOST_ALIKE + 1 and alike[0].rule.source else alike
        shown += few
        if len(few) < len(alike):
            more[len(shown) - 1] = len(alike) - len(few)
    return shown, more


def _display() -> Callable[[str], str]:
    """Return a function that shows files; the folder that they are relative to is looked up once for each."""
    return cache(lambda file: Source(file, 0).display_file)


def _place(source: Source | None, display: Callable[[str], str]) -> str:
    return f"{display(source.file)}:{source.line}" if source else "-"


def _notes(filtered: Filtered) -> Iterator[str]:
    """Yield what the manifest lists of a rule, then what it omits, and why."""
    if filtered.listed is not None:
        for apply in applied(filtered.listed):
            shown = _features_text(apply.features)
            if shown:
                yield f"+ {_elsewhere(apply.source, filtered)}{shown}"
        if unlisted := filtered.unlisted_features:
            yield f"- {', '.join(unlisted)}"
    for omission in filtered.omissions:
        yield f"- {_elsewhere(omission.source, filtered)}{omission.message}"


def _features_text(features: Features) -> str:
    return "" if features.caching is None else _section_text(features.caching)


@once_for_each
def _section_text(section: Section) -> str:
    return ", ".join(_feature_text(name, value) for name, value in items(section))


def _feature_text(name: str, value: object) -> str:
    match value:
        case True:
            return name
        case False:
            return f"{name} false"
        case {"200": age, **others} if not others:
            return f"{name} {age}"
        case dict():
            return f"{name} {' '.join(f'{status}={age}' for status, age in value.items())}"
        case _:
            return f"{name} {printable(str(value), MOST_SHOWN)}"


def _elsewhere(source: Source | None, filtered: Filtered) -> str:
    here = filtered.rule.source
    return "" if source is None or source is here or source == here else f"{source}: "


def _summary(build: Build) -> str:
    count = len(build.filtered)
    listed = sum(filtered.listed is not None for filtered in build.filtered)
    return f"{count:,} rule{'s' if count != 1 else ''}, {listed:,} in the manifest"


def _files_text(build: Build, folder: str) -> str:
    return table(
        [f"{folder}/{file.path}", f"{file.size_bytes:,} bytes", f"{file.gzipped_bytes:,} gzipped"]
        for file in build.files
    )


def _commands_text(build: Build, folder: str) -> str:
    """Return the command that starts each target, as a shell takes it."""
    return table([f"start {name}:", command] for name, command in _commands(build, folder).items())


def _commands(build: Build, folder: str) -> dict[str, str]:
    return {
        name: " ".join(map(shlex.quote, (*words, f"{folder}/{path}")))
        for name, (*words, path) in build.commands
    }


def build_json(routes: Routes, build: Build, folder: str = "dist") -> dict[str, Any]:
    """Return the report of a build as plain data; `json_text` prints its rules one by one, to save memory.

    Args:
        routes: What was built.
        build: What came of it.
        folder: Where the files were written, as the user calls it.
    """
    display, features_data = _display(), once_for_each(exported_features)

    def place(source: Source | None) -> dict[str, Any]:
        return {"file": source and display(source.file), "line": source and source.line}

    return {
        "rules": (
            {
                **place(filtered.rule.source),
                "rule": describe_rule(filtered.rule),
                "manifest": listing(filtered),
                "listed": None if filtered.listed is None else rule_data(filtered.listed, features_data),
                "unlisted_features": filtered.unlisted_features,
                "left_out": [
                    {**place(omission.source), "reason": omission.reason, "message": omission.message}
                    for omission in filtered.omissions
                ],
            }
            for filtered in build.filtered
        ),
        "files": [
            {"name": file.path, "bytes": file.size_bytes, "gzipped_bytes": file.gzipped_bytes}
            for file in build.files
        ],
        "start": _commands(build, folder),
        "warnings": diagnostics_json((*routes.warnings, *build.warnings)),
    }


def check_json(warnings: Sequence[Diagnostic], differences: Sequence[str]) -> dict[str, Any]:
    """Return the report of a check as plain data."""
    return {
        "up_to_date": not differences,
        "differences": list(differences),
        "warnings": diagnostics_json(warnings),
    }
