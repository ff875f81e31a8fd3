"""The words of a command line: no abbreviations, and a misspelt command, option or value gets a proposal."""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

_OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")


class Parser(argparse.ArgumentParser):
    """A parser whose errors look like all others; an option is never abbreviated, since others may come."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **{"allow_abbrev": False, **options})  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, and end with 2."""
        self.refuse(message)

    def refuse(self, message: str, expected: str | None = None, hint: str | None = None) -> NoReturn:
        """Print the usage and what is wrong, with what was expected and a proposal, and end with 2."""
        from prefetchrouter.errors import Diagnostic
        from prefetchrouter.report.diagnostics import diagnostics_json, diagnostics_text
        from prefetchrouter.report.table import Style

        found = Diagnostic("command-line", message, expected=expected, hint=hint)
        if _wants_json(sys.argv[1:] if self.words is None else self.words):
            print(json.dumps({"errors": diagnostics_json([found]), "warnings": []}, indent=2))
        else:
            self.print_usage(sys.stderr)
            print(diagnostics_text([found], Style.of(sys.stderr)), file=sys.stderr)
        raise SystemExit(2)

    words: Sequence[str] | None = None
    """The words that are read."""

    def options(self) -> list[str]:
        """Return the options that it knows."""
        return list(dict.fromkeys(_OPTION.findall(self.format_help())))


def _wants_json(words: Sequence[str]) -> bool:
    pairs = itertools.pairwise(words)
    return "--format=json" in words or ("--format", "json") in pairs


def check_command(parser: Parser, words: Sequence[str], commands: Iterable[str]) -> None:
    """Refuse a first word that is not a command."""
    from prefetchrouter.errors import did_you_mean, shown

    known = list(commands)
    first = next((word for word in words if not word.startswith("-")), None)
    if first is not None and first not in known and words[0] == first:
        parser.refuse(
            f"{shown(first)} is not a command", "one of " + ", ".join(known), did_you_mean(first, known)
        )


def check_rest(parser: Parser, command: str, rest: Sequence[str]) -> None:
    """Refuse the first word that a command does not take."""
    from prefetchrouter.errors import did_you_mean, shown

    if not rest:
        return
    option = rest[0].partition("=")[0]
    if option.startswith("-"):
        known = parser.options()
        parser.refuse(
            f"{shown(option)} is not an option of {command}",
            hint=did_you_mean(option, known) or f"prefetchrouter {command} --help lists the options",
        )
    parser.refuse(f"{shown(rest[0])} is one argument too many", hint=f"see prefetchrouter {command} --help")


def one_of(*choices: str) -> Callable[[str], str]:
    """Return the type of an option that takes one of a few words.

    Example:
        >>> one_of("text", "json")("jsn")
        Traceback (most recent call last):
        argparse.ArgumentTypeError: "jsn" is not one of "text", "json"; did you mean "json"?
    """

    def choose(text: str) -> str:
        from prefetchrouter.errors import did_you_mean, shown

        if text in choices:
            return text
        hint = did_you_mean(text.lower(), choices)
        listed = ", ".join(map(shown, choices))
        raise argparse.ArgumentTypeError(f"{shown(text)} is not one of {listed}{f'; {hint}' if hint else ''}")

    return choose


def add_choice(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup, name: str, *choices: str, **options: object
) -> None:
    """Add an option that takes one of a few words, shown as ``{text,json}``."""
    shown = f"{{{','.join(choices)}}}"
    parser.add_argument(name, type=one_of(*choices), **{"metavar": shown, **options})  # type: ignore[arg-type]


def add_unsupported_conditions(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Add the option that overrides how the manifest is made."""
    add_choice(
        parser, "--unsupported-conditions", "ignore", "drop",
        help="what the manifest does with conditions that browsers cannot decide: list the rule without them,"
        " or leave the rule out (default: as the property says, else ignore)",
    )  # fmt: skip


def add_strict(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Add the option that makes warnings fail."""
    parser.add_argument(
        "--strict", action="store_true", help="let warnings about the rules fail, as errors do"
    )
