"""The target ``varnish``: VCL for Varnish Cache 7 and later, and for Vinyl Cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from prefetchrouter.lowering import lower
from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.support import SupportTable
from prefetchrouter.targets.target import Job, Target
from prefetchrouter.targets.varnish.varnish_support import SUPPORT
from prefetchrouter.targets.varnish.vcl_files import default_vcl, rules_vcl, start_script
from prefetchrouter.targets.varnish.vcl_site import Scheme, places, site_vcl


@dataclass(frozen=True, slots=True)
class VarnishTarget(Target):
    """VCL for Varnish Cache, ready to start.

    Args:
        origins: URLs of origins by name, which replace those of the property; the default under ``""``.
        scheme: The scheme that rules see: that of the connection, or always this.
    """

    name: ClassVar[str] = "varnish"
    summary: ClassVar[str] = "VCL for Varnish Cache 7 and later, and for Vinyl Cache."
    support: ClassVar[SupportTable] = SUPPORT

    origins: Mapping[str, str] = field(default_factory=dict)
    scheme: Scheme = "detect"

    def print(self, job: Job) -> list[Artifact]:
        """Return the files of the folder ``varnish/``."""
        rules, code = rules_vcl(lower(job.rule_set), job)
        found = places(job.property, self.origins, code.origins, job)
        site = site_vcl(job.property, found, self.scheme)
        return [
            Artifact("varnish/default.vcl", default_vcl(job.property, code, rules)),
            Artifact("varnish/rules.vcl", rules),
            Artifact("varnish/site.vcl", site),
            Artifact("varnish/start.sh", start_script()),
        ]
