"""What of a guard browsers can decide from a link: a test of links that is never true where the guard is not.

Each test of the rules has two readings: one that links pass only if the test is true, one that all links pass
for which it is true. A negated test takes the second, so a test that no link can decide, such as of a cookie,
is false both ways, and the links that would depend on it are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from prefetchrouter.errors import shown
from prefetchrouter.lowering import Lowered
from prefetchrouter.lowering.guards import Every, Guard, Is, Some
from prefetchrouter.lowering.readings import Reading
from prefetchrouter.lowering.tests import Matches, OneOf, Test, readings_in
from prefetchrouter.regex import literal, to_python
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.speculation.link_tests import (
    EVERY_LINK,
    NO_LINK,
    Href,
    LinkTest,
    every,
    negation,
    some,
)
from prefetchrouter.speculation.url_patterns import of_regex, of_texts, readable

_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
"""Characters that a query holds as they are."""


class Bounds:
    """Translates guards into tests of links.

    Args:
        rules: The rules.
        patterns: The path pattern of a test as the user wrote it, with its letter case.
        secret: The tests that only hidden rules make: what they test may not be published.
        rewrites: Whether rules rewrite URLs: then no link shows the path and query after that.
    """

    def __init__(
        self,
        rules: Lowered,
        *,
        patterns: Mapping[Test, str],
        secret: Collection[int] = (),
        rewrites: bool = False,
    ) -> None:
        self._rules = rules
        self._patterns = patterns
        self._secret = secret
        self._rewrites = rewrites
        self.unknown: dict[int, None] = {}

    def links(self, guard: Guard) -> LinkTest:
        """Return a test that a link passes only if the guard is true; `unknown` notes what is left out."""
        match guard:
            case Is(test=test, negated=negated):
                return self._of_test(test, negated=negated)
            case Every(members=members):
                return every(self.links(member) for member in members)
            case Some(members=members):
                return some(self.links(member) for member in members)

    @property
    def unknown_in_words(self) -> str:
        """What the tests in `unknown` read, in words."""
        readings = (reading for number in self.unknown for reading in readings_in(self._rules.tests[number]))
        return ", ".join(dict.fromkeys(map(_in_words, readings)))

    def truth(self, number: int) -> bool | None:
        """Return whether a test is true for every prefetch, or false, or None if it depends on the link."""
        test = self._rules.tests[number]
        if isinstance(test, OneOf) and test.reading.kind == "method":
            return "GET" in test.texts
        if isinstance(test, Matches) and test.reading.kind == "method":
            return to_python(test.regex).search("GET") is not None
        return None

    def path_expression(self, number: int) -> str | None:
        """Return the expression of the paths for which a test is true, or None if it is not about paths."""
        test = self._rules.tests[number]
        if not isinstance(test, OneOf | Matches) or not self._is_path(test.reading):
            return None
        if isinstance(test, Matches):
            return test.regex
        body = "|".join(map(literal, test.texts))
        return f"{'(?i)' if test.ignores_case else ''}^(?:{body})$" if test.texts else None

    def _is_path(self, reading: Reading) -> bool:
        return reading.kind == "path" or (reading.kind == "origin-path" and not self._rewrites)

    def _of_test(self, number: int, *, negated: bool) -> LinkTest:
        truth = self.truth(number)
        if truth is not None:
            return EVERY_LINK if truth is not negated else NO_LINK
        found = None if number in self._secret else self._known(self._rules.tests[number], negated)
        if found is None:
            self.unknown[number] = None
            return NO_LINK
        return found

    def _known(self, test: Test, negated: bool) -> LinkTest | None:
        if not isinstance(test, OneOf | Matches):
            return None
        if self._is_path(test.reading):
            return self._path(test, negated)
        if not isinstance(test, OneOf):
            return None
        if test.reading.kind == "upper-scheme":
            schemes = [Href("protocol", text.lower()) for text in test.texts if text in ("HTTP", "HTTPS")]
            return negation(some(schemes)) if negated else some(schemes)
        if test.reading.kind == "parameter" and not self._rewrites:
            return self._parameter(test, negated)
        return None

    def _path(self, test: OneOf | Matches, negated: bool) -> LinkTest | None:
        written = self._patterns.get(test)
        if not negated and written is not None:
            pattern = readable(PathPattern(written))
            if pattern is not None:
                return Href("pathname", pattern)
        if isinstance(test, OneOf):
            if not test.texts:
                return EVERY_LINK if negated else NO_LINK
            found = of_texts(test.texts, ignores_case=test.ignores_case)
        else:
            found = of_regex(test.regex)
        if found is None:
            return None
        return negation(Href("pathname", found)) if negated else Href("pathname", found)

    def _parameter(self, test: OneOf, negated: bool) -> LinkTest | None:
        name = test.reading.name
        if not name or not set(name) <= _PLAIN:
            return None
        has_name = f"(.*?(?:^|&){literal(name)}(?:[=&].*)?)"
        if negated:
            # A name or value in another spelling has an escape or a plus.
            return every([negation(Href("search", has_name)), negation(Href("search", "(.*[%+].*)"))])
        values = [value for value in test.texts if value and set(value) <= _PLAIN]
        if len(values) != len(test.texts):
            return None
        before = f"(?:(?!{literal(name)}(?:[=&]|$))[^&]*&)*"
        first = f"{before}{literal(name)}=(?:{'|'.join(map(literal, values))})(?:&.*)?"
        return every([Href("search", f"({first})"), negation(Href("search", "(.*[%+].*)"))])


def _in_words(reading: Reading) -> str:
    if reading.kind in ("path", "origin-path"):
        return "all that the rules test of its path"
    name = f" {shown(reading.name)}" if reading.name else ""
    return f"the {reading.kind.replace('-', ' ')}{name}"
