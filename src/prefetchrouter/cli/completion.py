"""``prefetchrouter completion``: a script with which a shell completes commands, options and values."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from prefetchrouter.cli.parsing import chosen

SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("shell", metavar=f"{{{','.join(SHELLS)}}}", help="the shell")


def run(options: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    from prefetchrouter.cli import COMMANDS, _parser

    shell = chosen(options.shell, *SHELLS)
    parser, commands = _parser(list(COMMANDS))
    for each in (parser, *commands.values()):
        for action in _actions(each):
            _describe(action)
    script = shtab.complete(parser, shell)
    if options.format == "json":
        print(json.dumps({"shell": shell, "script": script}, indent=2))
    else:
        sys.stdout.write(script)
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    yield from parser._actions


def _describe(action: argparse.Action) -> None:
    """Say what values an argument takes: ours are checked by their types, which a shell does not see."""
    import shtab

    metavar = action.metavar if isinstance(action.metavar, str) else ""
    if re.fullmatch(r"\{[^{}]+\}", metavar):
        action.choices = metavar[1:-1].split(",")
        action.metavar = None
    elif "FILE" in metavar or action.type is Path or action.dest in ("routes", "rules", "logs"):
        action.complete = shtab.FILE  # type: ignore[attr-defined]
    elif "FOLDER" in metavar or action.dest in ("folder", "out"):
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
