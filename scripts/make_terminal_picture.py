"""Draws docs/images/build.svg: what `prefetchrouter build examples/routes.py` prints, in its colours.

Run it after the example or the report has changed; with `--check` it only says whether the picture is stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import chdir
from html import escape
from pathlib import Path

from prefetchrouter.authoring.loader import load
from prefetchrouter.output.building import build
from prefetchrouter.report.build_report import build_text
from prefetchrouter.report.table import Style

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "build.svg"
COMMAND = "prefetchrouter build examples/routes.py"
COLUMNS = 104

_WIDTH, _HEIGHT, _MARGIN, _TOP = 7.83, 19, 20, 44
_FILL = {"1": "#ffffff", "2": "#8b949e", "31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "36": "#76e3ea"}
_PLAIN = "#e6edf3"
_FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def printed() -> str:
    """Return what the command prints on a terminal with colours."""
    with chdir(ROOT):
        routes = load("examples/routes.py")
        text = build_text(routes, build(routes.rule_set), "dist", Style(enabled=True), COLUMNS)
    return f"\x1b[2m$\x1b[0m {COMMAND}\n{text}"


def picture(text: str) -> str:
    """Return terminal output as an SVG."""
    lines = text.splitlines()
    width = round(COLUMNS * _WIDTH + 2 * _MARGIN)
    height = _TOP + len(lines) * _HEIGHT + _MARGIN
    rows = [
        f'<text x="{_MARGIN}" y="{_TOP + (number + 1) * _HEIGHT - 5}">{"".join(_spans(line))}</text>'
        for number, line in enumerate(lines)
        if line
    ]
    dots = [
        f'<circle cx="{_MARGIN + 6 + 20 * place}" cy="20" r="6" fill="{fill}"/>'
        for place, fill in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    ]
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
            f'viewBox="0 0 {width} {height}" width="{width}">',
            f"<title>{escape(COMMAND)}: each rule, and what the manifest shows of it</title>",
            f'<rect width="{width}" height="{height}" rx="10" fill="#0d1117"/>',
            *dots,
            f'<g font-family="{_FONT}" font-size="13" fill="{_PLAIN}">',
            *rows,
            "</g>",
            "</svg>",
            "",
        ]
    )


def _spans(line: str) -> Iterator[str]:
    """Yield the cells of a line, each placed by its column so that no font can shift it."""
    column = 0
    for colour, shown, plain in re.findall(r"\x1b\[(\d+)m(.*?)\x1b\[0m|([^\x1b]+)", line):
        text = shown or plain
        fill = f' fill="{_FILL[colour]}"' if colour else ""
        for cell in re.finditer(r"\S+(?: \S+)*", text):
            x = _MARGIN + (column + cell.start()) * _WIDTH
            length = len(cell[0]) * _WIDTH
            yield f'<tspan x="{x:.2f}" textLength="{length:.2f}"{fill}>{escape(cell[0], quote=False)}</tspan>'
        column += len(text)


def _without_gzip(drawn: str) -> str:
    """Leave out the one thing that depends on the version of zlib."""
    return re.sub(r"[\d,]+ gzipped", "... gzipped", drawn)


def main() -> int:
    drawn = picture(printed())
    there = PICTURE.read_text(encoding="utf-8") if PICTURE.is_file() else ""
    if _without_gzip(there) == _without_gzip(drawn):
        return 0  # not written either: `make generate` would change it with each version of zlib
    if "--check" in sys.argv[1:]:
        print(
            f"{PICTURE.relative_to(ROOT)} is stale: run python scripts/{Path(__file__).name}", file=sys.stderr
        )
        return 1
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
