"""The report of a build, for people and for programs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter import Router
from prefetchrouter.authoring.loader import Routes
from prefetchrouter.output.building import build
from prefetchrouter.report.build_report import Detail, build_json, build_text
from prefetchrouter.report.table import Style, width_of
from prefetchrouter.rules.rule_set import RuleSet

PLAIN = Style(enabled=False)
LONG = "/" + "/".join(f"part-{number}" for number in range(30))


def report(router: Router, *, width: int | None = None, style: Style = PLAIN) -> str:
    rule_set = RuleSet(rules=router.rules)
    return build_text(
        Routes(Path("routes.py"), rule_set, router.warnings), build(rule_set), "dist", style, width
    )


def test_each_rule_has_its_line_and_what_becomes_of_it() -> None:
    """The table lists what browsers get to see, then what they do not."""
    router = Router().get("/a", caching={"max_age": "1h", "stale_while_revalidate": "1d"})
    header, rule, shown, hidden, *_ = report(router).splitlines()
    assert re.fullmatch(r"line +manifest  rule .*", header)
    assert re.fullmatch(r".*test_build_report\.py:\d+  listed    path matches /a and method is GET", rule)
    assert shown.strip() == "+ max_age 1h"
    assert hidden.strip() == "- caching.stale_while_revalidate"


def test_notes_stand_below_the_rule_in_its_column() -> None:
    """The eye finds a rule and its notes in one column."""
    _, rule, note, *_ = report(Router().match("/a", caching={"max_age": "1h"})).splitlines()
    assert rule.index("path matches") == note.index("+")


@pytest.mark.parametrize(
    ("caching", "shown"),
    [
        ({"max_age": {"200": "1h", "404": "1m"}}, "+ max_age 200=1h 404=1m"),
        ({"bypass_cache": True}, "+ bypass_cache"),
        ({"bypass_cache": False}, "+ bypass_cache false"),
    ],
)
def test_values_are_shown_in_few_words(caching: dict[str, object], shown: str) -> None:
    """What the manifest lists can be read at a glance."""
    assert shown == report(Router().match("/a", {"caching": caching})).splitlines()[2].strip()  # type: ignore[arg-type]


def test_nothing_is_cut_where_no_width_is_given() -> None:
    """What is read by other programs is whole."""
    router = Router().match({"path": LONG, "cookies": {"a": "b"}}, caching={"max_age": "1h"})
    assert f"path matches {LONG} and cookie a is b" in report(router)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_on_a_terminal_lines_are_cut_or_wrapped(width: int) -> None:
    """Long conditions are cut, long notes wrapped; the notes keep all their words."""
    router = Router().match({"path": LONG, "cookies": {"a": "b"}}, caching={"max_age": "1h"})
    text = report(router, width=width)
    rule = text.splitlines()[1]
    assert len(rule) <= width
    assert rule.endswith("…")
    assert "it applies to more visitors there" in " ".join(text.split())


def test_warnings_come_last() -> None:
    """What is to be seen stands where the eye is when the command ends."""
    router = Router().match("users/:id", caching={"max_age": "1h"})
    assert "[unlikely-pattern]" in report(router).split("\n\n")[-1]


def test_a_file_without_rules_says_so() -> None:
    """An empty table would be puzzling."""
    assert report(Router()).startswith("There are no rules yet.\n")


def test_colours_only_add_to_the_text() -> None:
    """The coloured report is the plain one with colours."""
    router = Router().match("/a", caching={"max_age": "1h"}).always(comment="note")
    assert report(router) == re.sub(r"\x1b\[\d+m", "", report(router, style=Style(enabled=True)))


def test_the_json_tells_the_same_for_programs() -> None:
    """Places are files and lines, what is listed is in the rule language, what is not has a reason."""
    router = Router().match({"path": "/a", "cookies": {"b": "c"}}, caching={"max_age": "1h"})
    rule_set = RuleSet(rules=router.rules)
    (rule,) = build_json(Routes(Path("routes.py"), rule_set, ()), build(rule_set))["rules"]
    assert rule["manifest"] == "partly"
    assert {"if", "==", "caching"} <= set(re.findall(r"[=a-z]+", str(rule["listed"])))
    assert [omission["reason"] for omission in rule["left_out"]] == ["condition"]
    assert rule["line"] == rule["left_out"][0]["line"]
    assert rule["file"].endswith("test_build_report.py")


def test_the_width_is_that_of_columns_or_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS decides; output into a file has no width."""
    monkeypatch.setenv("COLUMNS", "90")
    assert width_of() == 90
    monkeypatch.delenv("COLUMNS")
    with open("/dev/null", encoding="utf-8") as file:
        assert width_of(file) is None


def test_rules_of_a_loop_are_folded() -> None:
    """Three of them and a count; the rule after them is listed."""
    router = Router()
    for number in range(200):
        router.match(f"/old/{number}", caching={"max_age": "1h"})
    router.match("/p/:id", caching={"max_age": "2h"})
    lines = folded(router).splitlines()
    assert sum("path matches /old/" in line for line in lines) == 3
    assert any(line.strip() == "and 197 more rules on this line" for line in lines)
    assert any("path matches /p/:id" in line for line in lines)


def test_of_four_rules_on_a_line_none_is_folded() -> None:
    """A line that says "and 1 more" would be no shorter."""
    router = Router()
    for number in range(4):
        router.match(f"/old/{number}", caching={"max_age": "1h"})
    assert "more rules" not in folded(router)


def test_of_very_many_rules_the_first_are_listed_and_none_when_quiet() -> None:
    """On a line each, as in a generated file."""
    text = "from prefetchrouter import Router\nrouter = Router()\n" + "".join(
        f"router.match('/p{number}', caching={{'max_age': '1h'}})\n" for number in range(1000)
    )
    namespace: dict[str, Any] = {}
    exec(compile(text, "routes.py", "exec"), namespace)
    assert folded(namespace["router"]).count("path matches") == 200
    assert "and 800 more rules; --full lists all" in folded(namespace["router"])
    assert "path matches" not in folded(namespace["router"], "quiet")
    assert folded(namespace["router"], "full").count("path matches") == 1000


def folded(router: Router, detail: Detail = "folded") -> str:
    """The report of a build."""
    rule_set = RuleSet(rules=router.rules)
    routes = Routes(Path("routes.py"), rule_set, ())
    return build_text(routes, build(rule_set), "dist", Style(enabled=False), detail=detail)
