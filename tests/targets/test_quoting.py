"""No text leaves its place in another language, and no template prints what is not quoted."""

from __future__ import annotations

import json
import shlex
import tomllib

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from prefetchrouter.targets.quoting import (
    JavaScript,
    Quoted,
    ShellText,
    TomlText,
    comment,
    environment,
    script_value,
    shell_word,
    toml_string,
)
from strategies.hostile import hostile_texts, is_header_text


class Toy(Quoted):
    """Text of a toy language."""

    __slots__ = ()


def toy(**files: str) -> Environment:
    """Return an environment of the toy language."""
    return environment(Toy, DictLoader(files), {"double": lambda text: Toy(text + text)})


def test_hostile_texts_are_many_and_the_same_in_every_run() -> None:
    """So that a failure can be looked at again."""
    texts = hostile_texts()
    assert len(set(texts)) == 10_000
    assert texts == hostile_texts()
    assert all(map(is_header_text, hostile_texts(allows=is_header_text)))


def test_scripts_read_back_each_hostile_text() -> None:
    """As JSON does; and nothing in them ends a script of a page."""
    written = script_value(hostile_texts())
    assert json.loads(written) == hostile_texts()
    assert written.isascii()
    assert "<" not in written


def test_toml_reads_back_each_hostile_text() -> None:
    """By Python's own parser."""
    texts = hostile_texts()
    document = "\n".join(f"t{number} = {toml_string(text)}" for number, text in enumerate(texts))
    assert list(tomllib.loads(document).values()) == texts


def test_a_shell_reads_back_each_hostile_text() -> None:
    """Except for those with a NUL, which are refused."""
    texts = hostile_texts(allows=lambda text: "\0" not in text)
    assert shlex.split(" ".join(map(shell_word, texts))) == texts
    with pytest.raises(ValueError, match="NUL"):
        shell_word("a\0b")


def test_a_comment_is_one_line_whatever_it_holds() -> None:
    """Also where the text ends with what continues a line."""
    for text in hostile_texts(2000):
        made = comment(ShellText, "#", text)
        assert made.splitlines() == [made]


@pytest.mark.parametrize("value", ["plain", "", None, True, 1.5, [], Markup("x"), script_value("x")])
def test_a_template_refuses_all_that_is_not_of_its_language(value: object) -> None:
    """Text of another language, too."""
    with pytest.raises(TypeError, match="is not quoted for Toy"):
        toy(a="{{ value }}").get_template("a").render(value=value)


@pytest.mark.parametrize(
    "text", ["{{ a ~ b }}", "{{ a + 'x' }}", "{{ [a]|join }}", "{{ a.upper() }}", "{{ 'x' }}", "{{ a|trim }}"]
)
def test_text_that_was_put_together_or_changed_is_refused(text: str) -> None:
    """What is safe in parts need not be safe joined."""
    with pytest.raises(TypeError, match="is not quoted for Toy"):
        toy(a=text).get_template("a").render(a=Toy("a"), b=Toy("b"))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("{{ a }};", "a;"),
        ("{% for n in range(2) %}{{ loop.index }}{{ a }}{% endfor %}", "1a2a"),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(a) }}", "<a>"),
        ("{% set s %}[{{ a }}]{% endset %}{{ s }}", "[a]"),
        ("{% macro m() %}({{ caller() }}){% endmacro %}{% call m() %}{{ a }}{% endcall %}", "(a)"),
        ("{{ double(a) }}{{ a|double }}", "aaaa"),
        ("{% include 'b' %}", "b:a"),
        ("{% import 'b' as b with context %}{{ b.n() }}", "n:a"),
    ],
)
def test_a_template_prints_its_own_text_and_what_is_quoted(text: str, printed: str) -> None:
    """Macros, blocks and functions too."""
    made = toy(a=text, b="b:{{ a }}{% macro n() %}n:{{ a }}{% endmacro %}").get_template("a")
    result = made.render(a=Toy("a"))
    assert result == printed
    assert isinstance(result, Toy)


def test_a_macro_that_is_not_called_is_refused() -> None:
    """Its text would be that of an object."""
    with pytest.raises(TypeError, match="without being called"):
        toy(a="{% macro m() %}{% endmacro %}{{ m }}").get_template("a").render()


def test_texts_of_two_languages_are_not_joined() -> None:
    """Each is safe in its own only."""
    assert Toy.joined([Toy("a"), Toy("b")], ", ") == "a, b"
    with pytest.raises(TypeError, match="is not quoted for TomlText"):
        TomlText.joined([toml_string("a"), JavaScript("b")])  # type: ignore[list-item]
