"""Workers of Cloudflare keep responses in the Cache API: cases that store run on it, in `workerd`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files as resources
from pathlib import Path

import pytest

from cases.runners.engine import Site
from cases.runners.reader import read
from cases.runners.running import run_cases
from cases.runners.worker import Workerd

pytestmark = pytest.mark.needs("worker")

CASES = Path(__file__).parents[2] / "cases"
TOPICS = ("storing", "writes")


class OnCacheApi(Workerd):
    """`workerd` as Cloudflare runs a worker: `worker.js` itself, and a cache behind the Cache API."""

    takes_purges = False  # the platform purges

    def command(self, site: Site, port: int) -> Sequence[str]:
        command = super().command(site, port)
        path = site.folder / "worker" / "config.capnp"
        service = (resources("prefetchrouter.targets.worker") / "runtime" / "cache.js").read_text()
        (site.folder / "worker" / "cache.js").write_text(service)
        text = path.read_text(encoding="utf-8")
        modules = text[text.index("      modules = [") : text.index("      compatibilityDate")]
        text = text.replace(
            modules, '      modules = [(name = "worker.js", esModule = embed "worker.js")],\n', 1
        )
        text = text.replace('globalOutbound = "net"', 'globalOutbound = "net", cacheApiOutbound = "cache"', 1)
        cache = (
            '    (name = "cache", worker = (modules = [(name = "cache.js", esModule = embed "cache.js")],'
            ' compatibilityDate = "2026-04-01")),\n'
        )
        path.write_text(text.replace('    (name = "net",', f'{cache}    (name = "net",', 1), encoding="utf-8")
        return command


@pytest.mark.parametrize("topic", TOPICS)
def test_cases_that_store_are_equal_on_the_cache_api(topic: str) -> None:
    cases = [read(path) for path in sorted((CASES / topic).glob("*.case"))]
    found = run_cases(OnCacheApi, cases)
    different = {path.name: result.problems for path, result in found.items() if result.problems}
    excused = {path.name for path, result in found.items() if result.excuse}
    assert len(found) > 5
    assert {name: problems for name, problems in different.items() if name not in excused} == {}
