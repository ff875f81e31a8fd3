"""Every command decides by the manifest that `build` writes, whoever says how it is made."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from prefetchrouter import cli
from prefetchrouter.authoring.loader import load
from prefetchrouter.browser.names import NAMES
from prefetchrouter.edge.running.loading_process import load_apart
from prefetchrouter.edge.running.own_files import OwnFiles
from prefetchrouter.testing import RuleTester
from prefetchrouter.testing.session import session

ROUTES = """\
import re
from prefetchrouter import Property, Router, not_

SESSION = {"cookies": {"session": re.compile(".+")}, "path": not_(re.compile("^/static/"))}
router = (
    Router()
    .match("/p/:sku", caching={"max_age": "1h", "service_worker_max_age": "10m"})
    .match(SESSION, caching={"bypass_cache": True})
)
"""
CASES = [
    ("", None, False),
    ("", "drop", True),
    ('site = Property(unsupported_conditions="drop")\n', None, True),
    ('site = Property(unsupported_conditions="drop")\n', "ignore", False),
    ('site = Property(unsupported_conditions="ignore")\n', "drop", True),
]


@pytest.mark.parametrize(("site", "option", "is_prefetched"), CASES)
def test_all_commands_see_the_same_manifest(
    site: str,
    option: str | None,
    is_prefetched: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES + site, encoding="utf-8")
    words = [] if option is None else ["--unsupported-conditions", option]
    assert cli.main(["build", *words, "--format", "json"]) == 0
    built = json.loads(capsys.readouterr().out)
    manifest = Path("dist/cache-manifest.js").read_text(encoding="utf-8")
    assert ("bypass_cache" in manifest) is not is_prefetched
    warned = any(found["code"] == "lost-prefetching" for found in built["warnings"])
    assert warned is not is_prefetched
    assert "unsupported" not in Path("dist/ruleset.json").read_text(encoding="utf-8")

    assert cli.main(["explain", "/p/1", *words, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["prefetched"]["works"] is is_prefetched

    loaded = asyncio.run(load_apart("routes.py", unsupported_conditions=option))  # type: ignore[arg-type]
    assert loaded.routes is not None
    shown = OwnFiles(loaded.routes.rule_set)._files[NAMES.manifest_path]
    assert ("bypass_cache" in shown.text) is not is_prefetched

    monkeypatch.setattr(session, "unsupported_conditions", option)
    page = RuleTester.of_file("routes.py").request("/p/1")
    assert bool(page.is_prefetchable()) is is_prefetched
    assert load("routes.py", unsupported_conditions=option).rule_set == loaded.routes.rule_set  # type: ignore[arg-type]
