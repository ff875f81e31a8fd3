"""What people write to say which requests a rule is for, and the condition that it stands for."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest
from hypothesis import given

from prefetchrouter import Router, RuleError, RuleSet, and_, compile_rules, exact, not_, or_, raw
from prefetchrouter.errors import CriteriaError
from strategies.programs import branch_criteria, criteria

PATH = {"request": "path"}
ORIGIN_PATH = {"request": "origin_path"}
METHOD = {"request": "method"}
REGEX = re.compile("^/a")


def condition(wanted: Any) -> Any:
    """The condition that criteria stand for, or None if they test nothing."""
    rule = compile_rules(Router().match(wanted, {}))[0]
    return rule["if"][0] if "if" in rule else None


# The path


@pytest.mark.parametrize(
    "value, test",
    [
        ("/p/:id", {"==": [PATH, "/p/:id"]}),
        (exact("/p/:id"), {"===": [PATH, "/p/:id"]}),
        (re.compile("^/p"), {"=~": [PATH, "^/p"]}),
        (re.compile("^/p", re.I), {"=~": [PATH, "(?i)^/p"]}),
        (re.compile("(?i)^/p", re.I), {"=~": [PATH, "(?i)^/p"]}),
        (re.compile(r"^\/p\/"), {"=~": [PATH, "^/p/"]}),
        (["/a", "/b/:id"], {"in": [PATH, ["/a", "/b/:id"]]}),
        (("/a", "/b"), {"in": [PATH, ["/a", "/b"]]}),
        ([exact("/a")], {"in": [PATH, ["/a"]]}),
        (not_("/p/:id"), {"!=": [PATH, "/p/:id"]}),
        (not_(exact("/p")), {"!==": [PATH, "/p"]}),
        (not_(REGEX), {"!~": [PATH, "^/a"]}),
        (not_(["/a"]), {"not_in": [PATH, ["/a"]]}),
    ],
)
@pytest.mark.parametrize(
    "wrap", [lambda value: value, lambda value: {"path": value}], ids=["bare", "mapping"]
)
def test_each_form_of_a_path_has_its_operator(value: Any, test: Any, wrap: Any) -> None:
    """Bare or in a mapping, it is the path test alone."""
    assert condition(wrap(value)) == test


# Everything else

PLAIN: list[tuple[Any, str, Any]] = [
    ("x", "===", "x"),
    (exact("x"), "===", "x"),
    (re.compile("^x", re.I), "=~", "(?i)^x"),
    (["x", 1, 2.5], "in", ["x", 1, 2.5]),
    (not_("x"), "!==", "x"),
    (not_(exact("x")), "!==", "x"),
    (not_(re.compile("x")), "!~", "x"),
    (not_(["x"]), "not_in", ["x"]),
]
SINGLE = ["origin_path", "scheme", "client_ip", "referring_domain"]
NAMED: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"headers": {"x-a": None}}, {"request.header": "x-a"}),
    ({"query": {"q": None}}, {"request.origin_query": "q"}),
    ({"cookies": {"session": None}}, {"request.cookie": "session"}),
    ({"device": {"is_mobile": None}}, {"device": "is_mobile"}),
    ({"location": {"country": None}}, {"location": "country"}),
    ({"variable": {"http_x": None}}, {"variable": "http_x"}),
    ({"response": {"status_code": None}}, {"response": "status_code"}),
]


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("value, operator, operand", PLAIN)
def test_each_form_of_a_value_has_its_operator(name: str, value: Any, operator: str, operand: Any) -> None:
    """Text is compared literally, `origin_path` too."""
    assert condition({name: value}) == {operator: [{"request": name}, operand]}


@pytest.mark.parametrize("entry, asked", NAMED)
@pytest.mark.parametrize("value, operator, operand", PLAIN)
def test_each_form_of_a_named_value_has_its_operator(
    entry: Any, asked: Any, value: Any, operator: str, operand: Any
) -> None:
    """The name says what is tested."""
    ((section, names),) = entry.items()
    assert condition({section: dict.fromkeys(names, value)}) == {operator: [asked, operand]}


@pytest.mark.parametrize(
    "value, test",
    [
        ("get", {"===": [METHOD, "GET"]}),
        (exact("get"), {"===": [METHOD, "GET"]}),
        (["get", "Head"], {"in": [METHOD, ["GET", "HEAD"]]}),
        (not_("post"), {"!==": [METHOD, "POST"]}),
        (not_(["post", exact("put")]), {"not_in": [METHOD, ["POST", "PUT"]]}),
        (re.compile("^get$"), {"=~": [METHOD, "^get$"]}),
    ],
)
def test_methods_are_upper_cased(value: Any, test: Any) -> None:
    """In a list and in `not_` too; an expression stands as it is."""
    assert condition({"method": value}) == test


def test_header_names_are_lower_cased() -> None:
    """They are compared without regard to case."""
    assert condition({"headers": {"X-Tier": "Gold"}}) == {"===": [{"request.header": "x-tier"}, "Gold"]}


@pytest.mark.parametrize("value", [":id", ":"])
def test_a_query_value_that_starts_with_a_colon_means_present(value: str) -> None:
    """Some text must be there."""
    assert condition({"query": {"q": value}}) == {"=~": [{"request.origin_query": "q"}, ".+"]}


def test_a_query_value_with_a_colon_elsewhere_is_text() -> None:
    """Only the first character counts, and only in queries."""
    assert condition({"query": {"q": "a:b"}}) == {"===": [{"request.origin_query": "q"}, "a:b"]}
    assert condition({"cookies": {"c": ":id"}}) == {"===": [{"request.cookie": "c"}, ":id"]}


# Several tests


def test_one_test_stands_alone_and_several_are_joined_in_fixed_order() -> None:
    """The order does not depend on how the mapping was written."""
    everything: dict[str, Any] = {
        "response": {"status_code": "404"},
        "referring_domain": "r.example",
        "client_ip": "1.2.3.4",
        "variable": {"geo_country": "v"},
        "location": {"city": "l"},
        "device": {"brand_name": "d"},
        "cookies": {"c": "c"},
        "query": {"q": "q"},
        "headers": {"h": "h", "g": "g"},
        "method": "GET",
        "scheme": "HTTPS",
        "origin_path": "/o",
        "path": exact("/p"),
    }
    assert condition(everything) == {
        "and": [
            {"===": [PATH, "/p"]},
            {"===": [ORIGIN_PATH, "/o"]},
            {"===": [{"request": "scheme"}, "HTTPS"]},
            {"===": [METHOD, "GET"]},
            {"===": [{"request.header": "h"}, "h"]},
            {"===": [{"request.header": "g"}, "g"]},
            {"===": [{"request.origin_query": "q"}, "q"]},
            {"===": [{"request.cookie": "c"}, "c"]},
            {"===": [{"device": "brand_name"}, "d"]},
            {"===": [{"location": "city"}, "l"]},
            {"===": [{"variable": "geo_country"}, "v"]},
            {"===": [{"request": "client_ip"}, "1.2.3.4"]},
            {"===": [{"request": "referring_domain"}, "r.example"]},
            {"===": [{"response": "status_code"}, "404"]},
        ]
    }


@pytest.mark.parametrize("join, operator", [(and_, "and"), (or_, "or")])
def test_joined_criteria_keep_their_order_and_nest(join: Any, operator: str) -> None:
    """A list of one stays a list; a mapping of two is a separate `and`."""
    a, b = {"==": [PATH, "/a"]}, {"===": [METHOD, "GET"]}
    assert condition(join("/a")) == {operator: [a]}
    assert condition(join({"method": "GET"}, "/a")) == {operator: [b, a]}
    assert condition(join(or_("/a"), and_({"path": "/a", "method": "get"}))) == {
        operator: [{"or": [a]}, {"and": [{"and": [a, b]}]}]
    }


@pytest.mark.parametrize("bare", ["/a", ["/a"], exact("/a"), REGEX, not_("/a")])
def test_bare_paths_are_path_tests_inside_joined_criteria(bare: Any) -> None:
    """The JavaScript router drops them."""
    assert condition(or_(bare)) == {"or": [condition(bare)]}


def test_raw_is_the_condition_as_written() -> None:
    """Alone or joined."""
    written = {"<=": [720, {"device": "resolution_height"}, 1080]}
    assert condition(raw(written)) == written
    assert condition(and_("/a", raw(written))) == {"and": [{"==": [PATH, "/a"]}, written]}


def test_empty_criteria_of_match_test_nothing() -> None:
    """The rule is for every request."""
    assert condition({}) is None


# What is refused, since it would silently turn the rule into one for every request


@pytest.mark.parametrize(
    "wrong, code",
    [
        pytest.param({"pth": "/a"}, "unknown-criterion", id="a name that it does not know"),
        pytest.param({"path": "/a", "random": 10}, "unknown-criterion", id="random"),
        pytest.param({"pop_code": "dcd"}, "unknown-criterion", id="pop_code"),
        pytest.param({7: "/a"}, "unknown-criterion", id="a name that is not text"),
        pytest.param({"device": {"is_moble": "true"}}, "unknown-criterion", id="an unknown device variable"),
        pytest.param({"location": {"planet": "x"}}, "unknown-criterion", id="an unknown location variable"),
        pytest.param({"variable": {"nothing": "x"}}, "unknown-criterion", id="an unknown variable"),
        pytest.param({"response": {"status": "404"}}, "unknown-criterion", id="an unknown response variable"),
        pytest.param({"path": None}, "criteria-value", id="None"),
        pytest.param({"path": True}, "criteria-value", id="a boolean"),
        pytest.param({"path": 7}, "criteria-value", id="a number"),
        pytest.param({"scheme": 1.5}, "criteria-value", id="a fraction"),
        pytest.param({"headers": {"x": None}}, "criteria-value", id="None in a header"),
        pytest.param({"headers": {"x": 1}}, "criteria-value", id="a number in a header"),
        pytest.param({"headers": {"": "x"}}, "criteria-value", id="an empty name"),
        pytest.param({"headers": {7: "x"}}, "criteria-value", id="a name that is a number"),
        pytest.param({"headers": "x"}, "criteria-value", id="names without values"),
        pytest.param({"query": ["q"]}, "criteria-value", id="a list of names"),
        pytest.param({"response": {"cache_status": "HIT"}}, "unknown-criterion", id="no status code"),
        pytest.param({"path": []}, "criteria-value", id="an empty list"),
        pytest.param({"path": [None]}, "criteria-value", id="None in a list"),
        pytest.param({"path": [True]}, "criteria-value", id="a boolean in a list"),
        pytest.param({"path": [REGEX]}, "criteria-value", id="an expression in a list"),
        pytest.param({"path": [["/a"]]}, "criteria-value", id="a list in a list"),
        pytest.param({"path": [not_("/a")]}, "criteria-value", id="not_ in a list"),
        pytest.param({"path": {"/a"}}, "criteria-value", id="a set"),
        pytest.param({"path": b"/a"}, "criteria-value", id="bytes"),
        pytest.param({"path": {"not": "/a"}}, "criteria-value", id="a mapping as value"),
        pytest.param(not_({"path": "/a"}), "criteria-value", id="not_ around criteria"),  # type: ignore[arg-type]
        pytest.param(not_(and_("/a")), "criteria-value", id="not_ around and_"),  # type: ignore[arg-type]
        pytest.param(not_(raw({})), "criteria-value", id="not_ around raw"),  # type: ignore[arg-type]
        pytest.param(not_(not_("/a")), "criteria-value", id="not_ around not_"),  # type: ignore[arg-type]
        pytest.param(not_(None), "criteria-value", id="not_ around None"),  # type: ignore[arg-type]
        pytest.param({"path": or_("/a")}, "criteria-value", id="or_ as a value"),
        pytest.param(None, "criteria-value", id="nothing at all"),
        pytest.param(7, "criteria-value", id="a bare number"),
        pytest.param(lambda: "/a", "criteria-value", id="a function"),
        pytest.param(exact(7), "criteria-value", id="exact of a number"),  # type: ignore[arg-type]
        pytest.param("/api/*", "path-pattern", id="a broken pattern"),
        pytest.param(not_("/api/*"), "path-pattern", id="a broken pattern in not_"),
        pytest.param({"path": "/a(b"}, "path-pattern", id="an open bracket"),
        pytest.param(re.compile(r"\Aa"), "regex-portability", id="a regex that is not portable"),
        pytest.param(re.compile(b"a"), "regex-syntax", id="a regex over bytes"),
        pytest.param({"headers": {"x": re.compile("a", re.X)}}, "regex-portability", id="re.X"),
        pytest.param(and_(), "empty-criteria", id="and_ of nothing"),
        pytest.param(or_(), "empty-criteria", id="or_ of nothing"),
        pytest.param(or_("/a", {}), "empty-criteria", id="empty criteria in or_"),
        pytest.param(raw({}), "condition", id="an empty condition"),
        pytest.param(raw({"=": [PATH, "/a"]}), "condition", id="an unknown operator"),
        pytest.param(raw("path"), "condition", id="raw text"),  # type: ignore[arg-type]
    ],
)
def test_what_no_condition_stands_for_is_refused(wrong: Any, code: str) -> None:
    """An error with a code, and never a rule for every request."""
    with pytest.raises(RuleError) as raised:
        Router().match(wrong, {})
    assert raised.value.code == code


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"pth": "/a"}, 'did you mean "path"?'),
        ({"random": 10}, 'write raw({"<": [{"random": 99}, 10]}) or the like'),
        ({"device": {"is_moble": "true"}}, 'did you mean "is_mobile"?'),
        ({"headers": {"x": None}}, 'write not_(re.compile(".+")) for "must be absent"'),
        ({"headers": {"x": True}}, "headers.x: True is not text; expected text"),
        ({"device": {"is_mobile": True}}, 'write "true"'),
        ({"query": {"a b\n": None}}, r'query["a b\n"]: None is not text'),
        ({"response": {"status_code": 404}}, 'write "404"'),
        (not_({"path": "/a"}), "put not_ around each value"),  # type: ignore[arg-type]
        ({"path": [re.compile("a")]}, "join other tests with or_(...)"),
        ({"location": "DE"}, 'location: "DE"; expected a mapping of names to values'),
        ("/api/*", 'exact("/api/*")'),
        ({"and": ["/a"]}, 'write and_("/a")'),
        ({"not": "/a"}, 'write not_("/a")'),
        ({"==": ["/a"]}, 'write raw({"==": [...]}) in place of the mapping'),
        ({"raw": {}}, 'write raw({"===": [...]}) in place of the mapping'),
        ({"ip": "192.0.2.1"}, 'write {"client_ip": "192.0.2.1"}'),
        ({"host": "shop.example"}, 'write {"headers": {"host": "shop.example"}}'),
        ({"country": "DE"}, 'write {"location": {"country": "DE"}}'),
        ({"accept-language": "de"}, 'write {"headers": {"accept-language": "de"}}'),
        ({"caching": {"max_age": "1h"}}, 'criteria come first: match("/a", caching=...)'),
        ({"variable": {"hots": "a"}}, 'variable: "hots" is not known; did you mean "host"?'),
        ({"/b", "/a"}, "path: {'/a', '/b'} is not text"),
        ((path for path in "ab"), "write list(...) around it"),
    ],
)
def test_the_error_says_what_to_write_instead(wrong: Any, message: str) -> None:
    """Where, what, and the likely cure."""
    with pytest.raises(RuleError) as raised:
        Router().match(wrong, {})
    assert message in str(raised.value)


def test_not_around_whole_criteria_is_reported_without_a_name_that_no_one_wrote() -> None:
    """A bare value is a path; a mapping in `not_` is not."""
    with pytest.raises(CriteriaError) as raised:
        Router().match(not_({"method": "GET"}), {})  # type: ignore[arg-type]
    assert raised.value.diagnostics[0].message.endswith("is not one value")


def test_all_that_is_wrong_in_one_mapping_is_reported() -> None:
    """Each entry has its problem."""
    wrong: Any = {"pth": "/a", "path": "/api/*", "headers": {"x": None}}
    with pytest.raises(CriteriaError) as raised:
        Router().match(wrong, {})
    assert [found.code for found in raised.value.diagnostics] == [
        "unknown-criterion",
        "path-pattern",
        "criteria-value",
    ]


def test_a_problem_names_the_entry_that_it_is_in() -> None:
    """The name stands in front of the message, the code is that of the problem."""
    with pytest.raises(CriteriaError) as raised:
        Router().match({"headers": {"User-Agent": re.compile(r"\Aa")}}, {})
    assert raised.value.diagnostics[0].message.startswith("headers.User-Agent: ")
    assert raised.value.code == "regex-portability"


def test_a_regex_that_can_take_very_long_is_warned_of_with_its_entry() -> None:
    """Nothing is wrong, but it is worth telling."""
    router = Router().match({"headers": {"x": re.compile("(a+)+$")}}, {})
    assert [(found.code, found.severity) for found in router.warnings] == [("regex-backtracking", "warning")]
    assert router.warnings[0].message.startswith("headers.x: ")


@pytest.mark.parametrize(
    "wanted", [re.compile("(a+)+$"), or_(re.compile("(a+)+$")), raw({"=~": [PATH, "(a+)+$"]})]
)
def test_warnings_come_from_every_form_of_criteria(wanted: Any) -> None:
    """Bare, joined, and in the rule language."""
    assert [found.code for found in Router().match(wanted, {}).warnings] == ["regex-backtracking"]


def test_nesting_has_an_end() -> None:
    """A thousand levels are a mistake, not a stack overflow."""
    deep: Any = "/a"
    for _ in range(1000):
        deep = and_(deep)
    with pytest.raises(CriteriaError, match="nested more than 100 deep"):
        Router().match(deep, {})


# Random criteria


@given(criteria)
def test_any_criteria_give_one_condition_or_none(wanted: Any) -> None:
    """The rule language reads it and writes it back as it was; only the empty mapping tests nothing."""
    rules = compile_rules(Router().match(wanted, {"comment": "x"}))
    assert RuleSet.from_json(rules).to_json() == {"rules": rules}
    assert ("if" in rules[0]) == (wanted != {})


@given(branch_criteria)
def test_a_branch_tests_what_match_tests(wanted: Any) -> None:
    """Criteria mean the same everywhere."""
    assert compile_rules(Router().match(wanted, {})) == compile_rules(Router().if_(wanted, {}))


@given(branch_criteria)
def test_joining_one_adds_nothing_but_the_list(wanted: Any) -> None:
    """`and_(x)` and `or_(x)` hold the condition of x."""
    assert condition(and_(wanted)) == {"and": [condition(wanted)]}
    assert condition(or_(wanted, wanted)) == {"or": [condition(wanted)] * 2}


@pytest.mark.parametrize("key", ["headers", "query", "cookies", "device", "location", "variable", "response"])
def test_an_empty_mapping_of_names_is_refused(key: str) -> None:
    """It would turn the rule into one for every request."""
    with pytest.raises(RuleError, match=f'remove "{key}"') as raised:
        Router().match(cast("Any", {key: {}}), comment="x")
    assert raised.value.code == "empty-criteria"
