"""What a page prefetches with: nothing, Speculation Rules, or this project's script."""

from __future__ import annotations

import json
from typing import Final, Literal, TypeAlias, get_args

from prefetchrouter.browser.names import NAMES

Mode: TypeAlias = Literal["nothing", "speculation", "ours"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)

TITLES: Final = {
    "nothing": "nothing",
    "speculation": "Speculation Rules",
    "ours": "prefetchrouter",
}

USUAL_RULES: Final = json.dumps(
    {"prefetch": [{"where": {"href_matches": "/*"}, "eagerness": "moderate"}]}, separators=(",", ":")
)
"""For a site that serves none: every link of the site, when the visitor points at it."""

_WITHOUT: Final = """
new MutationObserver(() => {
  const rules = document.querySelectorAll('script[type=speculationrules]:not([data-lab])');
  for (const found of rules) found.remove();
}).observe(document, { childList: true, subtree: true });
"""

_ADD: Final = """
document.addEventListener('DOMContentLoaded', () => {
  if (TEST) return;
  const script = document.createElement('script');
  Object.assign(script, GIVEN);
  script.dataset.lab = '';
  document.head.append(script);
});
"""

_PAINT: Final = """
globalThis.labPaint = 0;
new PerformanceObserver((list) => {
  for (const { startTime } of list.getEntries()) globalThis.labPaint = startTime;
}).observe({ type: 'largest-contentful-paint', buffered: true });
"""


def script_of(mode: Mode, rules: str = USUAL_RULES) -> str:
    """Return the script that runs at the beginning of each page.

    Args:
        mode: What the page prefetches with.
        rules: The Speculation Rules of that mode.

    Example:
        >>> "speculationrules" in script_of("nothing"), NAMES.install_path in script_of("ours")
        (True, True)
    """
    if mode == "nothing":
        return _PAINT + _WITHOUT
    if mode == "speculation":
        return _PAINT + _WITHOUT + _added({"type": "speculationrules", "textContent": rules}, "false")
    test = f"[...document.scripts].some(({{ src }}) => src.includes({json.dumps(_folder())}))"
    return _PAINT + _added({"src": NAMES.install_path}, test)


def blocked_urls(mode: Mode) -> list[str]:
    """Return the URLs that the page cannot load: what other modes would prefetch with."""
    return [] if mode == "ours" else [f"*{NAMES.own_path_prefix}*"]


def _added(properties: dict[str, str], test: str) -> str:
    return _ADD.replace("TEST", test).replace("GIVEN", json.dumps(properties))


def _folder() -> str:
    return NAMES.install_path.rpartition("/")[0]
