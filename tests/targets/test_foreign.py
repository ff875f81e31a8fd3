"""Whatever is wrong with the code of a target, it is an error that names the target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from prefetchrouter import Diagnostic, Router, build
from prefetchrouter.errors import PropertyError, TargetError
from prefetchrouter.output.building import write
from prefetchrouter.targets import FULL, Artifact, Job, SupportTable, Target

ROUTER = Router().match("/a", caching={"max_age": "1h"})


class Base(Target):
    """A target that prints what a test says."""

    name: ClassVar[Any] = "other"
    summary: ClassVar[Any] = "What a test says."
    support: ClassVar[Any] = SupportTable(otherwise=FULL)

    def __init__(self, printed: Callable[[Job], Any] = lambda job: []) -> None:
        self.printed = printed

    def print(self, job: Job) -> Iterable[Artifact]:
        return self.printed(job)  # type: ignore[no-any-return]


def raising(error: BaseException) -> Callable[[Job], Any]:
    def printed(job: Job) -> Any:
        raise error

    return printed


def half_way(job: Job) -> Iterator[Artifact]:
    yield Artifact("a.txt", "")
    raise KeyError("b")


class Unprintable(Exception):
    """Its text fails too."""

    def __str__(self) -> str:
        raise ValueError("no text")

    __repr__ = __str__


WRONG: dict[str, Callable[[Job], Any]] = {
    "raises": raising(KeyError("x")),
    "raises what has no text": raising(Unprintable()),
    "exits": raising(SystemExit(3)),
    "recurses": raising(RecursionError()),
    "fails half-way": half_way,
    "prints nothing": lambda job: None,
    "prints a number": lambda job: 7,
    "prints text": lambda job: "text",
    "prints one file": lambda job: Artifact("a.txt", ""),
    "prints a class": lambda job: [Artifact],
    "prints what has no text": lambda job: [Unprintable()],
    "no path": lambda job: [Artifact(None, "")],  # type: ignore[arg-type]
    "an empty path": lambda job: [Artifact("", "")],
    "a path outside": lambda job: [Artifact("../a", "")],
    "an absolute path": lambda job: [Artifact("/a", "")],
    "a path with a zero": lambda job: [Artifact("a\0b", "")],
    "a path with half a character": lambda job: [Artifact("\ud800", "")],
    "a path of bytes": lambda job: [Artifact(b"a", "")],  # type: ignore[arg-type]
    "no text": lambda job: [Artifact("a", None)],  # type: ignore[arg-type]
    "bytes": lambda job: [Artifact("a", b"")],  # type: ignore[arg-type]
    "half a character": lambda job: [Artifact("a", "\ud800")],
    "the same file twice": lambda job: [Artifact("a", ""), Artifact("A", "")],
    "reports text": lambda job: job.report("slow"),  # type: ignore[arg-type]
    "reports a line as text": lambda job: job.report(Diagnostic("x/y", "a", "routes.py:3")),  # type: ignore[arg-type]
    "unsupported in a line of text": lambda job: job.unsupported("comment", "routes.py:3"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("printed", WRONG.values(), ids=WRONG)
def test_a_printer_that_is_wrong_is_named(tmp_path: Path, printed: Callable[[Job], Any]) -> None:
    """It raises, or prints what cannot be written."""
    with pytest.raises(TargetError, match='the target "other" ') as raised:
        write(build(ROUTER, targets=["ruleset", Base(printed)]), tmp_path)
    assert raised.value.code == "broken-target"
    assert not [*tmp_path.iterdir()]


def test_an_error_of_ours_in_a_printer_is_raised_as_it_is() -> None:
    """It is about the rules or the property."""
    with pytest.raises(PropertyError):
        build(ROUTER, targets=[Base(raising(PropertyError.of("property", "no origin")))])


def test_ctrl_c_in_a_printer_stops_the_build() -> None:
    """It is not a fault of the target."""
    with pytest.raises(KeyboardInterrupt):
        build(ROUTER, targets=[Base(raising(KeyboardInterrupt()))])


ATTRIBUTES: list[tuple[str, object]] = [
    *(("name", value) for value in (None, 7, "", "a,b", "a b", "../a", b"a")),
    *(("summary", value) for value in (None, 7)),
    *(("support", value) for value in (None, "table", SupportTable)),
    *(("is_excerpt", value) for value in (None, "no")),
    *((name, property(raising(KeyError("x")))) for name in ("name", "summary", "support", "is_excerpt")),
]


@pytest.mark.parametrize(("attribute", "value"), ATTRIBUTES)
def test_a_target_without_all_attributes_is_refused(attribute: str, value: object) -> None:
    """Before it prints anything."""
    target = type("Broken", (Base,), {attribute: value})(raising(AssertionError()))
    with pytest.raises(TargetError, match=r'"other"|target of Broken') as raised:
        build(ROUTER, targets=[target])
    assert raised.value.code == "broken-target"


@pytest.mark.parametrize("kind", ["features", "variables", "operators", "constructs", "value_forms"])
def test_a_table_holds_nothing_but_support(kind: str) -> None:
    """Python says so where the class is defined."""
    names = {
        "features": "caching", "variables": "request.path", "operators": "==", "constructs": "else",
        "value_forms": "%{...}",
    }  # fmt: skip
    wrong: Any = {kind: {names.get(kind, "a"): "full"}}
    with pytest.raises(ValueError, match='"full" is not a Support; expected FULL'):
        SupportTable(**wrong)
