"""The target ``ruleset``: the whole rules as JSON, which other edges and programs read.

Its module:

    printing.py   the text of ruleset.json
"""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.catalog import keys
from prefetchrouter.rules.features.cache_key_options import OWN_OPTIONS
from prefetchrouter.rules.walk import applied
from prefetchrouter.source import Source
from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.ruleset.printing import document_text
from prefetchrouter.targets.support import FULL, SupportTable
from prefetchrouter.targets.target import Job, Target

FILE = "ruleset.json"


def _own_options(job: Job) -> Iterator[tuple[str, Source | None]]:
    for rule in job.rules:
        for apply in applied(rule):
            caching = apply.features.caching
            options = caching.cache_key if caching is not None else None
            for name in OWN_OPTIONS if options is not None else ():
                if getattr(options, name):
                    yield f"{keys.caching.cache_key}.{name}", apply.source


class RuleSetTarget(Target):
    """All rules, with the property around them, in the form that an edge takes.

    Example:
        >>> from prefetchrouter.rules.rule_set import RuleSet
        >>> [artifact] = RuleSetTarget().print(Job(RuleSetTarget(), RuleSet(rules=())))
        >>> artifact.path, artifact.text
        ('ruleset.json', '{\\n"rules": []\\n}\\n')
    """

    name = "ruleset"
    summary = "The whole rules as JSON, for other edges and programs."
    support = SupportTable(otherwise=FULL)

    def print(self, job: Job) -> list[Artifact]:
        """Return ruleset.json."""
        # Read here, and not by the support table: this way most builds need not read all that rules use.
        for name, source in _own_options(job):
            job.unsupported(
                name,
                source,
                "the published schema of rules has no such option",
                nearest="name the parameters that count in include_query_params, or build other targets",
            )
        return [Artifact(FILE, document_text(job.rule_set))]
