"""The cache without sockets: a state machine over requests and stored responses.

A request passes these states; `machine.py` has each with its transition, `deliver.py` makes the response of
the final ones (■):

    receive ──> Restart ──> receive          a link that carries a POST
       │ ├────> Synthetic, Invalid  ■        the rules respond; 400
       │ └────> Pass ──────────────────────────────────────────┐
       v                                                       │
     Hash ────> Pass                         a large POST      │
       v                                                       │
    Lookup ───> Hit, StaleHit  ■             fresh; stale, and refreshed
       v                                                       v
     Miss ────> Refused, NotCached, StaleIfError  ■   <────  Pass
       │ └────> Pass                         a HEAD            │
       v                                                       v
     Fetch                                                 FetchPast
       └──> Streamed, Revalidated, Uncacheable, StaleIfError, Failed  ■

`Edge` runs the loop and does what a state calls for:

    >>> import asyncio
    >>> from prefetchrouter import Router, RuleSet
    >>> from prefetchrouter.edge.engine.edge import Edge
    >>> from prefetchrouter.edge.origin_client import OriginResponse
    >>> from prefetchrouter.edge.requests import EdgeRequest
    >>> from prefetchrouter.http.message import HeaderFields
    >>> class Origins:
    ...     async def fetch(self, name, request):
    ...         return OriginResponse(200, HeaderFields({"content-type": "text/plain"}), b"hello")
    >>> async def main():
    ...     rules = RuleSet(rules=Router().get("/pages/:id", caching={"max_age": "1h"}).rules)
    ...     edge = Edge(rules, Origins())
    ...     for _ in range(2):
    ...         response, trace = await edge.handle(EdgeRequest("GET", "https", "shop.example", "/pages/1"))
    ...         print(response.status, response.body, trace.cache)
    >>> asyncio.run(main())
    200 b'hello' miss
    200 b'hello' hit

Its modules:

    edge.py          `Edge`: runs the machine             machine.py          states and transitions
    deliver.py       the response of a final state        client_view.py      a response after the rules
    plan.py          a request with its decision          synthetic.py        responses that rules make
    coalescing.py    requests that share a fetch          in_flight.py        fetches in flight
    cache_filler.py  a fetch into the cache               storing.py          may a response be stored
    stream_buffer.py a body while it arrives              hit_for_miss.py     keys that are not coalesced
    fetching.py      forwards requests, redirects         invalidation.py     after unsafe requests
    body_key.py      bodies in cache keys                 prefetching.py      which requests are prefetches
    prefetched_post.py  links that carry a POST           debug_headers.py    `x-ec-debug`
    cache_status.py  `Cache-Status`
"""
