"""What is said never to match is matched by no request: random conditions, and requests made of them."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from prefetchrouter import Request, Router, and_, evaluate, exact, not_, or_
from prefetchrouter.regex.language import TooLargeError, common_text, language
from prefetchrouter.regex.sample import sample
from prefetchrouter.rules.pattern import PathPattern

PIECES = [
    "/a",
    "/b",
    "/A",
    "/:x",
    "/:x?",
    "/:x*",
    "/:x+",
    "/:x(a|b)",
    "/:x([ab]+)",
    "/(.*)",
    "{/a}?",
    "-:y",
    ".:e",
    "/",
    "x",
]
PARTS = [
    "^",
    "$",
    "/",
    "a",
    "b",
    "[ab]",
    "(?:a|/b)",
    "(?:/a)?",
    "/b*",
    ".",
    ".*",
    r"\b",
    r"\.",
    "[^/]+",
    "(?!a)",
    "a|/b",
    "-",
]
VALUES = ["a", "b", "A", "ab", "a-b", "", "x"]


def _valid(text: str) -> str:
    """The text as a pattern, or another one where it is not a pattern."""
    numbers = iter(range(9))
    text = re.sub(r":([xy])", lambda found: f":{found[1]}{next(numbers)}", text)
    try:
        PathPattern(text)
    except ValueError:
        return "/a"
    return text


def _compiled(text: str) -> re.Pattern[str]:
    try:
        re.compile(text)
        Router().match(re.compile(text), {})
    except (re.error, ValueError):
        return re.compile("^/a")
    return re.compile(text)


patterns = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join).map(_valid)
expressions = st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map("".join).map(_compiled)
texts = st.lists(st.sampled_from(["/a", "/b", "/A", "/ab", "/a/b", "/a-b", "/"]), min_size=1, max_size=3)
paths = patterns | expressions | texts | st.sampled_from(["/a", "/a/b", "/b"]).map(exact)
named = st.sampled_from(["method", "headers", "query", "cookies", "location"])


@st.composite
def single(draw: st.DrawFn) -> Any:
    """One test, of the path or of something else, perhaps turned around."""
    kind = draw(
        st.sampled_from(["path", "path", "path", "method", "headers", "query", "cookies", "location"])
    )
    if kind == "path":
        value: Any = draw(paths)
    elif kind == "method":
        value = draw(st.sampled_from(["GET", "POST", ["GET", "HEAD"]]))
    elif kind == "location":
        value = draw(st.sampled_from(["DE", "AT", ["DE", "CH"]]))
    else:
        expression = st.sampled_from(["^a", "b$", "^ab?$", ".+", "x"]).map(re.compile)
        value = draw(
            st.sampled_from(VALUES) | expression | st.lists(st.sampled_from(VALUES), min_size=1, max_size=2)
        )
    value = not_(value) if draw(st.integers(0, 3)) == 0 else value
    return {kind: value if kind in ("path", "method") else {"country" if kind == "location" else "k": value}}


criteria = st.recursive(
    single(), lambda inner: st.builds(and_, inner, inner) | st.builds(or_, inner, inner), max_leaves=3
)


def _requests(rng: random.Random, sources: list[str]) -> list[Request]:
    """Requests with paths out of the pieces of the conditions, and values that they may compare with."""
    found = ["/", "/a", "/b", "/a/b", "/A/", "/ab", "/a-b", "/x", "/b/a/", "/a.a"]
    found += [text for source in sources if (text := sample(source)) is not None]
    found += [
        "/" + "".join(rng.choices(["a", "b", "A", "/", "-", ".", "x", "ab"], k=rng.randint(1, 6)))
        for _ in range(40)
    ]
    made = []
    for path in found:
        if not path.startswith("/") or "//" in path or re.search(r"/\.{1,2}(/|$)|[?#]", path):
            continue
        value = rng.choice(VALUES)
        given_value = rng.random() < 0.7
        made.append(
            Request(
                path + (f"?k={value}" if given_value else ""),
                rng.choice(["GET", "POST", "HEAD"]),
                headers={"k": value} if given_value else {},
                cookies={"k": value} if given_value and rng.random() < 0.8 else {},
                facts={"location.country": rng.choice(["DE", "AT", "CH", "FR"])}
                if rng.random() < 0.8
                else {},
            )
        )
    return made


def _sources(value: Any) -> list[str]:
    """Every expression in criteria."""
    match value:
        case str():
            return [PathPattern(value).regex] if value.startswith("/") else []
        case re.Pattern(pattern=source):
            return [str(source)]
        case dict():
            return [source for part in value.values() for source in _sources(part)]
        case list() | tuple():
            return [f"^{re.escape(str(entry))}$" for entry in value if isinstance(entry, str)]
        case _:
            pass
    inner = getattr(value, "members", ()) or ((value.value,) if hasattr(value, "value") else ())
    return [source for part in inner for source in _sources(part)]


def _marks(router: Router, request: Request) -> str:
    return evaluate(router, request).response_headers().get("x-rules") or ""


def _set(mark: str) -> Any:
    return {"headers": {"add_response_headers": {"x-rules": mark}}}


@settings(max_examples=250)
@given(criteria, criteria, st.booleans(), st.integers(0, 2**32))
def test_a_rule_that_never_matches_is_matched_by_no_request(
    first: Any, second: Any, nested: bool, seed: int
) -> None:
    """Whether it is nested in another rule or behind another branch."""
    inner = Router().match(second, _set("inner"))
    router = (
        Router().match(first, inner)
        if nested
        else Router().if_(first, _set("outer")).elif_(second, _set("inner"))
    )
    dead = [warning for warning in router.warnings if warning.code == "never-matches"]
    event("dead" if dead else "alive")
    reached = {
        mark
        for request in _requests(random.Random(seed), [*_sources(first), *_sources(second)])
        for mark in _marks(router, request).split(", ")
    }
    whole = [warning for warning in dead if "alternative" not in warning.message]
    if len(whole) == 1 and " at once" not in whole[0].message:
        assert "inner" not in reached
    if len(whole) == 2:
        assert not reached & {"inner", "outer"}


@settings(max_examples=250)
@given(single(), st.integers(0, 2**32))
def test_a_comparison_that_is_never_true_is_true_for_no_request(test: Any, seed: int) -> None:
    """And one that is always true, for each."""
    router = Router().match(test, _set("met"))
    said = [warning.message for warning in router.warnings]
    for request in _requests(random.Random(seed), _sources(test)):
        met = _marks(router, request) == "met"
        if any("so this never matches" in message for message in said):
            assert not met
        if any("so this is always true" in message for message in said):
            assert met


@settings(max_examples=200)
@given(
    st.lists(expressions.map(lambda found: found.pattern), min_size=1, max_size=3),
    st.lists(expressions.map(lambda found: found.pattern), max_size=2),
)
def test_a_common_text_is_one_and_where_there_is_none_no_text_is(
    wanted: list[str], unwanted: list[str]
) -> None:
    """Compared with Python's own engine, on all short texts."""
    try:
        found = common_text(
            [language(source) for source in wanted], [language(source) for source in unwanted]
        )
    except TooLargeError:
        return
    exact_ones = not any("(?!" in source for source in [*wanted, *unwanted])

    def is_common(text: str) -> bool:
        return all(re.search(source.replace("$", r"\Z"), text) for source in wanted) and not any(
            re.search(source.replace("$", r"\Z"), text) for source in unwanted
        )

    if found is None:
        alphabet = ["a", "b", "/", "-", ".", "x"]
        level = [""]
        for _ in range(5):
            assert not any(map(is_common, level))
            level = [text + letter for text in level for letter in alphabet][:4000]
    elif exact_ones:
        assert is_common(found)


@pytest.mark.parametrize(
    "router",
    [
        Router().match("/a/:id", Router().match("/:x/b", comment="inner")),
        Router().match("/a/:rest*", Router().match("/a", comment="inner")),
        Router().match(re.compile("^/a"), Router().match(re.compile("b$"), comment="inner")),
        Router().match(
            {"headers": {"x": "a"}}, Router().match({"headers": {"x": re.compile("^a")}}, comment="inner")
        ),
        Router().match(
            {"query": {"q": not_("a")}}, Router().match({"query": {"q": not_("b")}}, comment="inner")
        ),
        Router().match({"method": "GET"}, Router().match({"method": ["POST", "GET"]}, comment="inner")),
        Router().if_("/a/:id", comment="a").elif_("/a/:rest*", comment="b").else_(comment="c"),
        Router().if_({"path": "/a", "method": "GET"}, comment="a").elif_("/a", comment="b"),
        Router().match(or_("/a", "/b"), Router().match("/b", comment="inner")),
    ],
)
def test_what_a_request_can_reach_is_not_warned_of(router: Router) -> None:
    """A warning that is wrong once is never believed again."""
    assert [warning for warning in router.warnings if warning.code == "never-matches"] == []


@pytest.mark.parametrize(
    "first", ["/a", {"path": "/a", "method": "GET"}, {"headers": {"x": "1"}}, or_("/a", "/b")]
)
def test_a_dead_rule_inside_an_else_is_warned_of(first: Any) -> None:
    """Whatever the branch before it tests."""
    inner = Router().match("/b/x", Router().match("/c", comment="never"))
    router = Router().if_(first, comment="first").else_(inner)
    assert [warning.code for warning in router.warnings] == ["never-matches"]


def test_a_rule_in_the_folder_of_another_may_still_contradict_its_method() -> None:
    """A path that is inside the outer one does not settle the rest."""
    inside = Router().post("/shop/cart", comment="never")
    (warning,) = Router().get("/shop/:rest*", inside).warnings
    assert "method" in warning.message
    assert not Router().match("/shop/:rest*", Router().post("/Shop/:id", comment="at times")).warnings
