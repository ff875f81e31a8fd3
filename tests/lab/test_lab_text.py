"""The table, the data and the picture of an experiment."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

from prefetchrouter.lab.lab_picture import lab_svg
from prefetchrouter.lab.lab_text import lab_data, lab_text, summaries
from prefetchrouter.lab.lab_visits import Visited
from prefetchrouter.lab.modes import MODES, blocked_urls, script_of

VISITS = [
    Visited(mode, "/a", ttfb + run, 2 * ttfb, 1000 * ttfb, 4, 1, "cache")
    for run in range(3)
    for mode, ttfb in zip(MODES, (300, 200, 10), strict=True)
]


def test_medians_are_by_mode_in_the_usual_order() -> None:
    """However the visits were made."""
    found = summaries(list(reversed(VISITS)))
    assert [(one.mode, one.visits, one.ttfb) for one in found] == [
        ("nothing", 3, 301), ("speculation", 3, 201), ("ours", 3, 11),
    ]  # fmt: skip


def test_an_unknown_figure_is_not_a_number() -> None:
    """Encrypted requests, and pages that paint nothing."""
    text = lab_text([Visited("ours", "/a", 5, None, 100, None, None)])
    assert text.splitlines()[1].split() == ["prefetchrouter", "5", "-", "0.1", "-", "-"]
    lab_svg([Visited("ours", "/a", 5, None, 100, None, None)], "")


def test_the_data_has_all_visits() -> None:
    """For those who want other figures than medians."""
    data = lab_data(VISITS)
    assert json.loads(json.dumps(data)) == data
    assert len(data["visits"]) == 9
    assert data["visits"][0]["from"] == "cache"


def test_the_picture_is_xml_with_two_bars_for_each_mode() -> None:
    """And the conditions, whatever they are called."""
    root = ET.fromstring(lab_svg(VISITS, "<slow> & far"))
    assert len([node for node in root.iter() if node.tag.endswith("rect")]) == 7


def test_a_mode_has_what_it_needs_and_not_what_others_need() -> None:
    """Nothing and Speculation Rules load no file of ours."""
    assert [blocked_urls(mode) == [] for mode in MODES] == [False, False, True]
    assert "href_matches" in script_of("speculation")
    assert "href_matches" not in script_of("nothing") + script_of("ours")
