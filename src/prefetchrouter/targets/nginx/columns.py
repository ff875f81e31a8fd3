"""Which rule decides a value, as maps: no combination of rules is printed, and no rule is printed twice.

A column is all that the same rules set. Its variable names the last of these rules that applies:

    first segments ──> the tests of the rules there ──> their bits ──> the last true one ──> its values
    "team"             $pr_test_1 $pr_test_4            "10"           1                     "s3:1" -> v7

Groups of rules with equal tests share the variables of these; a path pattern below its own segments is
a test of the rest of the path, which others share. So ten thousand rules of one form need a handful of
variables: nginx clears room for all of them at each request.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from prefetchrouter.evaluation.index_keys import keys_of
from prefetchrouter.evaluation.shapes import shapes_of_regex
from prefetchrouter.lowering.first_segments import Prefix, Prefixes, longest_prefix, prefixes
from prefetchrouter.lowering.groups import by_prefix
from prefetchrouter.lowering.guards import FALSE, TRUE, Every, Guard, Is, Some, every, some
from prefetchrouter.lowering.tests import Matches, OneOf, Test
from prefetchrouter.regex import to_python
from prefetchrouter.source import Source
from prefetchrouter.targets.nginx.book import Book, BookLine
from prefetchrouter.targets.nginx.conf_text import ConfText, key, pattern, quoted
from prefetchrouter.targets.nginx.leaves import NginxLeaf, line_of
from prefetchrouter.targets.nginx.truths import truth_of

MOST_TERMS = 512
"""Beyond this many alternatives a condition cannot be printed."""

_NONE = ConfText('""')


class TooManyTerms(Exception):
    """A condition has more alternatives than can be printed.

    Args:
        source: The line of the rule.
    """

    def __init__(self, source: Source | None) -> None:
        self.source = source
        super().__init__(source)


@dataclass(frozen=True, slots=True)
class RestMatches:
    """An expression is found in what follows the first segments of the path."""

    regex: str
    segments: int = 1

    @property
    def variable(self) -> str:
        """The variable of what follows."""
        return "$pr_rest" if self.segments == 1 else f"$pr_rest_{self.segments}"


@dataclass(slots=True)
class Dispatch:
    """Numbers the first segments and whole paths by which requests are dispatched.

    Example:
        >>> dispatch = Dispatch()
        >>> dispatch.segment("shop"), dispatch.segment("shop"), dispatch.path("/a")
        ('s1', 's1', 'p1')
    """

    segments: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    def segment(self, text: str) -> str:
        """Return the name of a first segment, or of several with slashes between them."""
        return self.segments.setdefault(text, f"s{len(self.segments) + 1}")

    def path(self, text: str) -> str:
        """Return the name of a whole path."""
        return self.paths.setdefault(text, f"p{len(self.paths) + 1}")


class Columns:
    """Makes the variables of columns.

    Args:
        tests: The atomic tests.
        book: Where the maps go.
        dispatch: The names of segments and paths.
    """

    def __init__(self, tests: tuple[Test, ...], book: Book, dispatch: Dispatch) -> None:
        self._tests: list[Test | RestMatches] = list(tests)
        self._rest: dict[RestMatches, int] = {}
        self._book = book
        self._dispatch = dispatch
        self._prefixes_of: dict[int, Prefixes] = {}
        self._simple: dict[tuple[int, Prefix], Guard | None] = {}

    def variable(
        self, leaves: Iterable[NginxLeaf], values: dict[int, Hashable]
    ) -> tuple[ConfText, list[Hashable]]:
        """Return the variable of a column, and the values that it names: ``v1`` the first, and so on.

        Args:
            leaves: The leaves that set it, in order.
            values: What each of them sets, by its number.
        """
        leaves = tuple(leaves)
        known: dict[Hashable, str] = {}
        names = {leaf.number: known.setdefault(values[leaf.number], f"v{len(known) + 1}") for leaf in leaves}
        own_paths = frozenset(path for leaf in leaves for path in leaf.paths or ())
        variable = self._by_segment(leaves, names, own_paths)
        if own_paths:
            variable = self._by_path(leaves, names, own_paths, variable)
        return variable, list(known)

    def _by_path(
        self,
        leaves: tuple[NginxLeaf, ...],
        names: dict[int, str],
        own_paths: frozenset[str],
        otherwise: ConfText,
    ) -> ConfText:
        winners, values = [], []
        bound: dict[str, list[NginxLeaf]] = {}
        for leaf in leaves:
            for path in leaf.paths or ():
                bound.setdefault(path, []).append(leaf)
        others = [leaf for leaf in leaves if leaf.paths is None]
        places = by_prefix([leaf.prefixes for leaf in others])
        for path in sorted(own_paths):
            also = [others[place] for place in places[longest_prefix(path, places)]]
            group = sorted((*bound[path], *also), key=lambda leaf: leaf.number) if also else bound[path]
            winner = self._winner(group, names, lambda number, path=path: self._at_path(number, path))
            if winner is None:
                continue
            token = self._dispatch.path(path)
            variable, by_winner, comments = winner
            winners.append(BookLine(ConfText(token), variable, path))
            values += [
                BookLine(ConfText(f'"{token}:{number}"'), ConfText(name), comments[number])
                for number, name in by_winner.items()
            ]
        book = self._book
        number = book.number("path")
        which = book.add(f"pr_path_{number}", "$pr_at", winners)
        return book.add(f"pr_value_{book.number('value')}", f'"$pr_at:${which[1:]}"', values, otherwise)

    def _by_segment(
        self, leaves: tuple[NginxLeaf, ...], names: dict[int, str], own_paths: frozenset[str]
    ) -> ConfText:
        bound = [leaf for leaf in leaves if leaf.paths is None]
        places = by_prefix([leaf.prefixes for leaf in bound])
        anywhere = [bound[place] for place in places.pop(())]
        book = self._book
        default = self._winner(anywhere, names, lambda number: self._elsewhere(number, own_paths))
        default_value = _NONE if default is None else self._direct(*default)
        if not places:
            return default_value
        winners, values = [], []
        for prefix, numbers in places.items():
            winner = self._winner(
                [bound[number] for number in numbers],
                names,
                lambda number, own=prefix: self._below(number, own, own_paths),
            )
            text = "/".join(prefix)
            token = self._dispatch.segment(text)
            if winner is None:
                values.append(BookLine(ConfText(f'"{token}:"'), _NONE))
                continue
            variable, by_winner, comments = winner
            winners.append(BookLine(ConfText(token), variable, f"/{text}"))
            values += [
                BookLine(ConfText(f'"{token}:{number}"'), ConfText(name), comments[number])
                for number, name in by_winner.items()
            ]
            if anywhere and 0 not in by_winner:
                values.append(BookLine(ConfText(f'"{token}:0"'), _NONE))
        place = self._place(places)
        which = book.add(f"pr_winner_{book.number('winner')}", place, winners)
        return book.add(f"pr_value_{book.number('value')}", f'"{place}:${which[1:]}"', values, default_value)

    def _place(self, prefixes: Iterable[Prefix]) -> ConfText:
        """Return the variable that names the longest of some prefixes that a path has."""
        by_length: dict[int, list[BookLine]] = {}
        for prefix in prefixes:
            text = "/".join(prefix)
            entry = BookLine(key(text), ConfText(self._dispatch.segment(text)))
            by_length.setdefault(len(prefix), []).append(entry)
        variable = _NONE
        for length, entries in sorted(by_length.items()):
            if length == 1 == max(by_length):
                return ConfText("$pr_in")
            source = "$pr_segment" if length == 1 else f"$pr_start_{length}"
            variable = self._book.add(f"pr_in_{self._book.number('in')}", source, entries, variable)
        return variable

    def _direct(self, variable: ConfText, by_winner: dict[int, str], comments: dict[int, str]) -> ConfText:
        """Return the variable of a column without dispatch."""
        if not variable.startswith("$"):
            (name,) = by_winner.values()
            return ConfText(name)
        entries = [
            BookLine(ConfText(str(number)), ConfText(name), comments[number])
            for number, name in by_winner.items()
        ]
        return self._book.add(f"pr_value_{self._book.number('value')}", variable, entries)

    def _winner(
        self, group: list[NginxLeaf], names: dict[int, str], simple: object
    ) -> tuple[ConfText, dict[int, str], dict[int, str]] | None:
        """Return what says which leaf of a group applies last, and the values by its number."""
        guards: list[tuple[Guard, NginxLeaf]] = []
        for leaf in group:
            guard = _replaced(leaf.guard, simple)
            if guard == TRUE:
                guards = []
            if guard != FALSE:
                guards.append((guard, leaf))
        if not guards:
            return None
        by_winner = {number: names[leaf.number] for number, (_, leaf) in enumerate(guards, 1)}
        comments = {number: line_of(leaf.source) for number, (_, leaf) in enumerate(guards, 1)}
        first, source = guards[0][0], guards[0][1].source
        if len(guards) == 1 and first == TRUE:
            return ConfText("1"), by_winner, comments
        if len(guards) == 1 and isinstance(first, Is) and not first.negated:
            return self._truth(first.test), by_winner, comments
        del source
        return self._which(tuple(guards)), by_winner, comments

    def _which(self, guards: tuple[tuple[Guard, NginxLeaf], ...]) -> ConfText:
        terms: list[tuple[dict[int, bool], int]] = []
        for number in range(len(guards), 0, -1):
            guard, leaf = guards[number - 1]
            for term in _terms(guard, leaf.source):
                terms.append((term, number))
        tests = sorted({test for term, _ in terms for test in term})
        variables = [self._truth(test) for test in tests]
        entries = []
        for term, number in terms:
            bits = "".join("." if test not in term else "1" if term[test] else "0" for test in tests)
            text = quoted(f"~^{bits}") if "." in bits else quoted(bits)
            entries.append(BookLine(text, ConfText(str(number))))
        unique = {entry.key: entry for entry in reversed(entries)}
        kept = [entry for entry in entries if unique[entry.key] is entry]
        exact = [entry for entry in kept if not entry.key.startswith('"~')]
        if exact and len(exact) < len(kept):
            # nginx tries whole texts before expressions: all have to be expressions to keep the order.
            kept = [
                BookLine(quoted(f"~^{entry.key[1:-1]}"), entry.value) if entry in exact else entry
                for entry in kept
            ]
        source = f'"{"".join(variables)}"' if len(variables) > 1 else variables[0]
        name = f"pr_which_{self._book.number('which')}"
        return self._book.add(name, source, kept, ConfText("0"))

    # Tests

    def _truth(self, number: int) -> ConfText:
        test = self._tests[number]
        if isinstance(test, RestMatches):
            entries = [BookLine(pattern(test.regex), ConfText("1"))]
            if to_python(test.regex).search(""):  # nginx tries no expression on the empty text
                entries.append(BookLine(_NONE, ConfText("1")))
            name = f"pr_test_{self._book.number('test')}"
            return self._book.add(name, test.variable, entries, ConfText("0"))
        known = self._truths.get(number)
        if known is None:
            known = self._truths[number] = truth_of(test, self._book)
        return known

    @property
    def _truths(self) -> dict[int, ConfText]:
        return self.__dict__.setdefault("_known_truths", {})  # type: ignore[no-any-return]

    def _at_path(self, number: int, path: str) -> Guard | None:
        test = self._tests[number]
        match test:
            case OneOf(reading=reading, texts=texts, ignores_case=ignores_case) if reading.kind == "path":
                if path not in {text.lower() for text in texts}:
                    return FALSE
                return TRUE if ignores_case else None
            case Matches(reading=reading, regex=regex) if reading.kind == "path" and regex.startswith("(?i)"):
                return TRUE if to_python(regex).search(path) else FALSE
            case _:
                return None

    def _elsewhere(self, number: int, own_paths: frozenset[str]) -> Guard | None:
        test = self._tests[number]
        if (
            isinstance(test, OneOf)
            and test.reading.kind == "path"
            and test.ignores_case
            and own_paths.issuperset(test.texts)
        ):
            return FALSE
        return None

    def _below(self, number: int, prefix: Prefix, own_paths: frozenset[str]) -> Guard | None:
        if (number, prefix) not in self._simple:
            self._simple[number, prefix] = self._simplified(number, prefix)
        found = self._simple[number, prefix]
        return self._elsewhere(number, own_paths) if found is None else found

    def _simplified(self, number: int, prefix: Prefix) -> Guard | None:
        test = self._tests[number]
        if not isinstance(test, Matches) or test.reading.kind != "path":
            return None
        if number not in self._prefixes_of:
            self._prefixes_of[number] = prefixes(keys_of(shapes_of_regex(test.regex)))
        claimed = self._prefixes_of[number]
        if claimed is None:
            return None
        if not any(own[: len(prefix)] == prefix[: len(own)] for own in claimed):
            return FALSE
        (own, *others) = claimed
        start = f"(?i)^/{'/'.join(prefix)}"
        if (
            others
            or own[: len(prefix)] != prefix
            or not all(map(str.isalnum, prefix))
            or not test.regex.lower().startswith(start)
        ):
            return None
        rest = RestMatches(f"(?i)^{test.regex[len(start) :]}", len(prefix))
        if rest not in self._rest:
            self._rest[rest] = len(self._tests)
            self._tests.append(rest)
        return Is(self._rest[rest])


def _replaced(guard: Guard, stand_in: object) -> Guard:
    match guard:
        case Is(test=test, negated=negated):
            found: Guard | None = stand_in(test)  # type: ignore[operator]
            if found is None:
                return guard
            if found in (TRUE, FALSE):
                return FALSE if (found == TRUE) is negated else TRUE
            assert isinstance(found, Is)
            return Is(found.test, negated)
        case Every(members=members):
            return every(_replaced(member, stand_in) for member in members)
        case Some(members=members):
            return some(_replaced(member, stand_in) for member in members)


def _terms(guard: Guard, source: Source | None) -> list[dict[int, bool]]:
    """Return a guard as alternatives, each of which is tests that must be true or false."""
    return list(_alternatives(guard, source))


def _alternatives(guard: Guard, source: Source | None) -> Iterator[dict[int, bool]]:
    match guard:
        case Is(test=test, negated=negated):
            yield {test: not negated}
        case Some(members=members):
            for member in members:
                yield from _alternatives(member, source)
        case Every(members=members):
            terms: list[dict[int, bool]] = [{}]
            for member in members:
                parts = list(_alternatives(member, source))
                if len(terms) * len(parts) > MOST_TERMS:
                    raise TooManyTerms(source)
                terms = [
                    {**term, **part}
                    for term in terms
                    for part in parts
                    if all(term.get(test, truth) is truth for test, truth in part.items())
                ]
            yield from terms


_ = key
