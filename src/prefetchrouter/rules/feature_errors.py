"""Turns pydantic's errors about features into diagnostics, each with a code, a path and a cure.

A check inside a feature raises `Problems` (paths relative to its own value), pydantic collects them, and the
outermost call turns all of them into one `FeatureError`. No wording of pydantic reaches a user.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from prefetchrouter.errors import Diagnostic, FeatureError, RuleError, shown

Path = tuple[str | int, ...]
Found = tuple[Path, Diagnostic]


class Problems(ValueError):
    """The problems inside one value, each with its path from there."""

    def __init__(self, found: Iterable[Found]) -> None:
        super().__init__("see the diagnostics")
        self.found = tuple(found)


CHECK_ERRORS = (Problems, RuleError, ValidationError)
"""Everything that a check raises for a bad value."""


def problem(message: str, *, expected: str | None = None, hint: str | None = None) -> Problems:
    """Return a single problem of the value at hand."""
    return Problems([((), Diagnostic("feature-value", message, expected=expected, hint=hint))])


def feature_error(error: ValueError) -> FeatureError:
    """Return everything that `error` found as one error, each message with the path of the value in front."""
    return FeatureError(*(found.inside(*path) if path else found for path, found in problems_in(error)))


def problems_in(error: ValueError) -> list[Found]:
    """Return the problems of an error raised by a check or by pydantic, in the order they were found."""
    match error:
        case Problems():
            return list(error.found)
        case RuleError():
            return [((), diagnostic) for diagnostic in error.diagnostics]
        case ValidationError():
            lines = error.errors(include_url=False)
            return [found for line in lines for found in problems_of_line(line)]
        case _:
            return list(problem("this value cannot be read").found)


def problems_of_line(line: ErrorDetails) -> list[Found]:
    """Return the problems of one line of pydantic's error."""
    path: Path = line["loc"]
    if "error" in (context := line.get("ctx", {})):
        return [((*path, *deeper), found) for deeper, found in problems_in(context["error"])]
    value = line["input"]
    match line["type"]:
        case "missing":
            return [(path, Diagnostic("feature-value", "it is missing", expected="a value: it is required"))]
        case "model_type" | "dict_type" | "mapping_type":
            return [(path, wrong(value, "a mapping"))]
        case "invalid_key":
            return [((), Diagnostic("unknown-feature", f"{shown(value)} is not a name", expected="text"))]
        case _:
            return [(path, wrong(value, "another value"))]


def wrong(value: object, expected: str, hint: str | None = None) -> Diagnostic:
    """Return the diagnostic for a value of the wrong kind."""
    if value is None:
        hint = "omit the feature to leave it unset"
    return Diagnostic(
        "feature-value", f"{shown(value)} is not a value it takes", expected=expected, hint=hint
    )
