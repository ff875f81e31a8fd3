"""Where to look a rule up: what path and method a request must have for the rule to have any effect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from prefetchrouter.evaluation.shapes import Gap, Shape, shapes_of_pattern, shapes_of_regex
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Scalar, Variable
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule


class Begin(NamedTuple):
    """The text that a segment begins with."""

    text: str


Segment: TypeAlias = str | Begin | None
"""One segment of a path: all of it, its beginning, or None for any."""


class Key(NamedTuple):
    """What a path must be like, in lower case and without one slash at its end.

    Args:
        segments: Its first segments.
        is_whole: Whether it has no others.
        last: Its last segment, where that is certain.
        extension: What follows the last dot of its last segment, where that is certain.
        inner: A text that it holds, where nothing else is certain.
    """

    segments: tuple[Segment, ...] = ()
    is_whole: bool = False
    last: str | None = None
    extension: str | None = None
    inner: str | None = None

    @property
    def rank(self) -> int:
        """How well it tells rules apart; more is better."""
        literal = sum(segment is not None for segment in self.segments)
        return 4 * literal + 2 * self.is_whole + 2 * any((self.last, self.extension, self.inner))


Keys: TypeAlias = "tuple[Key, ...] | None"
"""The path must fit one of these keys; None when any path may do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look a rule up.

    Args:
        keys: What the visitor's path must be like.
        origin_keys: What the path after rewrites must be like, where `keys` says nothing.
        methods: The methods that will do; None for all.
    """

    keys: Keys = None
    origin_keys: Keys = None
    methods: frozenset[str] | None = None


_ANYWHERE = Place()


def place_of(rule: Rule) -> Place:
    """Return where to look a rule up.

    Example:
        >>> from prefetchrouter import Router
        >>> place_of(Router().match("/Team/:id", comment="a team").rules[0]).keys
        (Key(segments=('team', None), is_whole=True, last=None, extension=None, inner=None),)
    """
    match rule:
        case Chain(branches=branches, otherwise=None) if branches:
            conditions = [branch.condition for branch in branches]
            keys = _union(_keys(condition, "path") for condition in conditions)
            return Place(
                keys,
                _union(_keys(condition, "origin_path") for condition in conditions) if keys is None else None,
                _all_methods(conditions),
            )
        case Apply() | Group() | Chain():
            return _ANYWHERE


def _all_methods(conditions: Iterable[Condition]) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    for condition in conditions:
        methods = _methods(condition)
        if methods is None:
            return None
        found |= methods
    return found


def _methods(condition: Condition) -> frozenset[str] | None:
    match condition:
        case Comparison(operator="===" | "in"):
            value = _compared_with(condition, "method")
            if value is None:
                return None
            entries = value if isinstance(value, tuple) else (value,)
            return frozenset(entry for entry in entries if isinstance(entry, str))
        case AllOf(members=members):
            return next((found for found in map(_methods, members) if found is not None), None)
        case AnyOf(members=members):
            return _all_methods(members)
        case _:
            return None


def _compared_with(test: Comparison, name: str) -> Scalar | tuple[Scalar, ...] | None:
    """Return what a variable of the request is compared with, None when the test is about something else."""
    asked, value = test.operands[:2]
    if not isinstance(asked, Variable):
        asked, value = value, asked
    if isinstance(asked, Variable) and asked.name == name and asked.namespace == "request":
        return None if isinstance(value, Variable) else value
    return None


def _union(several: Iterable[Keys]) -> Keys:
    found: list[Key] = []
    for keys in several:
        if keys is None:
            return None
        found += keys
    return tuple(dict.fromkeys(found))


def _keys(condition: Condition, name: str) -> Keys:
    match condition:
        case Comparison(operator=operator):
            return _of_comparison(operator, _compared_with(condition, name))
        case AllOf(members=members):
            several = [keys for keys in (_keys(member, name) for member in members) if keys is not None]
            return max(several, key=_least_rank, default=None)
        case AnyOf(members=members):
            return _union(_keys(member, name) for member in members)


def _least_rank(keys: tuple[Key, ...]) -> float:
    return min((key.rank for key in keys), default=float("inf"))


def _of_comparison(operator: str, value: object) -> Keys:
    match operator, value:
        case "==", str():
            return keys_of(shapes_of_pattern(value))
        case "=~", str():
            return keys_of(shapes_of_regex(value))
        case "===", str():
            return keys_of(((value.lower(),),))
        case "in", tuple():
            return keys_of((entry.lower(),) for entry in value if isinstance(entry, str))
        case _:
            return None


def keys_of(shapes: Iterable[Shape]) -> Keys:
    """Return the keys of paths that have one of some shapes; None when a shape says nothing.

    Example:
        >>> keys_of(shapes_of_pattern("/:path*/:file.:ext(js|css)"))[1].extension
        'css'
    """
    found: list[Key] = []
    for shape in shapes:
        if not shape or shape[0] is Gap.IN_SEGMENT or (isinstance(shape[0], str) and shape[0][:1] != "/"):
            continue  # A path begins with a slash.
        key = _key(shape)
        if not any((key.segments, key.is_whole, key.last, key.extension, key.inner)):
            return None
        found.append(key)
        if key.is_whole and key.segments and key.segments[-1] == "":
            found.append(key._replace(segments=key.segments[:-1]))
    return tuple(dict.fromkeys(found))


def _key(shape: Shape) -> Key:
    segments: list[Segment] = []
    text: str = ""  # of the segment that is being read
    certain = True  # whether that text is all of it so far
    for part in shape:
        if isinstance(part, str):
            first, *others = part.split("/")
            text += first if certain else ""
            for other in others:
                segments.append(_segment(text, certain))
                text, certain = other, True
        elif part is Gap.IN_SEGMENT:
            certain = False
        else:
            if part is Gap.SEGMENTS or text or not certain:
                segments.append(_segment(text, certain and part is Gap.SEGMENTS))
            closed = segments[1:-1] if segments[1:] and segments[-1] == "" else segments[1:]
            return _open_key(tuple(closed), shape)
    return Key((*segments[1:], _segment(text, certain)), is_whole=True)


def _segment(text: str, certain: bool) -> Segment:
    if certain:
        return text
    return Begin(text) if text else None


def _open_key(segments: tuple[Segment, ...], shape: Shape) -> Key:
    last = extension = inner = None
    end = shape[-1]
    if isinstance(end, str) and not end.endswith("/"):
        if "/" in end:
            last = end.rpartition("/")[2]
        elif "." in end:
            extension = end.rpartition(".")[2] or None
    if not any(segments) and not last and not extension:
        inner = max((part for part in shape if isinstance(part, str)), key=len, default=None)
        inner = inner if inner is not None and len(inner) > 2 else None
    return Key(segments, False, last, extension, inner)
