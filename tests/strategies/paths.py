"""Paths, path patterns, and the URLs that can meet them."""

from __future__ import annotations

import re

from hypothesis import strategies as st

SEGMENTS = ("pages", "api", "blog", "static", "v1.2", "a-b", "p")

segments = st.sampled_from(SEGMENTS)
parameters = st.sampled_from([":id", ":slug.json", ":num(\\d+)", ":id-:slug", "(en|fr)", ":opt?", ":path*"])


@st.composite
def paths(draw: st.DrawFn) -> str:
    """A plain path of one to four segments."""
    return "/" + "/".join(draw(st.lists(segments, min_size=1, max_size=4)))


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """A path pattern, valid in path-to-regexp 6: each name once."""
    parts = draw(st.lists(segments | parameters, min_size=1, max_size=4))
    names: set[str] = set()
    kept = []
    for part in parts:
        found = set(re.findall(r":(\w+)", part))
        if not found & names:
            names |= found
            kept.append(part)
    return "/" + "/".join(kept)


@st.composite
def urls(draw: st.DrawFn) -> str:
    """A URL path with, perhaps, a query; such as the patterns here can match."""
    parts = draw(st.lists(segments | st.sampled_from(["7", "en", "a.json", "x.html", "7-b", ""]), max_size=4))
    path = "/" + "/".join(parts)
    query = draw(st.sampled_from(["", "", "?q=1", "?q=de&id=2", "?q=", "?q", "?x=q%3D1"]))
    return path + query
