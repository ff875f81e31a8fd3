"""Every rule knows the file and line of the call that made it, however that call came about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from prefetchrouter import Route, RuleError, RuleSet, Source, load
from prefetchrouter.errors import Diagnostic
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule
from prefetchrouter.source import caller


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(folder: Path, text: str, **others: str) -> RuleSet:
    """The rules of a routes.py of that text, with other modules beside it."""
    for name, content in {"routes": text, **others}.items():
        (folder / f"{name}.py").write_text(dedent(content))
    return load(folder / "routes.py").rule_set


def problems(folder: Path, text: str, **others: str) -> tuple[Diagnostic, ...]:
    """What is wrong with such a file."""
    with pytest.raises(RuleError) as raised:
        loaded(folder, text, **others)
    return raised.value.diagnostics


def places(rule_set: RuleSet) -> list[str]:
    """The place of each rule."""
    return [str(rule.source) for rule in rule_set.rules]


def every_source(rule: Rule) -> Iterator[Source | None]:
    yield rule.source
    match rule:
        case Apply():
            pass
        case Chain():
            for branch in rule.branches:
                yield branch.source
                yield from every_source(branch.rule)
            if rule.otherwise is not None:
                yield from every_source(rule.otherwise)
        case Group():
            for member in rule.rules:
                yield from every_source(member)


def test_each_call_has_its_line(folder: Path) -> None:
    """Line by line."""
    found = loaded(
        folder,
        """\
        from prefetchrouter import Router
        router = Router()
        router.match("/a", {})
        router.get("/b", {})

        router.always({}); router.catch(404, {})
        router.conditional({})
        """,
    )
    assert places(found) == [f"routes.py:{line}" for line in (3, 4, 6, 6, 7)]


def test_each_call_of_a_chain_over_several_lines_has_its_own(folder: Path) -> None:
    """Python knows the line of each method's name."""
    found = loaded(
        folder,
        """\
        from prefetchrouter import Router
        router = (
            Router()
            # pages
            .match("/a", caching={"max_age": "1h"})
            .get(
                "/b",
                caching={"max_age": "1h"},
            )
            .if_("/c", {})
            .elif_("/d", {})
            .else_({})
        )
        """,
    )
    assert places(found) == ["routes.py:5", "routes.py:6", "routes.py:10"]
    chain = found.rules[2]
    assert isinstance(chain, Chain)
    assert [str(branch.source) for branch in chain.branches] == ["routes.py:10", "routes.py:11"]
    assert chain.otherwise is not None
    assert str(chain.otherwise.source) == "routes.py:12"


def test_a_rule_made_in_a_loop_has_the_line_of_the_call(folder: Path) -> None:
    """All of its rounds have the same."""
    found = loaded(
        folder,
        """\
        from prefetchrouter import Router
        router = Router()
        for name in ["a", "b"]:
            router.match(f"/{name}", {})
        """,
    )
    assert places(found) == ["routes.py:4", "routes.py:4"]


def test_a_rule_made_in_a_function_has_the_line_inside_it(folder: Path) -> None:
    """That is where its call stands."""
    found = loaded(
        folder,
        """\
        from prefetchrouter import Router

        def pages(router, name):
            router.match(f"/{name}", {})

        router = Router()
        pages(router, "a")
        """,
    )
    assert places(found) == ["routes.py:4"]


def test_a_plugin_in_another_file_has_its_own_lines(folder: Path) -> None:
    """Function or object."""
    found = loaded(
        folder,
        """\
        from prefetchrouter import Router
        from plugins import Plugin, plugin
        router = Router().use(plugin).use(Plugin()).always({})
        """,
        plugins="""\
        def plugin(router):
            router.match("/a", {})

        class Plugin:
            def on_register(self, router):
                router.match("/b", {})
        """,
    )
    assert places(found) == ["plugins.py:2", "plugins.py:6", "routes.py:3"]


def test_nested_rules_keep_the_lines_of_their_calls(folder: Path) -> None:
    """In whatever file they were made."""
    found = loaded(
        folder,
        """\
        from prefetchrouter import Router
        from shop import shop
        router = Router().match("/shop/:path*", shop)
        """,
        shop="""\
        from prefetchrouter import Router
        shop = Router()
        shop.match("/shop/cart", {})
        """,
    )
    chain = found.rules[0]
    assert isinstance(chain, Chain)
    group = chain.branches[0].rule
    assert isinstance(group, Group)
    assert [str(source) for source in every_source(group.rules[1])] == ["shop.py:3"] * 3
    assert str(group.rules[0].source) == "routes.py:3"


def test_every_part_of_every_rule_has_a_place(folder: Path) -> None:
    """Nothing is left for a message to guess."""
    found = loaded(
        folder,
        """\
        from prefetchrouter import Router
        router = Router().match("/a", lambda route: route.send("x")).force_https()
        router.conditional({"if": [{"===": [{"request": "method"}, "GET"]}, [{}, {"comment": "x"}]]})
        router.if_("/b", {}, Router()).else_({})
        """,
    )
    assert {"routes.py"} == {
        source.display_file if source else None for rule in found.rules for source in every_source(rule)
    }


@pytest.mark.parametrize(
    "line",
    [
        'router.match("/a/*", {})',
        'router.match({"pth": "/a"}, {})',
        'router.match("/a", caching={"max_age": "1hr"})',
        'router.match("/a", {"cachng": {}})',
        'router.match("/a")',
        "router.catch(None, {})",
        "router.elif_('/a', {})",
        "router.else_({})",
        "router.conditional({'if': []})",
        "router.use(None)",
        'router.match("/a", lambda route: route.cache(edge=7))',
        'router.if_({}, {})',
        "Features(caching={'max_age': '1hr'})",
        "CachingFeatures(max_age='1hr')",
        "Origin(name='a b')",
    ],
)  # fmt: skip
def test_every_mistake_names_the_line_of_its_call(folder: Path, line: str) -> None:
    """Whatever is wrong."""
    text = (
        f"from prefetchrouter import CachingFeatures, Features, Origin, Router\nrouter = Router()\n\n{line}\n"
    )
    assert {str(found.source) for found in problems(folder, text)} == {"routes.py:4"}


@pytest.mark.parametrize(
    "call",
    [
        "redirect('/b?x=:x')",
        "cache(edge=7)",
        "update_response_header('x', re.compile(r'\\Aa'), 'b')",
        "add_response_header('set-cookie', 'a=1').add_response_cookie('b', '2')",
        "update_path(7)",
    ],
)
def test_a_mistake_inside_a_helper_names_the_helpers_line(folder: Path, call: str) -> None:
    """That is where its call stands, not where the rule is made."""
    (found,) = problems(
        folder,
        f"""\
        import re
        from prefetchrouter import Router

        def helper(route):
            route.set_origin("web")
            route.{call}

        router = Router().match("/a", helper)
        """,
    )
    assert str(found.source) == "routes.py:6"


def test_a_mistake_in_a_plugins_file_names_that_file(folder: Path) -> None:
    """Not the file that uses it."""
    (found,) = problems(
        folder,
        "from prefetchrouter import Router\nfrom plugins import plugin\nrouter = Router().use(plugin)\n",
        plugins="def plugin(router):\n    router.match('/a/*', {})\n",
    )
    assert str(found.source) == "plugins.py:2"


def test_a_file_in_another_folder_is_shown_relative_to_the_current_one(folder: Path) -> None:
    """No output holds an absolute path."""
    assert str(Source(str(folder / "sites" / "shop" / "routes.py"), 3)) == "sites/shop/routes.py:3"
    assert str(Source("<stdin>", 1)) == "<stdin>:1"


def test_sources_are_ordered_by_file_then_line() -> None:
    """So that messages can be sorted."""
    assert sorted([Source("b.py", 1), Source("a.py", 20), Source("a.py", 3)]) == [
        Source("a.py", 3),
        Source("a.py", 20),
        Source("b.py", 1),
    ]


def test_the_caller_is_the_nearest_place_outside_the_package() -> None:
    """Here, this very line."""
    found = caller()
    assert found is not None
    assert Path(found.file) == Path(__file__)


def test_a_route_made_by_hand_has_no_path() -> None:
    """`Route()` is what a helper's own test can use."""
    assert Route().update_path("/q").features["url"]["url_rewrite"][0]["source"].startswith("/:path*")
