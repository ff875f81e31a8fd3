"""Draw docs/images/click.svg: the same click without and with prefetching, at the speed that was measured.

The times are those of the table in README.md, whose command is below it; with `--check` it only says whether
the picture is stale. It moves; where motion is unwanted or not shown, it is the state at the end, with both
times.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from generating import main
from prefetchrouter.browser.look import style_variables

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "click.svg"

LOOP_S, CLICK_S = 5.0, 0.8
_WIDTH, _HEIGHT, _CARD, _GAP = 720, 330, 342, 12
_STYLE = """
 text { font: 15px var(--text-font); fill: var(--text) } .name { font-weight: 600 }
 .time { font-size: 22px; font-weight: 700 } .small { font-size: 13px; fill: var(--quiet) }
 .card { fill: var(--card); stroke: var(--edge) } .bar { fill: var(--grey-ground) }
 .block { fill: var(--blue-ground) } .line { fill: var(--edge) } .wait { fill: var(--quiet) }
 .slow { fill: var(--amber) } .fast { fill: var(--green) }
 .pointer { fill: var(--text); stroke: var(--card) }
 .old { opacity: 0 } .ready { stroke: var(--mark-prefetch); stroke-width: 2; fill: none }
"""


def measured() -> tuple[int, int]:
    """Return the milliseconds from click to load without a script and with ours, as the README has them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = [
        re.search(rf"^\| {name} \| \**([\d,]+) ms", text, re.M)
        for name in ("no script", r"\*\*prefetchrouter\*\*")
    ]
    without, with_ours = (int(match[1].replace(",", "")) for match in found if match)
    return without, with_ours


def picture() -> str:
    """Return the picture: two windows, one click, one clock."""
    cards = [
        _card(0, "without", "slow", measured()[0]),
        _card(1, "with prefetchrouter", "fast", measured()[1]),
    ]
    title = "The same click without and with prefetching: {} and {} ms to the load".format(*measured())
    rules = "".join(_rules(kind, time) for kind, time in zip(("slow", "fast"), measured(), strict=True))
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
            f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" aria-labelledby="title">',
            f'<title id="title">{title}</title>',
            f"<style>{style_variables('svg')}{_STYLE}",
            f" @media (prefers-reduced-motion: no-preference) {{\n{rules} }}",
            "</style>",
            *cards,
            "</svg>",
            "",
        ]
    )


def _rules(kind: str, milliseconds: int) -> str:
    """Return the animation of a window: the old page, nothing after the click, the new page at its load."""
    click = 100 * CLICK_S / LOOP_S
    loaded = 100 * (CLICK_S + milliseconds / 1000) / LOOP_S
    steps = {
        "old": f"0%, {click:.2f}% {{ opacity: 1 }} {click + 0.01:.2f}%, 100% {{ opacity: 0 }}",
        "new": f"0%, {loaded:.2f}% {{ opacity: 0 }} {loaded + 0.01:.2f}%, 100% {{ opacity: 1 }}",
        "wait": f"0%, {click:.2f}% {{ width: 0 }} {loaded:.2f}%, 100% {{ width: {_CARD - 32}px }}",
    }
    return "".join(
        f"  @keyframes {kind}-{name} {{ {text} }}\n"
        f"  .{kind}-{name} {{ animation: {kind}-{name} {LOOP_S}s linear infinite }}\n"
        for name, text in steps.items()
    )


def _card(place: int, name: str, kind: str, milliseconds: int) -> str:
    left = 6 + place * (_CARD + _GAP)
    x = left + 16
    ready = f'<rect class="ready" x="{x - 5}" y="136" width="150" height="26" rx="4"/>' if place else ""
    return f"""<g>
<rect class="card" x="{left}" y="6" width="{_CARD}" height="{_HEIGHT - 12}" rx="10"/>
<text class="name" x="{x}" y="34">{name}</text>
<rect class="bar" x="{x}" y="48" width="{_CARD - 32}" height="6" rx="3"/>
<rect class="wait {kind} {kind}-wait" x="{x}" y="48" width="{_CARD - 32}" height="6" rx="3"/>
<g class="old {kind}-old">
<text class="name" x="{x}" y="92">Teas</text>
<rect class="line" x="{x}" y="108" width="240" height="8" rx="4"/>
<text x="{x}" y="154">Morning Kettle</text>{ready}
<rect class="line" x="{x}" y="180" width="260" height="8" rx="4"/>
<rect class="line" x="{x}" y="200" width="220" height="8" rx="4"/>
<path class="pointer" d="M{x + 96} 146 l0 20 5 -5 4 9 4 -2 -4 -8 7 0 z"/>
</g>
<g class="{kind}-new">
<text class="name" x="{x}" y="92">Morning Kettle</text>
<rect class="block" x="{x}" y="108" width="130" height="110" rx="6"/>
<rect class="line" x="{x + 146}" y="112" width="150" height="8" rx="4"/>
<rect class="line" x="{x + 146}" y="132" width="130" height="8" rx="4"/>
<rect class="line" x="{x + 146}" y="152" width="140" height="8" rx="4"/>
<text class="time {kind}" x="{x}" y="264">{milliseconds / 1000:.2f} s</text>
<text class="small" x="{x}" y="290">from the click to the load of the page</text>
</g>
</g>"""


if __name__ == "__main__":
    sys.exit(main({PICTURE: picture()}))
