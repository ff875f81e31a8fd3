"""``prefetchrouter build``: from routes.py to the files that are deployed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from prefetchrouter.cli.parsing import add_choice, add_strict, add_unsupported_conditions

if TYPE_CHECKING:
    from prefetchrouter.rules.rule_set import RuleSet
    from prefetchrouter.targets.page_navigation import PageNavigation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("routes", nargs="?", default="routes.py", help="the routes file (default: routes.py)")
    parser.add_argument("--out", default="dist", metavar="FOLDER", help="where to write (default: dist)")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if the files are not up to date"
    )
    parser.add_argument(
        "--target",
        action="append",
        metavar="NAME,...",
        help="what to build, such as nginx, varnish or worker (default: ruleset,manifest)",
    )
    add_choice(
        parser, "--unsupported", "error", "warn", "ignore", default="error",
        help="how to treat rules that a target cannot express (default: error)",
    )  # fmt: skip
    add_strict(parser)
    add_unsupported_conditions(parser)
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("--full", action="store_true", help="list every rule, however many there are")
    amount.add_argument("--quiet", action="store_true", help="list no rules, only files and warnings")
    parser.add_argument(
        "--site",
        action="store_true",
        help="also write the browser files and the manifest to FOLDER/site, at their paths on the site",
    )
    parser.add_argument(
        "--navigation",
        metavar="FILE",
        help="what `learn` has learned: pages prefetch the likely links first, within the budget",
    )
    parser.add_argument(
        "--manifest-global",
        metavar="NAME",
        help="the global variable that cache-manifest.js sets (default: the one that published clients read)",
    )


def _navigation(name: str | None, rules: RuleSet) -> PageNavigation | None:
    if name is None:
        return None
    from prefetchrouter.navigation import Navigation, for_pages

    return for_pages(Navigation.load(name), rules)


def run(options: argparse.Namespace) -> int:
    """Build and print a report; with ``--check`` print the differences."""
    from prefetchrouter.cli.load_routes import load_routes
    from prefetchrouter.errors import RoutesError
    from prefetchrouter.output.building import build, differences, write
    from prefetchrouter.report.build_report import Detail, build_json, build_text, check_json, check_text
    from prefetchrouter.report.json_text import json_text
    from prefetchrouter.report.table import Style, width_of
    from prefetchrouter.targets.registry import DEFAULT

    routes = load_routes(
        options.routes, strict=options.strict, unsupported_conditions=options.unsupported_conditions
    )
    built = build(
        routes.rule_set,
        targets=",".join(options.target) if options.target else DEFAULT,
        unsupported=options.unsupported,
        manifest_global=options.manifest_global,
        site=options.site,
        navigation=_navigation(options.navigation, routes.rule_set),
    )
    if options.strict and built.warnings:
        raise RoutesError(*built.warnings)
    folder = Path(options.out)
    if options.check:
        changed, warnings = list(differences(built, folder)), (*routes.warnings, *built.warnings)
        if options.format == "json":
            print(json_text(check_json(warnings, changed)))
        else:
            print(check_text(warnings, changed, folder.as_posix(), Style.of()))
        return 1 if changed else 0
    write(built, folder)
    if options.format == "json":
        print(json_text(build_json(routes, built, folder.as_posix())))
    else:
        detail: Detail = "full" if options.full else "quiet" if options.quiet else "folded"
        print(build_text(routes, built, folder.as_posix(), Style.of(), width_of(), detail=detail))
    return 0
