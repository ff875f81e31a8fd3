"""No text ends its place in the JavaScript of nginx: njs returns 10,000 hostile ones as they are."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

import machine
from cases.runners.engine import ProgramEngine, Site
from prefetchrouter import RuleSet
from prefetchrouter.targets.nginx.javascript import js_regex, js_text
from prefetchrouter.targets.support import SupportTable
from strategies.hostile import hostile_texts

pytestmark = [pytest.mark.needs("nginx"), pytest.mark.needs("njs")]

COUNT, IN_MODULE = 10_000, 250
"""njs makes all of a module anew for each request: forty small ones take less time than a large one."""
FOUND = "\u0001"
BETWEEN = "\u0002"

CONFIGURATION = """\
load_module {module};
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr;
{user}
events {{ }}
http {{
    access_log off;
    client_body_temp_path .; proxy_temp_path .; fastcgi_temp_path .; uwsgi_temp_path .; scgi_temp_path .;
    server {{
        listen 127.0.0.1:{port};
{locations}
    }}
}}
"""

MODULE = """\
const texts = [
{texts}
];
const matches = [
{expressions}
];
function answer(r) {{
    const found = texts.map((text, at) => (matches[at]().test(text) ? '{found}' : '') + text);
    return found.join('{between}');
}}
export default {{ answer }};
"""


def texts() -> list[str]:
    """Return texts that can be joined and told apart."""
    return hostile_texts(COUNT, allows=lambda text: not {FOUND, BETWEEN} & set(text))


def escaped(text: str) -> str:
    """Return an expression that matches a text and nothing else."""
    return "".join(
        letter if letter.isalnum() or ord(letter) > 127 else f"\\x{ord(letter):02x}" for letter in text
    )


class OwnModule(ProgramEngine):
    """nginx with one module, which has every text as a literal and as an expression."""

    name: ClassVar[str] = "nginx with a module"
    support: ClassVar[SupportTable] = SupportTable()

    def command(self, site: Site, port: int) -> Sequence[str]:
        found = texts()
        starts = range(0, COUNT, IN_MODULE)
        for start in starts:
            own = found[start : start + IN_MODULE]
            module = MODULE.format(
                texts=",\n".join(map(js_text, own)),
                expressions=",\n".join(f"() => {js_regex(f'^{escaped(text)}$')}" for text in own),
                found="\\u0001",
                between="\\u0002",
            )
            (site.folder / f"own{start}.js").write_text(module, encoding="utf-8")
        locations = "\n".join(
            f"location = /{start} {{ js_import own from own{start}.js; js_set $own{start} own.answer;"
            f' return 200 "$own{start}"; }}'
            for start in starts
        )
        user = "user root;" if site.folder.owner() == "root" else ""
        configuration = CONFIGURATION.format(module=machine.NJS, port=port, user=user, locations=locations)
        (site.folder / "nginx.conf").write_text(configuration, encoding="utf-8")
        return [machine.nginx() or "nginx", "-p", str(site.folder), "-c", "nginx.conf"]


def test_njs_takes_10_000_hostile_texts_and_expressions_for_what_they_are(tmp_path: Path) -> None:
    engine = OwnModule()
    try:
        url = engine.start(Site(tmp_path, tmp_path / "routes.py", RuleSet(rules=()), {}))
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        wanted = texts()
        for start in range(0, COUNT, IN_MODULE):
            connection.request("GET", f"/{start}")
            response = connection.getresponse()
            found = response.read().decode().split(BETWEEN)
            assert response.status == 200, engine.log
            assert found == [FOUND + text for text in wanted[start : start + IN_MODULE]]
        connection.close()
    finally:
        engine.stop()
