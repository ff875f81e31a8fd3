"""How hard the property tests try: `HYPOTHESIS_PROFILE=thorough pytest` takes minutes instead of seconds."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW_START = [HealthCheck.too_slow]

settings.register_profile("quick", deadline=None, max_examples=60, suppress_health_check=_SLOW_START)
settings.register_profile("ci", settings.get_profile("quick"), derandomize=True, print_blob=True)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "quick"))
