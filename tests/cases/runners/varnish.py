"""Varnish, with the folder that `build --target varnish` makes."""

from __future__ import annotations

from collections.abc import Sequence

from cases.runners.case import Purge
from cases.runners.engine import ProgramEngine, Site
from prefetchrouter.output.building import build, write
from prefetchrouter.targets.varnish import VarnishTarget


class Varnish(ProgramEngine):
    """Varnish Cache, started by the script that is built with its VCL."""

    name = "varnish"
    needs = ("varnishd",)
    validates_bodies = True
    support = VarnishTarget.support

    def command(self, site: Site, port: int) -> Sequence[str]:
        self._folder = site.folder / "varnish"
        site.folder.chmod(0o755)  # Varnish gives up the rights of root before it reads files
        target = VarnishTarget(origins=site.origins, scheme="https", answer_seconds=site.answer_seconds or 60)
        write(build(site.rules, targets=[target], unsupported="warn"), site.folder)
        return [
            "env", f"LISTEN=127.0.0.1:{port}", "MEMORY=64m",
            "OPTIONS=-p thread_pools=1 -p thread_pool_min=20 -p thread_pool_timeout=10",
            "sh", str(site.folder / "varnish" / "start.sh"),
        ]  # fmt: skip

    def purge(self, purge: Purge) -> None:
        self.purge_by_command(purge, "--folder", str(self._folder))
