"""One table of request targets, which `evaluate`, the browser's matcher and a running edge are held to.

The browser runs it in browser/conformance/urls.test.ts.
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.faults.site import run_scenario, site
from prefetchrouter import Property, Request, Router, RuleSet, evaluate
from prefetchrouter.authoring.criteria import exact
from prefetchrouter.http.request_target import (
    RequestTarget,
    canonical_target,
    encoded_slash,
    path_for_rules,
    query_for_rules,
)

ROWS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "urls.json").read_text("ascii"))
TAKEN = [row for row in ROWS if "canonical" in row and row.get("request", True)]
REFUSED = [row for row in ROWS if "refused" in row and row.get("request", True)]


def options(row: dict[str, Any]) -> str:
    return json.dumps([row.get("property"), row.get("cache_key")])


def rule_set(row: dict[str, Any], router: Router) -> RuleSet:
    """Return rules under the property of a row; everything is kept, under the key that the row asks for."""
    caching: Any = {"max_age": "1h", **({"cache_key": row["cache_key"]} if "cache_key" in row else {})}
    return RuleSet(rules=router.always(caching=caching).rules, property=Property(**row.get("property", {})))


def target_of(row: dict[str, Any]) -> tuple[str, str]:
    path, _, query = row["target"].partition("?")
    return path, query


def named(row: dict[str, Any]) -> str:
    return f"{row['target']} {options(row)}"


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) > 250


@pytest.mark.parametrize("row", TAKEN, ids=named)
def test_a_target_has_its_canonical_form(row: dict[str, Any]) -> None:
    """Which is the canonical form of itself, too."""
    path, _, query = row["canonical"].partition("?")
    found = canonical_target(*target_of(row))
    assert found == RequestTarget(path, query) == canonical_target(path, query)
    assert (path_for_rules(path), query_for_rules(query)) == (row["sees"], row["sees_query"])


@pytest.mark.parametrize("row", TAKEN, ids=named)
def test_rules_and_keys_see_a_target_as_the_table_says(row: dict[str, Any]) -> None:
    rules = rule_set(row, Router().match(exact(row["sees"]), comment="here"))
    decision = evaluate(rules, Request(row["target"]))
    assert decision.refusal is None
    assert "here" in [matched.rule.features.comment for matched in decision.rules]
    assert decision.cache_key[0] == f"localhost{row['key']}"
    assert decision.path == row["canonical"].removesuffix("?")


@pytest.mark.parametrize("row", REFUSED, ids=named)
def test_a_target_is_refused_as_the_table_says(row: dict[str, Any]) -> None:
    if row["target"].startswith("/"):
        decision = evaluate(rule_set(row, Router()), Request(row["target"]))
        assert (decision.status, decision.rules, decision.prefetchable) == (400, (), False)
        refusal: Any = decision.refusal
    else:
        refusal = canonical_target(*target_of(row))
    assert refusal.reason == row["refused"]


def test_an_origin_gets_the_canonical_form_and_nothing_that_is_refused() -> None:
    """Over a real connection, each target twice: the second answer is the copy of the first."""

    async def ask(rows: list[dict[str, Any]]) -> None:
        async with site(rule_set(rows[0], Router())) as running:
            for row in rows:
                before, stored = len(running.origin.turns), len(running.cache)
                sent = row["target"].encode("utf-8")
                for _ in range(2):
                    client = await running.client()
                    await client.send(b"GET " + sent + b" HTTP/1.1\r\nHost: shop.example\r\n\r\n")
                    status = (await client.answer()).status
                    await client.close()
                    assert status == (400 if "refused" in row else 200), row
                asked = [turn.target for turn in running.origin.turns[before:]]
                if "refused" in row:
                    assert (asked, len(running.cache)) == ([], stored), row
                else:
                    assert len(asked) <= 1, row
                    assert all(target in expected(row) for target in asked), (asked, row)
                    keys = [view.key[0] for view in running.cache.views(0)]
                    assert f"shop.example{row['key']}" in keys, row

    for _, rows in groupby(sorted(ROWS, key=options), key=options):
        group = list(rows)
        run_scenario(lambda group=group: ask(group))  # type: ignore[misc]


def expected(row: dict[str, Any]) -> set[str]:
    """The target that an origin gets: without the parameters of prefetching."""
    path, _, query = row["canonical"].partition("?")
    kept = "&".join(part for part in query.split("&") if not part.startswith("edgio_"))
    return {f"{path}?{kept}" if kept else path}


PIECES = st.sampled_from(
    ["/", "//", ".", "..", "%2e", "%2F", "%5c", "\\", "a", "%61", "%41", "%", "%zz", ";", "%3b", "?", "%00",
     "[", "%5B", "+", "%20", "@", "%40", "é", "%C3%A9", "%c0%ae", "#", "&", "=", "%26", '"', "~", "%7E"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_canonical_form_is_stable_and_never_ambiguous(text: str) -> None:
    """Whatever is put together: bringing it into canonical form again changes nothing."""
    path, _, query = f"/{text}".partition("?")
    found = canonical_target(path, query)
    if not isinstance(found, RequestTarget):
        return
    assert canonical_target(*found) == found
    assert found.path.isascii()
    assert "\\" not in found.path + found.query
    seen = path_for_rules(found.path)
    assert seen == path_for_rules(path_for_rules(found.path))
    assert "//" not in seen
    if encoded_slash(found.path) is None:
        assert not {"%2F", "%5C"} & {seen[at : at + 3].upper() for at in range(len(seen))}
        assert not {".", ".."} & {segment.partition(";")[0] for segment in seen.split("/")}
