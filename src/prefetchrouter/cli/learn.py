"""``prefetchrouter learn``: learns from access logs where visitors go next."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from prefetchrouter.cli.option_values import number, whole
from prefetchrouter.cli.parsing import add_choice

if TYPE_CHECKING:
    from prefetchrouter.navigation.learned_site import KnownSite
    from prefetchrouter.navigation.learning import Learned
    from prefetchrouter.navigation.model_data import LearnSettings

USUAL_FILE = "navigation.json"
prefetches = number(0, 1000, "a number of prefetches such as 0.5", is_least_allowed=False)
"""Reads a number of prefetches."""

_SHOWN_EACH_SECONDS = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("logs", nargs="*", metavar="LOG", help="access logs, compressed or not, or tables of counts")
    add("--rules", metavar="FILE", help="the routes file: which URLs are one page, and may be listed")
    add("--out", "-o", metavar="FILE", help=f"the file to write (default: {USUAL_FILE})")
    add(
        "--budget", type=prefetches, default=1.0, metavar="N",
        help="how many prefetches a page view may cause (default: 1)",
    )  # fmt: skip
    add(
        "--min-visitors", type=_visitors, default=3, metavar="N",
        help="leave out pages and steps of fewer visitors (default: 3, the least)",
    )  # fmt: skip
    add_choice(
        parser, "--order", "auto", "1", "2", default="auto",
        help="look at the page alone, or at the page before, too (default: auto, what does better)",
    )  # fmt: skip
    add("--half-life", type=duration_seconds, metavar="TIME", help="the age at which a visit counts half: 7d")
    add(
        "--dp", type=number(0.01, 100, "an epsilon such as 2"), metavar="EPSILON",
        help="add noise for differential privacy, such as 2; the less, the more noise",
    )  # fmt: skip
    add("--counts", metavar="FILE", help="write the counts as a table, to be merged later")
    add(
        "--merge",
        nargs="+",
        default=[],
        metavar="FILE",
        help="add tables of counts of other days or machines",
    )
    add("--previous", metavar="FILE", help="an earlier navigation.json, whose links stay")
    add(
        "--host", action="append", default=[], metavar="NAME",
        help="a host of the site, to read Referer (default: those of the rules, else found in the log)",
    )  # fmt: skip
    add_choice(
        parser, "--reader", "auto", "python", "duckdb", default="auto",
        help="what reads large logs (default: auto, DuckDB if it is installed)",
    )  # fmt: skip
    add(
        "--places", type=_visitors_of_one, default=1, metavar="N",
        help="at how many places the edge stores responses (default: 1)",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Learn, write the files, and print what was read, dropped and learned."""
    from prefetchrouter.errors import NavigationError
    from prefetchrouter.navigation.learned_text import learned_data, learned_text
    from prefetchrouter.navigation.learning import learn_files
    from prefetchrouter.navigation.navigation_file import Navigation

    if not options.logs and not options.merge:
        raise NavigationError.of(
            "command-line", "nothing says what to learn from", expected="access logs, or --merge with tables"
        )
    if options.dp is not None and (options.merge or options.counts or options.previous):
        raise NavigationError.of(
            "command-line", "--dp is only for logs",
            hint="tables and earlier files have no noise: leave out --merge, --counts and --previous",
        )  # fmt: skip
    previous = None if options.previous is None else Navigation.load(options.previous)
    if options.reader == "duckdb" and importlib.util.find_spec("duckdb") is None:
        raise NavigationError.of(
            "command-line", "DuckDB is not installed", hint='pip install "prefetchrouter[learn]"'
        )
    learned = learn_files(
        [Path(name) for name in options.logs],
        site_of(options.rules),
        _settings(options),
        hosts=options.host,
        merged=[Path(name) for name in options.merge],
        previous=previous,
        progress=shown_progress() if sys.stderr.isatty() else None,
        engine=options.reader,
    )
    written = _write(learned, options)
    if options.format == "json":
        print(json.dumps({**learned_data(learned), "written": written}, indent=2))
    else:
        print(learned_text(learned))
        print("\n".join(f"wrote {name}" for name in written))
    return 0


def site_of(routes: str | None) -> KnownSite:
    """Return what a routes file says about the pages of a site.

    Args:
        routes: Its path; None if there are no rules.

    Raises:
        LoadError: The file cannot be loaded, or its rules are invalid.
    """
    from prefetchrouter.cli.load_routes import load_routes
    from prefetchrouter.errors import LoadError, RuleError
    from prefetchrouter.navigation.learned_site import PlainSite, RuleSite

    if routes is None:
        return PlainSite()
    try:
        return RuleSite(load_routes(routes).rule_set)
    except RuleError as error:
        # Invalid rules are not a finding of this command: exit code 2, not 1.
        raise LoadError(*error.diagnostics) from None


def _settings(options: argparse.Namespace) -> LearnSettings:
    from prefetchrouter.navigation.model_data import LearnSettings

    return LearnSettings(
        budget=options.budget,
        min_visitors=options.min_visitors,
        order="auto" if options.order == "auto" else 1 if options.order == "1" else 2,
        half_life=options.half_life,
        places=options.places,
        epsilon=options.dp,
    )


def _write(learned: Learned, options: argparse.Namespace) -> list[str]:
    """Write the files; return their names."""
    from prefetchrouter.navigation.counts_file import counts_text
    from prefetchrouter.output.writing import write_all

    written = []
    if options.counts is not None:
        text = counts_text(learned.counts, lambda page: learned.site.unlisted(page) is None)
        place = Path(options.counts)
        write_all({place.name: text.encode()}, place.parent)
        written.append(options.counts)
    if options.out is not None or options.counts is None:
        name = options.out or USUAL_FILE
        learned.navigation.save(name)
        written.append(name)
    return written


def shown_progress() -> Callable[[str], Callable[[int, int], None]]:
    """Return what shows on a terminal how far reading is, on a line that is written again and again."""

    def of_file(name: str) -> Callable[[int, int], None]:
        last = time.monotonic()

        def show(done: int, size: int) -> None:
            nonlocal last
            now = time.monotonic()
            if done >= size:
                print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            elif now - last >= _SHOWN_EACH_SECONDS:
                last = now
                print(f"\r\x1b[K{name}: {done / size:.0%}", end="", file=sys.stderr, flush=True)

        return show

    return of_file


def _visitors(text: str) -> int:
    found = whole()(text)
    if found < 3:
        raise argparse.ArgumentTypeError(f"{text} is too few: what fewer than 3 visitors did is never listed")
    return found


def _visitors_of_one(text: str) -> int:
    found = whole()(text)
    if found < 1:
        raise argparse.ArgumentTypeError(f"{text} is too few: expected at least 1")
    return found


def duration_seconds(text: str) -> float:
    """Return the seconds of a duration, as an option has it."""
    from prefetchrouter.errors import DurationError
    from prefetchrouter.rules.duration import Duration

    try:
        seconds = float(Duration(text).seconds)
    except DurationError:
        seconds = 0.0
    if seconds <= 0:
        raise argparse.ArgumentTypeError(f'{text!r} is not a duration such as "7d"')
    return seconds
