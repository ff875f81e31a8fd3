"""Prefetchable pages whose cache key has headers that differ between prefetch and visit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.catalog import keys
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site

_DIFFERING = re.compile(
    r"accept|purpose|x-purpose|sec-purpose|sec-fetch-\w+|referer|priority|upgrade-insecure-requests"
)


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        for visit in site.prefetched(place):
            options = visit.decision.get(keys.caching.cache_key)
            if options is None or visit.decision.decided_by(keys.caching.cache_key) is not place.apply:
                continue
            names = [name for name in options.include_headers or () if _DIFFERING.fullmatch(name.lower())]
            if not names:
                continue
            yield CHECK.finding(
                f"the cache key of {shown_url(visit.request)} has {', '.join(names)}, which differs between"
                " the prefetch and the visit: the edge refuses the prefetch, or stores the page twice",
                place.apply.source,
                hint=f"leave the header out of {keys.caching.cache_key}",
                witness=visit.request,
            )
            break


CHECK = Check("lint/key-differs", "A cache key with a header that differs between prefetch and visit.", _run)
