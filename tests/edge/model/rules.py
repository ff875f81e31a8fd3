"""The model's own idea of rules: a list, read from top to bottom, later ones win."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from edge.model.plain import Ask, value_of

BY_STATUS = ("max_age", "default_internal_max_age", "revalidate_after_origin_unavailable")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Rule:
    """Features, and which requests or answers they are for.

    Args:
        where: ``"all"``; ``"path"``: this path; ``"below"``: all paths that begin with it and a slash;
            ``"status"``: answers of this status.
        what: The path or the status.
        features: Values by section and name, as users write them.
        method: Only for this method.
        header: Only where a request header has this value.
    """

    where: Literal["all", "path", "below", "status"]
    what: str
    features: Mapping[str, Mapping[str, Any]]
    method: str | None = None
    header: tuple[str, str] | None = None

    def is_for(self, ask: Ask, status: int | None) -> bool:
        """Whether it applies to a request, or to the answer with this status."""
        if self.method is not None and self.method != ask.method:
            return False
        if self.header is not None and value_of(ask.headers, self.header[0]) != self.header[1]:
            return False
        if self.where == "path":
            return ask.path == self.what
        if self.where == "below":
            return ask.path == self.what or ask.path.startswith(self.what + "/")
        return self.where == "all" or self.what == str(status)


def seconds(text: str) -> int:
    """A duration in seconds.

    Example:
        >>> seconds("2m"), seconds("-5s")
        (120, -5)
    """
    return int(text[:-1]) * UNITS[text[-1]]


@dataclass
class Settings:
    """What all rules together say of one request."""

    values: dict[str, Any] = field(default_factory=dict)
    by_status: dict[str, dict[int, int]] = field(default_factory=lambda: {name: {} for name in BY_STATUS})
    header_steps: list[tuple[str, str, str]] = field(default_factory=list)
    origin_header_steps: list[tuple[str, str, str]] = field(default_factory=list)

    def get(self, name: str) -> Any:
        """A feature's value, or None if no rule sets it."""
        return self.values.get(name)

    def duration(self, name: str) -> int | None:
        """A feature's value in seconds."""
        return None if name not in self.values else seconds(self.values[name])


def decide(rules: Sequence[Rule], ask: Ask, status: int | None = None) -> Settings:
    """Put together what the rules say of a request, and of its answer when there is one."""
    found = Settings()
    for rule in rules:
        if not rule.is_for(ask, status):
            continue
        for section, features in rule.features.items():
            if section == "headers":
                _headers(found, features)
                continue
            for name, value in features.items():
                if name in BY_STATUS:
                    ages = value if isinstance(value, Mapping) else _for_codes(name, value, features)
                    found.by_status[name].update({int(code): seconds(age) for code, age in ages.items()})
                else:
                    found.values[name] = value
    return found


def _for_codes(name: str, value: str, features: Mapping[str, Any]) -> dict[int, str]:
    also = features.get("cacheable_status_codes", ()) if name == "max_age" else ()
    return dict.fromkeys([200, *also], value)


def _headers(found: Settings, features: Mapping[str, Any]) -> None:
    for name in features.get("remove_origin_response_headers", ()):
        found.origin_header_steps.append(("remove", name, ""))
    for name, value in features.get("set_origin_response_headers", {}).items():
        found.origin_header_steps.append(("set", name, value))
    for name in features.get("remove_response_headers", ()):
        found.header_steps.append(("remove", name, ""))
    for name, value in features.get("set_response_headers", {}).items():
        found.header_steps.append(("set", name, value))
    for name, value in features.get("add_response_headers", {}).items():
        found.header_steps.append(("add", name, value))
