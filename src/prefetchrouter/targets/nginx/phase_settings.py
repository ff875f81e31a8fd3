"""What rules set, as variables: one for each feature that any of them sets."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

from prefetchrouter.catalog import keys
from prefetchrouter.lowering.header_operations import HeaderOperation, Message
from prefetchrouter.lowering.lowered import Lowered
from prefetchrouter.lowering.phases import Phase
from prefetchrouter.lowering.plans import writes
from prefetchrouter.targets.nginx.book import Book, BookLine
from prefetchrouter.targets.nginx.columns import Columns
from prefetchrouter.targets.nginx.conf_text import ConfText, variable_name
from prefetchrouter.targets.nginx.leaves import NginxLeaf, leaves_of
from prefetchrouter.targets.purge_tag import tag_text

Render = Callable[[Any], ConfText]
NONE = ConfText('""')
YES = ConfText("1")


class PhaseSettings:
    """The variables of one phase.

    Args:
        lowered: All rules.
        phase: The phase.
        book: Where the maps go.
        columns: Makes the variables of columns.
        has_response: Whether the variables are looked up once there is a response. By default as in
            `Lowered.project`. nginx looks up each once for a request: what is needed before the response
            has separate variables, which no rule on the response changes.
        own: A variable that is 1 for responses of the edge itself, which no rule changes; None for none.
    """

    def __init__(
        self,
        lowered: Lowered,
        phase: Phase,
        book: Book,
        columns: Columns,
        *,
        has_response: bool | None = None,
        own: ConfText | None = None,
    ) -> None:
        self.projected = lowered.project(phase, has_response=has_response)
        self._own = own
        self.leaves = leaves_of(self.projected)
        self._book = book
        self._columns = columns
        self._writes = {
            leaf.number: {entry.key: entry.value for entry in writes(leaf.plan)} for leaf in self.leaves
        }
        setters: dict[str, list[int]] = {}
        for number, values in self._writes.items():
            for name in values:
                setters.setdefault(name, []).append(number)
        self._setters = {name: tuple(numbers) for name, numbers in setters.items()}
        self._made: dict[tuple[int, ...], tuple[ConfText, list[dict[str, Any]]]] = {}

    @property
    def keys(self) -> list[str]:
        """All keys that rules set in this phase."""
        return list(self._setters)

    def leaves_setting(self, key: str) -> list[NginxLeaf]:
        """Return the leaves that set a key."""
        return [self.leaves[number] for number in self._setters.get(key, ())]

    def column(self, key: str) -> tuple[ConfText, list[dict[str, Any]]] | None:
        """Return the variable of the column of a key, and the values that it names; None without one."""
        setters = self._setters.get(key)
        if setters is None:
            return None
        if setters not in self._made:
            own = [name for name, numbers in self._setters.items() if numbers == setters]
            values: dict[int, Hashable] = {
                number: tuple((name, _hashable(self._writes[number][name])) for name in own)
                for number in setters
            }
            texts = {values[number]: {name: self._writes[number][name] for name in own} for number in setters}
            variable, known = self._columns.variable([self.leaves[number] for number in setters], values)
            variable = self._not_own(variable)
            self._made[setters] = variable, [texts[value] for value in known]
        return self._made[setters]

    def value(self, key: str, name: str, render: Render, default: ConfText = NONE) -> ConfText | None:
        """Return the variable of a feature's value, or None if nothing sets it.

        Args:
            key: The key of the feature.
            name: The name of the variable, without ``pr_``.
            render: Prints a value.
            default: What the variable is where no rule applies.
        """
        column = self.column(key)
        if column is None:
            return None
        variable, known = column
        entries = [
            BookLine(ConfText(f"v{number}"), render(values[key])) for number, values in enumerate(known, 1)
        ]
        if default == NONE:
            entries = [entry for entry in entries if entry.value != NONE]
        return self._book.add(f"pr_{name}", variable, entries, default)

    def flag(self, key: str, name: str) -> ConfText | None:
        """Return the variable of a feature that is true or false: 1, or the empty text."""
        return self.value(key, name, lambda on: YES if on is True else NONE)

    def fragments(self, name: str, render: Callable[[dict[str, Any]], str]) -> list[ConfText]:
        """Return a variable for each column, whose values are printed together.

        Args:
            name: The name of the variables.
            render: Prints the values of a column.
        """
        found: list[ConfText] = []
        for key in self.keys:
            column = self.column(key)
            assert column is not None
            variable, known = column
            texts = [render(values) for values in known]
            if not any(texts):
                continue
            entries = [
                BookLine(ConfText(f"v{number}"), self._book.text([text]))
                for number, text in enumerate(texts, 1)
                if text
            ]
            made = self._book.add(f"pr_{name}_{self._book.number(name)}", variable, entries)
            if made not in found:
                found.append(made)
        return found

    def _not_own(self, column: ConfText) -> ConfText:
        """Return a column that names nothing for responses of the edge itself."""
        if self._own is None:
            return column
        return self._book.add(
            f"pr_ruled_{self._book.number('ruled')}", self._own, [BookLine(YES, NONE)], column
        )

    # Headers

    def operations(self, message: Message) -> dict[str, list[tuple[NginxLeaf, list[HeaderOperation]]]]:
        """Return what is done to each header, by its name, rule by rule."""
        found: dict[str, list[tuple[NginxLeaf, list[HeaderOperation]]]] = {}
        for leaf in self.leaves:
            own: dict[str, list[HeaderOperation]] = {}
            for operation in leaf.plan.headers(message):
                own.setdefault(operation.name, []).append(operation)
            for name, operations in own.items():
                found.setdefault(name, []).append((leaf, operations))
        return found

    def of_leaves(
        self, name: str, found: Iterable[tuple[NginxLeaf, Hashable]], render: Render, default: ConfText = NONE
    ) -> ConfText:
        """Return a variable for what the last of some leaves sets.

        Args:
            name: The name of the variable.
            found: The leaves, each with what it sets.
            render: Prints what is set.
            default: What the variable is where none of them applies.
        """
        pairs = list(found)
        values = {leaf.number: value for leaf, value in pairs}
        variable, known = self._columns.variable([leaf for leaf, _ in pairs], values)
        variable = self._not_own(variable)
        entries = [BookLine(ConfText(f"v{number}"), render(value)) for number, value in enumerate(known, 1)]
        return self._book.add(f"pr_{name}", variable, entries, default)


def _hashable(value: Any) -> Hashable:
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return type(value).__name__, value


def json_text(value: Any) -> str:
    """Return compact JSON in ASCII."""
    return json.dumps(value, separators=(",", ":"))


def keep_fragment(values: dict[str, Any]) -> str:
    """Return how long responses are kept, as a piece of the JSON that edge.js reads.

    Example:
        >>> from prefetchrouter.rules.duration import Duration
        >>> keep_fragment({"caching.max_age.200": Duration("1h")})
        '"a200":3600,'
    """
    return "".join(f'"{name}":{json_text(value)},' for name, value in _kept(values))


def _kept(values: dict[str, Any]) -> Iterator[tuple[str, object]]:
    starts = {
        f"{keys.caching.max_age}.": "a",
        f"{keys.caching.default_internal_max_age}.": "d",
        f"{keys.caching.revalidate_after_origin_unavailable}.": "u",
    }
    for key, value in values.items():
        start = next((start for start in starts if key.startswith(start)), None)
        if start is not None:
            yield f"{starts[start]}{key[len(start) :]}", value.seconds
        elif key == keys.caching.stale_while_revalidate:
            yield "w", value.seconds
        elif key == keys.caching.stale_on_error:
            yield "e", bool(value)
        elif key == keys.caching.ignore_origin_no_cache:
            yield "n", list(value)
        elif key == keys.caching.cacheable_status_codes:
            yield "c", list(value)
        elif key == keys.caching.bypass_cache:
            yield "b", bool(value)
        elif key == keys.caching.prevalidate_cached_content:
            yield "p", value.seconds
        elif key == keys.caching.refresh_zero_byte_cache_files:
            yield "z", bool(value)
        elif key == keys.caching.purge_tags:
            yield "t", " ".join(map(tag_text, value))


_ = variable_name
