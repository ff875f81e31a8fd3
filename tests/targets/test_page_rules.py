"""The rules in front of the install script decide in Node as the browser's view of them does in Python."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import machine
from prefetchrouter import Request, Router, RuleSet, not_
from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser_view import filter_rules
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.http.request_target import path_for_rules, query_for_rules
from prefetchrouter.targets.page_rules import FEW, page_rules
from strategies.paths import urls
from strategies.rule_sets import listed_tests, part_tests, rule_lists

AGES: Any = {"max_age": "1h", "service_worker_max_age": "1h"}


def text_of(rules: RuleSet) -> str:
    listed = [found.listed for found in filter_rules(rules.rules) if found.listed is not None]
    return page_rules(listed, rules.property)


def decided(cases: list[tuple[str, list[tuple[str, str]]]]) -> list[list[bool]]:
    """What Node says of paths and queries, by each of some texts."""
    script = (
        "globalThis.self = globalThis; globalThis.location = { protocol: 'https:' };"
        "const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(cases.map(([text, targets]) => {"
        f" (0, eval)(text); return targets.map(([path, query]) => self.{NAMES.rules_global}(path, query));"
        " })))"
    )
    command = [machine.program("node"), "--eval", script]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, check=True, text=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def target(url: str) -> tuple[str, str]:
    path, _, query = url.partition("?")
    return path_for_rules(path), query_for_rules(query)


programs = st.tuples(
    rule_lists(listed_tests | part_tests, hidden=False), st.lists(urls(), min_size=5, max_size=9)
)


@given(st.lists(programs, min_size=10, max_size=20))
@settings(max_examples=8)
def test_node_and_python_decide_alike(cases: list[tuple[Any, list[str]]]) -> None:
    """Whatever the rules; what cannot be said in this form is left to the manifest."""
    sets = [(RuleSet.from_json(rules, "raw"), asked) for rules, asked in cases]
    said = [(text_of(rules), rules, asked) for rules, asked in sets if text_of(rules)]
    assert len(said) > len(cases) / 2
    answers = decided([(text, [target(url) for url in asked]) for text, _, asked in said])
    for (text, rules, asked), found in zip(said, answers, strict=True):
        expected = [evaluate_in_browser(rules, Request(url)).prefetchable for url in asked]
        assert found == expected, (text, asked)


def test_many_rules_are_looked_up_by_the_first_segment() -> None:
    """With the same answers, also for segments that are names of JavaScript."""
    router = Router()
    for number in range(FEW + 5):
        router = router.match(f"/s{number}/:id", caching=AGES)
    router = router.match("/:page", caching=AGES).match({"path": "/s3/no"}, caching={"bypass_cache": True})
    rules = RuleSet(rules=router.rules)
    asked = ["/s1/2", "/S7/x", "/s3/no", "/s3/yes", "/constructor", "/__proto__", "/a/b", "/", "/s999/1"]
    (found,) = decided([(text_of(rules), [target(url) for url in asked])])
    assert found == [evaluate_in_browser(rules, Request(url)).prefetchable for url in asked]
    assert found == [True, True, False, True, True, True, False, False, False]


@pytest.mark.parametrize("text", ["</script>", "a/b", "\\/", "[/]", "é", "\u2028", "x(?=y)", "\\d"])
def test_no_expression_ends_its_literal(text: str) -> None:
    """It finds what it finds in Python."""
    rules = RuleSet(rules=Router().match({"path": re.compile(text)}, caching=AGES).rules)
    asked = ["/%3C/script%3E", "/a/b", "/x", "/xy", "/7", "/%C3%A9"]
    script = text_of(rules)
    assert "</script" not in script
    (found,) = decided([(script, [target(url) for url in asked])])
    assert found == [evaluate_in_browser(rules, Request(url)).prefetchable for url in asked]


@pytest.mark.parametrize("bypass", [True, False])
def test_pages_that_browsers_may_not_keep_need_a_worker(bypass: bool) -> None:
    """The install script reads this where the page leaves it to the rules."""
    router = Router().match("/a", caching=AGES)
    ages: Any = {**AGES, "bypass_client_cache": bypass}
    router = router.match({"path": "/b"}, caching=ages)
    text = text_of(RuleSet(rules=router.rules))
    assert text.endswith(f"{NAMES.rules_global}.needsWorker={str(bypass).lower()};\n")


def test_what_cannot_be_said_is_left_to_the_manifest() -> None:
    """Here a group that JavaScript names in another way."""
    condition = {"=~": [{"request": "path"}, "(?P<a>x)"]}
    rules = RuleSet.from_json([{"if": [condition, {"caching": AGES}]}], "raw")
    assert text_of(rules) == ""


def test_a_negation_and_an_else_are_printed() -> None:
    """Rules that stop prefetching count as those that allow it."""
    router = Router().match({"path": not_(re.compile("^/img/"))}, caching=AGES)
    assert "if(!/^\\/img\\//.test(p))" in text_of(RuleSet(rules=router.rules))
