"""navigation.json: the same bytes each time, read back as written, and refused when it is something else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from prefetchrouter.errors import NavigationError
from prefetchrouter.navigation import Link, Navigation
from prefetchrouter.navigation.navigation_json import SCHEMA
from prefetchrouter.navigation.navigation_parts import HeldOut, PageCounts

WHOLE = Navigation(
    order=2,
    threshold=0.0123,
    budget=0.5,
    seconds=86400.5,
    views=120,
    visits=50,
    visitors=40,
    pages={"/": PageCounts(60, 30, 0.75), "/a": PageCounts(20, 12, 0.5), "/b/xyz/more": PageCounts(9, 4, 1)},
    links={"/": (Link("/a", 0.4, 12), Link("/b/xyz/more", 0.25, 4))},
    pairs={("/a", "/"): (Link("/b/xyz/more", 0.5, 3),)},
    templates={"/b/:name": {"/b/{name}/more": 0.2, "/a": 0.1}, "/:any*": {"/": 0.3}},
    popular={"/a": 0.5},
    held_out=HeldOut(0.48, 0.31, 0.2, 1000, 2000),
)


def test_a_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    WHOLE.save(tmp_path / "navigation.json")
    assert Navigation.load(tmp_path / "navigation.json") == WHOLE
    assert (tmp_path / "navigation.json").read_text() == Navigation.from_json(WHOLE.to_json()).to_json()


def test_a_file_has_the_schema_and_a_line_for_each_page() -> None:
    text = WHOLE.to_json()
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(text), SCHEMA)
    assert '    "/a": {"views": 20, "visitors": 12, "cached": 0.5},' in text.splitlines()


def test_links_are_ranked_and_cut_by_how_likely_they_are_cached() -> None:
    assert [(found.url, found.score) for found in WHOLE.after("/")] == [("/b/xyz/more", 0.25), ("/a", 0.2)]
    assert [found.url for found in WHOLE.with_max_age(lambda page: 1.0).prefetched("/")] == []


def test_the_page_before_counts_where_it_is_known() -> None:
    assert [found.p for found in WHOLE.after("/", before="/a")] == [0.5]
    assert len(WHOLE.after("/", before="/c")) == 2


def test_templates_speak_for_pages_that_the_log_does_not_have() -> None:
    assert [(found.url, found.p) for found in WHOLE.after("/b/xyz")] == [
        ("/b/xyz/more", 0.2),
        ("/a", 0.05 * 2),
    ]
    assert WHOLE.after("/b/other").covers("/a")
    assert not WHOLE.after("/b/other").covers("/b/:name/more")
    assert [found.url for found in WHOLE.after("/zzz/yyy/xxx")] == ["/"]


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2}, {"version": True}, {"order": 3}, {"threshold": "x"}, {"threshold": 2},
        {"pages": []}, {"pages": {"/": 1}}, {"pages": {"/": {"next": {"/a": 0.5}}}},
        {"pages": {"/": {"next": {"/a": [2, 3]}}}}, {"pages": {"/": {"views": None}}},
        {"pairs": {"/": {"/a": []}}}, {"templates": {"/:a:b(": {"/": 0.5}}}, {"other": 1}, {"held_out": {}},
        {"popular": {"/": True}}, {"seconds": float("nan")},
    ],
)  # fmt: skip
def test_another_file_is_refused_with_what_was_expected(change: dict[str, Any]) -> None:
    text = json.dumps({**json.loads(WHOLE.to_json()), **change})
    with pytest.raises(NavigationError) as failed:
        Navigation.from_json(text)
    assert failed.value.code == "navigation-file"
    assert failed.value.diagnostics[0].expected


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"order": 1}', "[" * 100_000])
def test_text_that_is_not_such_json_is_refused(text: str) -> None:
    with pytest.raises(NavigationError, match="navigation-file"):
        Navigation.from_json(text)
