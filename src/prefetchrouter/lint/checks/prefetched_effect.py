"""Pages that do something when they are requested, and are prefetched all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.browser.links import logging_out
from prefetchrouter.http.message import Request
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site

_ACTS = re.compile(
    r"(?:^|[/?&;=._-])"
    r"(add[-_]to[-_](?:cart|basket|wishlist)|add[-_]item|remove[-_]item|checkout|delete|destroy|"
    r"unsubscribe|confirm|verify[-_]email|vote|upvote|downvote|impersonate|switch[-_]account|reset[-_]password)"
    r"(?:$|[/?&;=._-])",
    re.IGNORECASE | re.ASCII,
)
"""Words for what a link does rather than shows. Words for logging out are left to the browser's script."""


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        for visit in site.prefetched(place, _acts):
            target = shown_url(visit.request)
            found = _ACTS.search(target)
            assert found is not None
            yield CHECK.finding(
                f"browsers prefetch {target}: {found.group(1)} may do something before any click",
                place.apply.source,
                hint='keep it out with caching={"bypass_cache": True} or comment="cache-manifest-ignore"',
                witness=visit.request,
            )
            break


def _acts(request: Request) -> bool:
    target = shown_url(request)
    return _ACTS.search(target) is not None and not logging_out(target)


CHECK = Check("lint/prefetched-effect", "A page that is prefetched although its link does something.", _run)
