"""The table that says what happens to the query, in docs/evaluate.md, row by row."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter import Request, Router, evaluate, exact

PAGE = (Path(__file__).parents[2] / "docs" / "evaluate.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\S.*?)` \| (.+?) \| `(/\S*)` \|$", PAGE, re.M)
_FEATURE = re.compile(r"`url_redirect`(?: from `(?P<source>.+?)`)? to `(?P<to>.+?)`")


def router_of(criteria: str, written: str) -> Router:
    names = {"re": re, "exact": exact}
    rule: Any = eval(criteria, names)
    feature = _FEATURE.fullmatch(written)
    if feature is None:
        return Router().match(rule, eval(f"lambda route: route.{written.strip('`')}", names))
    wanted: Any = {"destination": feature["to"]}
    if feature["source"]:
        wanted["source"] = feature["source"].replace(r"\\", "\\")
        wanted["syntax"] = "regexp" if feature["source"].startswith("^") else "path-to-regexp"
    return Router().match(rule, url={"url_redirect": wanted})


def test_the_table_is_read_whole() -> None:
    assert len(ROWS) >= 25
    for word in (
        "redirect",
        "update_path",
        "proxy",
        "serve_static",
        "trailing_slash",
        "url_redirect",
        "exact",
        "[",
    ):
        assert any(word in " ".join(row) for row in ROWS)


@pytest.mark.parametrize("criteria, written, result", ROWS)
def test_the_query_goes_where_the_table_says(criteria: str, written: str, result: str) -> None:
    """Each row is a rule, and what it makes of one request."""
    decision = evaluate(router_of(criteria, written), Request("/old/5?utm=x"))
    assert result == (decision.redirect.location if decision.redirect else decision.path)
