"""A folder of static files as a site that prefetches: its pages, rules for them, and a copy for any server.

    folder ──> StaticSite ──> proposed_rules ──> routes.py ──> the own files of the browser part
                   │                                                   │
                   └──> write_copy (pages with the script tag) <───────┘
                   └──> StaticServer (the same, as it is on disk now)

Its modules:

    folder.py         the pages of a folder, and the paths by which browsers open them
    page_links.py     the links of a page
    front_page.py     the pages to which a running site links
    proposal.py       rules from paths
    site_copy.py      the copy, all or nothing
    static_server.py  a server for the browser of this machine

Example:
    >>> [rule.pattern for rule in proposed_rules(["/", "/blog/a.html", "/blog/b.html"])]
    ['/', '/blog/:page']
"""

from prefetchrouter.static_site.folder import StaticSite
from prefetchrouter.static_site.front_page import front_page_paths
from prefetchrouter.static_site.proposal import (
    ProposedOrigin,
    ProposedRule,
    proposed_routes_text,
    proposed_rules,
    proposed_test_text,
)
from prefetchrouter.static_site.site_copy import CopiedSite, write_copy
from prefetchrouter.static_site.static_server import StaticServer

__all__ = [
    "CopiedSite",
    "ProposedOrigin",
    "ProposedRule",
    "StaticServer",
    "StaticSite",
    "front_page_paths",
    "proposed_routes_text",
    "proposed_rules",
    "proposed_test_text",
    "write_copy",
]  # fmt: skip
