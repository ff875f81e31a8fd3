"""What the edge does to messages, as plain functions: no input, no output, no clock.

    ranges.py       206 and 416 to clients (E24)           compression.py  gzip to clients (E25)
    forwarding.py   headers that origins get (E3)          spoofable.py    those that speak for the edge (E3)
    followed.py     answers after a redirect (E31)

Numbers are those of `docs/edge-rules.md`; what is stored and for how long is decided by `http_cache`.
"""
