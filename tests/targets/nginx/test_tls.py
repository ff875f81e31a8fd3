"""TLS as docs/nginx.md has it: the lines of the page, in the server of the built file, and a certificate."""

from __future__ import annotations

import os
import re
import ssl
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

import machine
from cases.runners.engine import ProgramEngine, Site, free_port
from http_servers import QuietHandler, serving
from prefetchrouter import Router, build
from prefetchrouter.output.building import write
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets.nginx import NginxTarget, Options
from prefetchrouter.targets.nginx.nginx_support import SUPPORT

pytestmark = [pytest.mark.needs("nginx"), pytest.mark.needs("njs")]

PAGE = Path(__file__).parents[3] / "docs" / "nginx.md"
ROUTER = (
    Router()
    .match("/:path*", caching={"max_age": "1h"})
    .match({"scheme": "HTTPS"}, headers={"set_response_headers": {"x-seen": "HTTPS"}})
    .match({"scheme": "HTTP"}, headers={"set_response_headers": {"x-seen": "HTTP"}})
)


class NginxWithTls(ProgramEngine):
    """nginx that listens on one port more, by the lines of the page."""

    name = "nginx-with-tls"
    support = SUPPORT

    def __init__(self, certificate: Path, key: Path) -> None:
        super().__init__()
        self.environment = {"NGINX_PROGRAM": machine.nginx() or "nginx"}  # type: ignore[misc]
        self.tls_port = free_port()
        self._certificate, self._key = certificate, key

    def command(self, site: Site, port: int) -> Sequence[str]:
        options = Options(
            listen=f"127.0.0.1:{port}", origins=site.origins, inner=str(site.folder), workers="1",
            user="root" if os.getuid() == 0 else None,
        )  # fmt: skip
        write(build(site.rules, targets=[NginxTarget(options)]), site.folder)
        (lines,) = re.findall(r"\*\*TLS\.\*\*.*?\n\n(.*?)\n\n", PAGE.read_text("utf-8"), re.S)
        lines, count = re.subn(r"listen 443 ssl;", f"listen 127.0.0.1:{self.tls_port} ssl;", lines)
        lines, more = re.subn(r"/etc/letsencrypt/\S+/fullchain\.pem", str(self._certificate), lines)
        lines, last = re.subn(r"/etc/letsencrypt/\S+/privkey\.pem", str(self._key), lines)
        assert (count, more, last) == (1, 1, 1)
        file = site.folder / "nginx" / "nginx.conf"
        text, places = re.subn(
            r"(?m)^    server \{\n", lambda found: f"{found[0]}{lines}\n", file.read_text()
        )
        assert places == 1
        file.write_text(text)
        return ["sh", str(site.folder / "nginx" / "run.sh"), "start"]


@contextmanager
def origin() -> Iterator[tuple[str, list[str]]]:
    got: list[str] = []

    class Page(QuietHandler):
        def do_GET(self) -> None:
            got.append(self.headers["x-forwarded-proto"])
            self.reply(b"page")

    with serving(Page) as url:
        yield url, got


def test_rules_see_https_where_nginx_ends_tls() -> None:
    with tempfile.TemporaryDirectory() as name, origin() as (url, got):
        folder = Path(name)
        authority = trustme.CA()
        own = authority.issue_cert("localhost")
        certificate, key = folder / "own.pem", folder / "own.key"
        own.private_key_pem.write_to_path(key)
        for pem in own.cert_chain_pems:
            pem.write_to_path(certificate, append=True)
        context = ssl.create_default_context()
        authority.configure_trust(context)
        engine = NginxWithTls(certificate, key)
        try:
            plain = engine.start(Site(folder, folder / "routes.py", RuleSet(rules=ROUTER.rules), {"": url}))
            secure = f"https://localhost:{engine.tls_port}"
            for address, seen, status in (
                (f"{secure}/a", "HTTPS", "fwd=uri-miss"),
                (f"{secure}/a?edgio_prefetch=1", "HTTPS", "hit"),
                (f"{plain}/b", "HTTP", "fwd=uri-miss"),
            ):
                with urllib.request.urlopen(address, timeout=60, context=context) as response:
                    assert response.read() == b"page"
                    assert response.headers["x-seen"] == seen
                    assert status in response.headers["cache-status"]
        finally:
            engine.stop()
    assert got == ["https", "http"]
