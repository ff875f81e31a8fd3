"""What passes through the model: requests, answers and what origins were asked, as plain tuples and bytes."""

from __future__ import annotations

from dataclasses import dataclass

Fields = tuple[tuple[str, str], ...]
"""Headers, as pairs of a lower-case name and a text, in order."""


def value_of(fields: Fields, name: str) -> str | None:
    """All fields of a name in one text, None without any."""
    found = [text for own, text in fields if own == name]
    return ", ".join(found) if found else None


def without(fields: Fields, *names: str) -> Fields:
    """All but the fields of some names."""
    return tuple(pair for pair in fields if pair[0] not in names)


def with_field(fields: Fields, name: str, text: str) -> Fields:
    """The fields, with one of this name in place of all others of it."""
    return (*without(fields, name), (name, text))


@dataclass(frozen=True)
class Ask:
    """A client's request."""

    method: str = "GET"
    host: str = "shop.example"
    path: str = "/"
    query: str = ""
    headers: Fields = ()
    body: bytes = b""

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Answer:
    """What an origin or the edge answers; `broken` when its body breaks off."""

    status: int
    headers: Fields = ()
    body: bytes = b""
    broken: bool = False


@dataclass(frozen=True)
class OriginCall:
    """What an origin was asked: the parts that matter."""

    origin: str | None
    method: str
    target: str
    headers: Fields
    body: bytes


class NoAnswer(Exception):
    """The origin cannot be reached, or is too slow."""

    def __init__(self, *, slow: bool) -> None:
        super().__init__("too slow" if slow else "unreachable")
        self.slow = slow
