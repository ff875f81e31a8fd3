"""Writes src/prefetchrouter/example_site: the shop that `serve --example` serves.

Run it after a template or shop.json has changed; with `--check` it only says whether a file is stale. Files
that are written by hand stay as they are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "example_site"
SITE = Path(__file__).parents[1] / "src" / "prefetchrouter" / "example_site"
BY_HAND = ("shop.css", "shop.js", "dist/service-worker.js")


def files() -> dict[str, str]:
    """Return the text of each generated file by its path in the folder."""
    return dict(sorted([*_pages(), *_pictures(), *_data()]))


def _pages() -> Iterator[tuple[str, str]]:
    shop = _shop()
    teas, places, posts = shop["teas"], shop["places"], shop["posts"]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
    )

    def page(template: str, title: str, **values: Any) -> str:
        return environment.get_template(template).render(title=title, **shop, **values)

    yield "index.html", page("home.html.j2", "Tea, and how it got here")
    for number, tea in enumerate(teas, 1):
        beside = [(number + step - 1) % len(teas) + 1 for step in (1, 2, 3, 5)]
        yield (
            f"products/{number}.html",
            page("product.html.j2", tea["name"], number=number, tea=tea, beside=beside),
        )
    for number, place in enumerate(places, 1):
        grown = [other for other, tea in enumerate(teas, 1) if tea["from"] == number]
        following = number % len(places) + 1
        yield (
            f"pages/{number}.html",
            page("place.html.j2", place["name"], number=number, place=place, grown=grown, next=following),
        )
    for post in posts:
        yield f"blog/{post['slug']}.html", page("post.html.j2", post["name"], post=post)
    yield (
        "summer-sale/index.html",
        page(
            "sale.html.j2", "Summer sale", heading="Summer sale",
            text="It has not begun, and you are here already.", leads_to="tins", leads_to_name="All tins",
        ),
    )  # fmt: skip
    yield (
        "summer-sale/tins.html",
        page(
            "sale.html.j2", "Tins", heading="Tins, a third off",
            text="As dull as ever, and cheaper.", leads_to="", leads_to_name="The summer sale",
        ),
    )  # fmt: skip
    yield "how-it-works.html", page("how.html.j2", "How it works")
    yield "404.html", page("lost.html.j2", "Nothing here")


def _data() -> Iterator[tuple[str, str]]:
    for number, tea in enumerate(_shop()["teas"], 1):
        product = {"id": number, **{key: tea[key] for key in ("name", "kind", "price", "stock")}}
        yield f"api/products/{number}.json", json.dumps(product) + "\n"


def _pictures() -> Iterator[tuple[str, str]]:
    for number, tea in enumerate(_shop()["teas"], 1):
        yield f"images/tea-{number}.svg", _tin(tea["name"], tea["colour"], number)
    for number, place in enumerate(_shop()["places"], 1):
        yield f"images/place-{number}.svg", _landscape(place["sky"], place["hills"], number)
    yield (
        "images/leaf.svg",
        _svg(32, 32, '<path d="M5 27C3 13 12 4 28 4c0 15-8 23-20 20L20 12" fill="#4f6b3a"/>'),
    )


def _tin(name: str, colour: str, number: int) -> str:
    """A tin with its name on the label, and a steaming cup beside it."""
    lean = 6 * (number % 3 - 1)
    return _svg(
        480,
        360,
        f'<rect width="480" height="360" fill="{colour}" opacity=".16"/>'
        '<path d="M0 290h480v70H0z" fill="#000" opacity=".05"/>'
        f'<g fill="{colour}"><rect x="120" y="96" width="150" height="206" rx="8"/>'
        '<rect x="114" y="72" width="162" height="36" rx="8"/></g>'
        '<path d="M114 100h162v8H114z" opacity=".2"/>'
        '<rect x="136" y="150" width="118" height="96" rx="4" fill="#faf6ee"/>'
        f'<path d="M195 {168 + lean}q26 8 18 36-26-8-18-36m18 36 10 12" fill="none" stroke="{colour}" '
        'stroke-width="4"/>'
        '<text x="195" y="234" text-anchor="middle" font-family="Georgia, serif" '
        f'font-size="14">{name}</text>'
        '<path d="M310 244h92v30q0 30-30 30h-32q-30 0-30-30z" fill="#fff"/>'
        '<path d="M402 252q28 0 24 20-4 18-30 14" fill="none" stroke="#fff" stroke-width="9"/>'
        f'<path d="M316 248h80v6h-80z" fill="{colour}"/>'
        '<path d="M336 232q-12-18 0-34t0-34M372 232q-12-18 0-34t0-34" fill="none" stroke="#fff" '
        'stroke-width="5" stroke-linecap="round" opacity=".8"/>',
    )


def _landscape(sky: str, hills: list[str], number: int) -> str:
    """Three rows of hills below a sun."""
    shapes = []
    for row, colour in enumerate(hills):
        top = 190 + 80 * row
        swing = 60 - 15 * row + 9 * ((number * (row + 2)) % 5)
        shapes.append(
            f'<path d="M0 {top}C160 {top - swing} 300 {top + swing} 480 {top}S800 {top - swing} 960 {top}'
            f'V480H0z" fill="{colour}"/>'
        )
    return _svg(
        960,
        480,
        f'<rect width="960" height="480" fill="{sky}"/>'
        f'<circle cx="{150 + 115 * number}" cy="{90 + 9 * number}" r="46" fill="#fff" opacity=".75"/>'
        + "".join(shapes),
    )


def _svg(width: int, height: int, shapes: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{shapes}</svg>\n'


def _shop() -> Any:
    return json.loads((TEMPLATES / "shop.json").read_text(encoding="utf-8"))


def is_fresh() -> bool:
    """Whether the folder holds exactly what would be written, and what is written by hand."""
    made = files()
    there = {path.relative_to(SITE).as_posix(): path for path in SITE.rglob("*") if path.is_file()}
    return there.keys() == {*made, *BY_HAND} and all(
        there[name].read_text(encoding="utf-8") == text for name, text in made.items()
    )


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(not is_fresh())
    for name, text in files().items():
        (SITE / name).parent.mkdir(parents=True, exist_ok=True)
        (SITE / name).write_text(text, encoding="utf-8")
