"""Whichever engine matches, the answer is Python's; where none can at a bounded cost, it is refused."""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest

from conformance.corpus import lines
from prefetchrouter import PathPattern
from prefetchrouter.errors import RegexCostError, RuleError
from prefetchrouter.regex import bounded, compiled, is_bounded, linear, matching, portable, to_python
from prefetchrouter.regex.linear import linear_source, to_linear
from prefetchrouter.regex.measures import may_be_empty
from prefetchrouter.regex.parser import parse
from strategies.index_cases import changed, pattern_case, regex_case

CHECKS = int(os.environ.get("REGEX_CHECKS", "20000"))
LETTERS = "aAbBkKsS0é/.-_ \n\t\x0b\x1c\x85İĸ…"


def texts(random: Random, paths: tuple[str, ...]) -> list[str]:
    """Return texts that nearly match, and such as a header or a decoded parameter may hold."""
    near = [changed(random, random.choice(paths)) for _ in range(5)]
    odd = ["".join(random.choice(LETTERS) for _ in range(random.randrange(9))) for _ in range(5)]
    mixed = [f"{text[:at]}{random.choice(LETTERS)}{text[at:]}" for text in near for at in (1, len(text))]
    return [text for text in (*near, *odd, *mixed) if not matching._NOT_FOR_RE2.search(text)]


def compare(source: str, text: str) -> None:
    """Hold RE2 against Python: the match, its groups and place, and replacing."""
    longest = matching._longest(source)
    if longest is not None:
        text = text[: max(4 * longest, 6)]  # Python is to end, too.
    python = to_python(source)
    right = python.search(text)
    only = to_linear(source, captures=False)
    assert only is None or (only.search(text) is None) is (right is None), (source, text)
    whole = to_linear(source, captures=True)
    if whole is None:
        return
    got = whole.search(text)
    assert (got and (got.groups(), got.span())) == (right and (right.groups(), right.span())), (source, text)
    for at in (0, 1, 3):
        got, right = whole.match(text, at), python.match(text, at)
        assert (got and got.groups()) == (right and right.groups()), (source, text, at)
    counts = (1,) if may_be_empty(parse(source.removeprefix("(?i)")).tree) else (1, 0)
    for count in counts:
        marked = [engine.sub(lambda found: f"<{found[0]}>", text, count) for engine in (python, whole)]
        assert marked[0] == marked[1], (source, text)


def test_re2_reads_expressions_as_python_does() -> None:
    """For random expressions, with every kind of text."""
    random, done, used = Random(os.environ.get("REGEX_SEED", "0")), 0, 0
    while done < CHECKS:
        case = regex_case(random)
        try:
            source = portable(case.criterion).source
        except RuleError:
            continue
        used += linear_source(source, captures=False) is not None
        for text in texts(random, case.paths):
            done += 1
            compare(source, text)
    assert used


def regexes_in(value: Any) -> set[str]:
    """Return every expression and redirect source of a rule's JSON, roughly."""
    if isinstance(value, dict):
        found = {value["source"]} if isinstance(value.get("source"), str) else set()
        if isinstance(value.get("=~"), list):
            found |= {part for part in value["=~"] if isinstance(part, str)}
        return found.union(*map(regexes_in, value.values()))
    return set().union(*map(regexes_in, value)) if isinstance(value, list) else set()


def test_re2_reads_the_expressions_of_the_corpus_as_python_does() -> None:
    """On paths made from their own letters."""
    random = Random(1)
    for source in sorted(set().union(*(regexes_in(record["rules"]) for record in lines("programs.jsonl")))):
        try:
            to_python(source)
        except RuleError:
            continue
        plain = source.replace("\\", "").replace("^", "").replace("$", "")
        for text in texts(random, (plain, plain[:8], f"/{plain}")):
            compare(source, text)


def test_a_long_path_is_matched_as_a_short_one() -> None:
    """A pattern gives the same captures whichever engine matches it."""
    random = Random(2)
    for _ in range(1500):
        case = pattern_case(random)
        pattern = PathPattern(case.criterion)
        for path in [changed(random, random.choice(case.paths)) for _ in range(6)]:
            right = to_python(pattern.regex).match(path)
            found = [
                engine.match(path) for engine in (pattern._short, pattern._long, compiled(pattern.regex))
            ]
            got = [part if isinstance(part, tuple | None) else part.groups() for part in found]
            assert got == [right and right.groups()] * 3, (case.criterion, path)


EVIL = ["^(a+)+$", "^(a|aa)+$", r"^(\w+\s?)*$", "^(?:(?:b?)*a)*c", "(x+x+)+y", "a*b", "^(.*)-(.*)-(.*)!"]


@pytest.mark.parametrize("source", EVIL)
def test_the_engine_is_chosen_by_the_length_of_the_text(source: str) -> None:
    """Python's for short ones, as far as that is known to be quick, else RE2's."""
    regex = compiled(source, captures=False)
    assert isinstance(regex, matching._Guarded)

    assert regex._engine("a" * regex.longest) is regex.pattern
    assert regex._engine("a" * (regex.longest + 1)) is regex.linear is not None
    with bounded():
        assert regex.search("a" * 20_000 + "!") is None or source == "a*b"


def test_what_no_engine_matches_at_a_bounded_cost_is_refused() -> None:
    """Inside `bounded` only; other programs take Python's engine and their time."""
    regex = compiled("^(?!x)(.*)-(.*)!")
    with bounded():
        assert regex.search("a-b!") is not None
        with pytest.raises(RegexCostError, match="could take too much time on 5,000 characters"):
            regex.search("-" * 5_000)
    assert regex.search("-" * 1_000) is None
    assert not is_bounded("^(?:(?!b)a+)+$", captures=False)
    assert is_bounded("^(a+)+$", captures=False)


def test_an_expression_that_is_large_for_re2_gets_shorter_texts() -> None:
    """It takes RE2 as many steps at each character as the expression is long."""
    regex = compiled("^[ab]*a[ab]{900}c", captures=False)
    with bounded():
        assert regex.search("ab" * 500) is None
        with pytest.raises(RegexCostError):
            regex.search("ab" * 5_000)


def test_a_long_list_of_words_is_matched_with_any_header() -> None:
    """Its length alone makes it neither slow nor unknown."""
    words = [f"{first}{second}bot" for first in "abcdefghijklmnopqrstuvwxyz" for second in "aeiou"]
    regex = compiled(f"(?i)({'|'.join(words)})", captures=False)
    with bounded():
        for length in (100, 1_000, 60_000):
            assert regex.search("x" * length) is None
            assert regex.search("x" * length + "ZuBot") is not None
    assert is_bounded(f"^(?!.*(?:{'|'.join(words[:60])})).*$", captures=False)


def test_halves_of_surrogates_and_letters_that_re2_folds_are_left_to_python() -> None:
    """RE2 reads UTF-8, and takes the long s for an s."""
    regex = compiled("^([sS]+)+$", captures=False)
    assert isinstance(regex, matching._Guarded)

    for text in ("ſ", "s\ud800", "\u212a"):
        assert regex._engine(text) is regex.pattern
        assert regex.search(text) is None
        with bounded(), pytest.raises(RegexCostError):
            regex.search(text)


def test_without_google_re2_python_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evaluating needs no extra; only `bounded` refuses then, and says what to install."""
    monkeypatch.setattr(linear, "engine", lambda: None)
    monkeypatch.setattr(matching, "engine", lambda: None)
    caches = (linear.to_linear, matching._compiled)
    for cache in caches:
        cache.cache_clear()
    try:
        regex = compiled("^(a+)+$")
        assert regex.search("aaa") is not None
        with bounded(), pytest.raises(RegexCostError, match="install google-re2"):
            regex.search("aaa!")
    finally:
        for cache in caches:
            cache.cache_clear()
