"""Hidden rules whose paths another rule shows to browsers."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.likely_mistakes.markers import MARKER
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site
from prefetchrouter.rules.conditions import Comparison
from prefetchrouter.rules.rule import Rule
from prefetchrouter.rules.walk import comparisons, conditions_in
from prefetchrouter.source import Source

_LEAST_CHARACTERS = 4
"""Shorter beginnings, such as /en, say too little to be a secret."""


def _run(site: Site) -> Iterator[Finding]:
    shown: dict[str, Source | None] = {}
    for filtered in site.filtered:
        if filtered.listed is not None:
            for text in _literals(filtered.listed):
                while text:
                    shown.setdefault(text, filtered.rule.source)
                    text = text.rpartition("/")[0]
    for filtered in site.filtered:
        is_hidden = any(omission.reason == "comment" for omission in filtered.omissions)
        if filtered.listed is not None or not is_hidden:
            continue
        given = next((text for text in _literals(filtered.rule) if text in shown), None)
        if given is not None:
            yield CHECK.finding(
                f"{MARKER} hides this rule, but {given} is in the manifest by {shown[given]}",
                filtered.rule.source,
                hint="hide the other rule, too, or let its path begin otherwise",
            )


def _literals(rule: Rule) -> Iterator[str]:
    for condition in conditions_in(rule):
        for test in comparisons(condition):
            text = _literal(test)
            if len(text) >= _LEAST_CHARACTERS:
                yield text


def _literal(test: Comparison) -> str:
    """Return the first segments of a path that a comparison spells out."""
    variable = test.variable
    if variable is None or variable.namespace != "request" or variable.name != "path":
        return ""
    if test.operator not in ("==", "===") or not isinstance(test.value, str):
        return ""
    literal = test.value
    for mark in ":({*\\":
        literal = literal.partition(mark)[0]
    whole = literal == test.value
    return literal.rstrip("/") if whole else literal.rpartition("/")[0]


CHECK = Check("lint/given-away", "A hidden rule whose path another rule shows to browsers.", _run)
