"""The files of the folder ``worker``: the module with its rules, adapters, configurations, and a README."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files as resources
from textwrap import fill
from typing import Any, Final, TypeAlias

from prefetchrouter.targets.artifact import Artifact
from prefetchrouter.targets.site_files import SiteFile
from prefetchrouter.targets.worker.javascript_text import list_text, literal, mapping_text
from prefetchrouter.targets.worker.worker_data import RulesData, WorkerSettings, spoofable_data
from prefetchrouter.targets.worker.worker_parts import Module, chosen, needed_parts
from prefetchrouter.version import VERSION

Json: TypeAlias = Any

ADAPTERS: Final = ("memory.js", "netlify.js", "server.js", "workerd.js")
"""The files beside worker.js: a cache in memory, and adapters of platforms."""

COMPATIBILITY_DATE: Final = "2026-04-01"

_HEAD = """\
// Made by `prefetchrouter build --target worker`: change the routes file, not this one.
// The rules as data, each with its line, and behind them the modules of the runtime that they need: those of
// prefetchrouter, Apache-2.0. README.md says how to start it. The modules:
"""


def files_of(
    rules: RulesData,
    site: Mapping[str, Json],
    origins: Mapping[str, Json],
    files: Mapping[str, SiteFile],
    settings: WorkerSettings,
) -> list[Artifact]:
    """Return the files, in order of path."""
    texts = {
        **{name: _runtime(name) for name in ADAPTERS},
        "worker.js": worker_text(rules, site, origins, files, whole=settings.whole),
        "wrangler.toml": _wrangler(settings),
        "config.capnp": _capnp(origins, settings),
        "package.json": _package(),
        "README.md": _README,
    }
    return [Artifact(f"worker/{name}", text) for name, text in sorted(texts.items())]


def runtime_data(
    rules: RulesData,
    site: Mapping[str, Json],
    origins: Mapping[str, Json],
    files: Mapping[str, SiteFile],
) -> dict[str, Json]:
    """Return all that the runtime reads, in the order in which worker.js has it."""
    return {
        "site": site,
        "origins": origins,
        **({"needsResponse": 1} if rules.needs_response else {}),
        "tests": rules.tests,
        "leaves": rules.leaves,
        "rules": rules.rules,
        "index": rules.index,
        **({"depth": rules.depth} if rules.depth > 1 else {}),
        "anywhere": rules.anywhere,
        "spoofable": spoofable_data(),
        "files": {path: _file_data(file) for path, file in files.items()},
        "version": VERSION,
    }


def worker_text(
    rules: RulesData,
    site: Mapping[str, Json],
    origins: Mapping[str, Json],
    files: Mapping[str, SiteFile],
    *,
    whole: bool = False,
) -> str:
    """Return worker.js: the rules as data, then the runtime that they need, or the whole."""
    comments = {"leaves": rules.comments, "rules": rules.lines}
    data = runtime_data(rules, site, origins, files)
    parts = chosen(None if whole else needed_parts(rules, site, origins))
    lines = [_property(name, value, comments.get(name, ())) for name, value in data.items()]
    runtime = "".join(f"{part.text}\n" for part in parts)
    return f"{_HEAD}{_names(parts)}\nconst DATA = {{\n" + "\n".join(lines) + "\n};\n" + runtime


def _names(parts: Iterable[Module]) -> str:
    """Return the names of modules as lines of comments, in their order."""
    text = " ".join(part.name for part in parts)
    return fill(text, 118, initial_indent="// ", subsequent_indent="// ")


def _property(name: str, value: Json, comments: Sequence[str]) -> str:
    if name in ("tests", "leaves", "rules"):
        return list_text(name, value, comments)
    return mapping_text(name, value) if name in ("index", "files") else f"{name}: {literal(value)},"


def _file_data(file: SiteFile) -> dict[str, str]:
    headers = file.headers
    kept = {"cache": headers["cache-control"], "tag": headers["etag"], "type": headers["content-type"]}
    return {**kept, **({"search": headers["no-vary-search"]} if file.is_immutable else {}), "text": file.text}


def _runtime(name: str) -> str:
    return (resources("prefetchrouter.targets.worker") / "runtime" / name).read_text(encoding="utf-8")


def _wrangler(settings: WorkerSettings) -> str:
    logs = "on" if settings.logs else "off"
    return f"""\
# Deploy with `npx wrangler deploy`; `npx wrangler deploy --dry-run` only checks it.
name = "prefetchrouter"
main = "worker.js"
compatibility_date = "{COMPATIBILITY_DATE}"

[vars]
LOG = "{logs}"
# The URLs of origins by name, in place of those of the property; "" is for all others.
ORIGINS = "{{}}"
"""


def _capnp(origins: Mapping[str, Json], settings: WorkerSettings) -> str:
    hosts = [host for origin in origins.values() for host in origin["hosts"]]
    bindings = "".join(
        f",\n        (name = {_text(host['bind'])}, service = {_text(host['bind'])})" for host in hosts
    )
    return f"""\
# Started with `npx workerd serve config.capnp`.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = (
      modules = [
        (name = "workerd.js", esModule = embed "workerd.js"),
        (name = "memory.js", esModule = embed "memory.js"),
        (name = "worker.js", esModule = embed "worker.js")
      ],
      compatibilityDate = "{COMPATIBILITY_DATE}",
      bindings = [
        (name = "LOG", text = "{"on" if settings.logs else "off"}"),
        (name = "CACHE_BYTES", json = "{settings.cache_bytes}"){bindings}
      ],
      globalOutbound = "net"
    )),
{"".join(map(_external, hosts))}\
    (name = "net", network = (
      allow = ["public", "private", "local"],
      tlsOptions = (trustBrowserCas = true)
    ))
  ],
  sockets = [
    (name = "http", address = {_text(settings.listen)}, http = (), service = "edge"){_purge_socket(settings)}
  ]
);
"""


def _purge_socket(settings: WorkerSettings) -> str:
    if settings.purge_port is None:
        return ""
    address = _text(f"127.0.0.1:{settings.purge_port}")
    service = '(name = "edge", entrypoint = "purging")'
    return f',\n    (name = "purge", address = {address}, http = (), service = {service})'


def _external(host: Mapping[str, Json]) -> str:
    is_tls = host["scheme"] != "http"
    name = f"[{host['name']}]" if ":" in host["name"] else host["name"]
    address = _text(f"{name}:{host.get('port', 443 if is_tls else 80)}")
    how = (
        "https = (options = (), tlsOptions = (trustBrowserCas = true), certificateHost = "
        f"{_text(host['name'])})"
        if is_tls
        else "http = ()"
    )
    return f"    (name = {_text(host['bind'])}, external = (address = {address}, {how})),\n"


def _text(value: str) -> str:
    """Return a text of Cap'n Proto; its escapes are those of C."""
    return '"' + "".join(_escaped(letter) for letter in value) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if " " <= letter <= "~" else "".join(f"\\x{byte:02x}" for byte in letter.encode())


def _package() -> str:
    scripts = {
        "start": "node server.js",
        "deno": "deno run --allow-net --allow-env server.js",
        "bun": "bun server.js",
        "workerd": "workerd serve config.capnp",
        "check": "wrangler deploy --dry-run",
        "deploy": "wrangler deploy",
    }
    package = {"name": "prefetchrouter-worker", "private": True, "type": "module", "scripts": scripts}
    return json.dumps(package, indent=2) + "\n"


_README = """\
# The rules as a Worker

Made by `prefetchrouter build --target worker`; a new build replaces it. The same `worker.js` runs on each
platform:

| platform | start |
| --- | --- |
| Node 20 or later | `node server.js` |
| Deno 2 | `deno run --allow-net --allow-env server.js` |
| Bun 1 | `bun server.js` |
| workerd | `npx workerd serve config.capnp` |
| Cloudflare | `npx wrangler deploy` |
| Netlify | copy `worker.js` and `netlify.js` to `netlify/edge-functions/` |

Node, Deno and Bun listen on `HOST` and `PORT` (127.0.0.1 and 8080), and keep up to `CACHE_BYTES` in memory.
`ORIGINS`, such as `{"web": "http://127.0.0.1:3000"}`, replaces where origins are; `LOG=off` writes no line
for each request.
"""
