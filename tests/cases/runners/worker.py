"""The engines that run the target ``worker``: real programs, from the npm packages in the folder `worker`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import machine
from cases.runners.case import Purge
from cases.runners.engine import ProgramEngine, Site, free_port
from prefetchrouter.engines.program import EngineOptions
from prefetchrouter.engines.programs import engine_named
from prefetchrouter.output.building import build, write
from prefetchrouter.targets.support import SupportTable
from prefetchrouter.targets.worker import WorkerTarget

OF_WORKERS = ("E1", "E2", "E3", "E9", "E17", "E26", "E37")
"""What differs on one Worker; the rest of the table is about several isolates and places."""


class _OfWorker(ProgramEngine):
    needs: ClassVar[tuple[str, ...]] = ("worker",)
    support: ClassVar[SupportTable] = replace(WorkerTarget.support, edge_rules={})
    quiet: ClassVar[bool] = True
    """Whether it writes no line for each request."""
    takes_purges: ClassVar[bool] = True

    def command(self, site: Site, port: int) -> Sequence[str]:
        program = engine_named(self.name, machine.program(self.name))
        self._purge_port = free_port()
        options = EngineOptions(
            origins=site.origins,
            port=port,
            quiet=self.quiet,
            purge_port=self._purge_port if self.takes_purges else None,
            answer_seconds=site.answer_seconds or 60,
        )
        write(build(site.rules, targets=[program.target(options)]), site.folder)
        self.environment = program.environment(options)  # type: ignore[misc]
        return program.command(site.folder, options)

    def purge(self, purge: Purge) -> None:
        self.purge_by_command(purge, "--port", str(self._purge_port))


class Node(_OfWorker):
    name = "node"


class Deno(_OfWorker):
    name = "deno"
    support: ClassVar[SupportTable] = replace(
        WorkerTarget.support, edge_rules={"E37": WorkerTarget.support.edge_rules["E37"]}
    )


class Bun(_OfWorker):
    name = "bun"


class Workerd(_OfWorker):
    name = "workerd"
    support: ClassVar[SupportTable] = replace(
        WorkerTarget.support,
        edge_rules={name: WorkerTarget.support.edge_rules[name] for name in OF_WORKERS},
    )
