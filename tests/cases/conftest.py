"""Collects `.case` files: each is a test on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import machine
from cases.runners.case import Case
from cases.runners.engine import Engine
from cases.runners.reader import CaseError, read
from cases.runners.registry import ENGINES
from cases.runners.running import Result, run_cases

_RESULTS = pytest.StashKey[dict[type[Engine], dict[Path, Result]]]()


class Differs(Exception):
    """A case does not go on an engine as it says."""


def results_of(session: pytest.Session, engine: type[Engine]) -> dict[Path, Result]:
    """Return what became of all cases of this session on an engine; the first call runs them."""
    results = session.stash.setdefault(_RESULTS, {})
    if engine not in results:
        alike = [item.case for item in session.items if isinstance(item, CaseItem) and item.engine is engine]
        found = run_cases(engine, alike)
        # Ages and windows are counted in real seconds, which a busy machine stretches: what differs without
        # an entry is run again, by itself, and has to differ again.
        again = [case for case in alike if found[case.path].problems and not found[case.path].excuse]
        results[engine] = {**found, **(run_cases(engine, again) if again else {})}
    return results[engine]


class CaseFile(pytest.File):
    """A file with one case."""

    def collect(self) -> Iterator[pytest.Item]:
        try:
            case = read(self.path)
        except CaseError as error:
            raise self.CollectError(str(error)) from None
        for engine in ENGINES:
            yield CaseItem.from_parent(self, name=engine.name, case=case, engine=engine)


class CaseItem(pytest.Item):
    """A case on one engine. The first of an engine runs all of that engine's, several at once."""

    def __init__(self, *, case: Case, engine: type[Engine], **others: Any) -> None:
        super().__init__(**others)
        self.case, self.engine = case, engine
        for program in engine.needs:
            self.add_marker(pytest.mark.needs(program))

    def runtest(self) -> None:
        result = results_of(self.session, self.engine)[self.case.path]
        if result.problems and result.excuse:
            pytest.xfail(result.excuse)
        if result.is_stale:
            raise Differs("it is equal, and runners/differences.toml lists it as different")
        if result.problems:
            raise Differs("\n".join(result.problems))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, Differs):
            return f"{self.case.path}: {self.case.title}\n{self.engine.name}:\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.case.title} ({self.engine.name})"


class EnginesFile(pytest.File):
    """The registry of engines: what holds for the whole table on each."""

    def collect(self) -> Iterator[pytest.Item]:
        for engine in ENGINES:
            yield FewExceptions.from_parent(self, name=engine.name, engine=engine)


class FewExceptions(pytest.Item):
    """Few of all cases differ on an engine, whatever its support table lists."""

    def __init__(self, *, engine: type[Engine], **others: Any) -> None:
        super().__init__(**others)
        self.engine = engine
        for program in engine.needs:
            self.add_marker(pytest.mark.needs(program))

    def runtest(self) -> None:
        found = results_of(self.session, self.engine)
        # A share of all cases, so that it holds for a selection of them, too.
        whole = len(list(Path(__file__).parent.rglob("*.case")))
        differ = [str(path) for path, result in found.items() if result.problems]
        most = self.engine.most_listed * whole
        assert len(differ) <= most, f"{len(differ)} of {len(found)} cases differ: {differ}"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".case":
        return CaseFile.from_parent(parent, path=file_path)
    if file_path.name == "registry.py":
        return EnginesFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    machine.check(item)
