"""A change of a condition is found, whatever is tested and wherever in a list or an expression it is."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from analysis.few_values import any_request, comparison
from prefetchrouter import RuleSet
from prefetchrouter.comparison.behaviour import behaviour
from prefetchrouter.comparison.compare import compare
from prefetchrouter.evaluation import Evaluator

PATH = {"request": "path"}
METHOD = {"request": "method"}
COUNTRY = {"location": "country"}
AGENT = {"request.header": "user-agent"}
ENDINGS = "css|js|png|jpg|gif|svg|ico|woff|woff2|ttf|map|webp"
PATHS = [f"/x{number}" for number in range(30)]

CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a path more": ({"in": [PATH, PATHS]}, {"in": [PATH, [*PATHS, "/a"]]}),
    "a path less, in the middle": ({"in": [PATH, PATHS]}, {"in": [PATH, PATHS[:17] + PATHS[18:]]}),
    "an ending more": ({"=~": [PATH, rf"\.({ENDINGS})$"]}, {"=~": [PATH, rf"\.({ENDINGS}|avif)$"]}),
    "an ending less": (
        {"=~": [PATH, rf"\.({ENDINGS})$"]},
        {"=~": [PATH, rf"\.({ENDINGS.replace('|svg', '')})$"]},
    ),
    "a method more": ({"in": [METHOD, ["GET", "HEAD"]]}, {"in": [METHOD, ["GET", "HEAD", "POST"]]}),
    "a country more": ({"in": [COUNTRY, ["DE", "AT"]]}, {"in": [COUNTRY, ["DE", "AT", "CH"]]}),
    "an exception less": ({"not_in": [COUNTRY, ["DE", "AT"]]}, {"not_in": [COUNTRY, ["DE"]]}),
    "another exception": (
        {"!==": [{"request.header": "x-a"}, "1"]},
        {"!==": [{"request.header": "x-a"}, "2"]},
    ),
    "a robot more": ({"=~": [AGENT, "(a-bot|b-bot|c-bot)"]}, {"=~": [AGENT, "(a-bot|b-bot|c-bot|d-bot)"]}),
    "another alternative": (
        {"or": [{"===": [AGENT, "1"]}, {"===": [{"request.header": "x-b"}, "2"]}]},
        {"or": [{"===": [AGENT, "1"]}, {"===": [{"request.header": "x-c"}, "2"]}]},
    ),
    "an exception of the path more": ({"!~": [PATH, "^/admin"]}, {"!~": [PATH, "^/(admin|cart)"]}),
    "another exception of the path": ({"!=": [PATH, "/a/:id"]}, {"!=": [PATH, "/b/:id"]}),
    "an exception beside others": (
        {
            "and": [
                {"==": [PATH, "/p/:id"]},
                {"in": [METHOD, ["GET", "HEAD"]]},
                {"not_in": [COUNTRY, ["DE", "AT"]]},
            ]
        },
        {
            "and": [
                {"==": [PATH, "/p/:id"]},
                {"in": [METHOD, ["GET", "HEAD"]]},
                {"not_in": [COUNTRY, ["DE", "AT", "FR"]]},
            ]
        },
    ),
    "a language of a pattern": (
        {"==": [PATH, "/:lang(en|de|fr|es|it)/p"]},
        {"==": [PATH, "/:lang(en|de|fr|es|it|pt)/p"]},
    ),
    "a digit more": ({"=~": [PATH, r"^/p/\d{3,5}$"]}, {"=~": [PATH, r"^/p/\d{3,6}$"]}),
    "digits too": ({"=~": [PATH, "^/p/[a-z]+$"]}, {"=~": [PATH, "^/p/[a-z0-9]+$"]}),
    "a letter less": ({"=~": [PATH, "^/p/[a-z]$"]}, {"=~": [PATH, "^/p/[a-y]$"]}),
    "no option": ({"=~": [PATH, "^/p(/q)?$"]}, {"=~": [PATH, "^/p$"]}),
    "letter case": ({"=~": [PATH, "(?i)^/Page$"]}, {"=~": [PATH, "^/Page$"]}),
    "an end": ({"=~": [PATH, "^/page"]}, {"=~": [PATH, "^/page$"]}),
    "a beginning": ({"=~": [PATH, "/page$"]}, {"=~": [PATH, "^/page$"]}),
    "an excluded word": ({"=~": [PATH, "^/p/(?!a$)"]}, {"=~": [PATH, "^/p/(?!(a|b)$)"]}),
    "one segment at least": ({"==": [PATH, "/a/:rest*"]}, {"==": [PATH, "/a/:rest+"]}),
    "no pattern": ({"==": [PATH, "/a/b"]}, {"===": [PATH, "/a/b"]}),
    "a host more": (
        {"in": [{"variable": "host"}, ["a.example", "b.example"]]},
        {"in": [{"variable": "host"}, ["a.example", "b.example", "c.example"]]},
    ),
    "a value of a cookie": (
        {"=~": [{"request.cookie": "a"}, "^(x|y)$"]},
        {"=~": [{"request.cookie": "a"}, "^(x|y|z)$"]},
    ),
    "part of a parameter": (
        {"===": [{"request.origin_query": "a"}, "x"]},
        {"=~": [{"request.origin_query": "a"}, "x"]},
    ),
    "an empty parameter": (
        {"=~": [{"request.origin_query": "a"}, ".+"]},
        {"=~": [{"request.origin_query": "a"}, ""]},
    ),
    "a bound": ({"<": [{"location": "latitude"}, 50]}, {"<": [{"location": "latitude"}, 49]}),
    "a bound that counts": ({"<": [{"location": "latitude"}, 50]}, {"<=": [{"location": "latitude"}, 50]}),
    "a share": ({"<": [{"random": 99}, 10]}, {"<": [{"random": 99}, 11]}),
    "a block of addresses": (
        {"===": [{"request": "client_ip"}, "10.0.0.0/9"]},
        {"===": [{"request": "client_ip"}, "10.0.0.0/8"]},
    ),
    "an extension": (
        {"in": [{"request.path": "extension"}, ["css", "js"]]},
        {"in": [{"request.path": "extension"}, ["css", "js", "avif"]]},
    ),
    "another scheme": ({"===": [{"request": "scheme"}, "HTTP"]}, {"===": [{"request": "scheme"}, "HTTPS"]}),
}


def rules(condition: dict[str, Any], body: dict[str, Any] | None = None) -> RuleSet:
    """One rule."""
    features = body or {"caching": {"max_age": {"200": "1h"}}}
    return RuleSet.from_json(json.dumps([{"if": [condition, features]}]))


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_condition_is_found(name: str) -> None:
    """In both directions, since a rule may get wider or narrower."""
    before, after = (rules(condition) for condition in CHANGES[name])
    assert compare(before, after).differences
    assert compare(after, before).differences


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("^/old/(a|b)$", "^/old/(a|b|c)$"),
        (r"^/old/(\d+)$", r"^/old/(\w+)$"),
    ],
)
def test_a_changed_source_is_found(before: str, after: str) -> None:
    """The rule applies as before; what its redirect or rewrite applies to is another."""
    everything = {"=~": [PATH, "^/"]}
    for feature in ("url_redirect", "url_rewrite"):
        sides = []
        for source in (before, after):
            entry = {"source": source, "destination": "/new/$1", "syntax": "regexp"}
            value: Any = {**entry, "code": 301} if feature == "url_redirect" else [entry]
            sides.append(rules(everything, {"url": {feature: value}}))
        assert compare(*sides).differences


@pytest.mark.parametrize("option", ["include_query_params", "include_headers", "include_cookies"])
def test_a_part_of_the_cache_key_more_is_found(option: str) -> None:
    """Only requests that have it show the difference."""
    sides = [
        rules({"=~": [PATH, "^/"]}, {"caching": {"cache_key": {option: names}}})
        for names in (["a"], ["a", "b"])
    ]
    assert compare(*sides).differences


def changed(condition: dict[str, Any], random: Random) -> dict[str, Any]:
    """The condition with another comparison in the place of one."""
    ((operator, operands),) = condition.items()
    if operator not in ("and", "or"):
        return comparison(random)
    number = random.randrange(2)
    return {operator: [changed(each, random) if n == number else each for n, each in enumerate(operands)]}


@pytest.mark.parametrize("seed", range(4))
def test_no_request_shows_what_the_comparison_missed(seed: int) -> None:
    """One comparison of any kind is changed; requests of all values are made independently."""
    random = Random(f"boundaries {seed}")
    for _ in range(12):
        condition = comparison(random)
        others = [{"if": [comparison(random), {"headers": {"set_response_headers": {"x-b": "1"}}}]}]
        before, after = (
            RuleSet.from_json(json.dumps([{"if": [each, {"caching": {"max_age": {"200": "1h"}}}]}, *others]))
            for each in (condition, changed(condition, random))
        )
        found = compare(before, after)
        old, new = Evaluator(before), Evaluator(after)
        for difference in found.differences:
            assert behaviour(old, difference.request) != behaviour(new, difference.request)
        if found.differences:
            continue
        for request in (any_request(random) for _ in range(200)):
            shown = (
                {name: aspect.compared for name, aspect in behaviour(side, request).items()}
                for side in (old, new)
            )
            assert next(shown) == next(shown), (request, before.to_json(), after.to_json())
