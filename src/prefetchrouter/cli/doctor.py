"""``prefetchrouter doctor``: what is installed, and what is missing for which command."""

from __future__ import annotations

import argparse
import json
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "needed", nargs="*", metavar="COMMAND|ENGINE",
        help="what has to be ready, such as serve or nginx: the exit code is 1 if it is not",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print the report; the exit code is 1 when something that is needed is missing."""
    from prefetchrouter.cli import COMMANDS
    from prefetchrouter.engines.programs import ENGINES
    from prefetchrouter.errors import LoadError, did_you_mean, shown
    from prefetchrouter.installation.doctor_text import doctor_data, doctor_text
    from prefetchrouter.installation.examine import examine
    from prefetchrouter.report.table import Style

    known = (*COMMANDS, *ENGINES, "pytest")
    for name in options.needed:
        if name not in known:
            raise LoadError.of(
                "command-line", f"{shown(name)} is neither a command nor an engine",
                expected=f"one of {', '.join(known)}", hint=did_you_mean(name, known),
            )  # fmt: skip
    report = examine(COMMANDS)
    if options.format == "json":
        print(json.dumps(doctor_data(report), indent=2))
    else:
        print(doctor_text(report, Style.of(sys.stdout)))
    is_ready = {each.name: each.state == "ready" for each in report.readiness}
    return 0 if report.is_whole and all(is_ready.get(name, False) for name in options.needed) else 1
