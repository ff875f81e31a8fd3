"""The target ``speculation``: speculation-rules.json, by which browsers prefetch and prerender by themselves.

What is in it is decided by `prefetchrouter.speculation`; see `docs/speculation.md`.
"""

from __future__ import annotations

from typing import ClassVar, Final

from prefetchrouter.browser_view.filter import LISTED_FEATURES
from prefetchrouter.catalog import keys
from prefetchrouter.errors import Diagnostic
from prefetchrouter.speculation import LeftOut, rules_text, speculations_of
from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.support import CONSTRUCTS, FULL, OPERATORS, SupportTable, approximate, none
from prefetchrouter.targets.target import Job, Target

FILE: Final = "speculation-rules.json"

_OF_LINKS: Final = ("request.path", "request.method", "request.scheme", "request.path.*")
_QUERY: Final = approximate("only equal to a text without escapes: other links are left out")


class SpeculationTarget(Target):
    """Which links browsers may prefetch or prerender by themselves.

    Example:
        >>> from prefetchrouter import Router, build
        >>> ages = {"max_age": "1h", "service_worker_max_age": "1h"}
        >>> made = build(Router().match("/pages/:id", caching=ages), targets="speculation")
        >>> '{"href_matches": {"pathname": "/pages/:id{/}?"}}' in made["speculation-rules.json"]
        True
    """

    name: ClassVar[str] = "speculation"
    summary: ClassVar[str] = "Speculation Rules: what browsers may prefetch or prerender by themselves."
    support: ClassVar[SupportTable] = SupportTable(
        features={
            **dict.fromkeys(LISTED_FEATURES, FULL),
            keys.caching.bypass_client_cache: none("Speculation Rules do not use the browser's cache"),
            "speculation": FULL,
        },
        variables={**dict.fromkeys(_OF_LINKS, FULL), "request.origin_query.*": _QUERY},
        operators=dict.fromkeys(OPERATORS, FULL),
        constructs=dict.fromkeys(CONSTRUCTS, FULL),
        otherwise=none("browsers do not speculate by it"),
    )
    is_excerpt: ClassVar[bool] = True

    def print(self, job: Job) -> list[Artifact]:
        """Return speculation-rules.json."""
        made = speculations_of(job.rule_set, job.navigation.likely)
        for left_out in made.left_out:
            job.report(_diagnostic(left_out))
        return [Artifact(FILE, rules_text(made.found))]


def _diagnostic(left_out: LeftOut) -> Diagnostic:
    part = "the links" if left_out.is_all else "some links"
    return Diagnostic(
        "speculation-left-out",
        f"the speculation rules leave out {part} of this rule: a link does not show {left_out.why}",
        source=left_out.source,
        severity="warning",
    )
