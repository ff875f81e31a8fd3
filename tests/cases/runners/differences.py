"""Which cases differ on which engine: `differences.toml`, read with the engine's support table.

An entry of a table, such as E24, speaks of a whole rule. That a case concerns the rule does not excuse it:
only the file does, case by case, so that a new difference under the same rule is seen.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cases.runners.case import Case
from cases.runners.concerns import kind_of
from prefetchrouter.targets.support import Support, SupportTable

FILE = Path(__file__).with_suffix(".toml")
FOLDER = Path(__file__).parents[1]
_SOMETIMES = ", sometimes"


@lru_cache(maxsize=1)
def differences() -> Mapping[str, Mapping[str, str]]:
    """Return the entry that excuses each case that differs, by engine and file."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def excuse(engine: str, case: Case, support: SupportTable) -> str | None:
    """Return the entry of an engine's table that allows a case to differ, as ``"E14: approximate: why"``.

    None for a case that must be equal.
    """
    name = named_by(engine, case)
    if name is None:
        return None
    entry = entry_of(name, support)
    return f"{name}: {entry.level}: {entry.note}"


def named_by(engine: str, case: Case) -> str | None:
    """Return the name of the entry that allows a case to differ; None without one."""
    found = _of(engine, case)
    return None if found is None else found.removesuffix(_SOMETIMES)


def is_sometimes_equal(engine: str, case: Case) -> bool:
    """Return whether a case that is listed may be equal all the same."""
    found = _of(engine, case)
    return found is not None and found.endswith(_SOMETIMES)


def entry_of(name: str, support: SupportTable) -> Support:
    """Return what a support table says of a concern of a case."""
    kind = kind_of(name)
    assert kind is not None, name
    entry = support.of(kind, name)
    if kind == "variable" and entry.level == "full":  # a namespace, such as request.header
        entry = support.of(kind, f"{name}.*")
    return entry


def _of(engine: str, case: Case) -> str | None:
    try:
        path = case.path.relative_to(FOLDER).as_posix()
    except ValueError:  # a case of a test
        return None
    return differences().get(engine, {}).get(path)
