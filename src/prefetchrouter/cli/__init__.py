"""The command line: ``prefetchrouter COMMAND``. Each command is a module here, imported when it runs.

Exit codes: 0 success, 1 findings, 2 the command could not run.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from prefetchrouter.cli.parsing import Parser, add_choice, check_command, check_rest
from prefetchrouter.version import VERSION

COMMANDS = {
    "browser-files": "write the files of the browser part into a folder, for sites without npm",
    "build": "compile routes.py into a rule set and cache-manifest.js",
    "completion": "print a script with which bash, zsh or fish completes commands and options",
    "deploy-check": "check whether a live edge, of any vendor, responds as the rules say",
    "diff": "show what a change of rules changes for visitors, with requests that show it",
    "doctor": "say what is installed, and what is missing for which command",
    "explain": "explain what one request gets and why, and whether a click can use a prefetch of it",
    "import": "read the rules of another product, and write them as routes.py",
    "init": "write a first routes.py and its test",
    "lab": "open your pages in Chromium over a slow link, with and without prefetching, and compare",
    "learn": "learn from access logs where visitors go next, for prefetching what is likely",
    "lint": "find what is likely wrong with the rules, each with a request that shows it",
    "purge": "remove stored responses from an edge that runs on this machine, by tag or URL",
    "report": "show what prefetching gained, from beacons of page views and access logs",
    "schema": "print the JSON Schema of ruleset.json or navigation.json, for editors",
    "serve": "serve a site behind its rules, on this machine",
    "simulate": "replay an access log under rules, a model and an edge cache, before anything is deployed",
    "site": "make a folder of static files prefetch: rules, pages for any web server, and a preview",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Args:
        arguments: The arguments without the program's name; default: those of the process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A path may contain characters that the terminal cannot encode.
        sys.stdout.reconfigure(errors="backslashreplace")
    parser, commands = _parser(words)
    check_command(parser, words, COMMANDS)
    options, rest = parser.parse_known_args(words)
    if options.command is None:
        check_rest(parser, "prefetchrouter", rest)
        parser.print_help()
        return 0
    check_rest(commands[options.command], options.command, rest)
    try:
        code: int = _module(options.command).run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has closed the pipe, as `| head` does. Without this, Python would raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except Exception as error:
        if options.debug:
            raise
        return _report(error, options.format)
    return code


def _parser(words: list[str]) -> tuple[Parser, dict[str, Parser]]:
    parser = Parser(
        prog="prefetchrouter",
        description="CDN rules as typed, tested Python, and pages that are there before the click.",
        epilog="exit codes: 0 success, 1 findings, 2 the command could not run",
    )
    parser.add_argument("--version", action="version", version=f"prefetchrouter {VERSION}")
    parser.words = words
    added = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    commands: dict[str, Parser] = {}
    for name, summary in COMMANDS.items():
        command = added.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        command.words = words
        commands[name] = command
        module = _module(name) if name in words else None
        formats = getattr(module, "FORMATS", ("text", "json"))
        add_choice(command, "--format", *formats, default="text", help="output format (default: text)")
        command.add_argument("--debug", action="store_true", help="show tracebacks")
        if module is not None:
            module.add_arguments(command)
    return parser, commands


def _module(command: str) -> Any:
    return importlib.import_module(f"prefetchrouter.cli.{command.replace('-', '_')}")


def _report(error: Exception, form: str) -> int:
    from prefetchrouter.errors import Diagnostic, PrefetchRouterError, RuleError
    from prefetchrouter.report.diagnostic_lines import diagnostics_json, diagnostics_text
    from prefetchrouter.report.table import Style

    if isinstance(error, PrefetchRouterError):
        diagnostics = error.diagnostics
    else:
        message = f"{type(error).__name__}: {error}".rstrip(": ")
        diagnostics = (Diagnostic("internal", message, hint="run with --debug for the full traceback"),)
    errors = [found for found in diagnostics if found.severity == "error"]
    warnings = [found for found in diagnostics if found.severity == "warning"]
    if form == "json":
        report = {"errors": diagnostics_json(errors), "warnings": diagnostics_json(warnings)}
        print(json.dumps(report, indent=2))
    else:
        print(diagnostics_text([*errors, *warnings], Style.of(sys.stderr)), file=sys.stderr)
        if not errors:
            print(f"{_counted(warnings, 'warning')}, which --strict does not allow", file=sys.stderr)
        elif len(diagnostics) > 1:
            more = f" and {_counted(warnings, 'warning')}" if warnings else ""
            print(f"{_counted(errors, 'problem')}{more}", file=sys.stderr)
    return 1 if isinstance(error, RuleError) else 2


def _counted(found: Sequence[object], word: str) -> str:
    return f"{len(found):,} {word}{'' if len(found) == 1 else 's'}"
