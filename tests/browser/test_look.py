"""The table of colours and fonts: legible, and the only one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import prefetchrouter
from prefetchrouter.browser.look import look, style_variables

ROOT = Path(prefetchrouter.__file__).parent
CHIPS = [("green", "green-ground"), ("amber", "amber-ground"), ("blue", "blue-ground"), ("red", "red-ground")]
TEXTS = [
    (text, ground) for text in ("text", "quiet", "link") for ground in ("ground", "card", "head", "stripe")
]


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [*TEXTS, *CHIPS, ("text", "grey-ground")])
def test_text_is_legible_on_its_ground(scheme: str, text: str, ground: str) -> None:
    """WCAG 1.4.3 asks for 4.5 to 1."""
    colours = look()[scheme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_of_links_are_visible_in_pictures(scheme: str) -> None:
    """WCAG 1.4.11 asks for 3 to 1 of what is not text."""
    for mark in ("prefetch", "hit", "refused"):
        assert contrast(look()["marks"][mark], look()[scheme]["card"]) >= 3, mark


def test_light_and_dark_have_the_same_names() -> None:
    """A page that uses one has it in both."""
    assert set(look()["light"]) == set(look()["dark"])


@pytest.mark.parametrize(
    "path", [*ROOT.rglob("*.css"), *ROOT.rglob("*_picture.py"), *ROOT.rglob("pages/*.j2")]
)
def test_no_style_has_colours_besides(path: Path) -> None:
    """A second table soon differs from the first."""
    if "example_site" not in path.parts:
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;'\", }])", path.read_text(encoding="utf-8")) == []


def test_the_variables_have_both_schemes() -> None:
    """Pages and pictures start with them."""
    assert "--ground: #f7f8fa;" in style_variables().splitlines()[0]
    assert style_variables("svg").splitlines()[1].startswith("@media (prefers-color-scheme: dark) { svg {")
