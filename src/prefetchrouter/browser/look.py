"""The colours and fonts of pages, pictures and the overlay, from the table that all read.

Text has a contrast of 4.5 to 1 or more on its ground in light and dark (WCAG 1.4.3), and the marks of links
are those of Okabe and Ito, which people tell apart who do not see all colours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from prefetchrouter.browser.names import STATIC


@lru_cache(maxsize=1)
def look() -> Mapping[str, Mapping[str, str]]:
    """Return the table `static/look.json`: fonts, marks, and the colours of light and dark by name."""
    table: dict[str, Any] = json.loads((STATIC / "look.json").read_text(encoding="utf-8"))
    return table


def style_variables(selector: str = ":root") -> str:
    """Return the table as CSS variables, with the dark colours where the system is dark.

    Args:
        selector: What has them: `:root` of a page, or `svg` of a picture.

    Example:
        >>> style_variables().splitlines()[0][:33]
        ':root { --text-font: system-ui, s'
    """
    table = look()
    fonts = {f"{name}-font": font for name, font in table["fonts"].items()}
    marks = {f"mark-{name}": colour for name, colour in table["marks"].items()}
    return (
        f"{selector} {{ {_variables(fonts | marks | dict(table['light']))} }}\n"
        f"@media (prefers-color-scheme: dark) {{ {selector} {{ {_variables(table['dark'])} }} }}\n"
    )


def _variables(values: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in values.items())
