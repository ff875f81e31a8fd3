"""The cache without sockets: a state machine over requests and stored responses.

A request passes states: from the cache lookup to a hit, or by a miss to a fetch. `machine.py` has each with
its transition, `docs/edge-rules.md` a picture of them all; `deliver.py` makes the response of the final ones.

`Edge` runs the loop and does what a state calls for; `prefetchrouter.edge` begins with an example of it.

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
