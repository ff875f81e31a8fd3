"""HTTP caching (RFC 9111) as pure functions: no input, no output, no clock.

    storage.py      may a response be stored, how long, is a stored one still usable (E8 to E12, E15, E17)
    age.py          how old a response is (E14)            vary.py         for which requests it is (E13)
    validation.py   revalidation (E16)                     conditional.py  304 to clients (E24)
    hop_by_hop.py   headers that pass a cache (E3)         validators.py   entity tags
    spoofable.py    headers not to be trusted (E3)
    prefetches.py   prefetches by others (E32), statuses without a page (E33)
    changed_fields.py  headers with some changed, lists
    reasons.py      sentences, with a cure, for the short reasons of storage
    outcome.py      what becomes of a prefetch: which caches store it

Numbers are those of `docs/edge-rules.md`. No text of a header is refused: what cannot be understood is taken
in the way that never serves a wrong response. Times are in seconds.
"""
