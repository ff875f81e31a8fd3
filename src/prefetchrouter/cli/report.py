"""``prefetchrouter report``: what prefetching gained, from the beacons of pages and access logs."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from prefetchrouter.cli.learn import shown_progress

if TYPE_CHECKING:
    from prefetchrouter.measurement.beacon_reading import BeaconFiles
    from prefetchrouter.measurement.measured import Measured
    from prefetchrouter.measurement.rule_names import RuleNames


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE", help="beacons as lines of JSON, and access logs")
    add("--rules", metavar="FILE", help="the routes file: which rule the URLs of access logs belong to")
    add(
        "--effect", type=_milliseconds, default=50.0, metavar="MS",
        help="the smallest difference that matters, in milliseconds (default: 50)",
    )  # fmt: skip
    add("--svg", metavar="FILE", help="write the differences and their intervals as a picture")


def run(options: argparse.Namespace) -> int:
    """Read the files, print what they say, and write the picture."""
    from prefetchrouter.errors import NavigationError
    from prefetchrouter.measurement.beacon_reading import BeaconFiles, LoggedPrefetch
    from prefetchrouter.measurement.measured import Measured
    from prefetchrouter.measurement.measured_picture import measured_svg
    from prefetchrouter.measurement.measured_text import FilesRead, measured_data, measured_text

    prefetches: list[LoggedPrefetch] = []
    files = BeaconFiles(prefetches.append)
    files.read(map(Path, options.files), shown_progress() if sys.stderr.isatty() else None)
    views = files.views or files.logged_views
    if not views:
        raise NavigationError.of(
            "command-line", f"there are no beacons in {files.lines:,} lines{_said(files)}",
            expected='pages with data-measure="/__edgio__/view" on the script tag',
            hint="docs/measuring.md says where beacons are kept",
        )  # fmt: skip
    found = Measured()
    for view in views:
        found.note(view)
    names = _names(options.rules, found)
    found.note_prefetches(prefetches, names)
    reading = FilesRead(files.problems, files.has_log, len(files.logged_views) if files.views else 0)
    if options.svg is not None:
        from prefetchrouter.output.writing import write_all

        place = Path(options.svg)
        write_all({place.name: measured_svg(found).encode()}, place.parent)
    if options.format == "json":
        print(json.dumps(measured_data(found, reading, names, options.effect), indent=2))
    else:
        print(measured_text(found, reading, names, options.effect))
    return 0


def _said(files: BeaconFiles) -> str:
    kinds = sorted(files.problems.items(), key=lambda pair: (-pair[1], pair[0]))
    return f" ({', '.join(f'{count:,} {kind}' for kind, count in kinds)})" if kinds else ""


def _names(routes: str | None, found: Measured) -> RuleNames:
    from prefetchrouter.cli.load_routes import load_routes
    from prefetchrouter.errors import LoadError, RuleError
    from prefetchrouter.measurement.rule_names import NamesOfBeacons, NamesOfRules

    if routes is None:
        return NamesOfBeacons(found.by_rule)
    try:
        return NamesOfRules(load_routes(routes).rule_set)
    except RuleError as error:
        # Invalid rules are not a finding of this command: exit code 2, not 1.
        raise LoadError(*error.diagnostics) from None


def _milliseconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 1 <= number <= 60_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of milliseconds such as 50")
    return number
