"""The documentation site, behind the embedded edge and as a copy for any web server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.test_serve import Serving
from example_sites.example_site import EXAMPLES, Visitor
from prefetchrouter.cli import main

FOLDER = EXAMPLES / "docs_site"


def test_its_pages_are_prefetched_once_a_reader_has_opened_them() -> None:
    arguments = ("--origin", str(FOLDER / "public"), "--quiet", "--no-warm", "--no-inject")
    with Serving(str(FOLDER / "routes.py"), *arguments) as serving:
        reader = Visitor(serving.port)
        for path in ("/", "/latest/guide/install", "/v1/guide/install"):
            assert reader.prefetch(path).status == 412
            assert reader.get(path).status == 200
            assert reader.prefetch(path).status == 200
        assert reader.get("/v1/guide/install").headers["link"] == '</latest/>; rel="canonical"'
        assert reader.get("/guide/install").headers["location"] == "/latest/guide/install"
        missing = [reader.get("/latest/guide/iced") for _ in range(2)]
        assert [found.status for found in missing] == [404, 404]
        assert "hit" in missing[1].headers["cache-status"]


def test_its_copy_has_the_script_tag_and_the_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = [str(FOLDER / "public"), str(FOLDER / "routes.py"), "--out", "copy", "--no-serve"]
    assert main(["site", *arguments]) == 0
    assert "6 of 6 are prefetched" in capsys.readouterr().out
    page = Path("copy/latest/guide/install.html").read_text(encoding="utf-8")
    assert re.search('<script src="/__edgio__/prefetch/[0-9a-f]+/install.js"', page)
    assert "/latest/:path*" in Path("copy/__edgio__/cache-manifest.js").read_text(encoding="utf-8")
