"""Evaluates the rules of a site with sample requests: mistakes that only show when rules act together.

examples.py            texts that match a pattern or a regular expression
    samples.py             more random texts that a regular expression matches
prefixes.py            beginnings of paths: which rules cannot concern one
witnesses.py           requests that a rule applies to
covering_texts.py      texts that reach every part of an expression
tested_values.py       the values that a rule names
varied_request.py      a request with one value changed
boundary_requests.py   requests with each of these values
faults.py              what can be wrong with where they lead
foreign_parameters.py  parameters as other programs write them
destination_texts.py   destinations whose text alone is wrong
destinations.py        redirects and rewrites with unlikely destinations
header_redirects.py    redirects written as status and Location header
late.py                features that come too late to act
dead_links.py          prefetchable pages that are answered without a page
lost.py                pages that the manifest keeps from being prefetched, since it knows less than the rules
"""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.analysis.late import late_features
from prefetchrouter.catalog import stops_prefetching
from prefetchrouter.errors import Diagnostic
from prefetchrouter.rules.features import Features
from prefetchrouter.rules.rule_set import RuleSet, features_of

__all__ = ["site_warnings"]


def site_warnings(rules: RuleSet) -> Iterator[Diagnostic]:
    """Yield a warning for each mistake that only shows when the rules are taken together.

    Requests are made and evaluated only where features may lead them astray: most files have none of these,
    and need not load what evaluates.

    Example:
        >>> from prefetchrouter import Router
        >>> router = Router().match("/:page", lambda route: route.redirect("/:page"))
        >>> [found.code for found in site_warnings(RuleSet(rules=router.rules))]
        ['redirect-loop']
    """
    if not any(map(_may_lead_astray, features_of(rules))):
        yield from late_features(rules.rules)
        return
    from prefetchrouter.analysis.dead_links import dead_links
    from prefetchrouter.analysis.destinations import destination_warnings
    from prefetchrouter.analysis.header_redirects import header_redirect_warnings
    from prefetchrouter.analysis.lost import lost_prefetching

    yield from destination_warnings(rules)
    yield from header_redirect_warnings(rules)
    yield from late_features(rules.rules)
    yield from dead_links(rules)
    yield from lost_prefetching(rules)


def _may_lead_astray(features: Features) -> bool:
    """Whether features redirect, rewrite, set a status, or stop prefetching: what the checks begin with."""
    response = features.response
    sets_status = response is not None and response.set_status_code is not None
    return features.url is not None or sets_status or stops_prefetching(features)
