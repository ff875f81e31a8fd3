"""Which texts regular expressions have in common: an exact answer, with a text as its proof.

An expression is read as an automaton, and several are walked together over classes of characters that none of
them tells apart. The walk ends at a text that all of the wanted ones accept and none of the unwanted ones, or
shows that there is no such text.

Characters outside ASCII count as one, and a lookahead counts as met. So a wanted expression accepts a little
too much, and one that would then be unwanted too much is left out: "no text" is always true.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from prefetchrouter.errors import RegexError
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.tree import (
    ANY,
    OTHER,
    WORD,
    Anchor,
    Chars,
    Choice,
    Look,
    Node,
    Parsed,
    Repeat,
    Series,
    Text,
    any_case,
    mask_of,
)

MAX_STATES = 3000
"""An expression with more states is not looked at."""

MAX_STEPS = 30_000
"""A walk that takes more steps than this ends without an answer."""

_ANYTHING, _WORD_NEXT, _NO_WORD_NEXT, _AT_END = range(4)
"""What must come next: anything, a letter of a word, something else or the end, the end."""

_BOTH: Final = {
    (_WORD_NEXT, _WORD_NEXT): _WORD_NEXT,
    (_NO_WORD_NEXT, _NO_WORD_NEXT): _NO_WORD_NEXT,
    (_NO_WORD_NEXT, _AT_END): _AT_END,
    (_AT_END, _NO_WORD_NEXT): _AT_END,
    (_AT_END, _AT_END): _AT_END,
}

Item: TypeAlias = tuple[int, int]
"""A state, and what must come next."""


class TooLargeError(Exception):
    """An expression has too many states, or a walk too many steps, for an answer."""


@dataclass(frozen=True, eq=False)
class Language:
    """The texts in which an expression is found.

    Args:
        edges: For each state, the characters that lead on, and where to.
        empty: For each state, the states that cost no character, each with the mark of its anchor or "".
        start: The first state.
        end: The state that accepts.
        is_exact: Whether it accepts these texts and no more.
    """

    edges: tuple[tuple[tuple[int, int], ...], ...]
    empty: tuple[tuple[tuple[str, int], ...], ...]
    start: int
    end: int
    is_exact: bool

    @property
    def masks(self) -> set[int]:
        """The sets of characters that it tells apart."""
        found = {mask for edges in self.edges for mask, _ in edges}
        if any(mark == r"\b" for edges in self.empty for mark, _ in edges):
            found.add(WORD)
        return found


@lru_cache(maxsize=2048)
def language(source: str) -> Language | None:
    """Return the texts in which a rule set's regular expression is found, or None if it cannot be said.

    Example:
        >>> common_text([language("^/a"), language("z$")])
        '/az'
    """
    text = source.removeprefix("(?i)")
    if text.startswith("(?") and text[2:3].isalpha():
        return None
    try:
        return _Builder(parse(text, ignore_case=text != source)).language()
    except (RegexError, TooLargeError, RecursionError):
        return None


class _Builder:
    """Turns the tree of an expression into states."""

    def __init__(self, parsed: Parsed) -> None:
        self._edges: list[list[tuple[int, int]]] = []
        self._empty: list[list[tuple[str, int]]] = []
        self._parsed = parsed
        self._is_exact = True

    def language(self) -> Language:
        start, end = self._state(), self._state()
        first = self._state()
        self._edges[start].append((ANY, start))
        self._edges[end].append((ANY, end))
        self._empty[start].append(("", first))
        last = self._add(self._parsed.tree, first)
        self._empty[last].append(("", end))
        return Language(
            tuple(map(tuple, self._edges)), tuple(map(tuple, self._empty)), start, end, self._is_exact
        )

    def _state(self) -> int:
        if len(self._edges) >= MAX_STATES:
            raise TooLargeError
        self._edges.append([])
        self._empty.append([])
        return len(self._edges) - 1

    def _add(self, node: Node, state: int) -> int:
        """Add a part that begins at a state, and return the state at which it ends."""
        match node:
            case Text(text=text):
                for character in text:
                    mask = mask_of(character)
                    state = self._on(any_case(mask) if self._parsed.ignore_case else mask, state)
                return state
            case Chars(mask=mask):
                return self._on(mask, state)
            case Series(parts=parts):
                for part in parts:
                    state = self._add(part, state)
                return state
            case Choice(branches=branches):
                end = self._state()
                for branch in branches:
                    begin = self._state()
                    self._empty[state].append(("", begin))
                    self._empty[self._add(branch, begin)].append(("", end))
                return end
            case Repeat():
                return self._repeat(node, state)
            case Look():
                self._is_exact = False
                return state
            case Anchor(mark=mark):
                end = self._state()
                self._empty[state].append((mark, end))
                return end

    def _on(self, mask: int, state: int) -> int:
        if mask & OTHER and mask | OTHER != ANY and mask.bit_count() == 1:
            self._is_exact = False
        end = self._state()
        self._edges[state].append((mask, end))
        return end

    def _repeat(self, node: Repeat, state: int) -> int:
        for _ in range(node.least):
            state = self._add(node.part, state)
        end = self._state()
        if node.most is None:
            begin = self._state()
            self._empty[state].append(("", begin))
            self._empty[self._add(node.part, begin)].append(("", begin))
            self._empty[begin].append(("", end))
            return end
        self._empty[state].append(("", end))
        for _ in range(node.most - node.least):
            state = self._add(node.part, state)
            self._empty[state].append(("", end))
        return end


@lru_cache(maxsize=2048)
def _leading_to_the_end(of: Language) -> frozenset[int]:
    """Return the states from which the end can be reached when the start of the text is behind."""
    before: dict[int, list[int]] = {}
    for state, edges in enumerate(of.edges):
        for _, target in edges:
            before.setdefault(target, []).append(state)
    for state, empty in enumerate(of.empty):
        for mark, target in empty:
            if mark != "^":
                before.setdefault(target, []).append(state)
    found, waiting = {of.end}, [of.end]
    while waiting:
        for state in before.get(waiting.pop(), ()):
            if state not in found:
                found.add(state)
                waiting.append(state)
    return frozenset(found)


class _Walker:
    """One automaton over the classes of characters of a walk; its states are sets of states."""

    def __init__(self, of: Language) -> None:
        self._of = of
        self._useful = _leading_to_the_end(of)
        self._after: dict[tuple[frozenset[Item], int], frozenset[Item]] = {}

    def start(self) -> frozenset[Item]:
        return self._closed({(self._of.start, _ANYTHING)}, at_start=True, after_word=False)

    def after(self, items: frozenset[Item], mask: int) -> frozenset[Item]:
        """Return the items after one character out of a class."""
        found = self._after.get((items, mask))
        if found is None:
            is_word = bool(mask & WORD)
            reached = {
                (target, _ANYTHING)
                for state, wanted in items
                if wanted == _ANYTHING or wanted == (_WORD_NEXT if is_word else _NO_WORD_NEXT)
                for on, target in self._of.edges[state]
                if on & mask and target in self._useful
            }
            found = self._closed(reached, at_start=False, after_word=is_word)
            self._after[items, mask] = found
        return found

    def accepts(self, items: frozenset[Item]) -> bool:
        return any((self._of.end, wanted) in items for wanted in (_ANYTHING, _NO_WORD_NEXT, _AT_END))

    def _closed(self, items: Iterable[Item], *, at_start: bool, after_word: bool) -> frozenset[Item]:
        found, waiting = set(items), list(items)
        while waiting:
            state, wanted = waiting.pop()
            for mark, target in self._of.empty[state]:
                if mark == "^" and not at_start:
                    continue
                needed = _ANYTHING
                if mark == "$":
                    needed = _AT_END
                elif mark == r"\b":
                    needed = _NO_WORD_NEXT if after_word else _WORD_NEXT
                both = needed if wanted == _ANYTHING else wanted if needed == _ANYTHING else None
                if both is None:
                    both = _BOTH.get((wanted, needed))
                if not at_start and target not in self._useful:
                    continue
                if both is not None and (target, both) not in found:
                    found.add((target, both))
                    waiting.append((target, both))
        return frozenset(found)


def common_text(wanted: Sequence[Language | None], unwanted: Sequence[Language | None] = ()) -> str | None:
    """Return the shortest text that all wanted languages hold and no unwanted one, or None.

    Languages that are None, and unwanted ones that are not exact, count for nothing.

    Raises:
        TooLargeError: The answer takes too long to find.

    Example:
        >>> print(common_text([language("^/a/"), language("^/b/")]))
        None
        >>> common_text([language("^[ab]$")], [language("^a$")])
        'b'
    """
    yes = [_Walker(found) for found in wanted if found is not None]
    no = [_Walker(found) for found in unwanted if found is not None and found.is_exact]
    classes = _classes(mask for walker in (*yes, *no) for mask in walker._of.masks)
    start = (tuple(walker.start() for walker in yes), tuple(walker.start() for walker in no))
    seen = {start}
    level, steps = [(start, "")], 0
    while level:
        following = []
        for (mine, theirs), text in level:
            if all(map(_Walker.accepts, yes, mine)) and not any(map(_Walker.accepts, no, theirs)):
                return text
            for mask, character in classes:
                steps += 1
                if steps > MAX_STEPS:
                    raise TooLargeError
                after = tuple(walker.after(items, mask) for walker, items in zip(yes, mine, strict=True))
                if not all(after):
                    continue
                state = (
                    after,
                    tuple(walker.after(items, mask) for walker, items in zip(no, theirs, strict=True)),
                )
                if state not in seen:
                    seen.add(state)
                    following.append((state, text + character))
        level = following
    return None


_LIKED = "a0/-_.A~%="


def _classes(masks: Iterable[int]) -> list[tuple[int, str]]:
    """Return the classes of characters that no mask divides, each with a character that stands for it."""
    classes = [ANY]
    for mask in set(masks):
        classes = [part for found in classes for part in (found & mask, found & ~mask) if part]
    return [(found, _character(found)) for found in classes]


def _character(mask: int) -> str:
    for character in _LIKED:
        if mask >> ord(character) & 1:
            return character
    return chr((mask & -mask).bit_length() - 1) if mask & ~OTHER else "\u00e9"
