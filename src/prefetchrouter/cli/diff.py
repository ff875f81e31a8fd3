"""``prefetchrouter diff``: what a change of rules changes for visitors, with requests that show it."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack

from prefetchrouter.cli.rule_sides import Side, read_side

FORMATS = ("text", "json", "markdown")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("before", metavar="BEFORE", help="a routes file, a rule set as .json, or a git revision such as main")
    add("after", nargs="?", metavar="AFTER", help="the same (default: the routes file)")
    add("--routes", default="routes.py", help="the routes file, also of a revision (default: routes.py)")


def run(options: argparse.Namespace) -> int:
    """Print the comparison; the exit code is 1 when anything differs."""
    from prefetchrouter.comparison import compare
    from prefetchrouter.comparison.difference_data import comparison_data
    from prefetchrouter.comparison.difference_markdown import comparison_markdown
    from prefetchrouter.comparison.difference_text import comparison_text
    from prefetchrouter.comparison.shown import Sides
    from prefetchrouter.report.table import Style

    with ExitStack() as stack:
        before, after = _sides(options, stack)
        found = compare(before.rule_set, after.rule_set)
        sides = Sides(before.name, after.name, before.line, after.line)
        match options.format:
            case "json":
                text = json.dumps(comparison_data(found, sides), indent=2)
            case "markdown":
                text = comparison_markdown(found, sides)
            case _:
                text = comparison_text(found, sides, Style.of())
    print(text)
    return 1 if found else 0


def _sides(options: argparse.Namespace, stack: ExitStack) -> tuple[Side, Side]:
    """Return both rule sets; what is wrong with either is said at once."""
    from prefetchrouter.errors import LoadError

    found: list[Side] = []
    problems: list[LoadError] = []
    for argument in options.before, options.after or options.routes:
        try:
            found.append(read_side(argument, options.routes, stack))
        except LoadError as error:
            problems.append(error)
    if problems:
        raise LoadError(*(each for error in problems for each in error.diagnostics))
    before, after = found
    return before, after
