"""What the rules of a site make of requests that nobody has sent yet: mistakes that only show together.

examples.py      texts that match a pattern or a regular expression
prefixes.py      beginnings of paths: which rules cannot concern one
witnesses.py     requests that a rule applies to
faults.py        what can be wrong with where they lead
markers.py       parameters as other programs write them
texts.py         destinations whose text alone is wrong
destinations.py  redirects and rewrites that lead where nobody wants to go
header_redirects.py  redirects written as status and Location header
late.py          features that come too late to act
dead_links.py    prefetchable pages that are answered without a page
lost.py          pages that the manifest keeps from being prefetched, since it knows less than the rules
"""

from prefetchrouter.analysis.dead_links import dead_links
from prefetchrouter.analysis.destinations import destination_warnings
from prefetchrouter.analysis.header_redirects import header_redirect_warnings
from prefetchrouter.analysis.late import late_features
from prefetchrouter.analysis.lost import lost_prefetching

__all__ = [
    "dead_links",
    "destination_warnings",
    "header_redirect_warnings",
    "late_features",
    "lost_prefetching",
]
