"""The browser's files from the programs that run a Worker: compressed as clients accept it, and validated."""

from __future__ import annotations

import gzip
import http.client
from pathlib import Path

import pytest

from cases.runners.engine import Engine, Site
from cases.runners.worker import Bun, Deno, Node, Workerd
from prefetchrouter import Router
from prefetchrouter.browser.names import NAMES
from prefetchrouter.rules.rule_set import RuleSet

pytestmark = pytest.mark.needs("worker")


def _get(url: str, path: str = NAMES.install_path, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=named)
    response = connection.getresponse()
    found = response.status, {name.lower(): text for name, text in response.getheaders()}, response.read()
    connection.close()
    return found


@pytest.mark.parametrize("kind", [Node, Deno, Bun, Workerd], ids=lambda kind: kind.name)
def test_files_are_sent_in_the_coding_that_a_client_likes_best(kind: type[Engine], tmp_path: Path) -> None:
    rules = RuleSet(rules=Router().rules)
    engine = kind()
    try:
        url = engine.start(Site(tmp_path, tmp_path / "routes.py", rules, {"": "http://127.0.0.1:1"}))
        status, headers, plain = _get(url, accept_encoding="identity")
        assert (status, headers.get("content-encoding"), headers["vary"]) == (200, None, "Accept-Encoding")
        _, headers, packed = _get(url, accept_encoding="gzip")
        assert (headers["content-encoding"], gzip.decompress(packed)) == ("gzip", plain)
        _, best, smallest = _get(url, accept_encoding="gzip, deflate, br, zstd")
        if kind is Workerd:
            assert best["content-encoding"] == "gzip"
        else:
            assert best["content-encoding"] == "br"
            assert len(smallest) < len(packed)
        for coding in ("gzip", "br", "identity"):
            headers = _get(url, accept_encoding=coding)[1]
            status, kept, _ = _get(url, accept_encoding=coding, if_none_match=headers["etag"])
            assert (status, kept["etag"], kept["vary"]) == (304, headers["etag"], "Accept-Encoding")
        assert "content-encoding" not in _get(url, NAMES.manifest_path, accept_encoding="gzip")[1]
    finally:
        engine.stop()
