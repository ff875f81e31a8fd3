"""``prefetchrouter schema``: the JSON Schema of a file, for editors and other programs."""

from __future__ import annotations

import argparse
import json

from prefetchrouter.cli.parsing import chosen

FILES = ("ruleset", "navigation")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "file", metavar=f"{{{','.join(FILES)}}}",
        help="which file: ruleset.json of build, or navigation.json of learn",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    print(schema_text(chosen(options.file, *FILES)), end="")
    return 0


def schema_text(file: str) -> str:
    """Return the JSON Schema of a file as text.

    Args:
        file: One of `FILES`.

    Example:
        >>> schema_text("navigation").splitlines()[2]
        '  "title": "navigation.json of prefetchrouter",'
    """
    if file == "ruleset":
        from prefetchrouter.rules.rule_set_schema import rule_set_schema

        return json.dumps(rule_set_schema(), indent=2) + "\n"
    from prefetchrouter.navigation.navigation_json import SCHEMA

    return json.dumps(SCHEMA, indent=2) + "\n"
