"""The browser's files from Varnish: with gzip for clients that accept it, and validated in both forms."""

from __future__ import annotations

import gzip
import http.client

import pytest

from prefetchrouter import Router
from prefetchrouter.browser.names import NAMES
from prefetchrouter.targets.site_files import site_files
from prefetchrouter.targets.varnish.vcl_own_files import files_vcl
from targets.varnish.running import Origin, running

pytestmark = pytest.mark.needs("varnishd")


def _get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"host": "shop.example", **named})
    response = connection.getresponse()
    found = response.status, {name.lower(): text for name, text in response.getheaders()}, response.read()
    connection.close()
    return found


@pytest.mark.parametrize("compresses", [False, True], ids=["without", "with compress_content_types"])
def test_files_are_sent_with_gzip_to_clients_that_accept_it(compresses: bool) -> None:
    router = Router().match("/:path*", caching={"max_age": "1h"})
    if compresses:
        router = router.match("/:path*", response={"compress_content_types": ["text/html"]})
    with running(router, Origin()) as (port, _):
        status, headers, plain = _get(port, NAMES.install_path)
        assert (status, headers.get("content-encoding"), headers["vary"]) == (200, None, "Accept-Encoding")
        _, headers, packed = _get(port, NAMES.install_path, accept_encoding="br, gzip;q=0.5")
        assert (headers["content-encoding"], gzip.decompress(packed)) == ("gzip", plain)
        assert len(packed) < len(plain) / 2
        for coding in ("gzip;q=0", "br", "identity"):
            assert _get(port, NAMES.install_path, accept_encoding=coding)[2] == plain
        for coding in ("gzip", "identity"):
            etag = _get(port, NAMES.install_path, accept_encoding=coding)[1]["etag"]
            assert _get(port, NAMES.install_path, accept_encoding=coding, if_none_match=etag)[0] == 304


def test_each_text_is_written_once() -> None:
    files = site_files((), None)
    text = files_vcl(files)
    script = files[NAMES.install_path].text
    assert sum(file.text == script for file in files.values()) > 1
    assert text.count(script) == 1
