"""The rules that differ between two rule sets: only requests that they apply to can be answered otherwise."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import partial

from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.rule_text import RuleWriter

_encode = partial(json.dumps, sort_keys=True)


def changed_rules(before: Sequence[Rule], after: Sequence[Rule]) -> tuple[list[int], list[int]]:
    """Return which rules differ: their numbers before, and their numbers after.

    A rule that moved is in both lists. Lines do not count. Comments do: one of them hides a rule from
    browsers.

    Args:
        before: The rules, in order.
        after: Those that replace them.

    Example:
        >>> from prefetchrouter import Router
        >>> one, two, three = (Router().get(f"/{n}", caching={"max_age": "1h"}).rules[0] for n in "123")
        >>> changed_rules([one, two, three], [one, three])
        ([1], [])
        >>> changed_rules([one, two], [two, one])
        ([1], [0])
    """
    write = RuleWriter(_encode)
    old, new = [write(rule) for rule in before], [write(rule) for rule in after]
    start = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    matcher = SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end], autojunk=False)
    gone: list[int] = []
    come: list[int] = []
    for kind, a, a_end, b, b_end in matcher.get_opcodes():
        if kind != "equal":
            gone += range(start + a, start + a_end)
            come += range(start + b, start + b_end)
    return gone, come
