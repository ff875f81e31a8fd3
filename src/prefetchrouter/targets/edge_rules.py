"""The rules of edge behaviour, E1 to E39, by their numbers; `docs/edge-rules.md` has them in full.

A support table says for each how well a target does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

EDGE_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "E1": "path and query in canonical form",
        "E2": "requests that are refused, hosts and methods",
        "E3": "headers that are not forwarded, and those that the edge adds",
        "E4": "`edgio_` parameters are in no key and reach no origin",
        "E5": "what makes a cached-only prefetch",
        "E6": "a prefetch gets a stored response, or 412; redirects keep its parameters",
        "E7": "`x-sw-cache-control` is never on a 412 or on errors of the edge",
        "E8": "methods whose responses are stored; HEAD",
        "E9": "requests that pass: `Authorization`, a GET with a body, `bypass_cache`",
        "E10": "responses that are not stored",
        "E11": "the freshness lifetime: a rule's, the origin's, the default",
        "E12": "`no-cache` of the origin",
        "E13": "the cache key, and `Vary`",
        "E14": "fresh responses: `Age` and `Date`",
        "E15": "`stale_while_revalidate`",
        "E16": "validation of stale responses",
        "E17": "a stale response while the origin fails",
        "E18": "`prevalidate_cached_content`, `refresh_zero_byte_cache_files`",
        "E19": "request coalescing, hit-for-miss",
        "E20": "a client that disconnects",
        "E21": "unsafe methods remove stored responses",
        "E22": "`only-if-cached`",
        "E23": "headers of rules on hits and misses",
        "E24": "304, 206 and 416 from stored responses",
        "E25": "compression",
        "E26": "502 and 504 where there is no response",
        "E27": "incomplete bodies",
        "E28": "responses that rules make",
        "E29": "prefetches of a POST",
        "E30": "`debug_header`",
        "E31": "redirects of origins that the edge follows",
        "E32": "prefetches by browsers and other libraries",
        "E33": "what a prefetch never gets",
        "E34": "`CDN-Cache-Control`",
        "E35": "dates",
        "E36": "`Cache-Status`",
        "E37": "how often a request is sent to the origin",
        "E38": "purges by tag and by URL",
        "E39": "prefetches for the browser's own cache",
    }
)
"""Each rule's subject, by its number."""
