"""How many examples a property test tries, as a multiple of what the profile says."""

from __future__ import annotations

from hypothesis import settings


def times(factor: int) -> settings:
    """Return the settings for a test that needs more examples than most."""
    return settings(max_examples=settings().max_examples * factor)
