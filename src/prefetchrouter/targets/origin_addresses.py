"""Origins without an address: what an edge is built for has to know where its origins are."""

from __future__ import annotations

from collections.abc import Mapping

from prefetchrouter.diagnostics import Diagnostic
from prefetchrouter.errors import shown
from prefetchrouter.rules.host_names import SYSTEM_ORIGINS
from prefetchrouter.rules.walk import applied
from prefetchrouter.targets.target import Job

_EXAMPLE = 'site = Property(origins=[Origin(name={name}, hosts=["www.example.com"])])'


def report_missing_addresses(job: Job, given: Mapping[str, str]) -> None:
    """Report each origin that rules choose and that has no address, or that there is none at all.

    Args:
        job: The rules, and where it is said.
        given: URLs by the names of origins; the default under ``""``.
    """
    if "" in given:
        return
    known = {origin.name for origin in (job.property and job.property.origins) or () if origin.hosts}
    known.update(given)
    missing: dict[str, Diagnostic] = {}
    for rule in job.rules:
        for apply in applied(rule):
            name = apply.features.origin.set_origin if apply.features.origin else None
            if name is not None and name not in known and name not in SYSTEM_ORIGINS:
                missing.setdefault(
                    name,
                    Diagnostic(
                        "no-origin-address",
                        f"the origin {shown(name)} has no address",
                        apply.source,
                        expected=_EXAMPLE.format(name=shown(name)),
                    ),
                )
    if not known and not missing:
        missing[""] = Diagnostic(
            "no-origin-address",
            "no origin has an address: requests that no rule answers would get a 502",
            next((apply.source for rule in job.rules for apply in applied(rule)), None),
            expected=_EXAMPLE.format(name=shown("web")),
        )
    for found in missing.values():
        job.refuse(found)
