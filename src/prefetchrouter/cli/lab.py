"""``prefetchrouter lab``: your own pages in Chromium, over a slow link, with and without prefetching."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from prefetchrouter.cli.option_values import number


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add(
        "urls",
        nargs="+",
        type=_url,
        metavar="URL",
        help="a page, and pages that it links to (default: its first links)",
    )
    add(
        "--runs",
        type=number(1, 1000, "a number of runs such as 5"),
        default=3.0,
        metavar="N",
        help="how often each link is opened in each way (default: 3)",
    )
    add(
        "--kbps",
        type=number(10, 1e6, "kilobits per second such as 1600"),
        default=1600.0,
        metavar="N",
        help="the bandwidth in kilobits per second (default: 1600)",
    )
    add(
        "--rtt",
        type=number(0, 10_000, "milliseconds such as 150"),
        default=150.0,
        metavar="MS",
        help="the round-trip time in milliseconds (default: 150)",
    )
    add(
        "--cpu",
        type=number(1, 20, "a factor such as 4"),
        default=1.0,
        metavar="N",
        help="how many times slower the processor is (default: 1)",
    )
    add(
        "--dwell",
        type=number(0, 600, "seconds such as 2"),
        default=2.0,
        metavar="SECONDS",
        help="how long the first page is read before the click (default: 2)",
    )
    add("--browser", metavar="PROGRAM", help="the Chromium executable (default: searched for)")
    add("--svg", metavar="FILE", help="write the times as a picture")


def run(options: argparse.Namespace) -> int:
    """Make the visits, print the table, and write the picture."""
    from prefetchrouter.lab.experiment import LabSettings, experiment
    from prefetchrouter.lab.lab_picture import lab_svg
    from prefetchrouter.lab.lab_text import lab_data, lab_text

    settings = LabSettings(
        runs=int(options.runs), kilobits=options.kbps, round_trip=options.rtt, cpu=options.cpu,
        dwell=options.dwell, browser=options.browser,
    )  # fmt: skip
    visits = experiment(options.urls, settings, _shown_progress())
    conditions = f"{options.kbps:,.0f} kbit/s, round trip {options.rtt:,.0f} ms"
    if options.cpu > 1:
        conditions += f", processor {options.cpu:g} times slower"
    if options.svg is not None:
        from prefetchrouter.output.writing import write_all

        place = Path(options.svg)
        write_all({place.name: lab_svg(visits, conditions).encode()}, place.parent)
    if options.format == "json":
        print(json.dumps({"conditions": conditions, **lab_data(visits)}, indent=2))
        return 0
    print(
        f"The page after a click, median of {len(visits) // len(settings.modes):,} visits in ms; {conditions}"
    )
    print(lab_text(visits))
    return 0


def _shown_progress() -> Callable[[str], None]:
    """Return a callback that shows progress on a terminal, on one line that it overwrites."""
    if not sys.stderr.isatty():
        return lambda text: None

    def show(text: str) -> None:
        print(f"\r\x1b[K{text[:100]}", end="", file=sys.stderr, flush=True)

    return show


def _url(text: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(text)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return text if parts.path else f"{text}/"
    raise argparse.ArgumentTypeError(f"{text!r} is not a URL such as http://localhost:8080/")
