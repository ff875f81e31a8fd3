"""The target ``worker``: an ES module that runs the rules on Cloudflare Workers, Node, Deno and Bun.

The module is a runtime, written in TypeScript in the folder `worker/` of the repository, with the rules as
data. The runtime is a shared cache as `docs/edge-rules.md` describes it; each platform has a small adapter.

    rules ──> lowering ──> rules_data(...) ──> rules as JSON ───┐
                                                                ├──> worker.js, beside it server.js, ...
    worker/src (TypeScript) ──> runtime/ ──> modules they need ─┘

Its modules:

    worker_data.py      rules as the data that the runtime reads
    worker_values.py    values of features, and texts with variables, in that data
    javascript_text.py  that data as JavaScript, one rule a line
    worker_parts.py     the modules of the runtime that rules need
    worker_files.py     the files around it: configurations, package.json, README
    worker_support.py   the support table
    runtime/            what the TypeScript sources make (`npm --prefix worker run build`)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from prefetchrouter.lowering import lower
from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.site_files import site_files
from prefetchrouter.targets.support import SupportTable
from prefetchrouter.targets.target import Job, Target
from prefetchrouter.targets.worker.worker_data import WorkerSettings, origins_data, rules_data, site_data
from prefetchrouter.targets.worker.worker_files import files_of
from prefetchrouter.targets.worker.worker_support import SUPPORT

__all__ = ["WorkerSettings", "WorkerTarget"]


@dataclass(frozen=True, slots=True)
class WorkerTarget(Target):
    """An ES module with adapters for the platforms that run it.

    Args:
        settings: Origins and the like, in place of those of the property.

    Example:
        >>> from prefetchrouter import Router, build
        >>> built = build(Router().match("/a", caching={"max_age": "1h"}), targets=[WorkerTarget()])
        >>> [file.path for file in built.files][:2]
        ['worker/README.md', 'worker/config.capnp']
    """

    name: ClassVar[str] = "worker"
    summary: ClassVar[str] = "An ES module that serves the rules on Cloudflare Workers, Node, Deno and Bun."
    support: ClassVar[SupportTable] = SUPPORT
    start_command: ClassVar[tuple[str, ...]] = ("node", "worker/server.js")

    settings: WorkerSettings = field(default_factory=WorkerSettings)

    def print(self, job: Job) -> list[Artifact]:
        """Return the files of the folder ``worker``."""
        lowered = lower(job.rule_set)
        origins = origins_data(job, self.settings)
        site = site_data(job.property, self.settings)
        files = site_files(job.filtered, job.property, job.navigation)
        return files_of(rules_data(lowered), site, origins, files, self.settings)
