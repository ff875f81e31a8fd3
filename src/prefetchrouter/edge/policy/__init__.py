"""What the edge does to messages, as pure functions: no I/O and no clock.

    ranges.py       206 and 416 to clients (E24)       compression.py       gzip to clients (E25)
    forwarding.py   headers that origins get (E3)
    redirect_storage.py  storing what followed redirects lead to (E31)

The numbers are the requirements in `docs/edge-rules.md`. Which responses may be stored, and for how long, is
decided by `prefetchrouter.http_cache`.
"""
