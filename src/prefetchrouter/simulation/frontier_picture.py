"""The frontier as a picture: how many clicks are instant for how many prefetches a view."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from prefetchrouter.browser.look import style_variables
from prefetchrouter.simulation.simulating import Simulation

_WIDTH, _HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 30, 50, 60
PICTURE_STYLE: Final = """
 text { font: 14px var(--text-font); fill: var(--text) }
 text { paint-order: stroke; stroke: var(--card); stroke-width: 4px }
 .small { font-size: 12px; fill: var(--quiet) } .title { font-weight: 600 }
 .ground { fill: var(--card) } .axis { stroke: var(--quiet) } .grid { stroke: var(--edge) }
 .line { fill: none; stroke: var(--mark-hit); stroke-width: 3 } .learned { fill: var(--mark-hit) }
 .today { fill: var(--mark-refused) }
 @media (max-width: 500px) { text { font-size: 22px } .small { font-size: 20px } }
"""
"""The sizes grow where the picture is small: in an image, its own width counts."""


def frontier_svg(found: Simulation) -> str:
    """Return the picture as SVG, for light and dark pages.

    Args:
        found: The simulation.

    Example:
        >>> from prefetchrouter.simulation.replay import Outcome
        >>> from prefetchrouter.simulation.simulating import PolicyOutcome
        >>> row = PolicyOutcome("learned", Outcome(views=10, clicks=5, instant=2, prefetches=10))
        >>> frontier_svg(Simulation(1, (), (), (), row, row)).startswith("<svg ")
        True
    """
    points = [(point.per_view, point.instant_share) for point in found.frontier]
    marks = [
        (found.today.outcome.per_view, found.today.outcome.instant_share, "today", "every visible link"),
        (found.proposal.outcome.per_view, found.proposal.outcome.instant_share, "learned", "learned"),
    ]
    most_x = round_above(max([x for x, _ in points] + [mark[0] for mark in marks]))
    most_y = round_above(max([y for _, y in points] + [mark[1] for mark in marks]))
    scale = _Scale(most_x, most_y)
    parts = [*_axes(scale), *_line(scale, sorted([(0.0, 0.0), *points])), *_marks(scale, marks)]
    title = f"{found.rows[0].outcome.views:,} views replayed" if found.rows else "A replayed log"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="Instant clicks against prefetches per page view">\n'
        f"<style>{style_variables('svg')}{PICTURE_STYLE}</style>\n"
        f'<rect class="ground" width="{_WIDTH}" height="{_HEIGHT}"/>\n'
        f'<text class="title" x="{_LEFT}" y="28">Share of clicks that are instant: {escape(title)}</text>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


class _Scale:
    """From figures to places in the picture."""

    def __init__(self, most_x: float, most_y: float) -> None:
        self.most_x, self.most_y = most_x, most_y

    def x(self, value: float) -> float:
        return round(_LEFT + value / self.most_x * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        return round(_HEIGHT - _BOTTOM - value / self.most_y * (_HEIGHT - _TOP - _BOTTOM), 1)


def round_above(value: float) -> float:
    """Return a round number that is a little larger.

    Example:
        >>> round_above(0.287), round_above(12.2), round_above(0)
        (0.3, 15.0, 1.0)
    """
    if value <= 0:
        return 1.0
    unit: float = 10.0 ** math.floor(math.log10(value))
    step = next(factor for factor in (1.0, 1.5, 2.0, 3.0, 5.0, 10.0) if factor * unit >= value)
    return float(f"{step * unit:.6g}")


def _axes(scale: _Scale) -> Iterator[str]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = scale.x(share * scale.most_x), scale.y(share * scale.most_y)
        yield f'<line class="grid" x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}"/>'
        yield (
            f'<text class="small" text-anchor="end" x="{_LEFT - 8}" y="{y + 4}">'
            f"{100 * share * scale.most_y:.3g} %</text>"
        )
        yield (
            f'<text class="small" text-anchor="middle" x="{x}" y="{_HEIGHT - _BOTTOM + 20}">'
            f"{share * scale.most_x:.3g}</text>"
        )
    yield f'<line class="axis" x1="{_LEFT}" y1="{scale.y(0)}" x2="{_WIDTH - _RIGHT}" y2="{scale.y(0)}"/>'
    yield (
        f'<text class="small" text-anchor="middle" x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 15}">'
        "prefetches per page view</text>"
    )


def _line(scale: _Scale, points: list[tuple[float, float]]) -> Iterator[str]:
    path = " ".join(f"{scale.x(x)},{scale.y(y)}" for x, y in points)
    yield f'<polyline class="line" points="{path}"/>'


def _marks(scale: _Scale, marks: list[tuple[float, float, str, str]]) -> Iterator[str]:
    for x, y, kind, name in marks:
        left, top = scale.x(x), scale.y(y)
        # A square and a circle differ in black and white, too.
        if kind == "today":
            yield f'<rect class="today" x="{left - 6}" y="{top - 6}" width="12" height="12"/>'
        else:
            yield f'<circle class="learned" cx="{left}" cy="{top}" r="7"/>'
        anchor, shift = ("end", -12) if left > _WIDTH / 2 else ("start", 12)
        yield (
            f'<text text-anchor="{anchor}" x="{left + shift}" y="{top + 20}">{escape(name)}: '
            f"{100 * y:.1f} % at {x:.2f}</text>"
        )
