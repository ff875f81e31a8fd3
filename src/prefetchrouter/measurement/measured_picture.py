"""The differences of the groups as a picture: a dot for each, and a line for its interval."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from prefetchrouter.browser.look import style_variables
from prefetchrouter.measurement.bootstrap import GroupDifference
from prefetchrouter.measurement.measured import Measured
from prefetchrouter.printable import printable
from prefetchrouter.simulation.frontier_picture import PICTURE_STYLE, round_above

_WIDTH: Final = 720
_LEFT, _RIGHT, _TOP, _ROW, _BOTTOM = 290, 40, 60, 34, 60
_MOST_TEXT: Final = 24
_FIGURES: Final = ("LCP, median", "TTFB, median")


def measured_svg(found: Measured) -> str:
    """Return the picture as SVG, for light and dark pages: left of the middle is faster.

    Args:
        found: The views.

    Example:
        >>> measured_svg(Measured()).startswith("<svg ")
        True
    """
    rows = [
        (f"{printable(row.name)}" if not place else "", name, one)
        for row in found.compared()
        for place, name in enumerate(_FIGURES if row.kind == "all" else _FIGURES[:1])
        if (one := row.differences[name]).low is not None
    ]
    most = round_above(max((max(abs(one.low or 0), abs(one.high or 0)) for _, _, one in rows), default=1))
    height = _TOP + _ROW * max(1, len(rows)) + _BOTTOM
    parts = [
        *_axis(most, height),
        *(part for place, row in enumerate(rows) for part in _row(place, row, most)),
    ]
    if not rows:
        parts.append(f'<text class="small" x="20" y="{_TOP + 20}">too few views to compare</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="Difference to the control group, in milliseconds">\n'
        f"<style>{style_variables('svg')}{PICTURE_STYLE}</style>\n"
        f'<rect class="ground" width="{_WIDTH}" height="{height}"/>\n'
        '<text x="20" y="28">With prefetching, compared with the control group: '
        f"{found.views:,} views</text>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _x(value: float, most: float) -> float:
    return round(_LEFT + (value / most + 1) / 2 * (_WIDTH - _LEFT - _RIGHT), 1)


def _axis(most: float, height: int) -> Iterator[str]:
    for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
        x = _x(share * most, most)
        kind = "grid" if share else "axis"
        yield f'<line class="{kind}" x1="{x}" y1="{_TOP - 10}" x2="{x}" y2="{height - _BOTTOM + 5}"/>'
        yield (
            f'<text class="small" text-anchor="middle" x="{x}" y="{height - _BOTTOM + 22}">'
            f"{share * most:+.3g}</text>".replace("+0<", "0<")
        )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield (
        f'<text class="small" text-anchor="middle" x="{middle}" y="{height - 14}">'
        "difference in ms; left is faster, lines are 95 % intervals</text>"
    )


def _row(place: int, row: tuple[str, str, GroupDifference], most: float) -> Iterator[str]:
    name, figure, one = row
    y = _TOP + _ROW * place + 12
    short = name if len(name) <= _MOST_TEXT else f"{name[: _MOST_TEXT - 1]}…"
    low, middle, high = (_x(value or 0.0, most) for value in (one.low, one.estimate, one.high))
    yield f'<text x="20" y="{y + 5}">{escape(short)}</text>'
    yield f'<text class="small" text-anchor="end" x="{_LEFT - 6}" y="{y + 5}">{escape(figure)}</text>'
    # A square where nothing is clear, a circle where something is: they differ in black and white, too.
    kind = "learned" if one.is_clear else "today"
    yield f'<line class="line" x1="{low}" y1="{y}" x2="{high}" y2="{y}"/>'
    if one.is_clear:
        yield f'<circle class="{kind}" cx="{middle}" cy="{y}" r="7"/>'
    else:
        yield f'<rect class="{kind}" x="{middle - 6}" y="{y - 6}" width="12" height="12"/>'
