"""The shortest configuration of each engine that stores the same pages for an hour, as a person writes it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

VARNISH: Final = """\
vcl 4.1;
backend web {{ .host = "127.0.0.1"; .port = "{origin}"; }}
sub vcl_backend_response {{
    if (bereq.url ~ "^/(?:shop/)?s[0-9]+/[^/]+/[^/]+$") {{ set beresp.ttl = 1h; set beresp.grace = 1d; }}
}}
sub vcl_deliver {{
    if (req.url ~ "^/(?:shop/)?s[0-9]+/[^/]+/[^/]+$") {{
        set resp.http.x-shop = "s"; set resp.http.x-sw-cache-control = "max-age=3600";
    }}
}}
"""

NGINX: Final = """\
worker_processes 1;
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    proxy_cache_path {folder}/cache keys_zone=pages:10m max_size=256m;
    upstream web {{ server 127.0.0.1:{origin}; keepalive 32; }}
    server {{
        listen 127.0.0.1:{port};
        location ~ ^/(?:shop/)?s[0-9]+/[^/]+/[^/]+$ {{
            proxy_pass http://web;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_cache pages;
            proxy_cache_valid 200 1h;
            proxy_cache_use_stale updating;
            proxy_cache_background_update on;
            add_header x-shop s;
            add_header x-sw-cache-control max-age=3600;
        }}
    }}
}}
"""

WORKER: Final = """\
export default {{
  async fetch(request, environment, context) {{
    const found = await caches.default.match(request);
    if (found) return found;
    const url = new URL(request.url);
    const response = await fetch(`http://127.0.0.1:{origin}${{url.pathname}}`);
    const kept = new Response(response.body, response);
    kept.headers.set('cache-control', 'max-age=3600');
    kept.headers.set('x-shop', 's');
    kept.headers.set('x-sw-cache-control', 'max-age=3600');
    context.waitUntil(caches.default.put(request, kept.clone()));
    return kept;
  }},
}};
"""

WORKER_WITH_MAP: Final = """\
const stored = new Map();
export default {{
  async fetch(request) {{
    const {{ pathname }} = new URL(request.url);
    const found = stored.get(pathname);
    if (found) return new Response(found.body, {{ headers: found.headers }});
    const response = await fetch(`http://127.0.0.1:{origin}${{pathname}}`);
    const headers = {{
      'content-type': response.headers.get('content-type'),
      'cache-control': 'max-age=3600',
      'x-shop': 's',
      'x-sw-cache-control': 'max-age=3600',
    }};
    const body = await response.arrayBuffer();
    stored.set(pathname, {{ body, headers }});
    return new Response(body, {{ headers }});
  }},
}};
"""

WORKERD: Final = """\
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "edge", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2026-04-01",
      cacheApiOutbound = "cache",
      globalOutbound = "net"
    )),
    (name = "cache", worker = (
      modules = [(name = "cache.js", esModule = embed "{cache}")],
      compatibilityDate = "2026-04-01"
    )),
    (name = "net", network = (allow = ["public", "private", "local"]))
  ],
  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "edge")]
);
"""


def hand_written(
    engine: str, program: str, folder: Path, port: int, origin: int, cache: Path, *, with_map: bool = False
) -> list[str]:
    """Write the configuration of an engine, and return the command that serves it.

    Args:
        engine: ``"varnish"``, ``"nginx"`` or ``"workerd"``.
        program: The path of its program.
        folder: An empty folder.
        port: Where it is to listen.
        origin: The port of the origin.
        cache: The service behind the Cache API for `workerd`.
        with_map: Whether a Worker stores responses in a `Map`, without lifetimes, not by the Cache API.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    if engine == "varnish":
        path = folder / "hand.vcl"
        path.write_text(VARNISH.format(origin=origin))
        return [program, "-F", "-n", str(folder / "work"), "-a", f"127.0.0.1:{port}", "-f", str(path),
                "-s", "malloc,256m"]  # fmt: skip
    if engine == "nginx":
        path = folder / "nginx.conf"
        path.write_text(
            NGINX.format(
                folder=folder, port=port, origin=origin, user="user root;" if os.getuid() == 0 else ""
            )
        )
        return [program, "-c", str(path), "-p", str(folder)]
    (folder / "worker.js").write_text((WORKER_WITH_MAP if with_map else WORKER).format(origin=origin))
    (folder / "cache.js").write_text(cache.read_text(encoding="utf-8"))
    path = folder / "config.capnp"
    path.write_text(WORKERD.format(port=port, cache="cache.js"))
    return [program, "serve", str(path)]
