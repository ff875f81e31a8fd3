"""The target ``ruleset``: the whole rules as JSON, which other edges and programs read.

Its module:

    printing.py   the text of ruleset.json
"""

from __future__ import annotations

from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.ruleset.printing import document_text
from prefetchrouter.targets.support import FULL, SupportTable
from prefetchrouter.targets.target import Job, Target

FILE = "ruleset.json"


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
        return [Artifact(FILE, document_text(job.rule_set))]
