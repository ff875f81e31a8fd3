"""Rule sets in the rule language, as JSON.

The strings of everything that no manifest shows begin with one of `SECRET_NAMES`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from strategies.paths import paths, patterns

SECRET_NAMES = ("secret", "geheim")
durations = st.sampled_from(["0s", "1s", "30s", "10m", "1h", "12h", "1d", "2w", "1y"])
max_ages = durations | st.dictionaries(st.sampled_from(["200", "404"]), durations, min_size=1)

PATH = {"request": "path"}
secrets = st.builds("{}-{}".format, st.sampled_from(SECRET_NAMES), st.integers(0, 99))
hidden_durations = st.sampled_from(["777s", "778m"])

listed_tests = st.one_of(
    st.builds(lambda pattern: {"==": [PATH, pattern]}, patterns()),
    st.builds(lambda pattern: {"!=": [PATH, pattern]}, patterns()),
    st.builds(lambda path: {"===": [PATH, path]}, paths()),
    st.builds(lambda entries: {"in": [PATH, entries]}, st.lists(paths(), max_size=3)),
    st.builds(lambda entries: {"not_in": [PATH, entries]}, st.lists(paths(), max_size=3)),
    st.builds(lambda text: {"=~": [PATH, text]}, st.sampled_from(["^/(en|fr)/", "(?i)^/PAGES", "s$", "x|y"])),
    st.builds(lambda text: {"!~": [PATH, text]}, st.sampled_from(["^/(en|fr)/", "(?i)^/PAGES", "s$"])),
    st.builds(lambda path: {"===": [{"request": "origin_path"}, path]}, paths()),
    st.builds(lambda method: {"===": [{"request": "method"}, method]}, st.sampled_from(["GET", "POST"])),
    st.builds(lambda scheme: {"!==": [{"request": "scheme"}, scheme]}, st.sampled_from(["HTTP", "HTTPS"])),
    st.builds(lambda text: {"===": [{"request.origin_query": "q"}, text]}, st.sampled_from(["1", "de", ""])),
    st.just({"=~": [{"request.origin_query": "q"}, ".+"]}),
    st.builds(lambda text: {"=~": [{"request": "querystring"}, text]}, st.sampled_from(["q=1", "^$"])),
)
"""Comparisons that a browser can decide from a URL."""

part_tests = st.one_of(
    st.builds(
        lambda operator, text: {operator: [{"request.path": "extension"}, text]},
        st.sampled_from(["===", "!=="]),
        st.sampled_from(["json", "2", "html"]),
    ),
    st.builds(
        lambda operator, entries: {operator: [{"request.path": "extension"}, entries]},
        st.sampled_from(["in", "not_in"]),
        st.lists(st.sampled_from(["json", "2", "html"]), max_size=2),
    ),
    st.builds(
        lambda operator, text: {operator: [{"request.path": "filename"}, text]},
        st.sampled_from(["===", "!=="]),
        st.sampled_from(["pages", "v1.2", "a.json"]),
    ),
    st.builds(
        lambda operator, text: {operator: [{"request.path": "directory"}, text]},
        st.sampled_from(["===", "!=="]),
        st.sampled_from(["/", "/pages/", "/pages/api/"]),
    ),
)
"""Comparisons on a part of the path, which the manifest words as tests of the whole path."""

hidden_tests = st.one_of(
    st.builds(lambda name, text: {"===": [{"request.cookie": name}, text]}, secrets, secrets),
    st.builds(lambda name, text: {"!~": [{"request.header": name}, text]}, secrets, secrets),
    st.builds(lambda text: {"in": [{"location": "city"}, [text, "Rome"]]}, secrets),
    st.builds(lambda text: {"===": [{"device": "brand_name"}, text]}, secrets),
    st.builds(lambda text: {"=~": [{"response": "status_code"}, text]}, secrets),
    st.builds(lambda text: {"===": [{"request": "referring_domain"}, text]}, secrets),
)
"""Comparisons that no browser can decide; all their names and values are secrets."""

secret_tests = st.builds(lambda text: {"==": [PATH, f"/{text}/:id"]}, secrets) | hidden_tests
"""Comparisons that stand in rules which are hidden as a whole."""


@cache
def joined(tests: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A condition: tests joined by and/or."""
    return st.recursive(
        tests,
        lambda inner: st.builds(
            lambda operator, members: {operator: members},
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        max_leaves=4,
    )


listed_caching = st.fixed_dictionaries(
    {},
    optional={
        "max_age": max_ages,
        "service_worker_max_age": durations,
        "bypass_cache": st.booleans(),
        "bypass_client_cache": st.booleans(),
    },
)
hidden_caching = st.fixed_dictionaries(
    {}, optional={"stale_while_revalidate": hidden_durations, "client_max_age": hidden_durations}
)
hidden_sections = st.fixed_dictionaries(
    {},
    optional={
        "headers": st.builds(lambda a, b: {"set_response_headers": {a: b}}, secrets, secrets),
        "origin": st.builds(lambda name: {"set_origin": name}, secrets),
        "response": st.builds(lambda body: {"set_response_body": body}, secrets),
        "comment": secrets,
    },
)


@st.composite
def rule_features(draw: st.DrawFn, *, only_listed: bool = False) -> dict[str, Any]:
    """Features that decide prefetching, and, unless `only_listed`, others with secret values."""
    found = draw(listed_caching)
    if only_listed:
        return {"caching": found} if found else {}
    caching = {**found, **draw(hidden_caching)}
    return {**({"caching": caching} if caching else {}), **draw(hidden_sections)}


@st.composite
def hidden_rules(draw: st.DrawFn) -> Any:
    """A rule whose comment hides it; every string in it is a secret."""
    body: dict[str, Any] = {
        "caching": {"max_age": draw(hidden_durations), "service_worker_max_age": draw(hidden_durations)},
        **draw(hidden_sections),
        "comment": draw(st.sampled_from(["cache-manifest-ignore", "secret-1: cache-manifest-ignore"])),
    }
    return body if draw(st.booleans()) else [body, draw(rule_features())]


@cache
def rules(
    tests: st.SearchStrategy[Any] = listed_tests | part_tests | hidden_tests,
    *,
    only_listed: bool = False,
    hidden: bool = True,
    depth: int = 1,
) -> st.SearchStrategy[Any]:
    """A rule: features, a chain of branches, or in a branch a list of rules nested `depth` deep.

    Args:
        tests: What its conditions compare.
        only_listed: Whether it has no features but those of the manifest.
        hidden: Whether it may hold branches that a comment hides.
        depth: How deep its branches may hold chains.
    """
    features = rule_features(only_listed=only_listed)
    inner = st.one_of(features, features)
    if depth:
        nested = rules(tests, only_listed=only_listed, hidden=hidden, depth=depth - 1)
        inner = st.one_of(features, features, nested, st.lists(nested, min_size=1, max_size=2))
    branch = st.tuples(joined(tests), inner)
    if hidden:
        branch = st.one_of(branch, branch, st.tuples(joined(secret_tests), hidden_rules()))
    chain = st.builds(
        lambda branches, otherwise: {"if": [part for branch in branches for part in branch] + otherwise},
        st.lists(branch, min_size=1, max_size=3),
        st.lists(inner, max_size=1),
    )
    return st.one_of(chain, chain, features)


@cache
def rule_lists(
    tests: st.SearchStrategy[Any] = listed_tests | part_tests | hidden_tests,
    *,
    only_listed: bool = False,
    hidden: bool = True,
) -> st.SearchStrategy[list[Any]]:
    """The rules of a whole rule set, in raw form; see `rules`."""
    return st.lists(rules(tests, only_listed=only_listed, hidden=hidden), max_size=3)
