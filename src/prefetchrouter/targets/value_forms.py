"""The forms that values of rules can have, by their names; `used_forms` finds those that a rule uses.

A target can support a feature and yet not every value of it: VCL has no way to cut a variable at an offset.
Each form has a name, for support tables and for the diagnostic with the user's line.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VALUE_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "%{...}": "a text with a variable",
        "%{...:=default}": "with a default where it is missing or empty",
        "%{...=default}": "with a default where it is missing",
        "%{...:+text}": "with another text where it has a value",
        "%{...+text}": "with another text where it is there",
        "%{...:offset:length}": "a part of its value",
        "%{...#regex}": "without what a regular expression matches at its start",
        "%{...%regex}": "without what a regular expression matches at its end",
        "%{.../regex/new}": "with the first match of a regular expression replaced",
        "%{...//regex/new}": "with all matches of a regular expression replaced",
        "%{.../=regex/new}": "only what a regular expression captures",
        "%{...,}": "in lower case",
        "%{...,regex}": "with what a regular expression matches in lower case",
        "%{...^}": "in upper case",
        "%{...^regex}": "with what a regular expression matches in upper case",
        "regex": "a regular expression",
        "regex (?=...)": "with a lookahead",
        r"regex \b": "with a word boundary",
        "regex (?<name>...)": "with a named group",
        "regex of other than ASCII": "with characters outside ASCII",
        "two variables": "a condition that compares two variables",
        "number": "a condition that a variable equals a number",
        "network": "a condition that an address is in a block of addresses",
        "negative duration": "a duration below zero",
        "+header": "text behind the value that a header has",
        "header from a variable": "a header with the value of a variable, written as a mapping",
        "header name with a dot": "a header whose name holds a dot",
        "status from a text": "a status code from a text with variables",
        "source of path and query": "a source of a rewrite or redirect that only both together decide",
        "NUL": "a text that holds the character U+0000",
    }
)
"""Each form by its name, with what it is."""


def parent_of(form: str) -> str | None:
    """Return the form that another one is a case of, None for one that stands alone.

    Example:
        >>> parent_of("%{...,}"), parent_of("regex (?=...)"), parent_of("number")
        ('%{...}', 'regex', None)
    """
    if form.startswith("%{") and form != "%{...}":
        return "%{...}"
    return "regex" if form.startswith("regex ") else None
