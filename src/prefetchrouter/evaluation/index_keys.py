"""Where to look a rule up: what path and method a request must have for the rule to act.

A key is a set of claims about a path. It is sound when every path that the rule can match satisfies one of
the rule's keys: a claim may say less than the pattern does, never more. So each claim is read from a shape,
which is itself an over-approximation (see `shapes`), and only where it holds for the whole language of that
shape:

    "/shop/" SOME "-old"           segments "shop", any; no others
    "/shop/item-" ANYTHING         segments "shop", one that begins with "item-"; perhaps others
    "/shop" SEGMENTS               segment "shop"; perhaps others
    "/shop" SEGMENTS ".json"       one that begins with "shop": the gap may be empty, and what follows is then
                                   part of the same segment; extension "json"
    ANYTHING "/edit"               last segment "edit"

Claims are about the path without one slash at its end, since a pattern allows one there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from prefetchrouter.evaluation.shapes import Gap, Shape, shapes_of_pattern, shapes_of_regex
from prefetchrouter.http.request_target import exact_path_text, path_pattern_text
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, Scalar, Variable
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule


class Begin(NamedTuple):
    """The text that a segment begins with."""

    text: str


Segment: TypeAlias = str | Begin | None
"""One segment of a path: all of it, its beginning, or None for any."""


class PathKey(NamedTuple):
    """What is claimed about a path, in lower case and without one slash at its end.

    Args:
        segments: It has at least these segments, from the first on.
        is_whole: Whether it has no others.
        last: Its last segment, None if that is not certain.
        extension: What follows the last dot of its last segment, None if that is not certain.
        inner: A text that it holds, where nothing else is certain.
    """

    segments: tuple[Segment, ...] = ()
    is_whole: bool = False
    last: str | None = None
    extension: str | None = None
    inner: str | None = None

    @property
    def rank(self) -> int:
        """How selective it is; more is better."""
        literal = sum(segment is not None for segment in self.segments)
        return 4 * literal + 2 * self.is_whole + 2 * any((self.last, self.extension, self.inner))


PathKeys: TypeAlias = "tuple[PathKey, ...] | None"
"""The path must satisfy one of these keys, or None if any path may do."""


@dataclass(frozen=True, slots=True)
class IndexKey:
    """Where to look a rule up.

    Args:
        keys: What the visitor's path must be like.
        origin_keys: What the path after rewrites must be like, where `keys` says nothing.
        methods: The methods that will do; None for all.
    """

    keys: PathKeys = None
    origin_keys: PathKeys = None
    methods: frozenset[str] | None = None


_ANYWHERE = IndexKey()


def index_key_of(rule: Rule) -> IndexKey:
    """Return where to look a rule up.

    Example:
        >>> from prefetchrouter import Router
        >>> index_key_of(Router().match("/Team/:id", comment="a team").rules[0]).keys
        (PathKey(segments=('team', None), is_whole=True, last=None, extension=None, inner=None),)
    """
    match rule:
        case Chain(branches=branches, otherwise=None) if branches:
            conditions = [branch.condition for branch in branches]
            keys = _union(_keys(condition, "path") for condition in conditions)
            return IndexKey(
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
        case Comparison():
            value = _compared_with(condition, "method") if condition.operator in ("===", "in") else None
            if value is None:
                return None
            entries = value if isinstance(value, tuple) else (value,)
            return frozenset(map(str, entries))  # No method reads "True" or "true": they are in upper case.
        case AllOf(members=members):
            return next((found for found in map(_methods, members) if found is not None), None)
        case AnyOf(members=members):
            return _all_methods(members)


def _compared_with(test: Comparison, name: str) -> Scalar | tuple[Scalar, ...] | None:
    """Return what a variable of the request is compared with, or None if the test is about something else."""
    if len(test.operands) != 2:
        return None
    wanted, value = test.operands
    if not isinstance(wanted, Variable):
        wanted, value = value, wanted
    if isinstance(wanted, Variable) and wanted.name == name and wanted.namespace == "request":
        return None if isinstance(value, Variable) else value
    return None


def _union(several: Iterable[PathKeys]) -> PathKeys:
    found: list[PathKey] = []
    for keys in several:
        if keys is None:
            return None
        found += keys
    return tuple(dict.fromkeys(found))


def _keys(condition: Condition, name: str) -> PathKeys:
    match condition:
        case Comparison(operator=operator):
            return _of_comparison(operator, _compared_with(condition, name))
        case AllOf(members=members):
            several = [keys for keys in (_keys(member, name) for member in members) if keys is not None]
            return max(several, key=_least_rank, default=None)
        case AnyOf(members=members):
            return _union(_keys(member, name) for member in members)


def _least_rank(keys: tuple[PathKey, ...]) -> float:
    return min((key.rank for key in keys), default=float("inf"))


def _of_comparison(operator: str, value: object) -> PathKeys:
    match operator, value:
        case "==", str():
            return keys_of(shapes_of_pattern(path_pattern_text(value)))
        case "=~", str():
            return keys_of(shapes_of_regex(value))
        case "===", str():
            return keys_of(((exact_path_text(value).lower(),),))
        case "in", tuple():
            return keys_of((exact_path_text(entry).lower(),) for entry in value if isinstance(entry, str))
        case _:
            return None


def keys_of(shapes: Iterable[Shape]) -> PathKeys:
    """Return the keys of paths that have one of some shapes, or None if one of these allows no claim.

    Example:
        >>> keys_of(shapes_of_pattern("/:path*/:file.:ext(js|css)"))[1].extension
        'css'
    """
    found: list[PathKey] = []
    for shape in shapes:
        if not shape or shape[0] is Gap.SOME or (isinstance(shape[0], str) and shape[0][:1] != "/"):
            continue  # A path begins with a slash.
        key = _key(shape)
        if key == _NO_CLAIM:
            return None
        found.append(key)
    return tuple(dict.fromkeys(found))


_NO_CLAIM = PathKey()


def _key(shape: Shape) -> PathKey:
    closed: list[Segment] = []  # the text before the first slash, then the segments that a slash ends
    text, exact = "", True  # how the segment after these begins, and whether that is all of it so far
    for at, part in enumerate(shape):
        if isinstance(part, str):
            first, *others = part.split("/")
            text += first if exact else ""
            for other in others:
                closed.append(_segment(text, exact))
                text, exact = other, True
        elif part is Gap.SOME:
            exact = False
        else:
            return _open_key(tuple(closed[1:]), _followed(text, exact, shape[at:]), shape)
    # An empty segment at the end is that of the slash which claims leave away.
    last = () if exact and not text else (_segment(text, exact),)
    return PathKey((*closed[1:], *last), is_whole=True)


def _segment(text: str, exact: bool) -> Segment:
    if exact:
        return text
    return Begin(text) if text else None


def _followed(text: str, exact: bool, rest: Shape) -> tuple[Segment, ...]:
    """Return what is certain of the segment that is under way where the gap at the start of `rest` begins.

    It is closed where whatever fills the gap begins with a slash or ends the path; else it may go on.
    """
    if exact and not text:
        return ()  # At the end of the path, there is no such segment.
    closes = rest[0] is Gap.SEGMENTS and (len(rest) == 1 or _is_text_from_slash(rest[1]))
    return (_segment(text, exact and closes),)


def _is_text_from_slash(part: str | Gap) -> bool:
    return isinstance(part, str) and part.startswith("/")


def _open_key(closed: tuple[Segment, ...], under_way: tuple[Segment, ...], shape: Shape) -> PathKey:
    """Return the key of a shape with a gap for several segments, by what comes first and last in it."""
    segments = closed + under_way
    last = extension = inner = None
    end = shape[-1]
    if isinstance(end, str):
        end = end.removesuffix("/")
        if "/" in end:
            last = end.rpartition("/")[2]
        elif "." in end:
            extension = end.rpartition(".")[2] or None
    if not any(segments) and not last and not extension:
        inner = max((part for part in shape if isinstance(part, str)), key=len, default=None)
        inner = inner if inner is not None and len(inner) > 2 else None
    return PathKey(segments, False, last, extension, inner)
