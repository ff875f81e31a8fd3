"""Whether a copy is still good, as the origin is asked and as it answers."""

from __future__ import annotations

from edge.model.plain import Fields, value_of


def validators(stored: Fields) -> Fields:
    """The conditions under which an origin may say that what it sent is still good."""
    tag = value_of(stored, "etag")
    changed = value_of(stored, "last-modified")
    named = (("if-none-match", tag), ("if-modified-since", changed))
    return tuple((name, value) for name, value in named if value is not None)


def is_about(stored: Fields, told: Fields) -> bool:
    """Whether a 304 can be about a copy: its validators do not say otherwise."""
    tags = [(value_of(fields, "etag") or "").removeprefix("W/") for fields in (stored, told)]
    if all(tags):
        return tags[0] == tags[1]
    dates = [value_of(fields, "last-modified") for fields in (stored, told)]
    return None in dates or dates[0] == dates[1]
