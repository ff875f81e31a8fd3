"""The data about browsers is complete, and equal to the compatibility data that is installed."""

from __future__ import annotations

import copy
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter.browser_support import BrowserSupport, support_data
from prefetchrouter.browser_support.support_data import COMPAT_NAMES
from prefetchrouter.freshness import MECHANISMS

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import make_browser_support as script  # noqa: E402


def compat() -> dict[str, Any]:
    """The installed browser-compat-data."""
    found: dict[str, Any] = json.loads(script.PINNED.read_text("utf-8"))
    return found


@pytest.mark.needs("compatibility-data")
def test_the_versions_are_those_of_the_installed_compatibility_data() -> None:
    """Stale? Run scripts/make_browser_support.py."""
    ours = script.SUPPORT.read_text("utf-8")
    assert script.support_text(json.loads(ours), compat()) == ours


def test_the_page_has_the_table_of_the_data() -> None:
    """Stale? Run scripts/make_browser_support.py."""
    page = script.PAGE.read_text("utf-8")
    assert script.page_text(page) == page


@pytest.mark.needs("compatibility-data")
def test_newer_data_is_reported_row_by_row() -> None:
    ours = script.SUPPORT.read_text("utf-8")
    newer = copy.deepcopy(compat())
    newer["api"]["Window"]["fetchLater"]["__compat"]["support"]["firefox"] = {"version_added": "163"}
    newer["browsers"]["safari"]["releases"]["27.2"]["status"] = "retired"
    newer["browsers"]["safari"]["releases"]["27.3"]["status"] = "current"
    found = list(script.differences(ours, script.support_text(json.loads(ours), newer)))
    assert found == ["safari: stable was 27.2, is 27.3", "fetch-later: firefox was no, is 163"]


@pytest.mark.needs("compatibility-data")
def test_a_key_that_the_data_has_no_more_is_named() -> None:
    newer = copy.deepcopy(compat())
    del newer["api"]["Window"]["fetchLater"]
    with pytest.raises(SystemExit, match=r"fetch-later: .* no api\.Window\.fetchLater any more"):
        script.support_text(json.loads(script.SUPPORT.read_text("utf-8")), newer)


def test_no_correction_says_what_the_data_says_by_now() -> None:
    data = json.loads(script.SUPPORT.read_text("utf-8"))
    assert list(script.needless(data)) == []
    row = next(row for row in data["rows"] if "instead" in row)
    row["support"]["chrome"] = "110"
    assert list(script.needless(data)) == [
        f"{row['name']}: the correction for chrome is not needed: the data has 110"
    ]


@pytest.mark.parametrize(
    ("statements", "text"),
    [
        ({"version_added": "141"}, "141"),
        ({"version_added": "≤37"}, "37"),
        ({"version_added": False}, "no"),
        ({"version_added": "preview"}, "preview"),
        ({"version_added": "13.1", "flags": [{}]}, "flag 13.1"),
        ({"version_added": "127", "partial_implementation": True}, "partial 127"),
        ([{"version_added": "13", "version_removed": "62"}], "no"),
        ([{"version_added": "90", "flags": [{}]}, {"version_added": "95"}], "95"),
    ],
)
def test_the_first_statement_that_holds_counts(statements: Any, text: str) -> None:
    assert script._support(statements) == text
    assert BrowserSupport.parse(text).since == (text.split()[-1] if text[-1].isdigit() else None)


def test_each_row_speaks_of_each_browser_and_names_its_source() -> None:
    data = support_data()
    assert set(data.browsers) == {name.replace("_", "-") for name in COMPAT_NAMES}
    for row in data.rows.values():
        assert set(row.support) == set(data.browsers), row.name
        assert row.compat or row.source, row.name


def test_each_mechanism_needs_rows_that_exist() -> None:
    for mechanism in MECHANISMS.values():
        named = {*mechanism.needs, *mechanism.cleared_by, mechanism.replaced_by} - {None}
        assert named <= set(support_data().rows), mechanism.name


def test_an_unknown_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="how far"):
        BrowserSupport.parse("perhaps")


VERSION = re.compile(r"\b(Chromium|Chrome|Android|Firefox|Safari)(?: ESR)? (\d{2,3}(?:\.\d+)*)")
ENGINES = {"Chromium": "chrome", "Chrome": "chrome", "Android": "chrome-android"}


def stated() -> list[tuple[str, str, str]]:
    """Each version of a browser in the texts for people: where, which browser, which version."""
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    paths += sorted((ROOT / "src" / "prefetchrouter").rglob("*.py"))
    return [
        (path.relative_to(ROOT).as_posix(), ENGINES.get(name, name.lower()), version)
        for path in paths
        for name, version in VERSION.findall(path.read_text("utf-8"))
    ]


def test_each_version_that_texts_name_is_in_the_data() -> None:
    """As the first version of a row, the one before it, a current one, or the one that was measured."""
    data = support_data()
    known: dict[str, set[str]] = {}
    for browser in ("chrome", "chrome-android", "firefox", "safari"):
        facts = data.browsers[browser]
        since = {text for row in data.rows.values() if (text := row.support[browser].since) is not None}
        before = {str(int(version) - 1) for version in since if version.isdigit()}
        known[browser] = {*since, *before, facts.stable, facts.beta, str(facts.esr)}
        if facts.measured:
            known[browser].add(facts.measured.partition(".")[0])
    unknown = [
        (path, browser, version)
        for path, browser, version in stated()
        if not {version, version.partition(".")[0]} & known[browser]
    ]
    assert unknown == []
    assert len(stated()) > 20
