"""Finds the rules that a path may concern, without testing each of them.

The index holds the keys of each rule (see `index_keys`). A path's candidates are the rules of which it
satisfies a key, or seems to: as the claims of a key hold for every path that its rule matches, no such rule
is left out, and a candidate too many is tested like any other and does not match. Candidates come in rule
order, each once.

Keys that say the whole path are in a dict. Others are in a trie whose steps are segments:

    rule                         root
    0  /team/:id                  |-- "team" ---- any: whole [0]
    1  /:path*/edit               |-- begins "item" ---- open [2]
    2  ^/item-                    |-- any ---- "page": whole [3]
    3  /:lang/page                '-- open: by last segment {"edit": [1]}, by extension {}, always []

A step is a segment, the beginning of one, or any. A node lists the rules whose key ends there: `whole` for
paths that end there too, `open` for longer ones as well, told apart by last segment and extension. A rule
of which only some inner text is certain is found by three letters of it. So the time of a look-up grows
with the length of the path, not with the number of rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prefetchrouter.evaluation.index_keys import Begin, IndexKey, PathKey, PathKeys, Segment

Numbers = Sequence[int]

_LENGTHS = (1, 2, 4, 8, 16, 32)
"""The lengths to which beginnings of segments are cut, so that a look-up tries few of them."""

_GRAM = 3
"""How many letters of an inner text are looked for."""


class RuleIndex:
    """The numbers of rules by path and method.

    Args:
        places: For each rule, in order, where to look it up.

    Example:
        >>> from prefetchrouter.evaluation.index_keys import keys_of
        >>> from prefetchrouter.evaluation.shapes import shapes_of_pattern
        >>> patterns = ["/about", "/team/:id", "/:path*/:file.:ext(js|css)"]
        >>> index = RuleIndex([IndexKey(keys_of(shapes_of_pattern(pattern))) for pattern in patterns])
        >>> index.candidates("/team/main.js")
        [1, 2]
    """

    def __init__(self, places: Iterable[IndexKey]) -> None:
        self._places = tuple(places)
        self._methods = frozenset(method for place in self._places for method in place.methods or ())
        self._of_method: dict[str, tuple[_PathIndex, _PathIndex | None]] = {}

    def candidates(self, path: str, method: str = "GET", origin_path: str | None = None) -> Numbers:
        """Return the numbers of all rules that may concern a request, in order; few others are among them.

        Args:
            path: The path of the request, in lower case: ASCII, with a slash first, without ``?`` and ``#``.
            method: Its method.
            origin_path: Its path after rewrites, in lower case, where that is another one. All rules are
                candidates of one that no request line could hold, as a rewrite may make it.
        """
        found = self._of_method.get(method)
        if found is None:
            found = self._made(method)
        paths, origin_paths = found
        if origin_paths is None:
            return paths.candidates(path)
        if origin_path is None:
            origin_path = path
        elif not _is_path(origin_path):
            return range(len(self._places))
        return sorted({*paths.candidates(path), *origin_paths.candidates(origin_path)})

    def _made(self, method: str) -> tuple[_PathIndex, _PathIndex | None]:
        known = method if method in self._methods else ""
        if known not in self._of_method:
            paths, origin_paths, has_origin_paths = _PathIndex(), _PathIndex(), False
            for number, place in enumerate(self._places):
                if place.methods is not None and method not in place.methods:
                    continue
                if place.keys is None and place.origin_keys is not None:
                    origin_paths.add(number, place.origin_keys)
                    has_origin_paths = True
                else:
                    paths.add(number, place.keys)
            self._of_method[known] = paths, origin_paths if has_origin_paths else None
        return self._of_method[known]


def _is_path(text: str) -> bool:
    return text.startswith("/") and text.isascii() and "?" not in text and "#" not in text


def _add(numbers: list[int], number: int) -> None:
    """Add a rule to a list, unless another key of it led there already. Rules come in order."""
    if not numbers or numbers[-1] != number:
        numbers.append(number)


class _Open:
    """Rules whose certain segments are followed by anything; a claim about the rest finds them.

    /docs/d1/:rest*         always        [0]
    /docs/d1/:rest*/edit    by_last       {"edit": [1]}
    /docs/d1/*.pdf          by_extension  {"pdf": [2]}
    """

    __slots__ = ("always", "by_extension", "by_last")

    def __init__(self) -> None:
        self.always: list[int] = []
        self.by_last: dict[str, list[int]] = {}
        self.by_extension: dict[str, list[int]] = {}

    def add(self, number: int, key: PathKey) -> None:
        if key.last is not None:
            _add(self.by_last.setdefault(key.last, []), number)
        elif key.extension is not None:
            _add(self.by_extension.setdefault(key.extension, []), number)
        else:
            _add(self.always, number)

    def find(self, last: str, lists: list[list[int]]) -> None:
        if self.always:
            lists.append(self.always)
        if self.by_last and (found := self.by_last.get(last)):
            lists.append(found)
        if self.by_extension:
            _, dot, extension = last.rpartition(".")
            if dot and (found := self.by_extension.get(extension)):
                lists.append(found)


class _Node:
    """A node of the trie, reached by the segments before it.

    children  "team" --> _Node      a segment as it is written
    any       --> _Node             any segment
    begins    "item" --> _Node      what a segment begins with, cut to one of `_LENGTHS`
    whole     [0]                   rules whose key ends here with the path
    open      _Open                 rules whose key ends here, whatever follows
    """

    __slots__ = ("any", "begins", "children", "lengths", "open", "whole")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.begins: dict[str, _Node] = {}
        self.lengths: tuple[int, ...] = ()
        self.whole: list[int] = []
        self.open: _Open | None = None

    def step(self, segment: Segment) -> _Node:
        if segment is None:
            if self.any is None:
                self.any = _Node()
            return self.any
        if isinstance(segment, Begin):
            length = max(length for length in _LENGTHS if length <= len(segment.text))
            if length not in self.lengths:
                self.lengths = (*self.lengths, length)
            return _child(self.begins, segment.text[:length])
        return _child(self.children, segment)


def _child(children: dict[str, _Node], name: str) -> _Node:
    node = children.get(name)
    if node is None:
        node = children[name] = _Node()
    return node


class _PathIndex:
    def __init__(self) -> None:
        self._always: list[int] = []
        self._literal: dict[str, list[int]] = {}
        self._root = _Node()
        self._has_patterns = False
        self._by_gram: dict[str, list[int]] = {}

    def add(self, number: int, keys: PathKeys) -> None:
        if keys is None:
            self._always.append(number)
            return
        for key in keys:
            if key.inner is not None:
                self._add_inner(number, key.inner)
            elif key.is_whole and all(isinstance(segment, str) for segment in key.segments):
                path = "".join(f"/{segment}" for segment in key.segments)
                _add(self._literal.setdefault(path, []), number)
            else:
                self._add_pattern(number, key)

    def _add_inner(self, number: int, inner: str) -> None:
        grams = {inner[start : start + _GRAM] for start in range(len(inner) - _GRAM + 1)}
        rarest = min(sorted(grams), key=lambda gram: len(self._by_gram.get(gram, ())))
        _add(self._by_gram.setdefault(rarest, []), number)

    def _add_pattern(self, number: int, key: PathKey) -> None:
        self._has_patterns = True
        node = self._root
        for segment in key.segments:
            node = node.step(segment)
        if key.is_whole:
            _add(node.whole, number)
            return
        if node.open is None:
            node.open = _Open()
        node.open.add(number, key)

    def candidates(self, path: str) -> Numbers:
        bare = path[:-1] if path.endswith("/") else path
        lists = [self._always] if self._always else []
        if found := self._literal.get(bare):
            lists.append(found)
        if self._has_patterns:
            self._walk(bare, lists)
        if self._by_gram:
            grams = {path[start : start + _GRAM] for start in range(len(path) - _GRAM + 1)}
            lists += (self._by_gram[gram] for gram in self._by_gram.keys() & grams)
        if not lists:
            return ()
        if len(lists) == 1:
            return lists[0]
        return sorted(set().union(*lists))

    def _walk(self, path: str, lists: list[list[int]]) -> None:
        segments = path.split("/")
        last = segments[-1]
        nodes = [self._root]
        for segment in segments[1:]:
            following: list[_Node] = []
            for node in nodes:
                if node.open is not None:
                    node.open.find(last, lists)
                if (child := node.children.get(segment)) is not None:
                    following.append(child)
                if node.any is not None:
                    following.append(node.any)
                for length in node.lengths:
                    if (child := node.begins.get(segment[:length])) is not None:
                        following.append(child)
            if not following:
                return
            nodes = following
        for node in nodes:
            if node.whole:
                lists.append(node.whole)
            if node.open is not None:
                node.open.find(last, lists)
