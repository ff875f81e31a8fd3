"""Draw docs/images/age.svg: which prefetches a click can use, by the age of the page at the edge.

The figures are those of `prefetchrouter.freshness`, whose rules are measured in browsers. Run it after a
change of these; with `--check` it only says whether the picture is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

from generating import main
from prefetchrouter.browser.look import style_variables
from prefetchrouter.freshness import Circumstances, ReceivedResponse, Worker, lookup
from prefetchrouter.freshness.mechanism_table import MechanismName

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "age.svg"
EDGE_MINUTES, BROWSER_SECONDS, CLICK_SECONDS = 60, 900, 30
WORKER = Circumstances(worker=Worker(ttl=600))
MECHANISMS: dict[MechanismName, str] = {
    "firefox-link": "link prefetch, Firefox",
    "chromium-link": "link prefetch, Chromium",
    "speculation-rules": "Speculation Rules",
    "service-worker": "service worker",
}

_WIDTH, _LEFT, _TOP, _ROW, _RIGHT = 720, 20, 76, 62, 20
_SCALE = (_WIDTH - _LEFT - _RIGHT) / EDGE_MINUTES
_STYLE = """
 text { font: 14px var(--text-font); fill: var(--text) } .small { font-size: 12px; fill: var(--quiet) }
 .title { font-weight: 600 } .ground { fill: var(--card) } .axis { stroke: var(--quiet) }
 .used { fill: var(--mark-prefetch) }
 .twice { fill: none; stroke: var(--mark-refused); stroke-width: 2; stroke-dasharray: 5 4 }
 @media (max-width: 500px) { text { font-size: 22px } .small { font-size: 19px } }
"""


def minutes_used(mechanism: MechanismName) -> float:
    """Return up to which age at the edge, in minutes, a click can use the prefetch."""
    ages = range(0, EDGE_MINUTES * 60 + 1, 10)
    used = [age for age in ages if _is_used(mechanism, age)]
    assert used == list(ages)[: len(used)], "it is used up to an age, and from then on not"
    return (used[-1] + 10) / 60 if len(used) < len(ages) else EDGE_MINUTES


def _is_used(mechanism: MechanismName, age: int) -> bool:
    response = ReceivedResponse.from_headers({"cache-control": f"max-age={BROWSER_SECONDS}", "age": str(age)})
    return lookup(mechanism, response, CLICK_SECONDS, WORKER).used


def picture() -> str:
    """Return the picture: a bar for each mechanism, solid where the click uses the prefetch."""
    height = _TOP + _ROW * len(MECHANISMS) + 56
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {_WIDTH} {height}" aria-labelledby="title">',
        '<title id="title">Which prefetches a click can use, by the age of the page at the edge</title>',
        f"<style>{style_variables('svg')}{_STYLE}</style>",
        f'<rect class="ground" width="{_WIDTH}" height="{height}" rx="8"/>',
        '<text class="title" x="16" y="28">One page, prefetched at different ages</text>',
        '<text class="small" x="16" y="50">edge: 1 h; browsers: max-age=900; '
        f"a click {CLICK_SECONDS} s after the prefetch</text>",
    ]
    for row, (mechanism, name) in enumerate(MECHANISMS.items()):
        parts += _bar(_TOP + row * _ROW, name, minutes_used(mechanism))
    bottom = _TOP + _ROW * len(MECHANISMS)
    parts.append(f'<line class="axis" x1="{_LEFT}" y1="{bottom}" x2="{_WIDTH - _RIGHT}" y2="{bottom}"/>')
    for minute in range(0, EDGE_MINUTES + 1, 15):
        x = _LEFT + minute * _SCALE
        anchor = {0: "start", EDGE_MINUTES: "end"}.get(minute, "middle")
        parts.append(
            f'<text class="small" text-anchor="{anchor}" x="{x:g}" y="{bottom + 20}">{minute}</text>'
        )
    parts.append(
        f'<text class="small" text-anchor="middle" x="{(_LEFT + _WIDTH - _RIGHT) / 2:g}" y="{bottom + 42}">'
        "age of the page at the edge when it is prefetched, in minutes</text>"
    )
    return "\n".join([*parts, "</svg>", ""])


def _bar(top: int, name: str, used: float) -> list[str]:
    width, whole = used * _SCALE, EDGE_MINUTES * _SCALE
    share = f"{100 * used / EDGE_MINUTES:.0f} % of prefetches used"
    parts = [
        f'<text x="{_LEFT}" y="{top + 20}">{name}: {share}</text>',
        f'<rect class="used" x="{_LEFT}" y="{top + 28}" width="{width:g}" height="22"/>',
    ]
    if used < EDGE_MINUTES:
        left = _LEFT + width + 1
        place = f'x="{left:g}" y="{top + 29}" width="{whole - width - 2:g}" height="20"'
        parts.append(f'<rect class="twice" {place}/>')
        parts.append(
            f'<text class="small" x="{left + 12:g}" y="{top + 44}">the click requests it again</text>'
        )
    return parts


if __name__ == "__main__":
    sys.exit(main({PICTURE: picture()}))
