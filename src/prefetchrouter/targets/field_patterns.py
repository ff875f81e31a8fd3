"""Expressions for header fields that engines have to read by themselves."""

from __future__ import annotations

from typing import Final

_MEMBER: Final = (
    r"""[a-z*][a-z0-9_.*-]*(?:=(?:-?[0-9]+(?:\.[0-9]+)?|"(?:[^"\\]|\\["\\])*"|[A-Za-z*][^ ,;"()]*"""
    r"""|\?[01]))?(?:; *[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[^"\\]|\\["\\])*"|[^ ,;"()]+))?)*"""
)
DICTIONARY: Final = rf"^ *{_MEMBER}(?:[ \t]*,[ \t]*{_MEMBER})* *$"
"""A Dictionary (RFC 9651) of the usual kinds of values: neither inner lists nor byte sequences."""

_LIST_MEMBER: Final = (
    r"""(?:[A-Za-z*][^ ,;"()]*|"(?:[^"\\]|\\["\\])*")"""
    r"""(?: *; *[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[^"\\]|\\["\\])*"|[^ ,;"()]+))?)*"""
)
LIST: Final = rf"^ *{_LIST_MEMBER}(?:[ \t]*,[ \t]*{_LIST_MEMBER})* *$"
"""A List (RFC 9651) of tokens and strings with parameters, as Cache-Status is."""
