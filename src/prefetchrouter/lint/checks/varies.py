"""Prefetchable responses that vary on what differs between prefetch and visit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.catalog import keys
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site

_DIFFERING = re.compile(
    r"\*|accept|cookie|purpose|sec-purpose|sec-fetch-\w+|referer|upgrade-insecure-requests|priority", re.I
)
_SET = f"{keys.headers.set_response_headers}.vary", f"{keys.headers.add_response_headers}.vary"


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        for visit in site.prefetched(place):
            value = next((v for key in _SET if (v := visit.decision.values.get(key)) is not None), None)
            if value is None or value.rule is not place.apply:
                continue
            names = _names(visit.decision.response_headers().get("vary") or "")
            if not names:
                continue
            yield CHECK.finding(
                f"{shown_url(visit.request)} is prefetched, but varies on {', '.join(names)}, which differs"
                " between the prefetch and the visit: the prefetched response is not used",
                place.apply.source,
                hint="remove the name from Vary; let the edge tell visitors apart with"
                f" {keys.caching.cache_key}",
                witness=visit.request,
            )
            break


def _names(vary: str) -> list[str]:
    return [name.strip() for name in vary.split(",") if _DIFFERING.fullmatch(name.strip())]


CHECK = Check(
    "lint/vary", "A prefetchable response that varies on what a prefetch and a visit differ in.", _run
)
