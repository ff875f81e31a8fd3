"""`Navigation`: what was learned, as data; and ``navigation.json``, which keeps it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from prefetchrouter.errors import NavigationError, shown
from prefetchrouter.navigation.learned_site import bound_by, cached_probability
from prefetchrouter.navigation.navigation_json import VERSION, navigation_fields
from prefetchrouter.navigation.navigation_parts import HeldOut, Next, NextPages, PageCounts
from prefetchrouter.navigation.patterns import HOLE, Bound, filled
from prefetchrouter.navigation.transitions import MOST_LINKS, SHRINKAGE, Link
from prefetchrouter.output.writing import write_all
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.source import Source
from prefetchrouter.targets.page_navigation import page_key

_DIGITS = 4


@dataclass(frozen=True)
class Navigation:
    """Where visitors go next, learned from logs.

    Args:
        order: 1: by the page alone; 2: by the page before, too, where `pairs` has both.
        threshold: A link is prefetched if its score is at least this.
        budget: How many prefetches a view the threshold was made for.
        min_visitors: How many visitors each page and step has at least.
        seconds: The time from the first to the last view.
        views: How many views there were.
        visits: How many visits.
        visitors: How many visitors.
        pages: The pages; of one that rules do not make prefetchable, a `page_key` instead of its URL.
        links: The next pages of a page.
        pairs: The next pages of a page that was seen after another.
        templates: How likely each template is after each page pattern; ``{name}`` stands for what the pattern
            binds.
        popular: The share that a page has of the views that are not the first of a visit; most popular first.
        held_out: How the model did on visits that it had not learned from.

    Example:
        >>> navigation = Navigation(links={"/": (Link("/a", 0.4, 12), Link("/b", 0.1, 5))}, threshold=0.2)
        >>> navigation.after("/").covers("/b"), [found.url for found in navigation.prefetched("/")]
        (True, ['/a'])
    """

    order: int = 1
    threshold: float = 0.0
    budget: float = 1.0
    min_visitors: int = 3
    seconds: float = 0.0
    views: float = 0.0
    visits: int = 0
    visitors: int = 0
    pages: Mapping[str, PageCounts] = field(default_factory=dict)
    links: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], tuple[Link, ...]] = field(default_factory=dict)
    templates: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    popular: Mapping[str, float] = field(default_factory=dict)
    held_out: HeldOut | None = None

    def after(self, page: str, before: str | None = None) -> NextPages:
        """Return the pages that visitors go to next, the best first.

        Args:
            page: The page that they are on: its path, with its query if that makes another page.
            before: The page before that.
        """
        page = self._name(page)
        found = self.pairs.get((self._name(before), page)) if before is not None else None
        if found is None:
            found = self.links.get(page)
        if found is None:
            found = self._from_templates(page)
        made = [Next(link.page, link.p, link.visitors, self.cached(link.page)) for link in found]
        return NextPages(sorted(made, key=lambda link: (-link.score, link.url)))

    def prefetched(self, page: str, before: str | None = None) -> NextPages:
        """Return those of them whose score reaches the threshold."""
        return NextPages(found for found in self.after(page, before) if found.score >= self.threshold)

    def cached(self, page: str) -> float:
        """Return how likely the edge has a fresh response for a page; 1 where that is not known."""
        found = self.pages.get(page)
        return 1.0 if found is None else found.cached

    def with_max_age(self, max_age: Callable[[str], float | None], places: int = 1) -> Navigation:
        """Return the same with `cached` by other rules.

        Args:
            max_age: Returns for how many seconds the edge keeps a page fresh, None if that is not known.
            places: At how many places the edge stores responses, each for itself.
        """
        pages = {
            page: found._replace(cached=cached_probability(found.views, self.seconds, max_age(page), places))
            for page, found in self.pages.items()
        }
        return replace(self, pages=pages)

    def _name(self, page: str) -> str:
        """Return the name of a page here: its key if only that is known."""
        if page in self.pages or page in self.links:
            return page
        key = page_key(page)
        return key if key in self.pages or key in self.links else page

    def bound(self, page: str) -> Bound | None:
        """Return the first pattern of the templates, the most specific first, that matches a page."""
        for pattern in self._patterns:
            found = bound_by(pattern, page)
            if found is not None:
                return found
        return None

    @cached_property
    def _patterns(self) -> tuple[str, ...]:
        return tuple(sorted(self.templates, key=lambda text: (PathPattern(text).specificity, text)))

    def _from_templates(self, page: str) -> tuple[Link, ...]:
        """Return what templates say about a page without steps: the less, the more views had no step."""
        bound = self.bound(page)
        if bound is None:
            return ()
        known = self.pages.get(page)
        share = SHRINKAGE / (SHRINKAGE + known.views) if known is not None else 1.0
        found: dict[str, float] = {}
        for template, p in self.templates[bound.pattern].items():
            following = filled(bound, template.replace(f"{{{bound.name}}}", HOLE))
            if following is not None and following != page and following in self.pages:
                found[following] = found.get(following, 0.0) + p * share
        links = [Link(following, p) for following, p in found.items()]
        return tuple(sorted(links, key=lambda link: (-link.p, link.page))[:MOST_LINKS])

    def to_json(self) -> str:
        """Return the file: sorted, a line for each page, and the same bytes for the same data.

        Example:
            >>> text = Navigation(links={"/": (Link("/a", 0.4, 12),)}).to_json()
            >>> Navigation.from_json(text).after("/")[0].url
            '/a'
        """
        head: list[tuple[str, Any]] = [
            ("version", VERSION),
            ("order", self.order),
            ("threshold", self.threshold),
            ("budget", _short(self.budget)),
            ("min_visitors", self.min_visitors),
            ("seconds", _short(self.seconds)),
            ("views", _short(self.views)),
            ("visits", self.visits),
            ("visitors", self.visitors),
        ]
        if self.held_out is not None:
            head.append(("held_out", {key: _short(value) for key, value in self.held_out._asdict().items()}))
        lines = [f"  {_text(key)}: {_text(value)}" for key, value in head]
        lines += [
            _table("pages", sorted((page, self._page_data(page)) for page in {*self.pages, *self.links})),
            _table("pairs", [(before, dict(rows)) for before, rows in self._pair_rows()]),
            _table(
                "templates",
                [
                    (pattern, {name: _short(p) for name, p in sorted(found.items())})
                    for pattern, found in sorted(self.templates.items())
                ],
            ),
            _table("popular", sorted((page, _short(share)) for page, share in self.popular.items())),
        ]
        body = ",\n".join(lines)
        return f"{{\n{body}\n}}\n"

    def _page_data(self, page: str) -> dict[str, Any]:
        found = self.pages.get(page)
        data: dict[str, Any] = {}
        if found is not None:
            data = {"views": _short(found.views), "visitors": found.visitors, "cached": _short(found.cached)}
        if page in self.links:
            data["next"] = _links_data(self.links[page])
        return data

    def _pair_rows(self) -> Iterable[tuple[str, list[tuple[str, Any]]]]:
        rows: dict[str, list[tuple[str, Any]]] = {}
        for (before, page), links in sorted(self.pairs.items()):
            rows.setdefault(before, []).append((page, _links_data(links)))
        return rows.items()

    def save(self, path: str | Path) -> None:
        """Write the file.

        Raises:
            OutputError: It cannot be written.
        """
        place = Path(path)
        write_all({place.name: self.to_json().encode()}, place.parent)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a file.

        Raises:
            NavigationError: It cannot be read, or is not such a file.
        """
        source = Source(str(path), 1)
        try:
            text = Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise NavigationError.of(
                "navigation-file", f"{shown(str(path))} cannot be read: {reason}", source=source,
                hint="prefetchrouter learn access.log --rules routes.py -o navigation.json writes one",
            ) from None  # fmt: skip
        try:
            return cls.from_json(text)
        except NavigationError as error:
            raise error.at(source) from None

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what a file says.

        Raises:
            NavigationError: It is not such a file.
        """
        return cls(**navigation_fields(text))


def _links_data(links: Sequence[Link]) -> dict[str, list[float]]:
    return {link.page: [_short(link.p), link.visitors] for link in sorted(links, key=lambda link: link.page)}


def _short(value: float) -> float:
    """Return a number with few digits, and whole ones without a point."""
    short = round(float(value), _DIGITS)
    return int(short) if short.is_integer() else short


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)


def _table(name: str, rows: Sequence[tuple[str, Any]]) -> str:
    if not rows:
        return f"  {_text(name)}: {{}}"
    lines = ",\n".join(f"    {_text(key)}: {_text(value)}" for key, value in rows)
    return f"  {_text(name)}: {{\n{lines}\n  }}"
