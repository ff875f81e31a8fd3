"""Parsing of the command line: no abbreviations, and suggestions for misspelled words."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

_OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")


class Parser(argparse.ArgumentParser):
    """A parser that reports errors as diagnostics.

    Options cannot be abbreviated: a new option would change the meaning of abbreviations in scripts.
    """

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **{"allow_abbrev": False, **options})  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Print the usage and the error, and exit with 2."""
        self.refuse(message)

    def refuse(self, message: str, expected: str | None = None, hint: str | None = None) -> NoReturn:
        """Print the usage and the error, with what was expected and a suggestion, and exit with 2."""
        from prefetchrouter.errors import Diagnostic
        from prefetchrouter.report.diagnostic_lines import diagnostics_json, diagnostics_text
        from prefetchrouter.report.table import Style

        found = Diagnostic("command-line", message, expected=expected, hint=hint)
        if _wants_json(sys.argv[1:] if self.words is None else self.words):
            print(json.dumps({"errors": diagnostics_json([found]), "warnings": []}, indent=2))
        else:
            self.print_usage(sys.stderr)
            print(diagnostics_text([found], Style.of(sys.stderr)), file=sys.stderr)
        raise SystemExit(2)

    words: Sequence[str] | None = None
    """The arguments that are parsed."""

    def options(self) -> list[str]:
        """Return the names of its options."""
        return list(dict.fromkeys(_OPTION.findall(self.format_help())))


def _wants_json(words: Sequence[str]) -> bool:
    pairs = itertools.pairwise(words)
    return "--format=json" in words or ("--format", "json") in pairs


def check_command(parser: Parser, words: Sequence[str], commands: Iterable[str]) -> None:
    """Reject a first argument that is not a command."""
    from prefetchrouter.errors import did_you_mean, shown

    known = list(commands)
    first = next((word for word in words if not word.startswith("-")), None)
    if first is not None and first not in known and words[0] == first:
        parser.refuse(
            f"{shown(first)} is not a command", "one of " + ", ".join(known), did_you_mean(first, known)
        )


def check_rest(parser: Parser, command: str, rest: Sequence[str]) -> None:
    """Reject the first argument that a command does not take."""
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
    """Return the type of an option that takes one of these values.

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


def chosen(word: str, *choices: str) -> str:
    """Return an argument that is one of these words; called after the options were checked.

    Raises:
        LoadError: It is another word.
    """
    from prefetchrouter.errors import LoadError

    try:
        return one_of(*choices)(word)
    except argparse.ArgumentTypeError as error:
        raise LoadError.of("command-line", str(error)) from None


def utf8(word: str) -> str:
    """Return an argument as UTF-8, as URLs and headers are in each locale; not for names of files.

    Example:
        >>> utf8("/caf\\udcc3\\udca9"), utf8("/a")
        ('/café', '/a')
    """
    try:
        return word if word.isascii() else os.fsencode(word).decode("utf-8")
    except UnicodeError:
        return word


def add_choice(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup, name: str, *choices: str, **options: object
) -> None:
    """Add an option that takes one of these values, shown as ``{text,json}``."""
    shown = f"{{{','.join(choices)}}}"
    parser.add_argument(name, type=one_of(*choices), **{"metavar": shown, **options})  # type: ignore[arg-type]


def add_unsupported_conditions(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Add the option that overrides how the manifest treats conditions that browsers cannot decide."""
    add_choice(
        parser, "--unsupported-conditions", "ignore", "drop",
        help="how the manifest treats conditions that browsers cannot decide: list the rule without them,"
        " or omit the rule (default: as in the property, else ignore)",
    )  # fmt: skip


def add_strict(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Add the option that treats warnings as errors."""
    parser.add_argument("--strict", action="store_true", help="treat warnings about the rules as errors")
