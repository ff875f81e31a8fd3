"""An experiment as a picture: two bars for each mode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from prefetchrouter.browser.look import style_variables
from prefetchrouter.lab.lab_text import Summary, summaries
from prefetchrouter.lab.lab_visits import Visited
from prefetchrouter.lab.modes import TITLES
from prefetchrouter.simulation.frontier_picture import PICTURE_STYLE, round_above

_WIDTH: Final = 720
_LEFT, _RIGHT, _TOP, _ROW = 170, 110, 56, 76


def lab_svg(visits: Sequence[Visited], conditions: str) -> str:
    """Return the picture as SVG, for light and dark pages.

    Args:
        visits: The visits.
        conditions: The link and the processor, in a few words.

    Example:
        >>> lab_svg([Visited("nothing", "/a", 180, 900, 52_000, 9, 0)], "1,600 kbit/s").count("<rect")
        3
    """
    rows = summaries(visits)
    most = round_above(max((max(row.ttfb, row.lcp or 0) for row in rows), default=1))
    height = _TOP + _ROW * max(1, len(rows))
    parts = [part for place, row in enumerate(rows) for part in _bars(place, row, most)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="Time to first byte and Largest Contentful Paint by mode">\n'
        f"<style>{style_variables('svg')}{PICTURE_STYLE}</style>\n"
        f'<rect class="ground" width="{_WIDTH}" height="{height}"/>\n'
        f'<text x="20" y="28">The page after a click, median of {len(visits) // max(1, len(rows)):,} '
        f"visits: {escape(conditions)}</text>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _bars(place: int, row: Summary, most: float) -> Iterator[str]:
    y = _TOP + _ROW * place
    yield f'<text x="20" y="{y + 30}">{escape(TITLES[row.mode])}</text>'
    for name, value, kind, top in (("TTFB", row.ttfb, "today", y), ("LCP", row.lcp, "learned", y + 30)):
        if value is None:
            continue
        width = max(1.0, round(value / most * (_WIDTH - _LEFT - _RIGHT), 1))
        yield f'<rect class="{kind}" x="{_LEFT}" y="{top}" width="{width}" height="24"/>'
        yield f'<text x="{_LEFT + width + 8}" y="{top + 17}">{name} {value:,.0f} ms</text>'
