"""cache-manifest.js: the public part of the rules, from which browsers know what to prefetch.

`prefetchrouter.browser_view` decides what is listed and why the rest is not, `render` prints it.
`docs/manifest.md` tells the whole story.
"""

from prefetchrouter.manifest.render import GLOBAL_NAME, render

__all__ = ["GLOBAL_NAME", "render"]
