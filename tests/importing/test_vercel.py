"""``vercel.json`` means the same as rules: against a small reading of its documentation."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.imported_routes import outcome, rules_of
from prefetchrouter import Request, evaluate
from prefetchrouter.errors import LoadError
from prefetchrouter.importing import Imported
from prefetchrouter.importing.vercel import read_vercel

SEGMENTS = st.sampled_from(["a", "b", "News", "c.d"])
PATHS = st.tuples(st.lists(SEGMENTS, min_size=1, max_size=4), st.sampled_from(["", "/"])).map(
    lambda parts: "/" + "/".join(parts[0]) + parts[1]
)


def read(data: object) -> Imported:
    """What is read from an object."""
    read_vercel(json.dumps(data, indent=1), "vercel.json", found := Imported())
    return found


def captures(source: str, path: str) -> dict[str, str] | None:
    """The parameters of a source in a path, segment by segment; a slash at the end counts."""
    left, right = source.split("/")[1:], path.split("/")[1:]
    found: dict[str, str] = {}
    for place, segment in enumerate(left):
        if segment == ":path*":
            rest = right[place:]
            return {**found, "path": "/".join(rest)} if all(rest) else None
        if place >= len(right) or not right[place]:
            return None
        if segment == ":id":
            found["id"] = right[place]
        elif segment != right[place]:
            return None
    return found if len(left) == len(right) else None


def applies(entry: dict[str, Any], tier: str | None) -> bool:
    """Whether the conditions hold for a request with this header."""
    has = all(
        tier is not None and re.fullmatch(each.get("value", ".*"), tier) for each in entry.get("has", [])
    )
    return has and not (entry.get("missing") and tier is not None)


def documented(data: dict[str, Any], url: str, tier: str | None) -> tuple[object, ...]:
    """The first redirect, else the first rewrite."""
    parts = urlsplit(url)
    for kind in ("redirects", "rewrites"):
        for entry in data[kind]:
            found = captures(entry["source"], parts.path)
            if found is None or not applies(entry, tier):
                continue
            to = re.sub(r":(id|path)\*?", lambda name, found=found: found[name[1]], entry["destination"])  # type: ignore[misc]
            to = re.sub("(?<!:)//+", "/", to)
            own = ""
            if kind == "rewrites" and ":" not in entry["destination"]:
                own = "&".join(f"{name}={value}" for name, value in found.items())
            query = "&".join(filter(None, (own, parts.query)))
            whole = to if "?" in to or not query else f"{to}?{query}"
            if kind == "rewrites":
                return "origin", None, whole, None
            code = {None: 308, True: 308, False: 307}[entry.get("permanent")]
            return ("origin", None, url, None) if whole == url else ("redirect", code, whole)
    return "origin", None, url, None


@st.composite
def entries(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """One redirect or rewrite."""
    segments = [*draw(st.lists(SEGMENTS, min_size=1, max_size=2)), *draw(st.sampled_from([[], [":id"]]))]
    segments += draw(st.sampled_from([[], [":path*"]]))
    names = [name for name in segments if name.startswith(":")]
    target = [*draw(st.lists(SEGMENTS, min_size=1, max_size=2)), *draw(st.sampled_from([[], names]))]
    own = draw(st.sampled_from(["", "?p=1"])) if kind == "redirects" else ""
    entry: dict[str, Any] = {"source": "/" + "/".join(segments), "destination": "/" + "/".join(target) + own}
    if kind == "redirects":
        entry |= draw(st.sampled_from([{}, {"permanent": True}, {"permanent": False}]))
    tier = {"type": "header", "key": "X-Tier"}
    conditions: list[dict[str, Any]] = [
        {}, {"has": [tier]}, {"missing": [tier]}, {"has": [{**tier, "value": "go.*"}]},
    ]  # fmt: skip
    entry |= draw(st.sampled_from(conditions))
    return entry


@given(
    st.lists(entries("redirects"), max_size=3),
    st.lists(entries("rewrites"), max_size=3),
    st.lists(st.tuples(PATHS, st.sampled_from(["", "?q=1"])), min_size=1, max_size=10),
    st.sampled_from([None, "gold", "iron"]),
)
def test_rules_do_what_the_documentation_says(
    redirects: list[dict[str, Any]],
    rewrites: list[dict[str, Any]],
    urls: list[tuple[str, str]],
    tier: str | None,
) -> None:
    """For random files and requests."""
    data = {"redirects": redirects, "rewrites": rewrites}
    found = read(data)
    assert not [remark for remark in found.remarks if not remark.is_understood]
    rules = rules_of(found)
    headers = {} if tier is None else {"x-tier": tier}
    for path, query in urls:
        expected = documented(data, path + query, tier)
        assert outcome(rules, path + query, headers=headers) == expected, (data, path + query)


def test_headers_of_all_entries_that_match_apply() -> None:
    """The later of two values."""
    data = {
        "headers": [
            {"source": "/(.*)", "headers": [{"key": "X-A", "value": "1"}, {"key": "X-B", "value": "2"}]},
            {"source": "/a", "headers": [{"key": "x-a", "value": "3"}]},
        ]
    }
    rules = rules_of(read(data))
    assert dict(evaluate(rules, Request("/a")).response_headers()) == {"x-a": "3", "x-b": "2"}
    assert dict(evaluate(rules, Request("/b")).response_headers()) == {"x-a": "1", "x-b": "2"}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (1, "it is not an object"),
        ({"source": "/a"}, 'no text "destination"'),
        ({"source": "/a(", "destination": "/b"}, "not a pattern"),
        ({"source": "/a", "destination": "/:b"}, 'no placeholder ":b"'),
        ({"source": "/a", "destination": "/$1"}, "other placeholders"),
        ({"source": "/a", "destination": "b"}, "neither a path nor a URL"),
        ({"source": "/a", "destination": "/b", "statusCode": 200}, "the status is one of"),
        ({"source": "/a", "destination": "/b", "env": []}, '"env" has no counterpart'),
        ({"source": "/a", "destination": "/b", "has": [{"type": "x", "key": "a"}]}, "of the type"),
        ({"source": "/a", "destination": "/b", "has": [{"type": "host", "value": {}}]}, "is not text"),
    ],
)
def test_an_entry_that_is_not_understood_gives_its_reason(entry: object, reason: str) -> None:
    """With its line."""
    (remark,) = read({"redirects": [entry]}).remarks
    assert reason in remark.reason
    assert remark.source.line == 3


@pytest.mark.parametrize("text", ["{", "[]", "[" * 100_000])
def test_what_is_not_an_object_is_an_error(text: str) -> None:
    """With its code."""
    with pytest.raises(LoadError) as error:
        read_vercel(text, "vercel.json", Imported())
    assert error.value.code == "import-format"
