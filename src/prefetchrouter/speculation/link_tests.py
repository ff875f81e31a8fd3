"""Tests of links, as the `where` of a speculation rule has them.

LinkTest = Href      a URL pattern for the path, the query or the scheme
         | Selector  a CSS selector of the link itself
         | All       all members are true; without members, every link
         | Any       a member is true; without members, no link
         | Not

Source: HTML Standard, "Speculation rules", document rule predicates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Component: TypeAlias = Literal["pathname", "search", "protocol"]


@dataclass(frozen=True, slots=True)
class Href:
    """A component of the link's URL matches a URL pattern.

    Args:
        component: Which.
        pattern: In the syntax of the URL Pattern Standard.
    """

    component: Component
    pattern: str


@dataclass(frozen=True, slots=True)
class Selector:
    """The link matches a CSS selector."""

    selector: str


@dataclass(frozen=True, slots=True)
class All:
    """All members are true."""

    members: tuple[LinkTest, ...] = ()


@dataclass(frozen=True, slots=True)
class Any_:
    """A member is true."""

    members: tuple[LinkTest, ...] = ()


@dataclass(frozen=True, slots=True)
class NotTest:
    """The member is false."""

    member: LinkTest


LinkTest: TypeAlias = Href | Selector | All | Any_ | NotTest

EVERY_LINK = All()
NO_LINK = Any_()


def every(members: Iterable[LinkTest]) -> LinkTest:
    """Return that all members are true, in the shortest form.

    Example:
        >>> every([EVERY_LINK, Href("pathname", "/a")])
        Href(component='pathname', pattern='/a')
    """
    found: dict[LinkTest, None] = {}
    for member in members:
        found.update(dict.fromkeys(member.members if isinstance(member, All) else (member,)))
    if NO_LINK in found:
        return NO_LINK
    return next(iter(found)) if len(found) == 1 else All(tuple(found))


def some(members: Iterable[LinkTest]) -> LinkTest:
    """Return that a member is true, in the shortest form.

    Example:
        >>> some([NO_LINK, EVERY_LINK]) == EVERY_LINK
        True
    """
    found: dict[LinkTest, None] = {}
    for member in members:
        found.update(dict.fromkeys(member.members if isinstance(member, Any_) else (member,)))
    if EVERY_LINK in found:
        return EVERY_LINK
    return next(iter(found)) if len(found) == 1 else Any_(tuple(found))


def negation(member: LinkTest) -> LinkTest:
    """Return that a member is false.

    Example:
        >>> negation(NO_LINK) == EVERY_LINK
        True
    """
    if member == NO_LINK:
        return EVERY_LINK
    return NO_LINK if member == EVERY_LINK else NotTest(member)


def predicate(test: LinkTest) -> dict[str, Any]:
    """Return a test as browsers read it.

    Example:
        >>> predicate(every([Href("pathname", "/a"), NotTest(Selector("[download]"))]))
        {'and': [{'href_matches': {'pathname': '/a'}}, {'not': {'selector_matches': '[download]'}}]}
    """
    match test:
        case Href(component="search", pattern=pattern):
            # Without a path in the pattern it would be the path of the page.
            return {"href_matches": {"pathname": "/*", "search": pattern}}
        case Href(component=component, pattern=pattern):
            return {"href_matches": {component: pattern}}
        case Selector(selector=selector):
            return {"selector_matches": selector}
        case All(members=members):
            return {"and": [predicate(member) for member in members]}
        case Any_(members=members):
            return {"or": [predicate(member) for member in members]}
        case NotTest(member=member):
            return {"not": predicate(member)}
