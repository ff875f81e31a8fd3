"""Cookies that rules set on pages that are prefetched or stored for all."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.catalog import keys
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site

_SET = f"{keys.headers.set_response_headers}.set-cookie", f"{keys.headers.add_response_headers}.set-cookie"


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        for visit in site.prefetched(place):
            values = [visit.decision.values.get(key) for key in _SET]
            mine = any(value is not None and value.rule is place.apply for value in values)
            if not mine:
                continue
            yield CHECK.finding(
                f"{shown_url(visit.request)} sets a cookie and is prefetched: visitors get the cookie of a"
                " page that they have not opened",
                place.apply.source,
                hint='set it on pages that are not prefetched, or add comment="cache-manifest-ignore"',
                witness=visit.request,
            )
            break


CHECK = Check("lint/cookie-on-prefetch", "A page that is prefetched although it sets a cookie.", _run)
