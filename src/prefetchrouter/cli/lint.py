"""``prefetchrouter lint``: what is likely wrong with the rules, each with a request that shows it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefetchrouter.lint.check import Check, Finding

FORMATS = ("text", "json", "github", "sarif")
_MOST_ROUNDS = 20
"""How often fixes are applied: one may lead to the next, as a file that now loads has its own findings."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add(
        "routes",
        nargs="?",
        default="routes.py",
        help="the routes file, or a rule set as .json (default: routes.py)",
    )
    add(
        "--select",
        action="append",
        default=[],
        metavar="CODE,...",
        help="run these checks only; freshness/ is all of these",
    )
    add("--ignore", action="append", default=[], metavar="CODE,...", help="leave these checks out")
    add(
        "--target",
        action="append",
        default=[],
        metavar="NAME,...",
        help="also find what these targets cannot express, such as varnish,nginx,worker",
    )
    add(
        "--vendor",
        action="append",
        default=[],
        metavar="NAME,...",
        help="also find what is over a limit that these vendors publish: edgio, cloudflare",
    )
    add("--fix", action="store_true", help="write the fixes that are certain to be meant")
    add("--list", action="store_true", help="list the checks")


def run(options: argparse.Namespace) -> int:
    """Print the findings; the exit code is 1 when there are any."""
    from prefetchrouter.lint.check_registry import all_checks, chosen_checks

    if options.list:
        _print_checks(all_checks(), options.format)
        return 0
    checks = chosen_checks(_codes(options.select), _codes(options.ignore))
    is_chosen = bool(options.select or options.ignore)
    fixed = _fix(options.routes) if options.fix else 0
    against = {"targets": _codes(options.target), "vendors": _codes(options.vendor)}
    findings = _findings(options.routes, checks, is_chosen=is_chosen, **against)
    if options.fix:
        more = _fix_findings(findings, options.routes)
        if more:
            fixed += more
            findings = _findings(options.routes, checks, is_chosen=is_chosen, **against)
    print(_report(findings, checks, options.format, fixed))
    return 1 if findings else 0


def _codes(options: Sequence[str]) -> list[str]:
    return [code.strip() for option in options for code in option.split(",") if code.strip()]


def _findings(
    routes: str,
    checks: Sequence[Check],
    *,
    is_chosen: bool,
    targets: Sequence[str],
    vendors: Sequence[str],
) -> tuple[Finding, ...]:
    from prefetchrouter.lint.run import lint
    from prefetchrouter.lint.suppressions import without_suppressed

    if Path(routes).suffix == ".json":
        from contextlib import ExitStack

        from prefetchrouter.cli.rule_sides import read_side

        with ExitStack() as stack:
            rule_set = read_side(routes, routes, stack).rule_set
            chosen = checks if is_chosen else None
            return lint(rule_set, checks=chosen, targets=targets, vendors=vendors)
    from prefetchrouter.cli.load_routes import load_routes

    loaded = load_routes(routes)
    found = lint(
        loaded.rule_set,
        checks=checks if is_chosen else None,
        warnings=loaded.warnings,
        targets=targets,
        vendors=vendors,
    )
    return without_suppressed(
        found, checked={check.code for check in checks}, files=[str(loaded.path.absolute())]
    )


def _fix(routes: str) -> int:
    """Write the fixes of errors, which keep the file from being loaded."""
    from prefetchrouter.cli.load_routes import load_routes
    from prefetchrouter.errors import RuleError
    from prefetchrouter.lint.fixing import fix_files

    done = 0
    for _ in range(_MOST_ROUNDS):
        try:
            load_routes(routes)
        except RuleError as error:
            count = fix_files(error.diagnostics, within=Path(routes).absolute().parent)
            if not count:
                raise
            done += count
        else:
            break
    return done


def _fix_findings(findings: Sequence[Finding], routes: str) -> int:
    from prefetchrouter.lint.fixing import fix_files

    return fix_files((finding.diagnostic for finding in findings), within=Path(routes).absolute().parent)


def _report(findings: Sequence[Finding], checks: Sequence[Check], form: str, fixed: int) -> str:
    match form:
        case "json":
            from prefetchrouter.lint.lint_data import lint_data

            return json.dumps(lint_data(findings, fixed=fixed), indent=2)
        case "github":
            from prefetchrouter.lint.lint_github import lint_github

            return lint_github(findings)
        case "sarif":
            from prefetchrouter.lint.lint_sarif import lint_sarif

            return json.dumps(lint_sarif(findings, checks), indent=2)
        case _:
            from prefetchrouter.lint.lint_text import lint_text
            from prefetchrouter.report.table import Style

            return lint_text(findings, Style.of(), fixed=fixed)


def _print_checks(checks: Sequence[Check], form: str) -> None:
    if form == "json":
        rows = [
            {"code": each.code, "by_default": each.by_default, "summary": each.summary} for each in checks
        ]
        print(json.dumps(rows, indent=2))
    else:
        from prefetchrouter.lint.lint_text import checks_text
        from prefetchrouter.report.table import Style

        print(checks_text(checks, Style.of()))
