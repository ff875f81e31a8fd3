"""The edge itself, without sockets: plans, copies, shared fetches, responses.

Its modules:

    edge.py         `Edge`: from a request to its response, and what happened
    plan.py         what the rules make of a request         prefetching.py  which requests are prefetches
    standing_in.py  GET requests that stand for a POST       bodies.py       bodies that are part of a key
    sharing.py      requests that share a fetch, refreshes   flights.py      fetches that are under way
    carrying.py     a fetch into the cache, step by step     filling.py      a body that several follow
    fetching.py     asks an origin, follows its redirects    changes.py      copies that a POST has ended
    delivery.py     responses: from copies, from origins     outcomes.py     responses, and what is told
    synthetic.py    what rules answer themselves             debugging.py    headers that tell of caching
    cache_status.py the same in the standard's words
"""
