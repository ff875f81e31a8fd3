"""``prefetchrouter simulate``: replays an access log under rules, a model and an edge."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from prefetchrouter.cli.learn import duration_seconds, prefetches, shown_progress, site_of
from prefetchrouter.cli.parsing import add_choice

if TYPE_CHECKING:
    from prefetchrouter.navigation import Navigation
    from prefetchrouter.navigation.traffic import Traffic
    from prefetchrouter.navigation.visits import Visit
    from prefetchrouter.simulation import Simulation
    from prefetchrouter.simulation.path_globs import PathGlob


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("logs", nargs="+", metavar="LOG", help="access logs, compressed or not")
    add(
        "--rules", action="append", default=[], metavar="FILE",
        help="a routes file; twice, to see two sets of rules side by side",
    )  # fmt: skip
    add(
        "--navigation",
        metavar="FILE",
        help="what was learned (default: learned from the first 70 %% of visits)",
    )
    add(
        "--max-age", action="append", default=[], type=_lifetime, metavar="PATH=TIME",
        help='another lifetime at the edge, such as "/blog/*=1d"; may be given several times',
    )  # fmt: skip
    add(
        "--budget", type=prefetches, default=1.0, metavar="N",
        help="how many prefetches a page view may cause, where no navigation is given (default: 1)",
    )  # fmt: skip
    add("--host", action="append", default=[], metavar="NAME", help="a host of the site, to read Referer")
    add("--svg", metavar="FILE", help="write the frontier of instant clicks and prefetches as a picture")
    add_choice(
        parser, "--report", "text", "markdown", default="text",
        help="print the table for a terminal, or for a pull request (default: text)",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Replay the log, print what it brings and costs, and write the picture."""
    from prefetchrouter.errors import NavigationError
    from prefetchrouter.navigation.visits import visits_of
    from prefetchrouter.simulation.frontier_picture import frontier_svg
    from prefetchrouter.simulation.simulation_text import (
        simulation_data,
        simulation_markdown,
        simulation_text,
    )

    if not options.rules and not options.max_age:
        raise NavigationError.of(
            "command-line",
            "nothing says how long pages stay fresh",
            expected='--rules routes.py, or a lifetime such as --max-age "/*=1h"',
        )
    traffic = _traffic(options)
    visits = visits_of(traffic)
    if not visits:
        raise NavigationError.of(
            "command-line", "the log has no view of a page", hint="learn LOG says why lines were dropped"
        )
    named = [_simulated(name, options, traffic, visits) for name in options.rules or [None]]
    if options.svg is not None:
        from prefetchrouter.output.writing import write_all

        place = Path(options.svg)
        write_all({place.name: frontier_svg(named[-1][1]).encode()}, place.parent)
    if options.format == "json":
        print(json.dumps(simulation_data(named), indent=2))
    elif options.report == "markdown":
        print(simulation_markdown(named))
    else:
        print(simulation_text(named))
    return 0


def _traffic(options: argparse.Namespace) -> Traffic:
    from prefetchrouter.navigation.reading import read_traffic

    site = site_of(options.rules[0] if options.rules else None)
    progress = shown_progress() if sys.stderr.isatty() else None
    return read_traffic([Path(name) for name in options.logs], site, options.host or site.hosts, progress)


def _simulated(
    routes: str | None, options: argparse.Namespace, traffic: Traffic, visits: Sequence[Visit]
) -> tuple[str, Simulation]:
    from prefetchrouter.cli.load_routes import load_routes
    from prefetchrouter.errors import LoadError, RuleError
    from prefetchrouter.simulation import SiteFacts, simulate, split

    rules = None
    if routes is not None:
        try:
            rules = load_routes(routes).rule_set
        except RuleError as error:
            # Invalid rules are not a finding of this command: exit code 2, not 1.
            raise LoadError(*error.diagnostics) from None
    facts = SiteFacts(rules, dict(options.max_age))
    earlier, later = split(visits)
    navigation = _navigation(routes, options, traffic, earlier)
    return routes or "no rules", simulate(earlier, later, facts, navigation)


def _navigation(
    routes: str | None, options: argparse.Namespace, traffic: Traffic, earlier: Sequence[Visit]
) -> Navigation:
    from prefetchrouter.navigation.learning import learn_visits
    from prefetchrouter.navigation.model_data import LearnSettings
    from prefetchrouter.navigation.navigation_file import Navigation

    if options.navigation is not None:
        return Navigation.load(options.navigation)
    settings = LearnSettings(budget=options.budget)
    return learn_visits(list(earlier), traffic, site_of(routes), settings).navigation


def _lifetime(text: str) -> tuple[PathGlob, float]:
    from prefetchrouter.simulation.path_globs import PathGlob

    path, mark, time = text.rpartition("=")
    if not mark or not path.startswith("/"):
        raise argparse.ArgumentTypeError(f'{text!r} is not a path and a lifetime such as "/blog/*=1d"')
    return PathGlob(path), duration_seconds(time)
