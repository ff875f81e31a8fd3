"""What is installed, as text and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from prefetchrouter.installation.examine import InstallationReport, Readiness
from prefetchrouter.installation.found_programs import Program
from prefetchrouter.installation.packages import BASE, Package
from prefetchrouter.printable import printable
from prefetchrouter.report.table import Style, table

_COLUMNS: Final = 100
_MOST_CHARACTERS: Final = 4000


def doctor_text(report: InstallationReport, style: Style) -> str:
    """Return the report: first what is here, then what can run, with the command that installs the rest."""
    system = report.system
    parts = [
        _one_line(f"prefetchrouter {system['prefetchrouter']}, in {system['folder']}")
        + "\n"
        + _one_line(
            f"Python {system['python']}, {system['program']}, {system['platform']}, {system['encoding']}"
        ),
        _titled("packages", _package_lines(report.packages), style),
        _titled("engines", _program_lines(report.engines), style),
        _titled("browsers", _program_lines(report.browsers), style),
        _titled("ready", _ready_lines(report.readiness), style),
        _titled("missing", _missing_lines(report.readiness, style), style),
    ]
    return "\n\n".join(parts)


def doctor_data(report: InstallationReport) -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        "system": dict(report.system),
        "packages": [asdict(each) for each in report.packages],
        "engines": [asdict(each) for each in report.engines],
        "browsers": [asdict(each) for each in report.browsers],
        "commands": [asdict(each) for each in report.readiness],
    }


def _titled(title: str, lines: Iterable[str], style: Style) -> str:
    return "\n".join([style(title, "bold"), *(f"  {line}" for line in list(lines) or ["none"])])


def _package_lines(packages: Iterable[Package]) -> Iterator[str]:
    by_extra: dict[str, list[Package]] = {}
    for each in packages:
        by_extra.setdefault(each.extra, []).append(each)
    for extra, found in by_extra.items():
        there = ", ".join(f"{each.name} {each.version}" for each in found if each.is_right)
        lacks = ", ".join(each.lack for each in found if each.lack is not None)
        title = "always needed" if extra == BASE else f"[{extra}]"
        yield from _wrapped(f"{title}: " + "; ".join(filter(None, (there, lacks and f"missing: {lacks}"))))


def _program_lines(programs: Sequence[Program]) -> list[str]:
    rows = [_program_row(each) for each in programs]
    return table(rows).splitlines() if rows else []


def _program_row(found: Program) -> tuple[str, str, str]:
    if found.path is None:
        return found.name, "-", "not installed"
    return found.name, found.version or "-", found.path + (f" ({found.lack})" if found.lack else "")


def _ready_lines(readiness: Iterable[Readiness]) -> list[str]:
    names = ", ".join(each.title for each in readiness if each.state == "ready")
    return _wrapped(names) if names else []


def _missing_lines(readiness: Iterable[Readiness], style: Style) -> Iterator[str]:
    """Yield what lacks the same in one line, with the commands that install it."""
    by_lacks: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for each in readiness:
        if each.state != "ready":
            what = f"{each.title} (for {each.without} only)" if each.without else each.title
            by_lacks.setdefault((each.lacks, each.installs), []).append(what)
    for (lacks, installs), titles in by_lacks.items():
        yield from _wrapped(f"{', '.join(titles)}: {', '.join(lacks)}")
        yield from (f"  {style(command, 'cyan')}" for command in installs)


def _one_line(text: str) -> str:
    return printable(text, _MOST_CHARACTERS)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        _one_line(text), _COLUMNS, subsequent_indent="  ", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
