"""The paths that a rewrite makes: whatever a match puts into the replacement is among them."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from prefetchrouter.importing.imported import NotUnderstoodError
from prefetchrouter.importing.nginx_paths import have_common, paths_made

ATOMS = st.sampled_from(["a", "/", "[^/]", ".", "[/a]", "/?", "a*", ".*", ".*?", "[^/]+", "$", r"\b", "[(|]"])


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    more = st.sampled_from(["", "", "", "?", "*", "+", "{2}"])
    return st.one_of(
        st.builds("({}){}".format, inner, more),
        st.builds("(?:{}){}".format, inner, more),
        st.builds("{}|{}".format, inner, inner),
        st.lists(inner, min_size=2, max_size=4).map("".join),
    )


PATTERNS = st.builds(
    "{}{}{}".format, st.sampled_from(["", "^/"]), st.recursive(ATOMS, _combined), st.just("")
)
PATHS = st.text("/ab", max_size=6).map(lambda text: re.sub("//+", "/", f"/{text}"))
MADE = st.lists(st.sampled_from(["/", "b", "$1", "$2", "$3"]), max_size=4).map(
    lambda parts: "/" + "".join(parts)
)


@given(PATTERNS, MADE, st.lists(PATHS, min_size=1, max_size=8))
@example("^/(a|/b)+$", "/c/$1", ["/a/b"])
@example("^/(a)?(/b)", "/$1$2", ["/a/b", "/b"])
def test_every_path_that_is_made_is_known(pattern: str, destination: str, paths: list[str]) -> None:
    """And none of them has two slashes in a row."""
    try:
        made = paths_made(pattern, destination)
    except NotUnderstoodError:
        return
    for path in paths:
        found = re.search(pattern, path)
        if found is None:
            continue
        groups = found.groups()

        def group(number: re.Match[str], groups: tuple[str | None, ...] = groups) -> str:
            place = int(number[1])
            return (groups[place - 1] or "") if place <= len(groups) else ""

        result = re.sub(r"\$(\d)", group, destination)
        assert "//" not in result, path
        assert re.search(made, result), (made, path, result)


@given(st.lists(PATTERNS, min_size=1, max_size=2), PATTERNS, PATHS)
def test_expressions_without_a_common_text_match_no_path_together(
    wanted: list[str], unwanted: str, path: str
) -> None:
    """Without the texts that the unwanted one matches."""
    matches = all(re.search(each, path) for each in wanted) and not re.search(unwanted, path)
    assert have_common(wanted, [unwanted]) or not matches
