"""The target ``varnish``: VCL for Varnish Cache 7 and later, and for Vinyl Cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from prefetchrouter.lowering import lower
from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.origin_addresses import report_missing_addresses
from prefetchrouter.targets.site_files import site_files
from prefetchrouter.targets.support import SupportTable
from prefetchrouter.targets.target import Job, Target
from prefetchrouter.targets.varnish.varnish_support import SUPPORT
from prefetchrouter.targets.varnish.vcl_files import default_vcl, rules_vcl, script
from prefetchrouter.targets.varnish.vcl_own_files import files_vcl
from prefetchrouter.targets.varnish.vcl_site import Scheme, places, site_vcl


@dataclass(frozen=True, slots=True)
class VarnishTarget(Target):
    """VCL for Varnish Cache, ready to start.

    Args:
        origins: URLs of origins by name, which replace those of the property; the default under ``""``.
        scheme: The scheme that rules see: that of the connection, or always this.
        host: The host that rules see instead of this machine's names; None for the first of the property.
        facts: Facts about every visitor, such as ``{"location.country": "DE"}``.
        cache_status: Whether responses have `Cache-Status`.
        answer_seconds: How long an origin may take until the head of its response, in whole seconds.
    """

    name: ClassVar[str] = "varnish"
    summary: ClassVar[str] = "VCL for Varnish Cache 7 and later, and for Vinyl Cache."
    support: ClassVar[SupportTable] = SUPPORT
    start_command: ClassVar[tuple[str, ...]] = ("sh", "varnish/start.sh")

    origins: Mapping[str, str] = field(default_factory=dict)
    scheme: Scheme = "detect"
    host: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    cache_status: bool = True
    answer_seconds: int = 60

    def print(self, job: Job) -> list[Artifact]:
        """Return the files of the folder ``varnish/``."""
        report_missing_addresses(job, self.origins)
        rules, code = rules_vcl(lower(job.rule_set), job)
        found = places(job.property, self.origins, code.origins, job)
        site = site_vcl(job.property, found, self.scheme, self.facts, self.answer_seconds)
        return [
            Artifact(
                "varnish/default.vcl",
                default_vcl(
                    job.property,
                    code,
                    rules,
                    host=self.host,
                    cache_status=self.cache_status,
                    has_failover=any(len(place.servers) > 1 for place in found),
                    answer_seconds=self.answer_seconds,
                ),
            ),
            Artifact("varnish/rules.vcl", rules),
            Artifact("varnish/site.vcl", site),
            Artifact("varnish/files.vcl", files_vcl(site_files(job.filtered, job.property, job.navigation))),
            Artifact("varnish/start.sh", script("start.sh", code)),
            Artifact("varnish/deploy.sh", script("deploy.sh", code)),
        ]
