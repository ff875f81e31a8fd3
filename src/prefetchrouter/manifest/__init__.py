"""cache-manifest.js: the public part of the rules, from which browsers know what to prefetch.

`filter_rules` decides what is listed and why the rest is not, `render` prints it. `docs/manifest.md`
tells the whole story.
"""

from prefetchrouter.manifest.filter import Filtered, Omission, Unsupported, filter_rules
from prefetchrouter.manifest.render import GLOBAL_NAME, render

__all__ = ["GLOBAL_NAME", "Filtered", "Omission", "Unsupported", "filter_rules", "render"]
