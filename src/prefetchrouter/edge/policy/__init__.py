"""What a cache decides, as plain functions: no input, no output, no clock.

    keeping.py      may an answer be kept, how long, and is a copy still good (E8 to E12, E15, E17)
    age.py          how old an answer is (E14)             vary.py         which request a copy is for (E13)
    validation.py   asking the origin again (E16)          conditional.py  304 to clients (E24)
    ranges.py       206 and 416 to clients (E24)           compression.py  gzip to clients (E25)
    forwarding.py   headers that pass, and those that do not (E3)
    fields.py       headers with some changed, lists       tags.py         entity tags and dates

Rule numbers are those of `docs/edge-rules.md`. No text of a header is refused: what cannot be understood is
taken in the way that serves no wrong copy. Times are in seconds.
"""
