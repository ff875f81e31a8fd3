"""The target ``manifest``: cache-manifest.js, from which browsers know what to prefetch.

What of the rules it shows is decided by `prefetchrouter.browser_view`; see `docs/manifest.md`.

The text itself is made by `prefetchrouter.targets.manifest_text`, which other targets use too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser_view.filter import LISTED_FEATURES
from prefetchrouter.rules.property_settings import keeps_encoded_slashes
from prefetchrouter.rules.variables import all_variables
from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.manifest_text import GLOBAL_NAME, render
from prefetchrouter.targets.support import CONSTRUCTS, FULL, OPERATORS, SupportTable, approximate, none
from prefetchrouter.targets.target import Job, Target

__all__ = ["FILE", "GLOBAL_NAME", "ManifestTarget", "render"]

FILE = "cache-manifest.js"

_NOT_FOR_BROWSERS = none("browsers do not decide prefetching by it")
_NOT_KNOWN = approximate("browsers do not know it: the rule is listed without the condition, or not at all")

_ELSE = approximate("an else is left out where a branch before it is not listed")


@dataclass(frozen=True, slots=True)
class ManifestTarget(Target):
    """What browsers may prefetch, as the script that pages load.

    Args:
        global_name: The global that the script sets on ``self``.
        site: Whether to add the browser's files and the manifest, at their paths under ``site/``.

    Example:
        >>> from prefetchrouter.rules.rule_set import RuleSet
        >>> [artifact] = ManifestTarget("MINE").print(Job(ManifestTarget(), RuleSet(rules=())))
        >>> artifact.path, artifact.text
        ('cache-manifest.js', 'self.MINE={"rules":[]};\\n')
    """

    name: ClassVar[str] = "manifest"
    summary: ClassVar[str] = "What browsers may prefetch, as the script that pages load."
    support: ClassVar[SupportTable] = SupportTable(
        features=dict.fromkeys(LISTED_FEATURES, FULL),
        variables={
            f"{found.namespace}.{'*' if '<' in found.name else found.name}": FULL
            if found.in_manifest
            else _NOT_KNOWN
            for found in all_variables()
        },
        operators=dict.fromkeys(OPERATORS, FULL),
        constructs={**dict.fromkeys(CONSTRUCTS, FULL), "else": _ELSE},
        otherwise=_NOT_FOR_BROWSERS,
    )
    is_excerpt: ClassVar[bool] = True

    global_name: str = GLOBAL_NAME
    site: bool = False

    def print(self, job: Job) -> list[Artifact]:
        """Return cache-manifest.js, and the files of the site when they are wanted."""
        listed = [rule.listed for rule in job.filtered if rule.listed is not None]
        text = render(listed, self.global_name, keeps_slashes=keeps_encoded_slashes(job.property))
        manifest = Artifact(FILE, text)
        if not self.site:
            return [manifest]
        from prefetchrouter.targets.site_files import site_files  # which loads what evaluates

        served = site_files(job.filtered, job.property, job.navigation)
        files = {path: file.text for path, file in served.items()}
        files[NAMES.manifest_path] = text  # with the global that the user chose
        return [manifest, *(Artifact(f"site{path}", file) for path, file in files.items())]
