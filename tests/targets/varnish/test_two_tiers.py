"""The first tier of docs/varnish.md, with three programs: each URL belongs to one machine, prefetches too."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cases.runners.engine import ProgramEngine, Site
from cases.runners.varnish import Varnish
from prefetchrouter import Router
from prefetchrouter.rules.rule_set import RuleSet
from targets.varnish.running import Client, Origin

pytestmark = pytest.mark.needs("varnishd")

ROOT = Path(__file__).parents[3]
PATHS = [f"/pages/{number}" for number in range(20)]


class FirstTier(ProgramEngine):
    """A Varnish with the configuration of the page, whose machines are these ports."""

    name = "first-tier"
    support = Varnish.support

    def __init__(self, ports: list[int]) -> None:
        super().__init__()
        self._ports = iter(ports)

    def command(self, site: Site, port: int) -> list[str]:
        page = (ROOT / "docs" / "varnish.md").read_text(encoding="utf-8")
        (vcl,) = re.findall(r"```vcl\n(.*?)```", page, re.S)
        vcl, count = re.subn(
            r'\.host = "[0-9.]+"; \.port = "8080";',
            lambda found: f'.host = "127.0.0.1"; .port = "{next(self._ports)}";',
            vcl,
        )
        assert count == 2
        (site.folder / "tier.vcl").write_text(vcl, encoding="utf-8")
        site.folder.chmod(0o755)
        program = shutil.which("varnishd", path="/usr/sbin:/usr/local/sbin:/usr/bin") or "varnishd"
        return [
            program, "-F", "-n", str(site.folder / "work"), "-a", f"127.0.0.1:{port}", "-T", "127.0.0.1:0",
            "-f", str(site.folder / "tier.vcl"), "-s", "malloc,16m",
        ]  # fmt: skip


@contextmanager
def started(engine: ProgramEngine, origin: Origin) -> Iterator[int]:
    folder = Path(tempfile.mkdtemp())
    rules = RuleSet(rules=Router().match("/pages/:id", caching={"max_age": "1h"}).rules)
    try:
        address = engine.start(Site(folder, folder / "routes.py", rules, {"": origin.url}))
        yield int(address.rpartition(":")[2])
    finally:
        engine.stop()
        shutil.rmtree(folder, ignore_errors=True)


def statuses(port: int, query: str) -> list[int]:
    with Client(port) as client:
        return [status for status, _, _ in client.get_all([f"{path}{query}" for path in PATHS])]


def test_each_url_is_stored_on_one_machine_and_prefetched_from_there() -> None:
    origin = Origin()
    with ExitStack() as stack:
        stack.callback(origin.server.server_close)
        threading.Thread(target=origin.server.serve_forever, daemon=True).start()
        stack.callback(origin.server.shutdown)
        owners = [stack.enter_context(started(Varnish(), origin)) for _ in range(2)]
        tier = stack.enter_context(started(FirstTier(owners), origin))
        assert statuses(tier, "?edgio_prefetch=1") == [412] * len(PATHS)
        assert origin.requests == []
        assert statuses(tier, "") == statuses(tier, "") == [200] * len(PATHS)
        assert sorted(origin.requests) == sorted(PATHS)
        assert statuses(tier, "?edgio_dt_pf=0&edgio_prefetch=1") == [200] * len(PATHS)
        first, second = (statuses(port, "?edgio_prefetch=1") for port in owners)
        assert [sorted(pair) for pair in zip(first, second, strict=True)] == [[200, 412]] * len(PATHS)
        assert 200 in first
        assert 200 in second
        assert len(origin.requests) == len(PATHS)
