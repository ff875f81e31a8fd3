"""The warnings of `build`, in the same list as all other checks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site

SUMMARIES = {
    "never-matches": "A rule or branch that no request can match.",
    "no-effect": "A feature without effect in its place, or cancelled by another one.",
    "destination": "A redirect or rewrite to a URL that is probably wrong.",
    "redirect-loop": "A redirect that leads back to the same page.",
    "dead-link": "A prefetchable page that is answered with a status without a page.",
    "lost-prefetching": "Pages that the manifest keeps from being prefetched, although the rules allow it.",
    "unlikely-pattern": "A path pattern that is valid, but probably a mistake.",
    "unlikely-value": "A value that is valid, but probably a mistake.",
    "reserved-header": "A header that the edge sets itself, or that rules may not set.",
    "helper": "An option of a helper that has no effect.",
    "regex-lookaround": "A regular expression with a lookahead or lookbehind, which some engines lack.",
    "regex-backtracking": "A regular expression that can take very long.",
    "regex-portability": "A regular expression that engines understand differently.",
}
"""What each warning finds."""


def _run(site: Site, code: str) -> Iterator[Finding]:
    return (Finding(warning) for warning in site.warnings if warning.code == code)


CHECKS = tuple(Check(code, summary, partial(_run, code=code)) for code, summary in SUMMARIES.items())
